// Part of mesosim. Apache-2.0, see LICENSE.
//
// An update of a job under way: from which configurations to which, and how far it is.

import Mesos

/// An update of a job.
final class AuroraUpdate {
  /// How far an update is, as its users see it.
  enum Status: String {
    case rollingForward = "ROLLING_FORWARD"
    case rollingBack = "ROLLING_BACK"
    case forwardPaused = "ROLL_FORWARD_PAUSED"
    case backPaused = "ROLL_BACK_PAUSED"
    case rolledForward = "ROLLED_FORWARD"
    case rolledBack = "ROLLED_BACK"
    case aborted = "ABORTED"
    case failed = "FAILED"

    var isPaused: Bool { self == .forwardPaused || self == .backPaused }
    var isForward: Bool { self == .rollingForward || self == .forwardPaused }
  }

  let id: String
  let job: AuroraLiveJob
  /// The configuration of each instance before.
  let initial: [Int: AuroraConfig]
  /// The configuration of all instances after.
  let config: AuroraConfig
  /// How many there are after.
  let instances: Int
  let settings: AuroraJob.UpdateConfig

  @exclusivity(unchecked) var status = Status.rollingForward
  /// What is left to do; `nil` while nothing is done.
  @exclusivity(unchecked) var plan: RollingUpdate?
  /// The instances that are in progress.
  @exclusivity(unchecked) var working: [Int: InstanceUpdate] = [:]
  /// The timers of those that are watched.
  @exclusivity(unchecked) var timers: [Int: TimerID] = [:]
  var note: ServiceChange

  init(
    _ id: String, _ cause: String, of job: AuroraLiveJob, from initial: [Int: AuroraConfig],
    to config: AuroraConfig, _ new: AuroraJob, at now: Instant
  ) {
    self.id = id
    self.job = job
    self.initial = initial
    self.config = config
    instances = new.instances
    settings = new.update
    note = ServiceChange(id: id, what: cause, began: now)
  }

  /// Whether nothing has to be done.
  var isEmpty: Bool {
    initial.count == instances
      && initial.allSatisfy { $0.key < instances && $0.value === config }
  }

  /// What an instance is to have when this is over.
  func target(of instance: Int) -> AuroraConfig? {
    if status.isForward { return instance < instances ? config : nil }
    return initial[instance]
  }

  /// All that there is to do in the present direction.
  func makePlan() -> RollingUpdate {
    let isBack = !status.isForward
    let unchanged = initial.filter { $0.key < instances && $0.value === config }.map(\.key)
    return RollingUpdate(
      settings.strategy, current: Set(initial.keys), desired: Set(0..<instances),
      unchanged: Set(unchanged), isRollback: isBack, maxFailures: settings.maxTotalFailures,
      rollsBack: settings.rollsBackOnFailure)
  }

  /// What it takes of a quota before, and after.
  var initialCharge: AuroraAmounts {
    initial.sorted { $0.key < $1.key }.reduce(AuroraAmounts()) { $0 + $1.value.load(1).charge }
  }

  var desiredCharge: AuroraAmounts { config.load(instances).charge }
}

extension AuroraConfig {
  /// Whether a task may go where one of another configuration was: it needs no more, and wants the
  /// same of its slave.
  func fits(inPlaceOf other: AuroraConfig) -> Bool {
    need.amounts.fits(into: other.need.amounts) && need.ports <= other.need.ports
      && job.constraints == other.job.constraints
  }
}
