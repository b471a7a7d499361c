// Part of mesosim. Apache-2.0, see LICENSE.
//
// The life of a task as the master sees it, from its first update on (Rules 6).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func statusUpdate(
    _ update: consuming TaskStatus, latest: TaskState, of framework: FrameworkIndex,
    from slave: SlaveIndex
  ) {
    if settings.followsMesos1_11 { return follow(update, latest: latest, of: framework) }
    guard slaves[slave].state.isRegistered,
      slaves[slave].id == update.slaveID
    else {
      return refuse(slave)
    }
    // Updates of an ended framework have no reader; the slave has been told to end its tasks.
    guard isKnown(framework) else { return }
    let hears = frameworks[framework].state.isConnected
    if let slot = tasks.find(update.taskID, of: framework),
      tasks[slot].slave == slave
    {
      // What is newer than the update has its reason in an update to come.
      self.update(slot, to: latest, update.state == latest ? update.reason : nil)
      // Kept even while it is not heard: a scheduler that comes back and reconciles is told of it.
      let state = update.state
      tasks[slot].sentState = state
      tasks[slot].wasForwarded = true
      if state.isTerminal { tasks[slot].terminalUpdate = update.uuid }
    }
    if hears {
      let incarnation = frameworks[framework].incarnation
      send(.statusUpdate(consume update), to: framework, incarnation)
    }
  }

  mutating func update(_ slot: Int32, to state: TaskState, _ reason: StatusReason?) {
    let before = tasks[slot].state
    // A terminal state is never replaced (Rules 6.1).
    guard before != state, !before.isTerminal else { return }
    if state.isTerminal { return end(slot, state, reason) }
    tasks[slot].state = state
    if state == .running {
      record(.taskRunning(tasks[slot].framework, tasks[slot].slave, tasks[slot].number))
    }
  }

  /// Frees a task's resources at its terminal state, not at its acknowledgement (Rules 6.3).
  mutating func end(_ slot: Int32, _ state: TaskState, _ reason: StatusReason?) {
    guard !tasks[slot].state.isTerminal else { return }
    tasks[slot].state = state
    // Field by field, here and below: a copy of the record counts all that is in it.
    let (framework, slave) = (tasks[slot].framework, tasks[slot].slave)
    let resources = tasks[slot].resources
    if overlaps { slaves[slave].version &+= 1 }
    record(
      .taskEnded(framework, slave, resources, state, tasks[slot].number, reason: reason))
    allocator.recover(
      resources, from: framework, role: tasks[slot].role, on: slave, refusal: nil, at: now)
  }

  /// Moves an ended task from the tracked ones to the bounded history.
  mutating func complete(
    _ slot: Int32, isKept: Bool = false, shownAs state: TaskState? = nil
  ) {
    let framework = tasks[slot].framework
    let slave = tasks[slot].slave
    if settings.completedTasksMax > 0, !isKept {
      frameworks[framework].completedTasks.add(
        CompletedTask(
          framework: framework, slave: slave, id: tasks[slot].id,
          slaveID: slaves[slave].id ?? "", state: tasks[slot].state, role: tasks[slot].role,
          executor: tasks[slot].executor, resources: tasks[slot].resources,
          shown: settings.followsMesos1_11 ? EndedTask(shown(slot, as: state)) : nil),
        atMost: settings.completedTasksMax)
    }
    if !taskNotes.isEmpty { taskNotes[TaskKey(framework: framework, task: tasks[slot].id)] = nil }
    if !slaves[slave].kills.isEmpty {
      let id = tasks[slot].id
      slaves[slave].kills.removeAll { $0.framework == framework && $0.task == id }
    }
    tasks.remove(slot, onSlave: &slaves[slave].tasks, ofFramework: &frameworks[framework].taskList)
  }

  mutating func acknowledge(_ seen: Acknowledgement, for framework: FrameworkIndex) {
    let slot = tasks.find(seen.taskID, of: framework)
    guard let slave = slave(seen.slaveID, perhaps: slot.map { tasks[$0].slave }),
      slaves[slave].state == .connected
    else { return }
    if let slot, tasks[slot].slave == slave {
      // Not before this master forwarded an update of it: wait for the slave's (Rules 6.2).
      guard tasks[slot].wasForwarded else { return }
      if tasks[slot].terminalUpdate == seen.uuid { complete(slot) }
    }
    if slaves[slave].isDraining, settings.followsMesos1_11 {
      send(.acknowledge(framework, seen), to: slave)
      return finishDraining(slave)
    }
    send(.acknowledge(framework, seen), to: slave)
  }

  /// The slave of this id, most likely the one with the number given.
  private func slave(_ id: SlaveID, perhaps number: SlaveIndex?) -> SlaveIndex? {
    // Only who is in the index has the id at present.
    if let number, slaves[number].state == .connected, slaves[number].id == id {
      return number
    }
    return slaveIndices[id]
  }

  mutating func kill(
    _ id: TaskID, on slaveID: SlaveID?, of framework: FrameworkIndex, _ policy: KillPolicy? = nil
  ) {
    guard let slot = tasks.find(id, of: framework) else {
      return answer(TaskQuery(id, on: slaveID), of: framework)
    }
    let slave = tasks[slot].slave
    if let slaveID, slaveID != slaves[slave].id { return }
    let isNoted = slaves[slave].kills.contains { $0.framework == framework && $0.task == id }
    if !isNoted {
      slaves[slave].kills.append(SlaveRecord.Kill(framework: framework, task: id))
    }
    guard slaves[slave].state == .connected else { return }
    if let policy { return send(.killTaskBy(policy, framework, id), to: slave) }
    send(.killTask(framework, id), to: slave)
  }
}

