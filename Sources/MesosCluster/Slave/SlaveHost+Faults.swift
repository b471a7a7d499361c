// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can happen to a slave's process and to its machine, and what those on it do meanwhile.

import Mesos
import SimulationKernel
import VirtualTime

extension SlaveHost {
  /// Whether the slave's process is there, stopped or not.
  var isUp: Bool { slave.phase != .down }

  /// Whether the slave's process has ended on a machine that runs, where nobody listens then.
  var refusesConnections: Bool { slave.phase == .down && !isMachineDown }

  /// Whether the slave's process stands still.
  var isPaused: Bool { suspended?.isPaused == true }

  /// Starts the slave's process, for the first time or again; `detect` follows.
  func start() {
    guard !isUp else { return }
    isMachineDown = false
    let news = suspended?.news ?? []
    if let recovery = suspended?.recovery { cancel(recovery) }
    // Held news stand ready while the new process asks who is there.
    suspended?.recovery = nil
    slave.handle(.start, at: now, into: &buffers.actions)
    settle()
    suspended = nil
    for (container, item) in news { pass(item, of: container) }
    settle()
  }

  /// Starts the slave's process again.
  func restartProcess() { start() }

  /// The slave's process is gone; its machine and what runs there are not.
  ///
  /// Executors of frameworks with checkpointing wait for the next process; the others end.
  func crashProcess() {
    guard isUp else { return }
    leaveTheStopped()
    slave.crash(takesMachine: false)
    for number in containers.liveNumbers {
      if containers.isKept(number) {
        process(in: number)?.slaveLost()
      } else {
        process(in: number)?.slaveLost()
        remove(number)
      }
    }
    let end = now + buffers.shared.settings.recoveryTimeout
    suspended?.recovery = post(.commandRecoveryTimeout, at: end)
    containers.forgetFiles()
    settle()
  }

  /// The machine is gone, and everything on it.
  func crashMachine() {
    isMachineDown = true
    if let recovery = suspended?.recovery { cancel(recovery) }
    slave.crash(takesMachine: true)
    for number in containers.liveNumbers { remove(number) }
    suspended = SuspendedProcess()
    containers.forgetFiles()
    settle()
  }

  /// The machine is back, and the slave's process with it.
  func rebootMachine() { start() }

  /// Stops the slave's process as SIGSTOP does: what reaches it waits.
  func pause() {
    guard isUp, suspended == nil else { return }
    suspended = SuspendedProcess(isPaused: true)
  }

  /// Lets the stopped process go on.
  func resume() {
    guard suspended?.isPaused == true else { return }
    let inputs = suspended?.inputs ?? []
    suspended = nil
    for input in inputs { tell(input) }
    tell(.deadline)
  }

  /// Kills the executor, or the executor of a command, as SIGKILL does.
  /// - Returns: Whether it was there.
  @discardableResult
  func killExecutor(_ key: ExecutorKey) -> Bool {
    guard let number = slave.container(of: key), containers.isLive(number) else { return false }
    killProcess(in: number)
    stepContainers { $0.executorExited(number, status: 9) }
    settle()
    return true
  }

  /// What waited for a stopped process is lost with it, but for what containers had to tell.
  private func leaveTheStopped() {
    var left = SuspendedProcess()
    for input in suspended?.inputs ?? [] {
      if case .container(let number, let news) = input { left.news.append((number, news)) }
    }
    suspended = left
  }

  private func remove(_ number: ContainerNumber) {
    killProcess(in: number)
    stepContainers { $0.remove(number) }
  }

  /// Keeps news until the slave's process can have them.
  func hold(_ news: ContainerNews, of container: ContainerNumber) {
    if suspended?.isPaused == true {
      suspended?.inputs.append(.container(container, news))
    } else if !isUp {
      suspended?.news.append((container, news))
    } else {
      slave.handle(news, of: container, at: now, into: &buffers.actions)
    }
  }

  /// The executor of a command answers the slave's new process.
  func reconnect(_ number: ContainerNumber) {
    if containers.isLive(number) {
      buffers.effects.append(.news(number, .reconnected))
    } else if !(suspended?.news.contains { $0.container == number } ?? false) {
      buffers.effects.append(.news(number, .exited(status: -1, .itself)))
    }
  }

  /// The slave stays away for too long: the executors of commands end, and their commands.
  func giveUpSlave() {
    suspended?.recovery = nil
    for number in containers.liveNumbers where process(in: number) == nil { remove(number) }
    settle()
  }
}

/// A task on a slave, for those who look on.
struct SlaveTaskView {
  let framework: FrameworkIndex
  let task: TaskID
  let state: TaskState
  let resources: Resources
  /// The executor of the framework's own that runs it; `nil` for a command.
  let executor: ExecutorID?
  /// Its updates that are not acknowledged, the one under way first.
  let unacknowledged: [TaskStatus]
  /// Whether the slave never had it, or no longer has, and only tells of it.
  let isUnknown: Bool
}

extension SlaveHost {
  /// The tasks on the slave, in the order in which they came.
  var tasks: [SlaveTaskView] { slave.taskViews }

  /// The frameworks' own executors on the slave that have not ended, in the order of their starts.
  var executors: [ExecutorKey] { slave.executorKeys }

  /// What executors and tasks on the slave hold.
  var resourcesInUse: Resources { slave.resourcesInUse }
}

extension Slave {
  /// The container of an executor, or of the command with this task id.
  func container(of key: ExecutorKey) -> ContainerNumber? {
    if let slot = findExecutor(key.executor, of: key.framework) {
      return executors[slot].state == .terminated ? nil : executors[slot].container
    }
    guard let slot = findTask(TaskID(key.executor.value), of: key.framework),
      tasks[slot].flags.contains(.hasContainer)
    else { return nil }
    return tasks[slot].runner
  }

  /// The master to which the slave is registered.
  var registeredLeader: MasterIndex? { phase == .registered ? leader : nil }

  var taskViews: [SlaveTaskView] {
    var views: [SlaveTaskView] = []
    for slot in tasksInOrder() {
      var pending: [TaskStatus] = []
      var update = tasks[slot].head
      while update != noSlot {
        pending.append(updates[Int(update)].status)
        update = updates[Int(update)].next
      }
      let isUnknown = tasks[slot].flags.contains(.isUnknown)
      let isCommand = tasks[slot].isCommand || isUnknown
      views.append(
        SlaveTaskView(
          framework: tasks[slot].framework, task: tasks[slot].info.taskID,
          state: tasks[slot].state, resources: tasks[slot].info.resources,
          executor: isCommand ? nil : executors[Int(tasks[slot].runner)].key.executor,
          unacknowledged: pending, isUnknown: isUnknown))
    }
    return views
  }

  var executorKeys: [ExecutorKey] {
    var keys: [ExecutorKey] = []
    for slot in executorsInOrder() where executors[slot].state != .terminated {
      keys.append(executors[slot].key)
    }
    return keys
  }

  /// What executors and tasks hold that have not ended.
  var resourcesInUse: Resources {
    var sum = Resources()
    for slot in executors.usedSlots where executors[slot].state != .terminated {
      sum += executors[slot].held
    }
    for slot in tasks.usedSlots where tasks[slot].isCommand && !tasks[slot].state.isTerminal {
      sum += tasks[slot].info.resources
    }
    return sum
  }
}
