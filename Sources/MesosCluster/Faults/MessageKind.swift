// Part of mesosim. Apache-2.0, see LICENSE.
//
// What messages are about, so that rules can name them.

import Mesos

/// A kind of message, by what it says.
///
/// Pings are none: most are never sent.
public enum MessageKind: String, Hashable, Sendable, CaseIterable {
  // From schedulers to masters.
  case subscribe, teardown, deactivate, acceptOffers, declineOffers, reviveOffers, suppressOffers
  case acknowledge, reconcileTasks, requestResources
  // From masters to schedulers.
  case registered, reregistered, resourceOffers, rescindOffer, slaveLost, executorLost, error
  // From slaves to masters.
  case registerSlave, reregisterSlave, unregisterSlave, executorExited
  // From masters to slaves.
  case slaveRegistered, slaveReregistered, runTask, shutdownFramework, shutdownExecutor
  case checkpointResources, shutdown
  // On several ways.
  case statusUpdate, killTask, frameworkMessage, updateFramework
}

extension WireMessage {
  /// What it says, if rules can be about it.
  var kind: MessageKind? {
    switch self {
    case .toMaster(.scheduler(_, _, let call)): call.kind
    case .toMaster(.slave(_, let report)): report.kind
    case .toMaster: nil
    case .toSlave(let message): message.kind
    case .toScheduler(let message): message.kind
    }
  }
}

extension SchedulerCall {
  fileprivate var kind: MessageKind? {
    switch self {
    case .subscribe: .subscribe
    case .teardown: .teardown
    case .deactivate: .deactivate
    case .acceptOffers: .acceptOffers
    case .declineOffers: .declineOffers
    case .reviveOffers: .reviveOffers
    case .suppressOffers: .suppressOffers
    case .killTask, .killTaskBy: .killTask
    case .acknowledge: .acknowledge
    case .reconcileTasks: .reconcileTasks
    case .requestResources: .requestResources
    case .frameworkMessage: .frameworkMessage
    case .updateFramework: .updateFramework
    case .shutdownExecutor: .shutdownExecutor
    case .reconcileOperations, .answerInverseOffers: nil
    }
  }
}

extension SchedulerMessage {
  fileprivate var kind: MessageKind? {
    switch self {
    case .registered: .registered
    case .reregistered: .reregistered
    case .resourceOffers: .resourceOffers
    case .rescindOffer: .rescindOffer
    case .statusUpdate: .statusUpdate
    case .frameworkMessage: .frameworkMessage
    case .slaveLost: .slaveLost
    case .executorLost: .executorLost
    case .error: .error
    case .inverseOffers, .rescindInverseOffer, .operationStatus: nil
    }
  }
}

extension SlaveReport {
  fileprivate var kind: MessageKind? {
    switch self {
    case .register: .registerSlave
    case .reregister: .reregisterSlave
    case .unregister: .unregisterSlave
    case .statusUpdate: .statusUpdate
    case .executorExited: .executorExited
    case .frameworkMessage: .frameworkMessage
    case .pong, .oversubscribed: nil
    }
  }
}

extension SlaveMessage {
  fileprivate var kind: MessageKind? {
    switch self {
    case .registered: .slaveRegistered
    case .reregistered: .slaveReregistered
    case .runTask, .runTaskGroup: .runTask
    case .killTask, .killTaskBy: .killTask
    case .acknowledge: .acknowledge
    case .shutdownFramework: .shutdownFramework
    case .shutdownExecutor: .shutdownExecutor
    case .frameworkMessage: .frameworkMessage
    case .checkpointResources: .checkpointResources
    case .shutdown: .shutdown
    case .updateFramework: .updateFramework
    case .ping, .drain, .runExecutor: nil
    }
  }
}