// MARK: - Reconciliation

extension Master {
  /// Answers for the tasks asked about, or, when none is named, for all (Rules 6.6).
  mutating func reconcile(_ queries: [TaskQuery], of framework: FrameworkIndex) {
    for query in queries { answer(query, of: framework) }
    guard queries.isEmpty else { return }
    for slot in tasks.slots(ofFramework: frameworks[framework].taskList) {
      send(.statusUpdate(reconciliation(of: slot)), to: framework)
    }
  }

  private mutating func answer(_ query: TaskQuery, of framework: FrameworkIndex) {
    if settings.followsMesos1_11 { return answerFully(query, of: framework) }
    if let slot = tasks.find(query.taskID, of: framework) {
      return send(.statusUpdate(reconciliation(of: slot)), to: framework)
    }
    // A slave that is not back yet may bring the task along: no answer is better than a wrong one.
    if let slaveID = query.slaveID {
      if let slave = slaveIndices[slaveID], slaves[slave].state == .recovered { return }
    } else if slavesRecovering > 0 {
      return
    }
    var status = TaskStatus(
      taskID: query.taskID, state: .lost,
      message: "Reconciliation: task is unknown to the master", slaveID: query.slaveID,
      timestamp: now, source: .master, reason: .reconciliation)
    if let since = query.slaveID.flatMap(registry.unreachableSince) {
      status.message = "Reconciliation: task's slave is unreachable"
      status.unreachableTime = since
    }
    send(.statusUpdate(status), to: framework)
  }

  /// How many slaves a new master still waits for.
  ///
  /// - Complexity: O(slaves), only after a failover.
  var slavesRecovering: Int {
    tookOver ? slaves.count { $0.state == .recovered } : 0
  }

  func reconciliation(of slot: Int32) -> TaskStatus {
    let task = tasks[slot]
    if settings.followsMesos1_11 { return fullReconciliation(of: task) }
    var status = TaskStatus(
      taskID: task.id, state: task.sentState ?? task.state,
      message: "Reconciliation: latest task state", slaveID: slaves[task.slave].id,
      timestamp: now, source: .master, reason: .reconciliation)
    if let executor = task.executor { status.executorID = executor }
    return status
  }
}
