// Part of mesosim. Apache-2.0, see LICENSE.
//
// Mesos's own executor of task groups (Mesos: `launcher/default_executor.cpp`): each task's command
// runs beside the others', the end of a group is that of any of its tasks but for success, and the
// executor ends with its last task.

import Mesos
import SimulationKernel
import VirtualTime

/// Runs groups of commands.
final class DefaultExecutor: TaskGroupExecutor {
  private struct Child {
    let task: TaskID
    let group: Int
    let timer: TimerID?
  }

  private let environment: any Environment
  /// How long a task's command runs and what it exits with; `nil` for an unknown command.
  private let run: (TaskInfo) -> SimulatedCommand?
  /// Tasks that have not ended, in the order of their launch.
  private var children: [Child] = []
  private var groups = 0

  init(environment: any Environment, run: @escaping (TaskInfo) -> SimulatedCommand?) {
    self.environment = environment
    self.run = run
  }

  func launchTaskGroup(_ driver: any ExecutorDriver, tasks: [TaskInfo]) {
    groups += 1
    let group = groups
    for task in tasks { start(task, group, driver) }
  }

  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    launchTaskGroup(driver, tasks: [task])
  }

  private func start(_ task: TaskInfo, _ group: Int, _ driver: any ExecutorDriver) {
    let id = task.taskID
    let line = task.command?.line ?? ""
    let command = run(task)
    // A command that is not known ends at once, as one that is not found does.
    let length: Duration? = command.map { .nanoseconds($0.length) } ?? .zero
    let isEndless = command?.length == .max
    driver.sendStatusUpdate(TaskStatus(taskID: id, state: .running))
    let timer =
      isEndless
      ? nil
      : environment.startTimer(after: length ?? .zero) { [weak self] in
        guard let command else {
          let message = "command '\(line)' has no simulated duration; use 'sleep SECONDS'"
          self?.ended(id, .failed, message, driver)
          return
        }
        let state: TaskState = command.exitCode == 0 ? .finished : .failed
        self?.ended(id, state, "Command exited with status \(command.exitCode)", driver)
      }
    children.append(Child(task: id, group: group, timer: timer))
  }

  private func ended(
    _ task: TaskID, _ state: TaskState, _ message: String, _ driver: any ExecutorDriver
  ) {
    guard let place = children.firstIndex(where: { $0.task == task }) else { return }
    let child = children.remove(at: place)
    driver.sendStatusUpdate(TaskStatus(taskID: task, state: state, message: message))
    if state != .finished { killGroup(child.group, driver) }
    if children.isEmpty { driver.stop() }
  }

  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard let child = children.first(where: { $0.task == taskID }) else { return }
    killGroup(child.group, driver)
    if children.isEmpty { driver.stop() }
  }

  private func killGroup(_ group: Int, _ driver: any ExecutorDriver) {
    let members = children.filter { $0.group == group }
    children.removeAll { $0.group == group }
    for member in members {
      if let timer = member.timer { environment.cancelTimer(timer) }
      driver.sendStatusUpdate(
        TaskStatus(
          taskID: member.task, state: .killed,
          message: "Command terminated with signal Terminated"))
    }
  }

  func shutdown(_ driver: any ExecutorDriver) {
    for group in 1...max(1, groups) { killGroup(group, driver) }
  }
}
