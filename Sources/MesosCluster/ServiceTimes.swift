// Part of mesosim. Apache-2.0, see LICENSE.
//
// Every party handles one message at a time; how long each takes it. With the standard of no time
// at all no message ever waits, and messages go straight to their handlers.

public import Mesos
import VirtualTime

/// How long a party is busy with one message, by kind of message; nothing unless said otherwise.
///
/// A message is handled when its time is over; what arrives meanwhile waits its turn, in the order
/// of arrival.
public struct ServiceTimes: Sendable, Equatable {
  /// The calls and reports that a master is busy with.
  public enum MasterKind: String, Sendable, CaseIterable, CodingKeyRepresentable {
    case subscribe, acceptOffers, declineOffers, killTask, acknowledge, reconcileTasks
    case otherCalls, register, statusUpdate, otherReports
  }

  /// The callbacks that a scheduler is busy with.
  public enum SchedulerKind: String, Sendable, CaseIterable, CodingKeyRepresentable {
    case registered, resourceOffers, offerRescinded, statusUpdate, frameworkMessage
    case otherCallbacks
  }

  /// The messages that a slave is busy with.
  public enum SlaveKind: String, Sendable, CaseIterable, CodingKeyRepresentable {
    case runTask, killTask, acknowledge, otherMessages
  }

  /// The callbacks that an executor of a framework's own is busy with.
  public enum ExecutorKind: String, Sendable, CaseIterable, CodingKeyRepresentable {
    case registered, launchTask, killTask, frameworkMessage, shutdown, otherCallbacks
  }

  /// A master's times.
  public var master: [MasterKind: Duration] = [:]
  /// The times of schedulers; those of a framework of its own take their place.
  public var scheduler: [SchedulerKind: Duration] = [:]
  /// The times of schedulers by framework.
  public var schedulers: [FrameworkIndex: [SchedulerKind: Duration]] = [:]
  /// A slave's times.
  public var slave: [SlaveKind: Duration] = [:]
  /// The times of frameworks' own executors; Mesos's, of commands, takes none.
  public var executor: [ExecutorKind: Duration] = [:]

  /// No time at all.
  public init() {}

  /// Whether no party of the network is ever busy.
  var areZero: Bool {
    master.isEmpty && scheduler.isEmpty && schedulers.isEmpty && slave.isEmpty
  }

  private func time(_ kind: SchedulerKind, at framework: FrameworkIndex?) -> Duration {
    framework.flatMap { schedulers[$0]?[kind] } ?? scheduler[kind] ?? .zero
  }

  /// How long the receiver of a message is busy with it; for a scheduler, of which framework.
  func time(_ message: WireMessage, at framework: FrameworkIndex? = nil) -> Duration {
    switch message {
    case .toMaster(let message): MasterKind(message).flatMap { master[$0] } ?? .zero
    case .toSlave(let message): SlaveKind(message).flatMap { slave[$0] } ?? .zero
    case .toScheduler(let message): time(SchedulerKind(message), at: framework)
    }
  }
}

extension [ServiceTimes.ExecutorKind: Duration] {
  /// How long an executor is busy with a message.
  func time(_ message: ExecutorMessage) -> Duration {
    guard !isEmpty, let kind = ServiceTimes.ExecutorKind(message) else { return .zero }
    return self[kind] ?? .zero
  }
}

extension ServiceTimes.ExecutorKind {
  fileprivate init?(_ message: ExecutorMessage) {
    switch message {
    case .registered: self = .registered
    case .launchTask, .launchTaskGroup: self = .launchTask
    case .killTask, .killTaskBy: self = .killTask
    case .frameworkMessage: self = .frameworkMessage
    case .shutdown: self = .shutdown
    case .reregistered: self = .otherCallbacks
    // The driver's own business.
    case .reconnect, .acknowledge: return nil
    }
  }
}

extension ServiceTimes.MasterKind {
  fileprivate init?(_ message: MasterMessage) {
    switch message {
    case .scheduler(_, _, let call):
      switch call {
      case .subscribe: self = .subscribe
      case .acceptOffers: self = .acceptOffers
      case .declineOffers: self = .declineOffers
      case .killTask: self = .killTask
      case .acknowledge: self = .acknowledge
      case .reconcileTasks: self = .reconcileTasks
      default: self = .otherCalls
      }
    case .slave(_, let report):
      switch report {
      case .register, .reregister: self = .register
      case .statusUpdate: self = .statusUpdate
      // Answers to pings are counted, not handled: a busy master must not lose its slaves.
      case .pong: return nil
      default: self = .otherReports
      }
    // What does not come over the network.
    case .operator, .schedulerExited, .slaveExited, .deadline, .watch, .watchFromRegistration,
      .unwatch, .pingsAll, .succeed, .abdicate:
      return nil
    }
  }
}

extension ServiceTimes.SchedulerKind {
  fileprivate init(_ message: SchedulerMessage) {
    switch message {
    case .registered, .reregistered: self = .registered
    case .resourceOffers: self = .resourceOffers
    case .rescindOffer: self = .offerRescinded
    case .statusUpdate: self = .statusUpdate
    case .frameworkMessage: self = .frameworkMessage
    case .slaveLost, .executorLost, .error, .inverseOffers, .rescindInverseOffer, .operationStatus:
      self = .otherCallbacks
    }
  }
}

extension ServiceTimes.SlaveKind {
  fileprivate init?(_ message: SlaveMessage) {
    switch message {
    case .runTask, .runTaskGroup: self = .runTask
    case .killTask: self = .killTask
    case .acknowledge: self = .acknowledge
    case .ping: return nil
    default: self = .otherMessages
    }
  }
}

/// Until when one party is busy.
struct Mailbox {
  private var busyUntil = Instant.start

  /// When a message that arrives now has been handled.
  mutating func finish(arrivingAt now: Instant, taking time: Duration) -> Instant {
    busyUntil = max(now, busyUntil) + time
    return busyUntil
  }

  /// Whether something that has arrived is still to be handled.
  func isBusy(at now: Instant) -> Bool { busyUntil > now }
}
