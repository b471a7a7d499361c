// Part of mesosim. Apache-2.0, see LICENSE.
//
// The cluster around the hosts of the slaves.

import Mesos
import SimulationKernel
import VirtualTime

extension Cluster: SlaveHostDelegate {
  func makeSlave(_ index: SlaveIndex, _ info: SlaveInfo) -> SlaveHost {
    SlaveHost(index, info: info, buffers: buffers, delegate: self)
  }

  func arriveAtSlave(_ slave: SlaveIndex, _ slot: UInt32, at now: Instant) {
    guard mailboxes.slaves.isEmpty || messages[slot].isProbe else {
      let finish = mailboxes.slaves[slave].finish(
        arrivingAt: now, taking: setup.serviceTimes.time(messages[slot]))
      guard finish > now else { return handOverToSlave(slave, slot) }
      schedule(.servedToSlave, slave, slot, at: finish)
      return
    }
    handOverToSlave(slave, slot)
  }

  func handOverToSlave(_ slave: SlaveIndex, _ slot: UInt32) {
    let master = messages.note(of: slot).master
    if slaves[slave].refusesConnections, leader == master, masters[master].master.knows(slave) {
      // Nobody listens there: what the master takes for a connection is refused, and it sees that.
      _ = messages.take(slot)
      return connectionBreaks(of: slave)
    }
    let bearing = messages[slot].bearingOnPings
    if !slaveConnections.isEmpty, isOfOldConnection(slot, to: slave) {
      _ = messages.take(slot)
      return
    }
    if wireTap != nil, case .toSlave(.acknowledge(let framework, let update)) = messages[slot] {
      _ = messages.take(slot)
      return acknowledgementArrives(update, of: framework, from: master, at: slave)
    }
    // The list keeps the host; to keep it once more would be two atomic operations.
    let host = Unmanaged.passUnretained(slaves[slave])
    host._withUnsafeGuaranteedRef {
      guard case .toSlave(let message) = messages.take(slot) else { wrongReceiver(slot) }
      $0.receive(message, from: master)
    }
    guard let bearing else { return }
    let process = masters[master]
    switch bearing {
    // Where pings are events, that the first of them does not come means something, too; where they
    // are not, those of the master before are no longer waited for.
    case .awaitsThem:
      if process.master.isWatching(slave) {
        slaves[slave].tell(.watchPings(last: simulation.now))
      } else if leader == master, process.master.trusts(slave) {
        slaves[slave].tell(.ignorePings)
      }
    // A ping that was under way when the master ceased to ask has no successor. (When the master
    // has given the slave up, it has none either, and the slave is to miss it.)
    case .isOne:
      if leader == master, process.master.trusts(slave) { slaves[slave].tell(.ignorePings) }
    }
  }

  func send(_ report: consuming SlaveReport, from slave: SlaveIndex, to master: MasterIndex) {
    let deliveries = deliveries(
      .slave(slave), .master(master), over: link(slave: slave, master, isUp: true),
      keepsOrder: !report.isRepeated, isProbe: report.isPong)
    if deliveries.first == nil, !report.isRepeated { lostForGood(slave, master) }
    if wireTap != nil, case .statusUpdate(_, let update, _) = report {
      wireTap?.updateSent(update)
    }
    carry(
      .toMaster(.slave(slave, consume report)), MessageHeader(master), as: .messageToMaster, slave,
      deliveries)
  }

  /// An executor's message goes straight to its scheduler.
  func send(_ data: [UInt8], from executor: ExecutorKey, on slave: SlaveIndex) {
    guard let id = slaves[slave].slave.id else { return }
    let framework = owners[executor.framework]
    // Nobody hears what is said to a framework that has been replaced.
    guard schedulers[framework].number == executor.framework else { return }
    carry(
      .toScheduler(.frameworkMessage(executor.executor, id, data)),
      MessageHeader(to: schedulers[framework].incarnation, from: .slave),
      as: .messageToScheduler, framework,
      deliveries(
        .slave(slave), .scheduler(framework), over: directLink(slave, framework, isUp: true),
        keepsOrder: false))
  }

  func schedule(
    _ code: SlaveEventCode, slot: UInt32, for slave: SlaveIndex, at instant: Instant,
    priority: EventPriority
  ) -> EventToken {
    simulation.schedule(
      at: instant, priority: priority, to: handler,
      code: Code.slaveEvent.rawValue | code.rawValue << 8,
      word: UInt64(UInt32(bitPattern: slave.rawValue)) << 32 | UInt64(slot))
  }

