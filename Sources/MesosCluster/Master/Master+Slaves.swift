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

  fileprivate var message: String {
    switch self {
    case .unreachable: "slave is unreachable"
    case .unregistered: "slave has unregistered"
    case .replaced: "slave came back as a new one"
    case .gone: "slave was declared gone"
    }
  }
}

extension Master {
  mutating func register(
    _ slave: SlaveIndex, _ info: SlaveInfo, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    let record = slaves[Int(slave)]
    switch record.state {
    case .connected:
      // A repeated registration: the slave has not had our answer.
      if let id = record.id { actions.append(.toSlave(slave, .registered(id))) }
      return
    case .disconnected, .recovered: remove(slave, .replaced, at: now, into: &actions)
    case .absent: forgetUnreachableTasks(of: slave)
    }
    let id = SlaveID("\(self.info.id)-S\(slavesRegistered)")
    slavesRegistered += 1
    registry.admit(slave, id, info)
    let watch = slaves[Int(slave)].watch
    slaves[Int(slave)] = SlaveRecord()
    slaves[Int(slave)].watch = watch
    slaves[Int(slave)].state = .connected
    slaves[Int(slave)].id = id
    slaves[Int(slave)].info = info
    slaves[Int(slave)].total = info.resources
    slaveIndices[id] = slave
    actions.record(.slaveAdded(slave, info.resources))
    actions.append(.toSlave(slave, .registered(id)))
    allocator.addSlave(
      slave,
      SlaveEntry(
        id: id, hostname: info.hostname, total: info.resources, attributes: info.attributes),
      at: now)
    applyMaintenance(to: slave, at: now)
    startPings(slave, at: now, into: &actions)
  }

  /// The connection to a slave broke, be it that its process died or that the network was reset.
  mutating func slaveExited(
    _ slave: SlaveIndex, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    guard slaves.indices.contains(Int(slave)), slaves[Int(slave)].state == .connected else {
      return
    }
    slaves[Int(slave)].state = .disconnected
    actions.record(.slaveDisconnected(slave))
    rescindOffers(of: slave, at: now, into: &actions)
    deactivateInAllocator(slave, at: now)
    // Without checkpointing nothing of a framework survives its slave's process.
    for slot in tasks.slots(onSlave: slaves[Int(slave)].tasks)
    where !hasCheckpointing(tasks[slot].framework) {
      lose(slot, .slaveDisconnected, "slave has disconnected", at: now, into: &actions)
    }
    let executors = slaves[Int(slave)].executors
    let doomed = executors.filter { !hasCheckpointing($0.framework) }
    slaves[Int(slave)].executors = executors.filter { hasCheckpointing($0.framework) }
    for executor in doomed { release(executor, on: slave, at: now, into: &actions) }
    timers.set(.reregistration(slave), at: now + settings.slaveReregisterTimeout)
  }

  private func hasCheckpointing(_ framework: FrameworkIndex) -> Bool {
    frameworks[Int(framework)].info.wrappedValue.hasCheckpointing
  }

  /// Gives a slave up: tasks, executors and offers with it.
  ///
  /// What a framework sees is, in this order, its tasks' updates, `offerRescinded`, `slaveLost`
  /// (Rules R8.1).
  mutating func remove(
    _ slave: SlaveIndex, _ cause: RemovalCause, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard let id = slaves[Int(slave)].id, slaves[Int(slave)].state != .absent else { return }
    let wasRegistered = slaves[Int(slave)].state.isRegistered
    registry.remove(id)
    switch cause {
    case .unreachable: registry.unreachable.append((id, now))
    case .gone: registry.gone.append(id)
    case .unregistered, .replaced: break
    }
    if wasRegistered { allocator.removeSlave(slave, at: now) }
    for slot in tasks.slots(onSlave: slaves[Int(slave)].tasks) {
      if cause == .unreachable, settings.readmitsLostSlaves, !tasks[slot].state.isTerminal {
        frameworks[Int(tasks[slot].framework)].unreachableTasks[tasks[slot].id] = slave
      }
      lose(slot, .slaveRemoved, cause.message, at: now, into: &actions)
    }
    for executor in slaves[Int(slave)].executors {
      release(executor, on: slave, at: now, into: &actions)
    }
    slaves[Int(slave)].executors = []
    rescindOffers(of: slave, at: now, into: &actions)
    settleInherited(of: slave, into: &actions)
    slaves[Int(slave)].state = .absent
    setWatch(of: slave, isOn: false)
    slaves[Int(slave)].kills = []
    slaves[Int(slave)].oversubscribed = Resources()
    slaveIndices[id] = nil
    for subject: MasterTimer.Subject in [.ping(slave), .reregistration(slave), .removal(slave)] {
      timers.cancel(subject)
    }
    actions.record(.slaveRemoved(slave))
    for framework in frameworks.indices {
      tell(FrameworkIndex(framework), .slaveLost(id), into: &actions)
    }
  }

