// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a slave comes back and the books of both are compared (Rules 8.2, 8.5).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func reregister(
    _ slave: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo, _ inventory: SlaveInventory
  ) {
    if settings.followsMesos1_11 { return reregisterFully(slave, id, info, inventory) }
    if registry.gone.contains(id) {
      return send(.shutdown("the slave was declared gone"), to: slave)
    }
    let known = slaves[slave]
    let isOurs = known.id == id
    if isOurs, known.state.isRegistered, known.info.hostname != info.hostname {
      return send(.shutdown("the slave attempted to re-register from another host"), to: slave)
    }
    switch known.state {
    case .connected where isOurs, .disconnected where isOurs:
      reconnect(slave)
      let held = slaves[slave].total.nonRevocable
      if held != info.resources { send(.checkpointResources(held), to: slave) }
      compare(slave, with: inventory, adopts: false)
    case .recovered where isOurs:
      restore(slave, id, info, inventory)
    case .absent where settings.readmitsLostSlaves:
      record(.slaveAdded(slave, info.resources))
      restore(slave, id, info, inventory)
      tellOfReturned(slave)
    default:
      return send(.shutdown("the slave attempted to re-register after it was removed"), to: slave)
    }
    startPings(slave)
    answer(slave, id, inventory)
  }

  mutating func reconnect(_ slave: SlaveIndex) {
    guard slaves[slave].state == .disconnected else { return }
    slaves[slave].state = .connected
    timers.cancel(.reregistration(slave))
    timers.cancel(.removal(slave))
    record(.slaveReconnected(slave))
    if slaves[slave].isActive { allocator.activateSlave(slave, at: now) }
  }

  /// Takes a slave on whose tasks this master does not know yet.
  mutating func restore(
    _ slave: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo, _ inventory: SlaveInventory
  ) {
    if slaves[slave].state == .absent {
      registry.readmit(slave, id, info)
      forgetUnreachableTasks(of: slave)
    }
    timers.cancel(.reregistration(slave))
    timers.cancel(.removal(slave))
    let watch = slaves[slave].watch
    slaves[slave] = SlaveRecord()
    slaves[slave].watch = watch
    slaves[slave].state = .connected
    slaves[slave].id = id
    slaves[slave].info = info
    slaves[slave].total = info.resources
    slaves[slave].registeredAt = now
    slaves[slave].reregisteredAt = now
    if info.resources.hasEphemeralPorts { hidesPorts = true }
    slaveIndices[id] = slave
    // What the last master had it hold may never have reached it.
    if let before = inherited[slave]?.total, before != info.resources {
      record(.slaveChanged(slave, info.resources))
    }
    recoverFrameworks(inventory)
    compare(slave, with: inventory, adopts: true)
    settleInherited(of: slave, with: inventory, .reconciliation)
    var used: [(framework: FrameworkIndex, role: Role, resources: Resources)] = []
    for slot in tasks.slots(onSlave: slaves[slave].tasks)
    where !tasks[slot].state.isTerminal {
      used.append((tasks[slot].framework, tasks[slot].role, tasks[slot].resources))
    }
    for executor in slaves[slave].executors {
      used.append((executor.framework, executor.role, executor.info.resources))
    }
    var entry = SlaveEntry(
      id: id, hostname: info.hostname, total: info.resources, used: used,
      attributes: info.attributes, capabilities: info.allocatorCapabilities)
    entry.domain = info.domain
    allocator.addSlave(slave, entry, at: now)
    if isWatched { notes.append(.slaveAdded(shown(slave, id), isNew: false)) }
    applyMaintenance(to: slave)
  }

  /// Learns of frameworks whose schedulers are not back yet from a slave that ran tasks for them.
  mutating func recoverFrameworks(_ inventory: SlaveInventory) {
    for framework in inventory.frameworks {
      let index = Int(framework.index)
      while frameworks.count <= index { frameworks.append(FrameworkRecord()) }
      guard frameworks[index].state == .unknown, let id = framework.info.id,
        !completedFrameworks.contains(id)
      else { continue }
      frameworks[index].state = .recovered
      frameworks[index].id = id
      frameworks[index].info = framework.info
      frameworks[index].registeredAt = now
      frameworksPresent += 1
      if isWatched { notes.append(.frameworkAdded(shown(framework.index))) }
      allocator.addFramework(
        framework.index, entry(of: framework.index, suppressed: [], isActive: false), at: now)
    }
  }

  /// Compares what a slave reports with what this master has: executors it no longer runs are
  /// forgotten, and where its tasks are not known here, they are adopted.
  mutating func compare(_ slave: SlaveIndex, with inventory: SlaveInventory, adopts: Bool) {
    if adopts {
      for executor in inventory.executors where isKnown(executor.framework) {
        adopt(executor, on: slave)
      }
      for task in inventory.tasks where isKnown(task.framework) {
        adopt(task, on: slave)
      }
      return
    }
    // An executor that a launch under way will start has tasks here that were not reported.
    let awaited = tasks.slots(onSlave: slaves[slave].tasks).map {
      (tasks[$0].framework, tasks[$0].executor)
    }
    func isThere(_ executor: ExecutorRecord) -> Bool {
      let id = executor.info.executorID
      return inventory.executors.contains {
        $0.framework == executor.framework && $0.info.executorID == id
      } || awaited.contains { $0.0 == executor.framework && $0.1 == id }
    }
    let executors = slaves[slave].executors
    let ended = executors.filter { !isThere($0) }
    slaves[slave].executors = executors.filter(isThere)
    for executor in ended { release(executor, on: slave) }
  }

  private mutating func adopt(_ executor: SlaveInventory.Executor, on slave: SlaveIndex) {
    let id = executor.info.executorID
    guard self.executor(id, of: executor.framework, on: slave) == nil else { return }
    slaves[slave].executors.append(
      ExecutorRecord(framework: executor.framework, info: executor.info, role: executor.role))
    let resources = executor.info.resources
    let isRecorded =
      inherited[slave]?.executors.contains { $0.framework == executor.framework && $0.id == id }
    if isRecorded != true, !resources.isEmpty {
      record(.executorStarted(executor.framework, slave, resources))
    }
  }

  private mutating func adopt(_ task: SlaveInventory.Task, on slave: SlaveIndex) {
    guard tasks.find(task.id, of: task.framework) == nil else { return }
    let known = inheritedNumber(of: task.id, framework: task.framework, on: slave)
    let number = known ?? tasksLaunched
    if known == nil {
      // What the record of the run has as lost, or never had, begins again.
      tasksLaunched = tasksLaunched.next
      if !task.state.isTerminal {
        record(.taskLaunched(task.framework, slave, task.resources, number))
        if task.state == .running {
          record(.taskRunning(task.framework, slave, number))
        }
      }
    }
    var record = TaskRecord(
      framework: task.framework, slave: slave, id: task.id, role: task.role,
      resources: task.resources, executor: task.executor, number: number, state: task.state,
      sentState: task.updateState)
    if settings.followsMesos1_11 {
      taskNotes[TaskKey(framework: task.framework, task: task.id)] = TaskNote(name: task.name)
      if let state = task.updateState {
        record.wasForwarded = true
        if state.isTerminal { record.terminalUpdate = task.updateID }
      }
    }
    tasks.add(
      record, onSlave: &slaves[slave].tasks,
      ofFramework: &frameworks[task.framework].taskList)
  }

  /// Frameworks see a returned slave's tasks again, in the state that they are in (newer Mesos).
  private mutating func tellOfReturned(_ slave: SlaveIndex) {
    for slot in tasks.slots(onSlave: slaves[slave].tasks) {
      let task = tasks[slot]
      let status = TaskStatus(
        taskID: task.id, state: task.state, message: "slave is back",
        slaveID: slaves[slave].id,
        timestamp: now, source: .master, reason: .slaveReregistered)
      send(.statusUpdate(status), to: task.framework)
    }
  }

  /// Welcomes a slave back; says what it should know of and what of it is no longer wanted.
  private mutating func answer(_ slave: SlaveIndex, _ id: SlaveID, _ inventory: SlaveInventory) {
    var missing: [TaskKey] = []
    let reported = Set(inventory.tasks.map { TaskKey(framework: $0.framework, task: $0.id) })
    for slot in tasks.slots(onSlave: slaves[slave].tasks) {
      let key = TaskKey(framework: tasks[slot].framework, task: tasks[slot].id)
      if !tasks[slot].state.isTerminal, !reported.contains(key) { missing.append(key) }
    }
    send(
      .reregistered(id, missing: missing, pingTimeout: settings.totalPingTimeout), to: slave)
    for framework in inventory.frameworks {
      let isCurrent =
        isKnown(framework.index)
        && frameworks[framework.index].id == framework.info.id
      if !isCurrent { send(.shutdownFramework(framework.index), to: slave) }
    }
    for kill in slaves[slave].kills {
      send(.killTask(kill.framework, kill.task), to: slave)
    }
    if !settings.leavesGhosts { endGhosts(inventory, on: slave) }
  }

  /// Ends what was lost at the break of a connection that the slave's process outlived: executors
  /// and commands of frameworks without checkpointing (Rules 13.3).
  private mutating func endGhosts(_ inventory: SlaveInventory, on slave: SlaveIndex) {
    for executor in inventory.executors where isKnown(executor.framework) {
      let id = executor.info.executorID
      if self.executor(id, of: executor.framework, on: slave) == nil {
        send(.shutdownExecutor(executor.framework, id), to: slave)
      }
    }
    for task in inventory.tasks
    where task.executor == nil && !task.state.isTerminal && isKnown(task.framework)
      && tasks.find(task.id, of: task.framework) == nil
    {
      send(.killTask(task.framework, task.id), to: slave)
    }
  }
}
