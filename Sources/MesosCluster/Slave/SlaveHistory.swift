// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave remembers beside what it needs, for those who look at it: what was reported of its
// tasks, and what has ended (Mesos: `slave/slave.hpp`, `completedFrameworks`, `completedExecutors`,
// `completedTasks`).

import Mesos
import VirtualTime

/// What a slave remembers for those who look at it.
final class SlaveHistory {
  /// How many frameworks are remembered (`MAX_COMPLETED_FRAMEWORKS`).
  static let frameworksMax = 50
  /// How many executors of each (`MAX_COMPLETED_EXECUTORS_PER_FRAMEWORK`).
  static let executorsMax = 150
  /// How many tasks of each of these (`MAX_COMPLETED_TASKS_PER_EXECUTOR`).
  static let tasksMax = 200

  /// What was reported of each task that is here, by the tasks' serials.
  var statuses: [UInt32: [TaskStatus]] = [:]
  /// When executors and commands were started, by their serials.
  var starts: [UInt32: Instant] = [:]
  /// Tasks whose ends their frameworks know, by the serials of their executors.
  var completedTasks: [UInt32: [MasterSnapshot.Task]] = [:]
  /// Tasks that went with their frameworks, by the serials of their executors.
  var abandonedTasks: [UInt32: [MasterSnapshot.Task]] = [:]
  /// How many tasks have ended, by how.
  var endedTasks: [TaskState: Int] = [:]
  var endedExecutors = 0
  /// How many updates executors have reported.
  var updates = 0
  var completedExecutors: [FrameworkIndex: [SlaveSnapshot.Executor]] = [:]
  var completedFrameworks: [(index: FrameworkIndex, info: FrameworkInfo)] = []

  /// An executor has ended, and all is said of its tasks.
  func add(_ executor: SlaveSnapshot.Executor, of framework: FrameworkIndex) {
    endedExecutors += 1
    completedExecutors[framework, default: []].append(executor)
    if completedExecutors[framework]?.count ?? 0 > Self.executorsMax {
      completedExecutors[framework]?.removeFirst()
    }
  }

  /// A framework has nothing here any more.
  func add(_ index: FrameworkIndex, _ info: FrameworkInfo) {
    completedFrameworks.removeAll { $0.index == index }
    completedFrameworks.append((index, info))
    if completedFrameworks.count > Self.frameworksMax {
      completedExecutors[completedFrameworks.removeFirst().index] = nil
    }
  }

  /// The process has ended: only what frameworks with checkpointing had is known to the next.
  func forgetUnkept(_ live: [FrameworkIndex]) {
    completedFrameworks.removeAll { !$0.info.hasCheckpointing }
    let kept = Set(live + completedFrameworks.map(\.index))
    completedExecutors = completedExecutors.filter { kept.contains($0.key) }
  }
}

extension Slave {
  /// Whether it remembers what was reported of its tasks and what has ended, for those who look at
  /// it; nothing else depends on it.
  public var isWatched: Bool {
    get { history != nil }
    set { history = newValue ? history ?? SlaveHistory() : nil }
  }

  /// Notes what is reported of a task; what is of the same state takes the place of the last.
  mutating func note(_ update: TaskStatus, of slot: Int) {
    let task = tasks[slot]
    if task.flags.contains(.isUnknown) { return }
    var status = update
    if !status.data.isEmpty { status.data = [] }
    if status.containerStatus == nil { status.containerStatus = containerStatus(of: slot) }
    if status.source == .executor { history?.updates += 1 }
    if status.state.isTerminal { history?.endedTasks[status.state, default: 0] += 1 }
    var known = history?.statuses[task.serial] ?? []
    if known.last?.state == status.state { known.removeLast() }
    history?.statuses[task.serial] = known + [status]
  }

  private func containerStatus(of slot: Int) -> ContainerStatus {
    let task = tasks[slot]
    var status = ContainerStatus(networks: [NetworkInfo(addresses: ["127.0.0.1"])])
    var serial = task.serial
    if !task.isCommand {
      let executor = Int(task.runner)
      // Nothing is known of a container that is gone.
      if executors[executor].state == .terminated { return status }
      serial = executors[executor].serial
    }
    status.containerID = containerID(serial)
    status.executorPID = pid(serial)
    return status
  }

  /// Notes that a task goes.
  mutating func noteRemoval(ofTask slot: Int) {
    let task = tasks[slot]
    if task.flags.contains(.isUnknown) { return }
    var shown = shown(task: slot)
    history?.statuses[task.serial] = nil
    // As was reported: of one that goes with its framework the end is not.
    shown.state = shown.statuses.last?.state ?? .staging
    if task.isCommand {
      var executor = self.shown(command: slot)
      (executor.queued, executor.launched, executor.terminated) = ([], [], [])
      executor.state = .terminated
      executor.completed = shown.state.isTerminal ? [shown] : []
      executor.launched = shown.state.isTerminal ? [] : [shown]
      history?.starts[task.serial] = nil
      history?.add(executor, of: task.framework)
      return
    }
    let serial = executors[Int(task.runner)].serial
    guard shown.state.isTerminal else {
      history?.abandonedTasks[serial, default: []].append(shown)
      return
    }
    history?.completedTasks[serial, default: []].append(shown)
    if history?.completedTasks[serial]?.count ?? 0 > SlaveHistory.tasksMax {
      history?.completedTasks[serial]?.removeFirst()
    }
  }

  /// Notes that an executor goes.
  mutating func noteRemoval(ofExecutor slot: Int) {
    let executor = executors[slot]
    history?.add(shown(executor: slot), of: executor.key.framework)
    history?.starts[executor.serial] = nil
    history?.completedTasks[executor.serial] = nil
    history?.abandonedTasks[executor.serial] = nil
  }
}
