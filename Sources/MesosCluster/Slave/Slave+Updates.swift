// Part of mesosim. Apache-2.0, see LICENSE.
//
// The delivery of status updates: per task one under way, the others behind it, repeated until
// acknowledged (Rules 6.2; Mesos: `slave/task_status_update_manager.cpp`).

import Mesos
import VirtualTime

// MARK: - What is reported

extension Slave {
  /// Makes an update of the slave's own and takes it in.
  mutating func report(
    _ slot: Int, _ state: TaskState, _ message: String, _ reason: StatusReason,
    limitation: Resources? = nil
  ) {
    guard !tasks[slot].state.isTerminal else { return }
    var status = TaskStatus(
      taskID: tasks[slot].info.taskID, state: state, message: message, slaveID: id,
      timestamp: now, source: .slave, reason: reason, uuid: makeUpdateID())
    if let limitation { status.limitation = limitation }
    if let draining { status = drained(status, by: draining) }
    if !tasks[slot].isCommand, !tasks[slot].flags.contains(.isUnknown) {
      status.executorID = executors[Int(tasks[slot].runner)].key.executor
    }
    take(status, of: slot)
  }

  /// Makes an update of a task that the slave does not have; it is delivered as reliably.
  mutating func reportUnknownTask(
    _ task: TaskID, of framework: FrameworkIndex, _ state: TaskState, _ message: String,
    _ reason: StatusReason
  ) {
    let status = TaskStatus(
      taskID: task, state: state, message: message, slaveID: id, timestamp: now, source: .slave,
      reason: reason, uuid: makeUpdateID())
    takeUnknownTask(status, of: framework)
  }

  /// Takes in an update of a task for which there is no record.
  mutating func takeUnknownTask(_ status: TaskStatus, of framework: FrameworkIndex) {
    if let slot = findTask(status.taskID, of: framework) {
      // An earlier update of an unknown task is still under way.
      if !tasks[slot].state.isTerminal { take(status, of: slot) }
      return
    }
    let info = TaskInfo(
      name: "", taskID: status.taskID, slaveID: id ?? "", resources: Resources(),
      command: CommandInfo(""))
    let slot = insertTask(
      info, of: framework, role: .unreserved, runner: noSlot, flags: [.isUnknown])
    take(status, of: slot)
  }

  /// Takes in an update of a task that has not ended: it is delivered, sooner or later.
  mutating func take(_ status: consuming TaskStatus, of slot: Int) {
    let state = status.state
    tasks[slot].state = state
    if history != nil { note(status, of: slot) }
    if state.isTerminal { release(slot) }
    let update = updates.insert(
      PendingUpdate(status: consume status, task: UInt32(slot), serial: nextSerial()))
    if tasks[slot].head == noSlot {
      tasks[slot].head = UInt32(update)
      tasks[slot].tail = UInt32(update)
      send(update, of: slot)
    } else {
      updates[Int(tasks[slot].tail)].next = UInt32(update)
      tasks[slot].tail = UInt32(update)
    }
  }
}

// MARK: - Delivery

extension Slave {
  /// Sends the update at the head of a task's stream; without a master it waits for one.
  private mutating func send(_ update: Int, of slot: Int) {
    guard phase == .registered, let leader else { return }
    let retries = updates[update].retries
    let due =
      retries == 0
      ? now.advanced(byNanoseconds: shared.updateRetryNanoseconds) : now + retryDelay(retries)
    updates[update].due = due
    let entry = SlaveDeadlines.Entry(
      instant: due, slot: UInt32(update), serial: updates[update].serial, kind: .retry)
    if retries == 0 { deadlines.appendInOrder(entry) } else { deadlines.push(entry) }
    send(
      .statusUpdate(tasks[slot].framework, updates[update].status, latest: tasks[slot].state),
      to: leader)
  }

  private func retryDelay(_ retries: UInt8) -> Duration {
    min(settings.updateRetry * (1 << min(Int(retries), 20)), settings.updateRetryMax)
  }

  /// Whether the update that an entry is about is still under way.
  @inline(__always)
  func isDue(_ entry: SlaveDeadlines.Entry) -> Bool {
    let update = Int(entry.slot)
    return updates.isUsed(update) && updates[update].due == entry.instant
      && updates[update].serial == entry.serial
  }

  mutating func retry(_ entry: SlaveDeadlines.Entry) {
    // Without a master all heads are sent again when there is one.
    guard phase == .registered, isDue(entry) else { return }
    let update = Int(entry.slot)
    if updates[update].retries < 20 { updates[update].retries += 1 }
    send(update, of: Int(updates[update].task))
  }

  /// A framework has come back, or is described otherwise: what it may have missed is sent again.
  mutating func update(_ framework: FrameworkIndex, _ info: FrameworkInfo) {
    guard let place = findFramework(framework), !frameworks[place].isTerminating else { return }
    frameworks[place].info = info
    resumeUpdates()
  }

  /// Sends all heads again: there is a master.
  mutating func resumeUpdates() {
    for slot in tasksInOrder() where tasks[slot].head != noSlot {
      let update = Int(tasks[slot].head)
      updates[update].retries = 0
      send(update, of: slot)
    }
  }

  mutating func acknowledge(_ seen: Acknowledgement, of framework: FrameworkIndex) {
    // An acknowledgement of anything but the update under way is a duplicate.
    guard let slot = taskAwaiting(seen, of: framework) else { return }
    let update = Int(tasks[slot].head)
    let next = updates[update].next
    updates.remove(update)
    tasks[slot].head = next
    if next != noSlot {
      send(Int(next), of: slot)
    } else {
      tasks[slot].tail = noSlot
      if tasks[slot].state.isTerminal || tasks[slot].flags.contains(.isUnknown) { removeTask(slot) }
    }
  }

  /// The task whose update under way is this one.
  @inline(__always)
  private func taskAwaiting(_ update: Acknowledgement, of framework: FrameworkIndex) -> Int? {
    guard let slot = findTask(update.taskID, of: framework),
      tasks[slot].head != noSlot,
      updates[Int(tasks[slot].head)].status.uuid == update.uuid
    else { return nil }
    return slot
  }

  /// Whether an update is under way and not acknowledged.
  func awaits(_ update: Acknowledgement, _ framework: FrameworkIndex) -> Bool {
    taskAwaiting(update, of: framework) != nil
  }

  /// Forgets the updates of a task that are not delivered.
  mutating func dropUpdates(of slot: Int) {
    var update = tasks[slot].head
    while update != noSlot {
      let next = updates[Int(update)].next
      updates.remove(Int(update))
      update = next
    }
    tasks[slot].head = noSlot
    tasks[slot].tail = noSlot
  }
}
