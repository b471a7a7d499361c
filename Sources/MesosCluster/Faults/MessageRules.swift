// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a test does with single messages, by what they say and between whom they go. Costs a look at
// an empty list while there is no rule.

public import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

/// What is done with a message in place of delivering it once and in time.
public enum MessageFate: Hashable, Sendable {
  /// It does not arrive. One that nobody says again was on a connection that breaks by it, as TCP's
  /// do.
  case lose
  /// It does not arrive, and nothing follows from that: no network does this, but tests of Mesos
  /// do.
  case drop
  /// It arrives so much later, whatever was sent after it.
  case delay(Duration)
  /// It arrives twice, the second time so much later.
  case duplicate(after: Duration)
  /// It waits until it is released.
  case hold
  /// It waits until so many have come, which then arrive at once, the last of them first.
  case reorder(groupsOf: Int)
  /// It arrives as it would without the rule, which only takes note, and other rules are asked.
  case watch
}

/// A message as a rule sees it.
public enum CarriedMessage: Sendable {
  /// A master is to get it.
  case toMaster(MasterMessage)
  /// This slave is to get it.
  case toSlave(SlaveIndex, SlaveMessage)
  /// The scheduler of this framework is to get it.
  case toScheduler(FrameworkIndex, SchedulerMessage)
}

/// A rule about messages.
public final class MessageRule {
  /// What they say.
  public let kind: MessageKind
  /// What is done with them.
  public let fate: MessageFate
  /// How many more it is for; `nil` for all.
  private var rest: Int?
  /// How many it was for so far.
  public private(set) var matched = 0
  /// Those that it was for, in the order in which they were sent.
  public private(set) var messages: [CarriedMessage] = []
  fileprivate var held: [Held] = []
  private let sources: FaultField.Side?
  private let targets: FaultField.Side?
  private let condition: ((CarriedMessage) -> Bool)?

  fileprivate struct Held {
    let message: WireMessage
    let header: MessageHeader
    let code: Cluster.Code
    let party: Int32
  }

  fileprivate init(
    _ kind: MessageKind, _ fate: MessageFate, sources: FaultField.Side?, targets: FaultField.Side?,
    times: Int?, condition: ((CarriedMessage) -> Bool)?
  ) {
    self.kind = kind
    self.fate = fate
    self.sources = sources
    self.targets = targets
    self.condition = condition
    rest = times
  }

  /// How many messages wait.
  public var heldCount: Int { held.count }

  /// Whether it is for a message, which it then was for.
  fileprivate func takes(
    _ message: WireMessage, _ kind: MessageKind, _ party: Int32, from source: Cluster.Party,
    to target: Cluster.Party
  ) -> Bool {
    guard kind == self.kind, rest != 0, sources?.contains(source) ?? true,
      targets?.contains(target) ?? true
    else { return false }
    let carried = message.carried(to: party)
    guard condition?(carried) ?? true else { return false }
    rest = rest.map { $0 - 1 }
    matched += 1
    messages.append(carried)
    return true
  }
}

extension Cluster {
  /// Makes a rule about messages of a kind.
  ///
  /// Of several rules the first that takes a message counts. To be called between two steps of the
  /// simulation or in a callback.
  /// - Parameters:
  ///   - kind: What they say.
  ///   - source: From whom; from anybody by default.
  ///   - target: To whom; to anybody by default.
  ///   - times: How many it is for, the first of them; all by default.
  ///   - includesInFlight: Whether it is, too, for those that are under way when it is made.
  ///   - condition: Whether it is for one of them, by its content; for all by default.
  ///   - fate: What is done with them.
  /// - Returns: The rule, which `remove` ends.
  public func addRule(
    _ kind: MessageKind, from source: Parties? = nil, to target: Parties? = nil,
    times: Int? = nil, includesInFlight: Bool = true,
    where condition: ((CarriedMessage) -> Bool)? = nil, _ fate: MessageFate
  ) -> MessageRule {
    let rule = MessageRule(
      kind, fate, sources: source.map(side), targets: target.map(side), times: times,
      condition: condition)
    messageRules.append(rule)
    if includesInFlight { applyToMessagesInFlight(rule) }
    return rule
  }

  /// Delivers what a rule holds, at the present instant and in the order in which it was sent.
  public func release(_ rule: MessageRule) {
    let held = rule.held
    rule.held = []
    for one in held { deliver(one) }
  }

