// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an Aurora is told: its jobs, what is done with them later, and its own settings.

import Mesos

/// How Aurora behaves, beside its jobs.
public struct AuroraOptions: Sendable, Hashable {
  /// By which amount offers are ordered, the smallest first.
  public enum Order: String, Sendable, Hashable, CaseIterable {
    /// As chance has it.
    case random
    /// By cpus.
    case cpu
    /// By memory.
    case memory
    /// By disk.
    case disk
    /// By cpus that may be taken back.
    case revocableCPU = "revocableCpu"
  }

  /// The jobs; those that no act creates are created when it starts.
  public var jobs: [AuroraJob]
  /// What jobs are changed to, by names such as `web@v2`.
  public var versions: [Version]
  /// What is done later.
  public var acts: [FrameworkAct]
  /// Which Aurora's rules hold.
  public var semantics: AuroraJob.Semantics
  /// What each role's production tasks may take.
  public var quotas: [Quota]
  /// In which order offers are used: what is equal by the first is ordered by the next.
  public var offerOrder: [Order]
  /// How long an offer is held.
  public var offerHold: Duration
  /// How long a task waits before others may have to make room; `nil` for as its rules have it.
  public var preemptionDelay: Duration?
  /// How often room is looked for.
  public var preemptionInterval: Duration
  /// How often Aurora asks what became of its tasks.
  public var reconcileInterval: Duration
  /// How long a task may be on its way from one state to the next before it counts as lost.
  public var transientTimeout: Duration
  /// Whether it is told that slaves cannot be reached, instead of that their tasks are lost.
  public var isPartitionAware: Bool

  /// Something that a job can be changed to.
  public struct Version: Sendable, Hashable {
    /// Its name, such as `web@v2`.
    public var name: String
    /// The job.
    public var job: AuroraJob

    /// Names a job.
    public init(_ name: String, _ job: AuroraJob) {
      self.name = name
      self.job = job
    }
  }

  /// What a role's production tasks may take.
  public struct Quota: Sendable, Hashable {
    /// The role.
    public var role: String
    /// How much they may take.
    public var limit: AuroraAmounts

    /// Describes a quota.
    public init(_ role: String, _ limit: AuroraAmounts) {
      self.role = role
      self.limit = limit
    }
  }

  /// Aurora's defaults, without jobs.
  public init() {
    jobs = []
    versions = []
    acts = []
    semantics = .head
    quotas = []
    offerOrder = [.random]
    offerHold = .seconds(300)
    preemptionDelay = nil
    preemptionInterval = .seconds(60)
    reconcileInterval = .seconds(3600)
    transientTimeout = .seconds(300)
    isPartitionAware = false
  }
}

extension AuroraJob.Semantics {
  /// How many tasks of a group are tried at once.
  var tasksPerRound: Int { self == .head ? 5 : 1 }
  /// How many tries there are in a second.
  var roundsPerSecond: Int { self == .head ? 40 : 20 }
  /// After how many seconds a kill is asked for again, the first time.
  var killPatience: Double { self == .head ? 15 : 5 }
  /// How long a task waits before others may have to make room.
  var preemptionDelay: Duration { self == .head ? .seconds(180) : .seconds(600) }
  /// Who may evict whom.
  var preemption: AuroraPreemption { AuroraPreemption(self == .head ? .head : .era) }
}

/// How fast groups are tried, as the rate limiter of Guava has it.
///
/// What was not used within the last second may be used at once.
struct AuroraRateLimit: Hashable {
  private let perSecond: Double
  private var stored = 0.0
  private var next = 0.0

  init(perSecond: Int) { self.perSecond = Double(perSecond) }

  /// Takes a permit.
  ///
  /// - Parameter now: The present time in seconds.
  /// - Returns: How long it is until it may be used, in seconds.
  mutating func take(at now: Double) -> Double {
    if now > next {
      stored = min(perSecond, stored + (now - next) * perSecond)
      next = now
    }
    let wait = next - now
    if stored >= 1 { stored -= 1 } else { next += (1 - stored) / perSecond; stored = 0 }
    return wait
  }
}
