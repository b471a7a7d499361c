// Part of mesosim. Apache-2.0, see LICENSE.
//
// How slaves register, break off, and are given up (Rules 8.1 to 8.3).

import Mesos
import MesosAllocation
import VirtualTime

/// Why a slave is removed.
enum RemovalCause {
  /// It did not answer, or did not come back in time.
  case unreachable
  /// It said good-bye.
  case unregistered
  /// Its machine came back as a new slave.
  case replaced
  /// An operator said that it is gone for good.
  case gone

  var message: String {
    switch self {
    case .unreachable: "slave is unreachable"
    case .unregistered: "slave has unregistered"
    case .replaced: "slave came back as a new one"
    case .gone: "slave was declared gone"
    }
  }
}

extension Master {
  mutating func register(_ slave: SlaveIndex, _ info: SlaveInfo) {
    if settings.followsMesos1_11, isDown(info) {
      return send(.shutdown("Machine is 'DOWN'"), to: slave)
    }
    guard isWelcome(info) else { return }
    let known = slaves[slave]
    switch known.state {
    case .connected:
      // A repeated registration: the slave has not had our answer.
      if let id = known.id { confirm(id, to: slave) }
      return
    case .disconnected, .recovered: remove(slave, .replaced)
    case .absent: forgetUnreachableTasks(of: slave)
    }
    let id = SlaveID("\(self.info.id)-S\(slavesRegistered)")
    slavesRegistered += 1
    registry.admit(slave, id, info)
    let watch = slaves[slave].watch
    slaves[slave] = SlaveRecord()
    slaves[slave].watch = watch
    slaves[slave].state = .connected
    slaves[slave].id = id
    slaves[slave].info = info
    slaves[slave].total = info.resources
    slaves[slave].registeredAt = now
    if info.resources.hasEphemeralPorts { hidesPorts = true }
    slaveIndices[id] = slave
    record(.slaveAdded(slave, info.resources))
    if isWatched { notes.append(.slaveAdded(shown(slave, id), isNew: true)) }
    confirm(id, to: slave)
    var entry = SlaveEntry(
      id: id, hostname: info.hostname, total: info.resources, attributes: info.attributes,
      capabilities: info.allocatorCapabilities)
    entry.domain = info.domain
    allocator.addSlave(slave, entry, at: now)
    applyMaintenance(to: slave)
    startPings(slave)
  }

  private mutating func confirm(_ id: SlaveID, to slave: SlaveIndex) {
    send(.registered(id, pingTimeout: settings.totalPingTimeout), to: slave)
  }

  /// The connection to a slave broke, be it that its process died or that the network was reset.
  mutating func slaveExited(_ slave: SlaveIndex) {
    guard slaves.has(slave), slaves[slave].state == .connected else {
      return
    }
    slaves[slave].state = .disconnected
    record(.slaveDisconnected(slave))
    rescindOffers(of: slave)
    allocator.deactivateSlave(slave, at: now)
    // Without checkpointing nothing of a framework survives its slave's process.
    for slot in tasks.slots(onSlave: slaves[slave].tasks)
    where !hasCheckpointing(tasks[slot].framework) {
      lose(
        slot, .slaveDisconnected,
        settings.followsMesos1_11
          ? "Agent \(slaves[slave].info.hostname) disconnected" : "slave has disconnected")
    }
    let executors = slaves[slave].executors
    let doomed = executors.filter { !hasCheckpointing($0.framework) }
    slaves[slave].executors = executors.filter { hasCheckpointing($0.framework) }
    for executor in doomed { release(executor, on: slave) }
    timers.set(.reregistration(slave), at: now + settings.slaveReregisterTimeout)
  }

  private func hasCheckpointing(_ framework: FrameworkIndex) -> Bool {
    frameworks[framework].info.hasCheckpointing
  }