  private func deliver(_ one: MessageRule.Held) {
    schedule(one.code, one.party, messages.put(one.message, one.header), at: simulation.now)
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
    guard let kind = message.kind, let (source, target) = ends(of: message, header, party) else {
      return false
    }
    if let deliveryOrder,
      deliveryOrder.take(
        message, header, code, party, DeliveryOrder.Link(source: source, target: target),
        arriving: first, in: self)
    {
      return true
    }
    for rule in messageRules where rule.takes(message, kind, party, from: source, to: target) {
      if rule.fate == .watch { continue }
      apply(rule, to: message, header, code, party, arriving: first)
      return true
    }
    return false
  }

  private func apply(
    _ rule: MessageRule, to message: WireMessage, _ header: MessageHeader, _ code: Code,
    _ party: Int32, arriving first: Instant
  ) {
    let held = MessageRule.Held(message: message, header: header, code: code, party: party)
    switch rule.fate {
    case .lose: breakConnection(by: message, header, party)
    case .drop: break
    case .delay(let delay):
      schedule(code, party, messages.put(message, header), at: first + max(.zero, delay))
    case .duplicate(let delay):
      schedule(code, party, messages.put(message, header), at: first)
      schedule(code, party, messages.put(message, header), at: first + max(.zero, delay))
    case .hold: rule.held.append(held)
    case .reorder(let count):
      rule.held.append(held)
      guard rule.held.count >= count else { return }
      rule.held.reverse()
      release(rule)
    case .watch: schedule(code, party, messages.put(message, header), at: first)
    }
  }

  /// Has a new rule find what is under way: sent, and not yet arrived.
  private func applyToMessagesInFlight(_ rule: MessageRule) {
    for (token, pending) in simulation.pending(for: handler) {
      let (word, slot) = (pending.event.word, UInt32(truncatingIfNeeded: pending.event.word))
      let party = Int32(truncatingIfNeeded: word >> 32)
      guard let code = Code(rawValue: pending.event.code), code.isDelivery else { continue }
      let (message, header) = (messages[slot], messages.note(of: slot))
      guard let kind = message.kind, let (source, target) = ends(of: message, header, party),
        rule.takes(message, kind, party, from: source, to: target), rule.fate != .watch
      else { continue }
      _ = messages.take(slot)
      simulation.cancel(token)
      apply(rule, to: message, header, code, party, arriving: pending.instant)
    }
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

extension Cluster.Code {
  /// Whether a message arrives.
  fileprivate var isDelivery: Bool {
    self == .messageToMaster || self == .messageToSlave || self == .messageToScheduler
  }
}

extension WireMessage {
  /// The message as rules see it.
  fileprivate func carried(to party: Int32) -> CarriedMessage {
    switch self {
    case .toMaster(let message): .toMaster(message)
    case .toSlave(let message): .toSlave(SlaveIndex(rawValue: party), message)
    case .toScheduler(let message): .toScheduler(FrameworkIndex(rawValue: party), message)
    }
  }
}

// MARK: - Content

extension CarriedMessage {
  /// The update that it carries, if it does.
  public var status: TaskStatus? {
    switch self {
    case .toMaster(.slave(_, .statusUpdate(_, let status, _))): status
    case .toScheduler(_, .statusUpdate(let status)): status
    default: nil
    }
  }

  /// The tasks that it launches.
  public var tasks: [TaskInfo] {
    switch self {
    case .toMaster(.scheduler(_, _, .acceptOffers(_, let operations, _))):
      operations.flatMap(\.tasks)
    case .toSlave(_, .runTask(let launch)): [launch.task]
    case .toSlave(_, .runTaskGroup(let launches)): launches.map(\.task)
    default: []
    }
  }

  /// The offers that it makes, answers or takes back.
  public var offerIDs: [OfferID] {
    switch self {
    case .toMaster(.scheduler(_, _, .acceptOffers(let ids, _, _))): ids
    case .toMaster(.scheduler(_, _, .declineOffers(let ids, _))): Array(ids)
    case .toScheduler(_, .resourceOffers(let offers)): offers.map(\.id)
    case .toScheduler(_, .rescindOffer(let id)): [id]
    default: []
    }
  }
}
