// Part of mesosim. Apache-2.0, see LICENSE.
//
// Tasks on a slave: how they come, are run and are killed (Rules 6.3, 6.4 and 13).

import Mesos
import VirtualTime

// MARK: - Records

extension Slave {
  @inline(__always)
  func findTask(_ task: TaskID, of framework: FrameworkIndex) -> Int? {
    let hash = SlotIndex.hash(framework, task)
    return taskIndex.find(hash) {
      tasks[$0].framework == framework && tasks[$0].info.taskID == task
    }
  }

  /// Makes a record of a task; one that only has updates under way becomes the task's.
  mutating func insertTask(
    _ info: TaskInfo, of framework: FrameworkIndex, role: Role, runner: UInt32,
    flags: SlaveTask.Flags, replacing unknownTask: Int? = nil
  ) -> Int {
    if let unknownTask {
      tasks[unknownTask].info = info
      tasks[unknownTask].role = role
      tasks[unknownTask].runner = runner
      tasks[unknownTask].flags = flags
      tasks[unknownTask].state = .staging
      return unknownTask
    }
    let hash = SlotIndex.hash(framework, info.taskID)
    let slot = tasks.insert(
      SlaveTask(
        info: info, role: role, framework: framework, hash: hash, serial: nextSerial(),
        runner: runner, flags: flags))
    taskIndex.insert(hash, slot: slot)
    return slot
  }

  /// Forgets a task whose updates are all delivered.
  mutating func removeTask(_ slot: Int) {
    dropUpdates(of: slot)
    if history != nil { noteRemoval(ofTask: slot) }
    let task = tasks.take(slot)
    taskIndex.remove(task.hash, slot: slot)
    if !task.isCommand { updatesTaken[task.serial] = nil }
    if task.flags.contains(.isUnknown) { return }
    if !task.isCommand, task.runner != noSlot {
      executors[Int(task.runner)].records -= 1
      removeExecutorIfDone(Int(task.runner))
    }
    leave(task.framework)
  }

  /// The place of a framework among those that have something here.
  @inline(__always)
  func findFramework(_ index: FrameworkIndex) -> Int? {
    frameworks.firstIndex { $0.index == index }
  }

  /// Counts one more record of a framework; returns its place.
  mutating func enter(_ index: FrameworkIndex, _ info: FrameworkInfo) -> Int {
    if let place = findFramework(index) {
      frameworks[place].uses += 1
      return place
    }
    let capabilities = info.capabilities
    frameworks.append(
      SlaveFramework(
        index: index, info: info, uses: 1, isKept: info.hasCheckpointing,
        reportsKilling: settings.reportsKilling && capabilities.contains(.taskKillingState)))
    return frameworks.count - 1
  }

  /// Counts one record of a framework less.
  mutating func leave(_ index: FrameworkIndex) {
    guard let place = findFramework(index) else { return }
    frameworks[place].uses -= 1
    if frameworks[place].uses > 0 { return }
    history?.add(index, frameworks[place].info)
    frameworks.remove(at: place)
    // Drained to the last.
    if frameworks.isEmpty { draining = nil }
  }
}

// MARK: - Launch

extension Slave {
  mutating func run(_ launch: consuming TaskLaunch) {
    guard accepts(launch) else { return }
    if launch.task.command == nil {
      return run([launch], isGroup: false)
    }
    let unknownTask = findTask(launch.task.taskID, of: launch.framework)
    if let unknownTask, !tasks[unknownTask].flags.contains(.isUnknown) {
      // The master lets no id be used twice; an update could not be told from the other task's.
      return
    }
    if settings.hasCommandExecutors { return run([launch], isGroup: false) }
    if executors.count > 0,
      findExecutor(ExecutorID(launch.task.taskID.value), of: launch.framework) != nil
    {
      return reportUnknownTask(
        launch.task.taskID, of: launch.framework, .lost,
        "An executor is named like the task on the slave", .taskInvalid)
    }
    guard hasVolumes(of: launch.task) else {
      return reportUnknownTask(
        launch.task.taskID, of: launch.framework, .lost,
        "Task uses persistent volumes that are not on the slave", .resourcesUnknown)
    }
    let place = enter(launch.framework, launch.frameworkInfo)
    var terms: CommandTerms = []
    if frameworks[place].isKept { terms.insert(.isKept) }
    if frameworks[place].reportsKilling { terms.insert(.reportsKilling) }
    let container = takeContainer()
    let task = launch.task
    let slot = insertTask(
      task, of: launch.framework, role: launch.role, runner: container,
      flags: [.isCommand, .hasContainer], replacing: unknownTask)
    own(container, by: .command, slot)
    history?.starts[tasks[slot].serial] = now
    request(.startCommand(container, launch.framework, task, terms))
  }

