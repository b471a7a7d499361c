// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave knows at an instant, as a value: for those who look and decide nothing.

public import Mesos
public import VirtualTime

/// What a slave knows at an instant.
public struct SlaveSnapshot: Sendable {
  /// A task that waits for its executor.
  public struct QueuedTask: Sendable {
    /// The task as it will be tracked.
    public var task: MasterSnapshot.Task
    /// The task as it was launched.
    public var info: TaskInfo
  }

  /// An executor, a framework's own or Mesos's own for a command.
  public struct Executor: Sendable {
    /// What an executor is at.
    public enum State: Hashable, Sendable {
      /// It was started and has not been heard of.
      case registering
      /// It runs tasks.
      case running
      /// It was told to end.
      case terminating
      /// It has ended.
      case terminated
    }

    /// How it is described.
    public var info: ExecutorInfo
    /// The role that its resources are allocated to.
    public var role: Role
    /// Names the container that it is in.
    public var container: ContainerID
    /// The number that its process has in the simulation.
    public var pid: UInt32
    /// What it is at.
    public var state: State
    /// When it was started, where that was noted.
    public var startedAt: Instant?
    /// What it holds, with its tasks.
    public var resources: Resources
    /// Tasks that it has not been handed, in the order of arrival.
    public var queued: [QueuedTask] = []
    /// Tasks that it has been handed and that have not ended.
    public var launched: [MasterSnapshot.Task] = []
    /// Tasks that have ended and whose last update is on its way.
    public var terminated: [MasterSnapshot.Task] = []
    /// Tasks that have ended, and whose frameworks know it; the newest only.
    public var completed: [MasterSnapshot.Task] = []
  }

  /// A framework that has, or had, something on the slave.
  public struct Framework: Sendable {
    /// The framework.
    public var index: FrameworkIndex
    /// How it is described.
    public var info: FrameworkInfo
    /// Its executors, in the order of their starts.
    public var executors: [Executor] = []
    /// Those that have ended, the newest last.
    public var completedExecutors: [Executor] = []
  }

  /// The machine.
  public var index: SlaveIndex
  /// The slave's id, once it has one.
  public var id: SlaveID?
  /// What the slave says of itself, with its resources as they are divided up.
  public var info: SlaveInfo
  /// What its operator has set.
  public var settings: SlaveSettings
  /// The instant.
  public var now: Instant
  /// Whether a master has taken the slave on.
  public var isRegistered: Bool
  /// Whether the slave waits for the executors of the process before it.
  public var isRecovering: Bool
  /// Whether it knows of a master.
  public var hasMaster: Bool
  /// How it is run dry, if it is.
  public var draining: DrainConfig?
  /// How many tasks have ended, by how; none unless the slave is watched, as the two that follow.
  public var endedTasks: [TaskState: Int] = [:]
  /// How many executors have ended.
  public var endedExecutors = 0
  /// How many updates executors have reported.
  public var updates = 0
  /// Frameworks that have something on the slave.
  public var frameworks: [Framework] = []
  /// Frameworks that had something on the slave, the newest last; none unless it is watched.
  public var completedFrameworks: [Framework] = []
}

extension Slave {
  /// What it knows at an instant.
  ///
  /// - Complexity: O(tasks + executors + frameworks) of this slave, with those that are remembered.
  public func snapshot(at now: Instant) -> SlaveSnapshot {
    var snapshot = SlaveSnapshot(
      index: index, id: id, info: currentInfo, settings: settings, now: now,
      isRegistered: phase == .registered, isRecovering: phase == .recovering,
      hasMaster: leader != nil, draining: draining)
    var places: [FrameworkIndex: Int] = [:]
    for framework in frameworks {
      places[framework.index] = snapshot.frameworks.count
      snapshot.frameworks.append(
        SlaveSnapshot.Framework(
          index: framework.index, info: framework.info,
          completedExecutors: history?.completedExecutors[framework.index] ?? []))
    }
    var shown: [(serial: UInt32, framework: FrameworkIndex, executor: SlaveSnapshot.Executor)] = []
    var positions: [UInt32: Int] = [:]
    for slot in executorsInOrder() {
      positions[UInt32(slot)] = shown.count
      shown.append(
        (executors[slot].serial, executors[slot].key.framework, self.shown(executor: slot)))
    }
    for slot in tasksInOrder() where !tasks[slot].flags.contains(.isUnknown) {
      if tasks[slot].isCommand {
        shown.append((tasks[slot].serial, tasks[slot].framework, self.shown(command: slot)))
      } else if let place = positions[tasks[slot].runner] {
        add(slot, to: &shown[place].executor)
      }
    }
    for entry in shown.sorted(by: { $0.serial < $1.serial }) {
      guard let place = places[entry.framework] else { continue }
      snapshot.frameworks[place].executors.append(entry.executor)
    }
    if let history {
      snapshot.endedTasks = history.endedTasks
      snapshot.endedExecutors = history.endedExecutors
      snapshot.updates = history.updates
    }
    snapshot.completedFrameworks = (history?.completedFrameworks ?? []).compactMap { ended in
      if places[ended.index] != nil { return nil }
      var framework = SlaveSnapshot.Framework(index: ended.index, info: ended.info)
      framework.completedExecutors = history?.completedExecutors[ended.index] ?? []
      return framework
    }
    return snapshot
  }

