// Part of mesosim. Apache-2.0, see LICENSE.
//
// In place of the executors that schedulers outside the simulation bring: their programs are not
// there to be run.

import Mesos
import VirtualTime

/// An executor each of whose tasks takes as long, and ends, as the executor's own command would.
final class StandInExecutor: Executor {
  private let environment: any Environment
  private let line: String
  private var launched = 0
  private var timers: [TaskID: TimerID?] = [:]

  init(_ info: ExecutorInfo, _ environment: any Environment) {
    self.environment = environment
    line = info.command?.line ?? ""
  }

  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    let id = task.taskID
    guard let run = environment.run(of: line, number: launched) else {
      let message =
        "nothing is said of the executor's command '\(line)'; add it to 'commands' of "
        + "the scenario"
      driver.sendStatusUpdate(TaskStatus(taskID: id, state: .failed, message: message))
      return
    }
    launched += 1
    driver.sendStatusUpdate(TaskStatus(taskID: id, state: .running))
    let timer = run.duration.map { duration in
      environment.startTimer(after: duration) { [weak self] in
        guard self?.timers.removeValue(forKey: id) != nil else { return }
        let state: TaskState = run.exitCode == 0 ? .finished : .failed
        driver.sendStatusUpdate(
          TaskStatus(
            taskID: id, state: state, message: "Command exited with status \(run.exitCode)"))
      }
    }
    timers[id] = .some(timer)
  }

  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard let timer = timers.removeValue(forKey: taskID) else { return }
    if let timer { environment.cancelTimer(timer) }
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
  }

  func shutdown(_ driver: any ExecutorDriver) { driver.stop() }
}
