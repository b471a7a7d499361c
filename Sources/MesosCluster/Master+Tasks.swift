// Part of mesosim. Apache-2.0, see LICENSE.
//
// The life of a task as the master sees it (mesos.md sections 3.3 and 6).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// What is wrong with a task, or `nil`: the first failing row of mesos.md 3.3 decides.
  func faultOfTask(
    _ task: TaskInfo, of framework: FrameworkIndex, on slave: SlaveIndex, remainder: Resources
  ) -> String? {
    if let fault = faultOfTaskID(task.taskID) { return fault }
    if frameworks[Int(framework)].tasks[task.taskID] != nil {
      return "task has a duplicate id: \(task.taskID)"
    }
    if task.slaveID != slaves[Int(slave)].id {
      return "task names slave \(task.slaveID), the offer is of another"
    }
    if task.resources.isEmpty { return "task uses no resources" }
    if let fault = faultOfProgram(task) { return fault }
    if !remainder.contains(task.resources) {
      return "task uses more resources (\(task.resources)) than available (\(remainder))"
    }
    return nil
  }

  /// What is wrong with what a task runs (row 10), or that it can't be run yet.
  private func faultOfProgram(_ task: TaskInfo) -> String? {
    switch (task.sharedCommand != nil, task.executor != nil) {
    case (true, false): nil
    case (false, true): "custom executors are not supported by this version"
    case (true, true): "task has both a command and an executor; give it exactly one"
    case (false, false): "task has neither a command nor an executor; give it exactly one"
    }
  }

  private func faultOfTaskID(_ id: TaskID) -> String? {
    let bytes = id.value.utf8
    if bytes.isEmpty { return "task id is empty" }
    if bytes.count > 255 { return "task id is longer than 255 bytes" }
    if id.value == "." || id.value == ".." { return "task id '\(id)' is not allowed" }
    let slash = UInt8(ascii: "/")
    let backslash = UInt8(ascii: "\\")
    for byte in bytes where byte < 0x20 || byte == 0x7f || byte == slash || byte == backslash {
      return "task id holds a control character, '/' or '\\'"
    }
    return nil
  }

  mutating func start(
    _ task: TaskInfo, of framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    frameworks[Int(framework)].tasks[task.taskID] = TaskRecord(
      slave: slave, role: role, resources: task.resources, number: tasksLaunched, state: .staging)
    tasksLaunched += 1
    actions.record(.taskLaunched(framework, slave, task.resources))
    actions.append(.toSlave(slave, .runTask(framework, task)))
  }

  /// Answers a launch with a terminal state, sent once and never acknowledged.
  func refuse(
    _ task: TaskInfo, of framework: FrameworkIndex, _ state: TaskState, _ reason: StatusReason,
    _ message: String, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    actions.record(.taskRefused(framework, state))
    let status = TaskStatus(
      taskID: task.taskID, state: state, message: message, slaveID: task.slaveID, timestamp: now,
      source: .master, reason: reason)
    actions.append(.toScheduler(framework, .statusUpdate(status)))
  }

  mutating func statusUpdate(
    _ status: TaskStatus, of framework: FrameworkIndex, from slave: SlaveIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    // Updates of an ended framework have no reader; the slave has been told to end its tasks.
    guard isKnown(framework) else { return }
    if let place = frameworks[Int(framework)].tasks.index(forKey: status.taskID) {
      update(taskAt: place, of: framework, to: status.state, at: now, into: &actions)
    }
    if frameworks[Int(framework)].state == .active {
      actions.append(.toScheduler(framework, .statusUpdate(status)))
    }
  }

  private mutating func update(
    taskAt place: Dictionary<TaskID, TaskRecord>.Index, of framework: FrameworkIndex,
    to state: TaskState, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    let task = frameworks[Int(framework)].tasks.values[place]
    // A terminal state is never replaced (mesos.md 6.1).
    guard !task.state.isTerminal else { return }
    frameworks[Int(framework)].tasks.values[place].state = state
    if state.isTerminal {
      // Resources are free at the terminal update, not at its acknowledgement (mesos.md 6.3).
      actions.record(.taskEnded(framework, task.slave, task.resources, state))
      allocator.recover(
        task.resources, from: framework, role: task.role, on: task.slave, refusal: nil, at: now)
    } else if state == .running, task.state != .running {
      actions.record(.taskRunning(framework, task.slave))
    }
  }

  mutating func acknowledge(
    _ update: UpdateID, of task: TaskID, on slaveID: SlaveID, for framework: FrameworkIndex,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard let slave = slaveIndices[slaveID] else { return }
    // Updates come one at a time for a task, so a terminal task has its terminal update
    // acknowledged.
    if let place = frameworks[Int(framework)].tasks.index(forKey: task),
      frameworks[Int(framework)].tasks.values[place].state.isTerminal
    {
      frameworks[Int(framework)].tasks.remove(at: place)
    }
    actions.append(.toSlave(slave, .acknowledge(framework, task, update)))
  }

  mutating func kill(
    _ id: TaskID, of framework: FrameworkIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    guard let task = frameworks[Int(framework)].tasks[id] else {
      // As an explicit reconciliation of an unknown task is answered (mesos.md 6.4, 6.6).
      let status = TaskStatus(
        taskID: id, state: .lost, message: "task is unknown to the master", timestamp: now,
        source: .master, reason: .reconciliation)
      return actions.append(.toScheduler(framework, .statusUpdate(status)))
    }
    actions.append(.toSlave(task.slave, .killTask(framework, id)))
  }
}