  /// A framework's own executor as it is shown, without its tasks that are here.
  func shown(executor slot: Int) -> SlaveSnapshot.Executor {
    let executor = executors[slot]
    let state: SlaveSnapshot.Executor.State =
      switch executor.state {
      case .registering: .registering
      case .running: .running
      case .terminating: .terminating
      case .terminated: .terminated
      }
    var shown = SlaveSnapshot.Executor(
      info: executor.info, role: executor.role, container: containerID(executor.serial),
      pid: pid(executor.serial), state: state, startedAt: history?.starts[executor.serial],
      resources: executor.held)
    shown.completed = history?.completedTasks[executor.serial] ?? []
    shown.launched = history?.abandonedTasks[executor.serial] ?? []
    return shown
  }

  /// Mesos's own executor of a command as it is shown, with its task.
  func shown(command slot: Int) -> SlaveSnapshot.Executor {
    let task = tasks[slot]
    let frameworkID = findFramework(task.framework).flatMap { frameworks[$0].info.id }
    let info = SlaveSnapshot.commandExecutor(of: task.info, frameworkID, settings)
    let state: SlaveSnapshot.Executor.State =
      task.state.isTerminal
      ? .terminated : task.flags.contains(.isPreparing) ? .registering : .running
    var shown = SlaveSnapshot.Executor(
      info: info, role: task.role, container: containerID(task.serial), pid: pid(task.serial),
      state: state, startedAt: history?.starts[task.serial], resources: info.resources)
    if !task.state.isTerminal { shown.resources += task.info.resources }
    add(slot, to: &shown)
    return shown
  }

  private func add(_ slot: Int, to executor: inout SlaveSnapshot.Executor) {
    let shown = self.shown(task: slot)
    if tasks[slot].state.isTerminal {
      executor.terminated.append(shown)
    } else if tasks[slot].flags.contains(.isQueued) {
      executor.queued.append(SlaveSnapshot.QueuedTask(task: shown, info: tasks[slot].info))
    } else {
      executor.launched.append(shown)
    }
  }

  /// A task as it is shown.
  func shown(task slot: Int) -> MasterSnapshot.Task {
    let task = tasks[slot]
    var executor: ExecutorID?
    if !task.isCommand, task.runner != noSlot, !executors[Int(task.runner)].isOfCommand {
      executor = executors[Int(task.runner)].key.executor
    }
    let frameworkID = findFramework(task.framework).flatMap { frameworks[$0].info.id }
    return MasterSnapshot.Task(
      framework: task.framework, slave: index, id: task.info.taskID, name: task.info.name,
      executor: executor, role: task.role, resources: task.info.resources, state: task.state,
      statuses: history?.statuses[task.serial] ?? [], details: TaskDetails(task.info),
      frameworkID: frameworkID ?? "", slaveID: id ?? "")
  }

  /// Names the container of the executor, or command, of this number.
  func containerID(_ serial: UInt32) -> ContainerID { .init(slave: index, number: serial) }

  /// The number of a process: any that real ones have.
  func pid(_ serial: UInt32) -> UInt32 { 1000 &+ serial }
}

extension ContainerID {
  /// The name of a container on a slave, a UUID like those of updates (`UpdateID`).
  init(slave: SlaveIndex, number: UInt32) {
    let update = UpdateID(slave: slave, number: number)
    // What follows the version is another, so that no update has the name.
    self.init(UpdateID(high: update.high ^ 1, low: update.low).description)
  }
}

extension SlaveSnapshot {
  /// Mesos's own executor of a command, as slaves describe it (Mesos: `slave/slave.cpp`).
  static func commandExecutor(
    of task: TaskInfo, _ frameworkID: FrameworkID?, _ settings: SlaveSettings
  ) -> ExecutorInfo {
    let command = task.command ?? CommandInfo("")
    let words =
      command.usesShell
      ? command.value : ([command.value] + command.arguments).joined(separator: ", ")
    let short = words.utf8.count > 15 ? words.prefix(12) + "..." : words[...]
    let text = command.usesShell ? "sh -c '\(short)'" : "[\(short)]"
    let resources = Resources(
      cpus: Double(settings.commandOverheadMilliCPUs) / 1000,
      mem: Double(settings.commandOverheadMegabytes))
    return ExecutorInfo(
      ExecutorID(task.taskID.value), frameworkID: frameworkID,
      command: CommandInfo("mesos-executor"), resources: resources,
      name: "Command Executor (Task: \(task.taskID)) (Command: \(text))",
      source: task.taskID.value)
  }
}