  /// A slave's process ended itself; its supervisor starts it again, as a new slave.
  func slaveExited(_ slave: SlaveIndex) {
    // Mostly because the leader has given it up: then nobody looks at its connection any more.
    if let leader, masters[leader].master.knows(slave) {
      beginPings(to: slave)
      lostForGood(slave, leader)
    }
    schedule(
      .slaveRestart, slave, 0, at: simulation.now + Self.slaveRestartDelay, priority: .timer)
  }

  /// How long it takes a slave's supervisor to start it again after it ended itself.
  private static var slaveRestartDelay: Duration { .seconds(5) }

  // MARK: Coming and going

  /// Plans when a slave joins and leaves.
  func begin(_ stay: ClusterSetup.SlaveStay) {
    if stay.join > .zero {
      absentSlaves.insert(stay.slave)
      schedule(.slaveJoin, stay.slave, 0, at: simulation.now + stay.join, priority: .timer)
    }
    if let leave = stay.leave {
      schedule(.slaveLeave, stay.slave, 0, at: simulation.now + leave, priority: .timer)
    }
  }

  /// A slave's machine is switched on.
  func join(_ slave: SlaveIndex) {
    absentSlaves.remove(slave)
    restartSlave(slave)
  }

  /// A slave is shut down by its owner in good order (SIGUSR1), and not started again; what keeps
  /// it from unregistering the master has to find out by itself.
  func leave(_ slave: SlaveIndex) {
    absentSlaves.insert(slave)
    slaves[slave].tell(.stop)
  }

  func restartSlave(_ slave: SlaveIndex) {
    guard !slaves[slave].isUp, !absentSlaves.contains(slave) else { return }
    // A machine that comes back answers the old connection with a reset, if it was not missed.
    if crashedMachines.remove(.slave(slave)) != nil { connectionBreaks(of: slave) }
    slaves[slave].restartProcess()
    toldElections.slaves[slave] = -1
    notifyOfLeader(slave: slave)
  }

  func handleSlaveEvent(_ code: UInt16, _ slave: SlaveIndex, _ slot: UInt32) {
    guard let code = SlaveEventCode(rawValue: code) else {
      preconditionFailure("event code \(code) is no slave's")
    }
    if code == .deadline { return slaveDeadlinePassed(slave) }
    slaves[slave].handle(code, slot: slot)
  }

  /// Has slaves that are due at one instant take their turns in the order of their indices: when
  /// each asked to be woken depends on pings, some of which are left out.
  private func slaveDeadlinePassed(_ slave: SlaveIndex) {
    let isAlone = dueSlaves.isEmpty && simulation.nextInstant != simulation.now
    guard slaves[slave].isDue, !isAlone else { return slaves[slave].handle(.deadline, slot: 0) }
    if dueSlaves.isEmpty { schedule(.slavesDue, 0, 0, at: simulation.now, priority: .timer) }
    dueSlaves.append(slave)
  }

  func slavesAreDue() {
    let due = dueSlaves.sorted()
    dueSlaves = []
    for slave in due { slaves[slave].handle(.deadline, slot: 0) }
  }

  func store(of executor: ExecutorKey, on slave: SlaveIndex) -> any Store {
    schedulers[owners[executor.framework]].storage.store(of: executor.executor, on: slave)
  }

  /// The link between a slave and a scheduler, made when it is first used.
  func directLink(_ slave: SlaveIndex, _ framework: FrameworkIndex, isUp: Bool) -> LinkID {
    let key =
      (UInt64(UInt32(bitPattern: slave.rawValue)) << 32
        | UInt64(UInt32(bitPattern: framework.rawValue))) << 1
      | (isUp ? 0 : 1)
    if let link = directLinks[key] { return link }
    let link = network.addLink()
    directLinks[key] = link
    return link
  }
}

extension WireMessage {
  /// Whether it is a ping or the answer to one.
  ///
  /// They are not handled but counted, and take no time: a party that is busy must not be held for
  /// lost.
  var isProbe: Bool {
    switch self {
    case .toSlave(.ping), .toMaster(.slave(_, .pong)): true
    default: false
    }
  }

  fileprivate enum BearingOnPings { case awaitsThem, isOne }

  fileprivate var bearingOnPings: BearingOnPings? {
    switch self {
    case .toSlave(.registered), .toSlave(.reregistered): .awaitsThem
    case .toSlave(.ping): .isOne
    default: nil
    }
  }
}
