// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a slave comes back and the books of both are compared (Rules 8.2, 8.5).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func reregister(
    _ slave: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo, _ inventory: SlaveInventory,
    at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    if registry.gone.contains(id) {
      return actions.append(.toSlave(slave, .shutdown("the slave was declared gone")))
    }
    let record = slaves[Int(slave)]
    let isOurs = record.id == id
    if isOurs, record.state.isRegistered, record.info.hostname != info.hostname {
      return actions.append(
        .toSlave(slave, .shutdown("the slave attempted to re-register from another host")))
    }
    switch record.state {
    case .connected where isOurs, .disconnected where isOurs:
      reconnect(slave, at: now, into: &actions)
      let held = slaves[Int(slave)].total.nonRevocable
      if held != info.resources { actions.append(.toSlave(slave, .checkpointResources(held))) }
      compare(slave, with: inventory, adopts: false, at: now, into: &actions)
    case .recovered where isOurs:
      restore(slave, id, info, inventory, at: now, into: &actions)
    case .absent where settings.readmitsLostSlaves:
      actions.record(.slaveAdded(slave, info.resources))
      restore(slave, id, info, inventory, at: now, into: &actions)
      tellOfReturned(slave, at: now, into: &actions)
    default:
      return actions.append(
        .toSlave(slave, .shutdown("the slave attempted to re-register after it was removed")))
    }
    startPings(slave, at: now, into: &actions)
    answer(slave, id, inventory, into: &actions)
  }

  private mutating func reconnect(
    _ slave: SlaveIndex, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    guard slaves[Int(slave)].state == .disconnected else { return }
    slaves[Int(slave)].state = .connected
    timers.cancel(.reregistration(slave))
    timers.cancel(.removal(slave))
    actions.record(.slaveReconnected(slave))
    if slaves[Int(slave)].isActive { activateInAllocator(slave, at: now) }
  }

  /// Takes a slave on whose tasks this master does not know yet.
  private mutating func restore(
    _ slave: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo, _ inventory: SlaveInventory,
    at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    if slaves[Int(slave)].state == .absent {
      registry.admit(slave, id, info)
      forgetUnreachableTasks(of: slave)
    }
    timers.cancel(.reregistration(slave))
    timers.cancel(.removal(slave))
    let watch = slaves[Int(slave)].watch
    slaves[Int(slave)] = SlaveRecord()
    slaves[Int(slave)].watch = watch
    slaves[Int(slave)].state = .connected
    slaves[Int(slave)].id = id
    slaves[Int(slave)].info = info
    slaves[Int(slave)].total = info.resources
    slaveIndices[id] = slave
    // What the last master had it hold may never have reached it.
    if let before = inherited[slave]?.total, before != info.resources {
      actions.record(.slaveChanged(slave, info.resources))
    }
    recoverFrameworks(inventory, at: now)
    compare(slave, with: inventory, adopts: true, at: now, into: &actions)
    settleInherited(of: slave, with: inventory, into: &actions)
    var used: [(framework: FrameworkIndex, role: Role, resources: Resources)] = []
    for slot in tasks.slots(onSlave: slaves[Int(slave)].tasks)
    where !tasks[slot].state.isTerminal {
      used.append((tasks[slot].framework, tasks[slot].role, tasks[slot].resources))
    }
    for executor in slaves[Int(slave)].executors {
      used.append((executor.framework, executor.role, executor.info.wrappedValue.resources))
    }
    allocator.addSlave(
      slave,
      SlaveEntry(
        id: id, hostname: info.hostname, total: info.resources, used: used,
        attributes: info.attributes), at: now)
    applyMaintenance(to: slave, at: now)
  }

  /// Learns of frameworks whose schedulers are not back yet from a slave that ran tasks for them.
  private mutating func recoverFrameworks(_ inventory: SlaveInventory, at now: Instant) {
    for framework in inventory.frameworks {
      let index = Int(framework.index)
      while frameworks.count <= index {
        frameworks.append(FrameworkRecord())
        offersByFramework.append([])
      }
      guard frameworks[index].state == .unknown, let id = framework.info.wrappedValue.id,
        !completedFrameworks.contains(id)
      else { continue }
      frameworks[index].state = .recovered
      frameworks[index].id = id
      frameworks[index].info = framework.info
      frameworksPresent += 1
      allocator.addFramework(
        framework.index, entry(of: framework.index, suppressed: [], isActive: false), at: now)
    }
  }

  /// Compares what a slave reports with what this master has: executors it no longer runs are
  /// forgotten, and where its tasks are not known here, they are adopted.
  private mutating func compare(
    _ slave: SlaveIndex, with inventory: SlaveInventory, adopts: Bool, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    if adopts {
      for executor in inventory.executors where isKnown(executor.framework) {
        adopt(executor, on: slave, into: &actions)
      }
      for task in inventory.tasks where isKnown(task.framework) {
        adopt(task, on: slave, into: &actions)
      }
      return
    }
    // An executor that a launch under way will start has tasks here that were not reported.
    let awaited = tasks.slots(onSlave: slaves[Int(slave)].tasks).map {
      (tasks[$0].framework, tasks[$0].executor)
    }
    func isThere(_ executor: ExecutorRecord) -> Bool {
      let id = executor.info.wrappedValue.executorID
      return inventory.executors.contains {
        $0.framework == executor.framework && $0.info.wrappedValue.executorID == id
      } || awaited.contains { $0.0 == executor.framework && $0.1 == id }
    }
    let executors = slaves[Int(slave)].executors
    let ended = executors.filter { !isThere($0) }
    slaves[Int(slave)].executors = executors.filter(isThere)
    for executor in ended { release(executor, on: slave, at: now, into: &actions) }
  }

  private mutating func adopt(
    _ executor: SlaveInventory.Executor, on slave: SlaveIndex,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    let id = executor.info.wrappedValue.executorID
    guard self.executor(id, of: executor.framework, on: slave) == nil else { return }
    slaves[Int(slave)].executors.append(
      ExecutorRecord(framework: executor.framework, info: executor.info, role: executor.role))
    let resources = executor.info.wrappedValue.resources
    let isRecorded =
      inherited[slave]?.executors.contains { $0.framework == executor.framework && $0.id == id }
    if isRecorded != true, !resources.isEmpty {
      actions.record(.executorStarted(executor.framework, slave, resources))
    }
  }

  private mutating func adopt(
    _ task: SlaveInventory.Task, on slave: SlaveIndex,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard tasks.find(task.id, of: task.framework) == nil else { return }
    let known = inheritedNumber(of: task.id, framework: task.framework, on: slave)
    let number = known ?? tasksLaunched
    if known == nil {
      // What the record of the run has as lost, or never had, begins anew.
      tasksLaunched += 1
      if !task.state.isTerminal {
        actions.record(.taskLaunched(task.framework, slave, task.resources, number))
        if task.state == .running {
          actions.record(.taskRunning(task.framework, slave, number))
        }
      }
    }
    let record = TaskRecord(
      framework: task.framework, slave: slave, id: task.id, role: task.role,
      resources: task.resources, executor: task.executor, number: number, state: task.state,
      sentState: task.updateState)
    tasks.add(
      record, onSlave: &slaves[Int(slave)].tasks,
      ofFramework: &frameworks[Int(task.framework)].taskList)
  }

  /// Frameworks see a returned slave's tasks again, in the state that they are in (newer Mesos).
  private mutating func tellOfReturned(
    _ slave: SlaveIndex, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    for slot in tasks.slots(onSlave: slaves[Int(slave)].tasks) {
      let task = tasks[slot]
      let status = TaskStatus(
        taskID: task.id, state: task.state, message: "slave is back",
        slaveID: slaves[Int(slave)].id,
        timestamp: now, source: .master, reason: .slaveReregistered)
      tell(task.framework, .statusUpdate(status), into: &actions)
    }
  }

  /// Welcomes a slave back; says what it should know of and what of it is no longer wanted.
  private mutating func answer(
    _ slave: SlaveIndex, _ id: SlaveID, _ inventory: SlaveInventory,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    var missing: [(framework: FrameworkIndex, task: TaskID)] = []
    let reported = Set(inventory.tasks.map { ReportedTask(framework: $0.framework, id: $0.id) })
    for slot in tasks.slots(onSlave: slaves[Int(slave)].tasks) {
      let task = tasks[slot]
      if !task.state.isTerminal,
        !reported.contains(ReportedTask(framework: task.framework, id: task.id))
      {
        missing.append((task.framework, task.id))
      }
    }
    actions.append(.toSlave(slave, .reregistered(id, missing: missing)))
    for framework in inventory.frameworks {
      let isCurrent =
        isKnown(framework.index)
        && frameworks[Int(framework.index)].id == framework.info.wrappedValue.id
      if !isCurrent { actions.append(.toSlave(slave, .shutdownFramework(framework.index))) }
    }
    for kill in slaves[Int(slave)].kills {
      actions.append(.toSlave(slave, .killTask(kill.framework, kill.task)))
    }
    if !settings.leavesGhosts { endGhosts(inventory, on: slave, into: &actions) }
  }

  /// Ends what was lost at the break of a connection that the slave's process outlived: executors
  /// and commands of frameworks without checkpointing (Rules 13.3).
  private func endGhosts(
    _ inventory: SlaveInventory, on slave: SlaveIndex,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    for executor in inventory.executors where isKnown(executor.framework) {
      let id = executor.info.wrappedValue.executorID
      if self.executor(id, of: executor.framework, on: slave) == nil {
        actions.append(.toSlave(slave, .shutdownExecutor(executor.framework, id)))
      }
    }
    for task in inventory.tasks
    where task.executor == nil && !task.state.isTerminal && isKnown(task.framework)
      && tasks.find(task.id, of: task.framework) == nil
    {
      actions.append(.toSlave(slave, .killTask(task.framework, task.id)))
    }
  }

  private struct ReportedTask: Hashable {
    let framework: FrameworkIndex
    let id: TaskID
  }
}
