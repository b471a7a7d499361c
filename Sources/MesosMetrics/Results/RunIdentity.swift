// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a result says about its run beside the measurements.

public import Mesos
public import VirtualTime

/// Which run was measured: what identifies it and how it ended.
public struct RunIdentity: Sendable {
  /// The scenario's name.
  public var scenario: String
  /// The seed of every random stream.
  public var seed: UInt64
  /// The allocator, by the name under which results list it.
  public var allocator: String
  /// The name of the allocator, which several entries of a scenario may share.
  public var policy: String
  /// The version of mesosim.
  public var version: String
  /// The hash over the stream of facts.
  public var digest: String
  /// How many events the simulation handled.
  public var events: Int
  /// When the simulation ended.
  public var end: Instant
  /// Whether the run was stopped by hand, so that the result covers a part of it only.
  public var isPartial: Bool
  /// The frameworks, in the order of their numbers.
  public var frameworks: [FrameworkIdentity]
  /// What a reader has to know to judge the run, one sentence each.
  public var warnings: [String]

  /// Describes a run.
  public init(
    scenario: String, seed: UInt64, allocator: String, policy: String? = nil, version: String,
    digest: String,
    events: Int, end: Instant, isPartial: Bool, frameworks: [FrameworkIdentity],
    warnings: [String] = []
  ) {
    self.scenario = scenario
    self.seed = seed
    self.allocator = allocator
    self.policy = policy ?? allocator
    self.version = version
    self.digest = digest
    self.events = events
    self.end = end
    self.isPartial = isPartial
    self.frameworks = frameworks
    self.warnings = warnings
  }
}

/// The name and role of a framework.
public struct FrameworkIdentity: Hashable, Sendable {
  /// The name the scenario gives it.
  public var name: String
  /// The role it is offered resources for.
  public var role: String
  /// Why the master refused it; `nil` for one that it took.
  public var refusal: Refusal?

  /// Describes a framework.
  public init(name: String, role: String, refusal: Refusal? = nil) {
    self.name = name
    self.role = role
    self.refusal = refusal
  }

  /// What became of a framework that the master refused: nothing.
  public struct Refusal: Hashable, Sendable {
    /// The master's words.
    public var reason: String
    /// The jobs that were handed to it, of which it never told.
    public var jobs: [Job]

    /// Describes a refusal.
    public init(_ reason: String, jobs: [Job]) {
      self.reason = reason
      self.jobs = jobs
    }

    /// A job and when it was handed in.
    public struct Job: Hashable, Sendable {
      /// The job's number within its framework.
      public var id: JobID
      /// When it was handed in.
      public var submitted: Instant

      /// Describes a job.
      public init(_ id: JobID, submitted: Instant) {
        self.id = id
        self.submitted = submitted
      }
    }
  }
}
