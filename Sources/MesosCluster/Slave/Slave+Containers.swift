// Part of mesosim. Apache-2.0, see LICENSE.
//
// What becomes of containers, and what that means for the tasks in them (Rules 6.5 and 8.6).

import Mesos
import VirtualTime

/// How the tasks of a container end that ended before they had.
private struct TaskEnd {
  var state: TaskState
  var message: String
  var reason: StatusReason
  var limitation: Resources?
}

extension Slave {
  mutating func handle(
    _ news: consuming ContainerNews, of container: ContainerNumber, at now: Instant,
    into actions: inout ActionBuffer<SlaveAction>
  ) {
    self.now = now
    swap(&self.actions, &actions)
    defer { swap(&self.actions, &actions) }
    handle(news, of: container)
  }

  mutating func handle(_ news: consuming ContainerNews, of container: ContainerNumber) {
    guard phase != .down, Int(container) < owners.count else { return }
    let owner = owners[Int(container)]
    switch owner.kind {
    case .nobody: return
    case .command:
      handleCommand(news, of: Int(owner.slot))
    case .executor:
      switch consume news {
      case .launchFailed(let message):
        let end = TaskEnd(
          state: .failed, message: message, reason: .containerLaunchFailed, limitation: nil)
        executorEnded(Int(owner.slot), status: -1, end)
      case .exited(let status, let cause):
        let end = taskEnd(
          cause, terminationReason: executors[Int(owner.slot)].terminationReason,
          isCommand: executors[Int(owner.slot)].isOfCommand,
          of: executors[Int(owner.slot)].key.framework)
        executorEnded(Int(owner.slot), status: status, end)
      case .preparing, .command, .reconnected: break
      }
    }
  }

  private mutating func handleCommand(_ news: consuming ContainerNews, of slot: Int) {
    switch consume news {
    case .preparing:
      tasks[slot].flags.insert(.isPreparing)
      setDeadline(
        .registration, of: tasks[slot].runner,
        until: now + settings.executorRegistrationTimeout)
    case .reconnected: tasks[slot].flags.remove(.isReconnecting)
    case .command(let report):
      tasks[slot].flags.remove(.isPreparing)
      handle(consume report, of: slot)
    case .launchFailed(let message):
      let end = TaskEnd(
        state: .failed, message: message, reason: .containerLaunchFailed, limitation: nil)
      commandEnded(slot, end)
    case .exited(_, let cause):
      var terminationReason: StatusReason?
      if case .destroyed = cause {
        if tasks[slot].flags.contains(.isPreparing) {
          terminationReason = .executorRegistrationTimeout
        }
        if tasks[slot].flags.contains(.isReconnecting) {
          terminationReason = .executorReregistrationTimeout
        }
      }
      let end = taskEnd(
        cause, terminationReason: terminationReason, isCommand: true, of: tasks[slot].framework)
      commandEnded(slot, end)
    }
  }

  /// Mesos's own executor reports on its command.
  private mutating func handle(_ report: consuming CommandReport, of slot: Int) {
    if report.state.isTerminal {
      // The container is gone with it.
      freeContainer(tasks[slot].runner)
      tasks[slot].flags.subtract([.hasContainer, .isReconnecting])
    }
    if isTerminating(tasks[slot].framework) {
      if report.state.isTerminal { forgetEnded(slot) }
      return
    }
    guard !tasks[slot].state.isTerminal else { return }
    var status = TaskStatus(
      taskID: tasks[slot].info.taskID, state: report.state, message: report.message, slaveID: id,
      timestamp: now, source: .executor, reason: report.reason, uuid: makeUpdateID())
    if let isHealthy = report.isHealthy { status.isHealthy = isHealthy }
    if let checkStatus = report.checkStatus { status.checkStatus = checkStatus }
    if let draining { status = drained(status, by: draining) }
    take(consume status, of: slot)
  }

  /// A command's container ended and its executor did not say how the command did.
  private mutating func commandEnded(_ slot: Int, _ end: TaskEnd) {
    freeContainer(tasks[slot].runner)
    tasks[slot].flags.subtract([.hasContainer, .isPreparing, .isReconnecting])
    if isTerminating(tasks[slot].framework) { return forgetEnded(slot) }
    report(slot, end.state, end.message, end.reason, limitation: end.limitation)
  }

  private mutating func executorEnded(_ slot: Int, status: Int32, _ end: TaskEnd) {
    guard executors[slot].state != .terminated else { return }
    executors[slot].state = .terminated
    freeContainer(executors[slot].container)
    let live = executors[slot].tasks
    let isForgotten = isTerminating(executors[slot].key.framework)
    if !isForgotten { tellExit(of: slot, status: status) }
    // The record must outlive its last task, which may be removed on the way.
    executors[slot].records += 1
    for task in live {
      if isForgotten {
        tasks[Int(task)].state = .killed
        removeTask(Int(task))
      } else {
        report(Int(task), end.state, end.message, end.reason, limitation: end.limitation)
      }
    }
    executors[slot].records -= 1
    executors[slot].tasks = []
    removeExecutorIfDone(slot)
    exitIfEnded()
  }

  /// The end of a task of a framework that is gone.
  private mutating func forgetEnded(_ slot: Int) {
    tasks[slot].state = .killed
    removeTask(slot)
    exitIfEnded()
  }

  /// Tells the master that an executor ended: now, or as soon as there is a master.
  ///
  /// Of one that ended while the slave's process was gone nobody is told, unless its machine
  /// failed: the master hears how its tasks ended (Rules 8.4).
  mutating func tellExit(of slot: Int, status: Int32) {
    if executors[slot].isOfCommand || phase == .recovering && !lostMachine { return }
    let key = executors[slot].key
    if phase == .registered {
      sendToLeader(.executorExited(key.framework, key.executor, status: status))
    } else {
      exitsToReport.append((key, status))
    }
  }

  /// What follows for tasks from the end of their container (Rules 6.5).
  private func taskEnd(
    _ cause: ContainerEnd, terminationReason: StatusReason?, isCommand: Bool,
    of framework: FrameworkIndex
  ) -> TaskEnd {
    let stateOfGone = findFramework(framework).map { frameworks[$0].stateOfGone } ?? .lost
    switch cause {
    case .limit(let reason, let message, let limitation):
      return TaskEnd(state: .failed, message: message, reason: reason, limitation: limitation)
    case .preempted:
      return TaskEnd(
        state: stateOfGone, message: "Container preempted", reason: .containerPreempted,
        limitation: nil)
    case .itself, .destroyed: break
    }
    switch terminationReason {
    case .executorRegistrationTimeout?:
      return TaskEnd(
        state: .failed,
        message: "Executor did not register within "
          + settings.executorRegistrationTimeout.mesosText,
        reason: .executorRegistrationTimeout, limitation: nil)
    case .executorReregistrationTimeout?:
      return TaskEnd(
        state: stateOfGone,
        message: "Executor did not reregister within "
          + settings.executorReregistrationTimeout.mesosText,
        reason: .executorReregistrationTimeout, limitation: nil)
    default:
      let isFailed = isCommand || settings.failsTasksOfExitedExecutors || lostMachine
      return TaskEnd(
        state: isFailed ? .failed : .lost, message: "Executor terminated",
        reason: .executorTerminated, limitation: nil)
    }
  }
}