  /// The slave is back, with what it has; the ids of what it has no longer are free.
  mutating func forgetUnreachableTasks(of slave: SlaveIndex) {
    guard settings.readmitsLostSlaves else { return }
    for index in frameworks.indices where !frameworks[index].unreachableTasks.isEmpty {
      frameworks[index].unreachableTasks = frameworks[index].unreachableTasks
        .filter { $0.value != slave }
    }
  }

  /// Ends a task without its slave's saying so; its framework is told once, if it is connected.
  mutating func lose(
    _ slot: Int32, _ reason: StatusReason, _ message: String, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    let task = tasks[slot]
    if !task.state.isTerminal {
      end(slot, .lost, at: now, into: &actions)
      let status = TaskStatus(
        taskID: task.id, state: .lost, message: message, slaveID: slaves[Int(task.slave)].id,
        timestamp: now, source: .master, reason: reason)
      tell(task.framework, .statusUpdate(status), into: &actions)
    }
    complete(slot)
  }

  mutating func rescindOffers(
    of slave: SlaveIndex, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    for number in offers.numbers(onSlave: slaves[Int(slave)].openOffers) {
      rescind(number, refusal: nil, at: now, into: &actions)
    }
  }

  /// Frees what an executor held beside its tasks.
  mutating func release(
    _ executor: ExecutorRecord, on slave: SlaveIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    let resources = executor.info.wrappedValue.resources
    guard !resources.isEmpty else { return }
    actions.record(.executorEnded(executor.framework, slave, resources))
    allocator.recover(
      resources, from: executor.framework, role: executor.role, on: slave, refusal: nil, at: now)
  }

  mutating func executorExited(
    _ executor: ExecutorID, of framework: FrameworkIndex, on slave: SlaveIndex, _ status: Int32,
    at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    guard slaves[Int(slave)].state.isRegistered, let id = slaves[Int(slave)].id else {
      return refuse(slave, into: &actions)
    }
    guard
      let place = slaves[Int(slave)].executors.firstIndex(where: {
        $0.framework == framework && $0.info.wrappedValue.executorID == executor
      })
    else { return }
    let record = slaves[Int(slave)].executors.remove(at: place)
    release(record, on: slave, at: now, into: &actions)
    guard isKnown(framework) else { return }
    tell(framework, .executorLost(executor, id, status: Int(status)), into: &actions)
  }

  /// Answers a slave that was given up and does not know it: it must come back as another (Rules
  /// D15).
  ///
  /// One that is awaited after a failover, or that has come back under a new id since it said this,
  /// is not told.
  func refuse(_ slave: SlaveIndex, into actions: inout ActionBuffer<MasterAction>) {
    if settings.readmitsLostSlaves || slaves[Int(slave)].state != .absent { return }
    actions.append(.toSlave(slave, .shutdown("the slave was removed")))
  }

  /// Replaces what a slave offers beyond what it has (Rules 5.10).
  mutating func oversubscribe(
    _ slave: SlaveIndex, _ resources: Resources, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard slaves[Int(slave)].state == .connected else { return }
    let revocable = resources.revocable
    guard revocable != slaves[Int(slave)].oversubscribed else { return }
    for number in offers.numbers(onSlave: slaves[Int(slave)].openOffers) {
      guard let offer = offers[number], !offer.resources.revocable.isEmpty else { continue }
      rescind(number, refusal: nil, at: now, into: &actions)
    }
    let before = slaves[Int(slave)].oversubscribed
    slaves[Int(slave)].total -= before
    slaves[Int(slave)].total += revocable
    slaves[Int(slave)].oversubscribed = revocable
    actions.record(.slaveChanged(slave, slaves[Int(slave)].total))
    let total = slaves[Int(slave)].total
    refine((any UpdatingAllocator).self) {
      $0.updateSlave(slave, SlaveUpdate(total: total), at: now)
    }
  }

  mutating func deactivateInAllocator(_ slave: SlaveIndex, at now: Instant) {
    refine((any UpdatingAllocator).self) { $0.deactivateSlave(slave, at: now) }
  }

  mutating func activateInAllocator(_ slave: SlaveIndex, at now: Instant) {
    refine((any UpdatingAllocator).self) { $0.activateSlave(slave, at: now) }
  }
}
