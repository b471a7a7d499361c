// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a test does with single messages, by what they say and between whom they go. Costs a look at
// an empty list while there is no rule.

import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

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

/// What is done with a message in place of delivering it once and in time.
public enum MessageFate: Hashable, Sendable {
  /// It does not arrive. One that nobody says again was on a connection that breaks by it, as TCP's
  /// do.
  case lose
  /// It arrives so much later, whatever was sent after it.
  case delay(Duration)
  /// It arrives twice, the second time so much later.
  case duplicate(after: Duration)
  /// It waits until it is released.
  case hold
}

/// A rule about messages that are sent from when it is made.
public final class MessageRule {
  /// What they say.
  public let kind: MessageKind
  /// What is done with them.
  public let fate: MessageFate
  /// How many more it is for; `nil` for all.
  private var rest: Int?
  /// How many it was for so far.
  public private(set) var matched = 0
  fileprivate var held: [Held] = []
  private let sources: FaultField.Side?
  private let targets: FaultField.Side?

  fileprivate struct Held {
    let message: WireMessage
    let header: MessageHeader
    let code: Cluster.Code
    let party: Int32
  }

  fileprivate init(
    _ kind: MessageKind, _ fate: MessageFate, sources: FaultField.Side?, targets: FaultField.Side?,
    times: Int?
  ) {
    self.kind = kind
    self.fate = fate
    self.sources = sources
    self.targets = targets
    rest = times
  }

  /// How many messages wait.
  public var heldCount: Int { held.count }

  /// Whether it is for a message, which it then was for.
  fileprivate func takes(
    _ kind: MessageKind, from source: Cluster.Party, to target: Cluster.Party
  ) -> Bool {
    guard kind == self.kind, rest != 0, sources?.contains(source) ?? true,
      targets?.contains(target) ?? true
    else { return false }
    rest = rest.map { $0 - 1 }
    matched += 1
    return true
  }
}

extension Cluster {
  /// Makes a rule about messages of a kind that are sent from now on.
  ///
  /// Of several rules the first that takes a message counts. To be called between two steps of the
  /// simulation or in a callback.
  /// - Parameters:
  ///   - kind: What they say.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many it is for, the first of them; all by default.
  ///   - fate: What is done with them.
  /// - Returns: The rule, which `remove` ends.
  public func addRule(
    _ kind: MessageKind, from source: Parties? = nil, to target: Parties? = nil,
    times: Int? = nil, _ fate: MessageFate
  ) -> MessageRule {
    let rule = MessageRule(
      kind, fate, sources: source.map(side), targets: target.map(side), times: times)
    messageRules.append(rule)
    return rule
  }

  /// Delivers what a rule holds, at the present instant and in the order in which it was sent.
  public func release(_ rule: MessageRule) {
    let held = rule.held
    rule.held = []
    for one in held {
      schedule(one.code, one.party, messages.put(one.message, one.header), at: simulation.now)
    }
  }

  /// Ends a rule; what it holds is delivered.
  public func remove(_ rule: MessageRule) {
    messageRules.removeAll { $0 === rule }
    release(rule)
  }

  /// Does with a message what the first rule that takes it says; whether there is one.
  @inline(never)
  func applyRules(
    to message: WireMessage, _ header: MessageHeader, _ code: Code, _ party: Int32,
    arriving first: Instant
  ) -> Bool {
    guard let kind = message.kind, let (source, target) = ends(of: message, header, party),
      let rule = messageRules.first(where: { $0.takes(kind, from: source, to: target) })
    else { return false }
    switch rule.fate {
    case .lose: breakConnection(by: message, header, party)
    case .delay(let delay):
      schedule(code, party, messages.put(message, header), at: first + max(.zero, delay))
    case .duplicate(let delay):
      schedule(code, party, messages.put(message, header), at: first)
      schedule(code, party, messages.put(message, header), at: first + max(.zero, delay))
    case .hold:
      rule.held.append(
        MessageRule.Held(message: message, header: header, code: code, party: party))
    }
    return true
  }

  /// From whom a message is and to whom; `nil` for what a cluster tells itself.
  private func ends(
    of message: WireMessage, _ header: MessageHeader, _ party: Int32
  ) -> (source: Party, target: Party)? {
    switch message {
    case .toMaster(.scheduler(let number, _, _)):
      return (.scheduler(owners[number]), .master(header.master))
    case .toMaster(.slave(let slave, _)): return (.slave(slave), .master(header.master))
    case .toMaster: return nil
    case .toSlave: return (.master(header.master), .slave(SlaveIndex(rawValue: party)))
    case .toScheduler:
      guard case .master(let master) = header.origin else { return nil }
      return (.master(master), .scheduler(FrameworkIndex(rawValue: party)))
    }
  }

  /// What follows when a message is lost that is not said again.
  private func breakConnection(
    by message: WireMessage, _ header: MessageHeader, _ party: Int32
  ) {
    switch message {
    case .toMaster(.scheduler(let number, let incarnation, let call)) where !call.isRepeated:
      lostForGood(owners[number], incarnation, header.master)
    case .toMaster(.slave(let slave, let report)) where !report.isRepeated:
      lostForGood(slave, header.master)
    case .toSlave(let message) where !message.isRepeated:
      lostForGood(SlaveIndex(rawValue: party), header.master)
    case .toScheduler(let message) where !message.isRepeated:
      lostForGood(FrameworkIndex(rawValue: party), header.incarnation, header.master)
    default: break
    }
  }
}

// MARK: - Kinds

extension WireMessage {
  /// What it says, if rules can be about it.
  fileprivate var kind: MessageKind? {
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