  /// A launch that reaches a slave which isn't the one meant, or which can't run it, vanishes
  /// (Rules 13.6).
  @inline(__always)
  private func accepts(_ launch: borrowing TaskLaunch) -> Bool {
    guard phase == .registered || phase == .disconnected, launch.task.slaveID == id else {
      return false
    }
    guard let place = findFramework(launch.framework) else { return true }
    return !frameworks[place].isTerminating
  }

  mutating func run(group launches: [TaskLaunch]) {
    guard let first = launches.first, accepts(first) else { return }
    run(launches, isGroup: true)
  }

  /// Runs tasks of one executor of the framework's own.
  private mutating func run(_ launches: [TaskLaunch], isGroup: Bool) {
    let first = launches[0]
    let info = first.task.executor ?? executor(ofCommand: first)
    if let refusal = refusal(of: launches, by: info.executorID) {
      for launch in launches {
        reportUnknownTask(
          launch.task.taskID, of: launch.framework,
          stateOfDropped(by: launch.frameworkInfo), refusal.message, refusal.reason)
      }
      return
    }
    let slot =
      findExecutor(info.executorID, of: first.framework)
      ?? startExecutor(info, for: first)
    let group = isGroup ? nextSerial() : 0
    var arrived: [Int] = []
    for launch in launches {
      let unknownTask = findTask(launch.task.taskID, of: launch.framework)
      if let unknownTask, !tasks[unknownTask].flags.contains(.isUnknown) { continue }
      let place = enter(launch.framework, launch.frameworkInfo)
      frameworks[place].info = launch.frameworkInfo
      let task = insertTask(
        launch.task, of: launch.framework, role: launch.role, runner: UInt32(slot),
        flags: [.isQueued], replacing: unknownTask)
      tasks[task].group = group
      executors[slot].tasks.append(UInt32(task))
      executors[slot].records += 1
      executors[slot].held += launch.task.resources
      arrived.append(task)
    }
    if executors[slot].state == .running { deliver(arrived, to: slot) }
  }

  /// The executor that the slave itself starts for a command.
  private func executor(ofCommand launch: TaskLaunch) -> ExecutorInfo {
    SlaveSnapshot.commandExecutor(of: launch.task, launch.frameworkInfo.id, settings)
  }

  private func stateOfDropped(by framework: FrameworkInfo) -> TaskState {
    framework.capabilities.contains(.partitionAware) ? .dropped : .lost
  }

  /// Why tasks cannot go to their executor (Rules 13.4).
  private mutating func refusal(
    of launches: [TaskLaunch], by executor: ExecutorID
  ) -> (message: String, reason: StatusReason)? {
    guard launches.allSatisfy({ hasVolumes(of: $0.task) }) else {
      return ("Task uses persistent volumes that are not on the slave", .resourcesUnknown)
    }
    let first = launches[0]
    guard let slot = findExecutor(executor, of: first.framework) else {
      if first.startsExecutor { return nil }
      return (
        "No executor is expected to launch and there is no executor running", .executorTerminated
      )
    }
    if first.startsExecutor {
      if executors[slot].state == .terminated {
        tellExit(of: slot, status: -1)
      } else {
        shutdown(executor: slot)
      }
      return ("Master wants to launch executor, but one already exists", .executorTerminated)
    }
    switch executors[slot].state {
    case .registering, .running: return nil
    case .terminating: return ("Executor terminating", .executorTerminated)
    case .terminated: return ("Executor terminated", .executorTerminated)
    }
  }

  /// Whether the slave has the persistent volumes that a task names.
  @inline(__always)
  private func hasVolumes(of task: TaskInfo) -> Bool {
    task.resources.isPlain || hasNamedVolumes(of: task)
  }

  private func hasNamedVolumes(of task: TaskInfo) -> Bool {
    let volumes = task.resources.persistentVolumes
    if volumes.isEmpty { return true }
    let here = (checkpointed?.wrappedValue ?? info.resources).persistentVolumes
    return here.allocated(to: nil).contains(volumes.allocated(to: nil))
  }
}
