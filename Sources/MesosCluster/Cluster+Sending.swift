// Part of mesosim. Apache-2.0, see LICENSE.
//
// How messages get on their way: over which link, when they arrive, and whether they do while the
// network is disturbed. What is sent, and what is done with it, is not decided here.

package import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

extension Cluster {
  /// The link from a slave to a master, or back.
  func link(slave: SlaveIndex, _ master: MasterIndex, isUp: Bool) -> LinkID {
    LinkID(index: Int32((Int(slave) * setup.masters + Int(master)) * 2 + (isUp ? 0 : 1)))
  }

  /// The link from a scheduler to a master, or back.
  func link(scheduler: FrameworkIndex, _ master: MasterIndex, isUp: Bool) -> LinkID {
    LinkID(index: schedulerLinks[scheduler] + master.rawValue * 2 + (isUp ? 0 : 1))
  }

  /// Puts a message on its way, as often as it will arrive.
  @inline(__always)
  func carry(
    _ message: consuming WireMessage, _ header: MessageHeader, as code: Code,
    _ party: some DenseIndex, _ deliveries: Deliveries
  ) {
    guard let first = deliveries.first else { return }
    if watchesMessages,
      applyRules(to: message, header, code, party.rawValue, arriving: first)
    {
      return
    }
    if let second = deliveries.second {
      carryTwice(consume message, header, as: code, party, first, second)
    } else {
      schedule(code, party, messages.put(consume message, header), at: first)
    }
  }

  // Apart, so that what arrives once is moved all the way.
  @inline(never)
  private func carryTwice(
    _ message: consuming WireMessage, _ header: MessageHeader, as code: Code,
    _ party: some DenseIndex, _ first: Instant, _ second: Instant
  ) {
    schedule(code, party, messages.put(copy message, header), at: first)
    schedule(code, party, messages.put(consume message, header), at: second)
  }

  func wrongReceiver(_ slot: UInt32) -> Never {
    preconditionFailure("the message in slot \(slot) is for another kind of party than its event")
  }

  @discardableResult @inline(__always)
  func schedule(
    _ code: Code, _ party: some DenseIndex, _ slot: UInt32, at instant: Instant,
    priority: EventPriority = .message
  ) -> EventToken {
    schedule(code, party.rawValue, slot, at: instant, priority: priority)
  }

  @discardableResult
  func schedule(
    _ code: Code, _ party: Int32, _ slot: UInt32, at instant: Instant,
    priority: EventPriority = .message
  ) -> EventToken {
    simulation.schedule(
      at: instant, priority: priority, to: handler, code: code.rawValue,
      word: UInt64(UInt32(bitPattern: party)) << 32 | UInt64(slot))
  }
}

// MARK: - Under faults

extension Cluster {
  /// A party of a cluster.
  enum Party: Hashable {
    case master(MasterIndex)
    case slave(SlaveIndex)
    case scheduler(FrameworkIndex)
    case zookeeper
  }

  func isBlocked(_ source: Party, _ target: Party) -> Bool {
    field.blocks(source, target)
  }

  /// When a message arrives, if it does.
  ///
  /// Pings and their answers are probes: they must not change what happens to anything else,
  /// whether they are sent or not.
  ///
  /// What keeps its order is not overtaken in a network that reorders (Rules 8.9): a connection is
  /// TCP's, on which nothing overtakes anything. Who suppresses offers and then revives them could
  /// not find out that the master heard it the other way round, and would never be offered anything
  /// again. What may come late is what is said again over the next connection, and what does no
  /// harm.
  func deliveries(
    _ source: Party, _ target: Party, over link: LinkID, keepsOrder: Bool, isProbe: Bool = false
  ) -> Deliveries {
    if !isUndisturbed, isBlocked(source, target) { return Deliveries() }
    if isProbe { return network.probeDeliveries(on: link, sentAt: simulation.now) }
    if isUndisturbed {
      return Deliveries(first: network.deliveryInstant(on: link, sentAt: simulation.now))
    }
    return network.deliveries(on: link, sentAt: simulation.now, keepsOrder: keepsOrder)
  }

