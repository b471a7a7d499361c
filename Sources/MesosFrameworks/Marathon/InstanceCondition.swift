// Part of mesosim. Apache-2.0, see LICENSE.
//
// The states of an instance, which outlive those of its tasks.

public import Mesos

/// The state that an instance of an app is in.
public enum InstanceCondition: String, Hashable, Sendable, CaseIterable {
  /// It waits for an offer.
  case scheduled = "Scheduled"
  /// An offer was accepted for it.
  case provisioned = "Provisioned"
  /// Its slave has it.
  case staging = "Staging"
  /// Its executor prepares it.
  case starting = "Starting"
  /// It runs.
  case running = "Running"
  /// It is being killed.
  case killing = "Killing"
  /// Its slave does not answer; it may come back.
  case unreachable = "Unreachable"
  /// Its slave has not answered for so long that it has been replaced.
  case unreachableInactive = "UnreachableInactive"
  /// It was killed.
  case killed = "Killed"
  /// It ended by itself.
  case finished = "Finished"
  /// It failed.
  case failed = "Failed"
  /// It was refused.
  case error = "Error"
  /// It is gone with its slave.
  case gone = "Gone"
  /// It was never launched.
  case dropped = "Dropped"
  /// Nobody knows of it.
  case unknown = "Unknown"

  /// Whether it has ended.
  public var isTerminal: Bool {
    switch self {
    case .killed, .finished, .failed, .error, .gone, .dropped, .unknown: true
    case .scheduled, .provisioned, .staging, .starting, .running, .killing, .unreachable,
      .unreachableInactive:
      false
    }
  }

  /// Whether it has a task that may be alive.
  public var isActive: Bool {
    switch self {
    case .provisioned, .staging, .starting, .running, .killing, .unreachable: true
    case .scheduled, .unreachableInactive, .killed, .finished, .failed, .error, .gone, .dropped,
      .unknown:
      false
    }
  }

  /// The less of it there is, the sooner it goes.
  var killRank: Int {
    switch self {
    case .unreachable: 0
    case .staging: 1
    case .starting: 2
    case .running: 3
    default: 4
    }
  }

  /// What an update says of the instance.
  ///
  /// A task that was lost with its slave, or is not known to the master that was asked for it, may
  /// come back.
  public init(_ state: TaskState, reason: StatusReason?) {
    switch state {
    case .staging: self = .staging
    case .starting: self = .starting
    case .running: self = .running
    case .killing: self = .killing
    case .finished: self = .finished
    case .failed: self = .failed
    case .killed: self = .killed
    case .error: self = .error
    case .dropped: self = .dropped
    case .unreachable: self = .unreachable
    case .gone, .goneByOperator: self = .gone
    case .unknown: self = .unknown
    case .lost:
      switch reason {
      case .reconciliation, .slaveDisconnected, .slaveRemoved: self = .unreachable
      case .taskUnknown: self = .unknown
      default: self = .gone
      }
    }
  }

  /// What this means for the delay of further launches.
  public var delayEvent: LaunchDelay.Event? {
    switch self {
    case .provisioned: .provisioned
    case .staging: .staging
    case .starting: .starting
    case .running: .running
    case .killed: .killed
    case .finished: .finished
    case .failed: .failed
    case .error: .error
    case .gone: .gone
    case .dropped: .dropped
    case .scheduled, .killing, .unreachable, .unreachableInactive, .unknown: nil
    }
  }
}
