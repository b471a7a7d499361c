// Part of mesosim. Apache-2.0, see LICENSE.
//
// The life of the slave's process: start, crash, what survives one, and the end (Rules 8.4).

import Mesos
import VirtualTime

extension Slave {
  /// The process is gone, at once and without a word; `start` begins another.
  ///
  /// What remains in the value is what its successor finds in the checkpoint: the id, how resources
  /// are divided, and the executors, tasks and updates of frameworks with checkpointing. Executors
  /// of other frameworks end when they notice; that is their host's business.
  /// - Parameter takesMachine: Whether the machine is gone, too, and all executors with it.
  public mutating func crash(takesMachine: Bool) {
    let isRunning = phase != .down
    phase = .down
    leader = nil
    registrationDue = .distantFuture
    recoveryEnd = .distantFuture
    awaitsPings = false
    registrationWindow = .zero
    deadlines.removeAll()
    exitsToReport.removeAll()
    if isRunning {
      // What a process knew goes with it; what was written down its successor remembers, too.
      let remembered = history
      history = nil
      forgetUnkept()
      history = remembered
      history?.forgetUnkept(frameworks.map(\.index))
    }
    if takesMachine { loseMachine() }
  }

  /// Forgets what was not written down.
  private mutating func forgetUnkept() {
    for slot in tasksInOrder() {
      let task = tasks[slot]
      let place = findFramework(task.framework)
      let isKept = place.map { frameworks[$0].isKept && !frameworks[$0].isTerminating } ?? false
      if !isKept {
        if task.flags.contains(.hasContainer) { freeContainer(task.runner) }
        if !task.isCommand, !task.flags.contains(.isUnknown) {
          executors[Int(task.runner)].tasks.removeAll { $0 == UInt32(slot) }
        }
        removeTask(slot)
      } else {
        tasks[slot].flags.subtract([.isQueued, .isPreparing])
        if task.flags.contains(.hasContainer) { tasks[slot].flags.insert(.isReconnecting) }
      }
    }
    for slot in executorsInOrder() {
      let isKept = executors[slot].isKept && !isTerminating(executors[slot].key.framework)
      if executors[slot].state == .terminated { continue }
      if isKept {
        executors[slot].isReconnecting = true
        executors[slot].hasHadTask = true
      } else {
        freeContainer(executors[slot].container)
        executors[slot].state = .terminated
        removeExecutorIfDone(slot)
      }
    }
  }

  /// All containers end with their machine.
  ///
  /// By default the slave starts afresh, too: a changed boot
  /// id means another slave (Rules 8.4, 0.2x); with the newest rule it remembers what it lost.
  private mutating func loseMachine() {
    if settings.keepsIDAfterReboot {
      lostMachine = true
      return
    }
    id = nil
    forgetAll()
  }

  mutating func forgetAll() {
    draining = nil
    if history != nil { history = SlaveHistory() }
    tasks.removeAll()
    updatesTaken = [:]
    taskIndex = SlotIndex()
    updates.removeAll()
    executors.removeAll()
    executorIndex = SlotIndex()
    frameworks.removeAll()
    owners.removeAll()
    freeContainers.removeAll()
    exitsToReport.removeAll()
    deadlines.removeAll()
  }

  mutating func start() {
    guard phase == .down else { return }
    phase = .disconnected
    var isWaiting = false
    for slot in tasksInOrder() where tasks[slot].flags.contains(.hasContainer) {
      isWaiting = true
      request(.reconnectCommand(tasks[slot].runner))
    }
    for slot in executorsInOrder() where executors[slot].state != .terminated {
      isWaiting = true
      send(.reconnect, toExecutorIn: executors[slot].container)
    }
    guard isWaiting else { return }
    phase = .recovering
    recoveryEnd = now + settings.executorReregistrationTimeout
  }

  /// An executor that outlived the slave's process is in touch again.
  mutating func reregister(_ slot: Int, updates: [TaskStatus], tasks known: [TaskInfo]) {
    guard phase == .recovering, executors[slot].isReconnecting else {
      return send(.shutdown, toExecutorIn: executors[slot].container)
    }
    executors[slot].isReconnecting = false
    executors[slot].state = .running
    send(.reregistered(currentInfo), toExecutorIn: executors[slot].container)
    for update in updates { handle(update, of: slot) }
    for task in executors[slot].tasks where tasks[Int(task)].state == .staging {
      // The slave died before the executor had it.
      if known.contains(where: { $0.taskID == tasks[Int(task)].info.taskID }) { continue }
      let place = findFramework(executors[slot].key.framework)
      report(
        Int(task), place.map { frameworks[$0].stateOfDropped } ?? .lost, textOfLostInRestart,
        .slaveRestarted)
    }
    // An executor that never had a task, as far as it has said, is not needed.
    if executors[slot].tasks.isEmpty, !executors[slot].hasReported { shutdown(executor: slot) }
  }

  /// What is said of a task that its executor never had.
  var textOfLostInRestart: String {
    "Task launched during \(settings.saysAgent ? "agent" : "slave") restart"
  }

  mutating func endRecovery() {
    recoveryEnd = .distantFuture
    lostMachine = false
    guard phase == .recovering else { return }
    phase = .disconnected
    for slot in tasksInOrder() where tasks[slot].flags.contains(.isReconnecting) {
      request(.destroyContainer(tasks[slot].runner))
    }
    for slot in executorsInOrder() where executors[slot].isReconnecting {
      guard executors[slot].state != .terminated else { continue }
      executors[slot].terminationReason = .executorReregistrationTimeout
      executors[slot].state = .terminating
      request(.destroyContainer(executors[slot].container))
    }
    if leader != nil { awaitRegistration() }
  }

  // MARK: The end

  mutating func stop() {
    guard phase != .down, phase != .ending else { return }
    if let id, phase == .registered { sendToLeader(.unregister(id)) }
    end()
  }

  /// Ends everything on the slave, then the process.
  mutating func end() {
    guard phase != .down, phase != .ending else { return }
    phase = .ending
    registrationDue = .distantFuture
    recoveryEnd = .distantFuture
    for framework in frameworks.map(\.index) { shutdown(framework) }
    exitIfEnded()
  }

  /// Ends the process when nothing runs any more; what was checkpointed is given up, so that the
  /// slave comes back as a new one.
  mutating func exitIfEnded() {
    guard phase == .ending, owners.allSatisfy({ $0.kind == .nobody }) else { return }
    forgetAll()
    phase = .down
    id = nil
    leader = nil
    awaitsPings = false
    request(.exit)
  }
}