  /// A message between master and slave that is not repeated was lost: with TCP that only happens
  /// to a connection that breaks, which the master sees at once or, behind a partition, afterwards.
  func lostForGood(_ slave: SlaveIndex, _ master: MasterIndex) {
    if isBlocked(.slave(slave), .master(master)) || isBlocked(.master(master), .slave(slave)) {
      breaksUnseen(slave, master)
    } else {
      connectionBreaks(of: slave)
    }
  }

  /// A message between master and scheduler that is not repeated was lost, by which their
  /// connection breaks.
  ///
  /// A driver that lives notices first and subscribes again, at once or, behind a partition, when
  /// that ends: then the master knows that what it offered is void. Where the driver has ended, its
  /// process does, too, which the master sees.
  func lostForGood(
    _ framework: FrameworkIndex, _ incarnation: Incarnation, _ master: MasterIndex
  ) {
    let process = schedulers[framework]
    if process.setup.isRemote, process.incarnation == incarnation {
      // Nobody subscribes again on its behalf: the stream is cut, and its owner sees that.
      return end(process, of: framework, as: .dead)
    }
    guard process.incarnation == incarnation, process.state.isAlive,
      process.driver.status == .running, !isConnectionBroken(framework)
    else { return }
    // To the driver it is as if the same master had been elected anew.
    toldElections.schedulers[framework] = Self.connectionBroke
    if !isBlocked(.scheduler(framework), .master(master)),
      !isBlocked(.master(master), .scheduler(framework))
    {
      notifyOfLeader(scheduler: framework)
    }
  }

  /// Whether a driver has yet to notice that its connection broke.
  package func isConnectionBroken(_ framework: FrameworkIndex) -> Bool {
    toldElections.schedulers[framework] == Self.connectionBroke
  }

  /// In place of the election that a driver was last told of: its connection has broken.
  private static var connectionBroke: Int32 { -1 }

  private func breaksUnseen(_ slave: SlaveIndex, _ master: MasterIndex) {
    if !brokenConnections.contains(where: { $0 == (slave, master) }) {
      brokenConnections.append((slave, master))
    }
  }

  /// The leader sees a slave's connection break; behind a partition, when it is over: else a slave
  /// that was started again there would be taken for the one before, with its tasks.
  func connectionBreaks(of slave: SlaveIndex) {
    guard let leader, isLeading(leader) else { return }
    guard !isBlocked(.slave(slave), .master(leader)) else { return breaksUnseen(slave, leader) }
    let slot = messages.put(.toMaster(.slaveExited(slave)), MessageHeader(leader))
    let arrival = network.deliveryInstant(
      on: link(slave: slave, leader, isUp: true), sentAt: simulation.now)
    schedule(.messageToMaster, slave, slot, at: arrival)
  }

  /// Over which connection a message goes to a slave; an answer to a registration makes one.
  func connection(for message: borrowing SlaveMessage, to slave: SlaveIndex) -> Int32 {
    if message.isAnswerToRegistration { slaveConnections[slave, default: (0, 0)].made += 1 }
    return slaveConnections[slave]?.made ?? 0
  }

  /// Whether a message was under way on a connection to a slave that has broken since.
  ///
  /// Of those only what is said again arrives: a slave that registers again does so over a new
  /// connection, and what was sent over the one before is gone with it.
  func isOfOldConnection(_ slot: UInt32, to slave: SlaveIndex) -> Bool {
    guard let connection = messages.note(of: slot).connection,
      case .toSlave(let message) = messages[slot], let known = slaveConnections[slave]
    else { return false }
    if message.isAnswerToRegistration {
      slaveConnections[slave]?.heard = max(known.heard, connection)
    }
    if message.isRepeated || message.isAnswerToRegistration { return false }
    return connection < known.heard || slaves[slave].slave.phase == .disconnected
  }
}
