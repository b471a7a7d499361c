// Part of mesosim. Apache-2.0, see LICENSE.
//
// The executor of those samples whose tasks do nothing but take time.

public import Mesos

/// Runs tasks that sleep for as many seconds as their data say, and sends every message back
/// (Mesos: `src/examples/test_executor.cpp`, `src/examples/long_lived_executor.cpp`).
public final class SleepingExecutor: Executor {
  private let environment: any Environment
  private var timers: [TaskID: TimerID] = [:]

  /// Makes an executor.
  public init(environment: any Environment) { self.environment = environment }

  /// Runs a task until its time is over.
  public func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    guard let seconds = Double(String(decoding: task.data, as: UTF8.self)) else {
      driver.sendStatusUpdate(
        TaskStatus(taskID: task.taskID, state: .failed, message: "the task's data are no seconds"))
      return
    }
    let id = task.taskID
    driver.sendStatusUpdate(TaskStatus(taskID: id, state: .running))
    timers[id] = environment.startTimer(after: .rounded(seconds: seconds)) { [weak self] in
      self?.timers[id] = nil
      driver.sendStatusUpdate(TaskStatus(taskID: id, state: .finished))
    }
  }

  /// Ends a task at once.
  public func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard let timer = timers.removeValue(forKey: taskID) else { return }
    environment.cancelTimer(timer)
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
  }

  /// Sends the message back.
  public func frameworkMessage(_ driver: any ExecutorDriver, data: [UInt8]) {
    driver.sendFrameworkMessage(data)
  }

  /// Ends all tasks.
  public func shutdown(_ driver: any ExecutorDriver) {
    for task in timers.keys.sorted() { killTask(driver, taskID: task) }
  }

  /// A time as the data of a task have it.
  static func data(_ duration: Duration) -> [UInt8] { Array(String(duration.inSeconds).utf8) }
}