  /// Gives a slave up: tasks, executors and offers with it.
  ///
  /// What a framework sees is, in this order, its tasks' updates, `offerRescinded`, `slaveLost`
  /// (Rules R8.1).
  mutating func remove(_ slave: SlaveIndex, _ cause: RemovalCause, _ message: String? = nil) {
    guard let id = slaves[slave].id, slaves[slave].state != .absent else { return }
    let text = message ?? self.message(of: cause, slave)
    let wasRegistered = slaves[slave].state.isRegistered
    registry.remove(slave)
    switch cause {
    case .unreachable:
      registry.unreachable.append(Registry.Unreachable(id: id, since: now))
    case .gone: registry.gone.append(id)
    case .unregistered, .replaced: registry.orders[id] = nil
    }
    if wasRegistered { allocator.removeSlave(slave, at: now) }
    if [.unregistered, .gone].contains(cause) { allocator.forgetSlave(slave, at: now) }
    for slot in tasks.slots(onSlave: slaves[slave].tasks) {
      if settings.followsMesos1_11 {
        lose(slot, cause, text)
        continue
      }
      if cause == .unreachable, settings.readmitsLostSlaves, !tasks[slot].state.isTerminal {
        frameworks[Int(tasks[slot].framework)].unreachableTasks[tasks[slot].id] = slave
      }
      lose(slot, .slaveRemoved, text)
    }
    for executor in slaves[slave].executors {
      release(executor, on: slave)
    }
    slaves[slave].executors = []
    rescindOffers(of: slave)
    rescindInverseOffers(of: slave)
    settleInherited(of: slave, .slaveRemoved)
    slaves[slave].state = .absent
    setWatch(of: slave, isOn: false)
    slaves[slave].kills = []
    slaves[slave].oversubscribed = Resources()
    slaveIndices[id] = nil
    for subject: MasterTimer.Subject in [.ping(slave), .reregistration(slave), .removal(slave)] {
      timers.cancel(subject)
    }
    record(.slaveRemoved(slave))
    if isWatched { notes.append(.slaveRemoved(id, cause.noted)) }
    for framework in frameworks.indices {
      send(.slaveLost(id), to: FrameworkIndex(framework))
    }
  }

  /// The slave is back, with what it has; the ids of what it has no longer are free.
  mutating func forgetUnreachableTasks(of slave: SlaveIndex) {
    guard settings.readmitsLostSlaves else { return }
    for index in frameworks.indices where !frameworks[index].unreachableTasks.isEmpty {
      frameworks[index].unreachableTasks = frameworks[index].unreachableTasks
        .filter { $0.value != slave }
      frameworks[index].unreachableShown.removeAll { $0.task.slave == slave }
    }
  }

  /// Ends a task without its slave's saying so; its framework is told once, if it is connected.
  mutating func lose(_ slot: Int32, _ reason: StatusReason, _ message: String) {
    if settings.followsMesos1_11 { return loseFully(slot, reason, message) }
    let task = tasks[slot]
    if !task.state.isTerminal {
      end(slot, .lost, reason)
      let status = TaskStatus(
        taskID: task.id, state: .lost, message: message, slaveID: slaves[task.slave].id,
        timestamp: now, source: .master, reason: reason)
      send(.statusUpdate(status), to: task.framework)
    }
    complete(slot)
  }

  mutating func rescindOffers(of slave: SlaveIndex) {
    let overtaken = offers.numbers(onSlave: slaves[slave].overtakenOffers)
    for number in openOffers(of: slave) + overtaken { rescind(number, refusal: nil) }
  }

  /// Frees what an executor held beside its tasks.
  mutating func release(_ executor: ExecutorRecord, on slave: SlaveIndex) {
    let resources = executor.info.resources
    guard !resources.isEmpty else { return }
    if overlaps { slaves[slave].version &+= 1 }
    record(.executorEnded(executor.framework, slave, resources))
    allocator.recover(
      resources, from: executor.framework, role: executor.role, on: slave, refusal: nil, at: now)
  }

  mutating func executorExited(
    _ executor: ExecutorID, of framework: FrameworkIndex, on slave: SlaveIndex, _ status: Int32
  ) {
    guard slaves[slave].state.isRegistered, let id = slaves[slave].id else {
      return refuse(slave)
    }
    guard
      let place = slaves[slave].executors.firstIndex(where: {
        $0.framework == framework && $0.info.executorID == executor
      })
    else { return }
    let ended = slaves[slave].executors.remove(at: place)
    release(ended, on: slave)
    guard isKnown(framework) else { return }
    send(.executorLost(executor, id, status: Int(status)), to: framework)
  }

  /// Answers a slave that was given up and does not know it: it must come back as another (Rules
  /// D15).
  ///
  /// One that is awaited after a failover, or that has come back under a new id since it said this,
  /// is not told.
  mutating func refuse(_ slave: SlaveIndex) {
    if settings.readmitsLostSlaves || slaves[slave].state != .absent { return }
    send(.shutdown("the slave was removed"), to: slave)
  }

  /// Replaces what a slave offers beyond what it has (Rules 5.10).
  mutating func oversubscribe(_ slave: SlaveIndex, _ resources: Resources) {
    guard slaves[slave].state == .connected else { return }
    let revocable = resources.revocable
    guard revocable != slaves[slave].oversubscribed else { return }
    for number in openOffers(of: slave) {
      guard let offer = offers[number], !offer.resources.revocable.isEmpty else { continue }
      rescind(number, refusal: nil)
    }
    let before = slaves[slave].oversubscribed
    slaves[slave].total -= before
    slaves[slave].total += revocable
    slaves[slave].oversubscribed = revocable
    record(.slaveChanged(slave, slaves[slave].total))
    allocator.updateSlave(slave, SlaveUpdate(total: slaves[slave].total), at: now)
  }
}
