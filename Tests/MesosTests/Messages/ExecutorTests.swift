// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@Suite("Executor") struct ExecutorTests {
  /// Runs every task at once and does without the callbacks it does not need.
  private final class MinimalExecutor: Executor {
    func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
      driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .running))
      driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .finished))
    }

    func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
      driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
    }
  }

  private final class NotingDriver: ExecutorDriver {
    private(set) var status = DriverStatus.running
    private(set) var notes: [String] = []

    func start() -> DriverStatus { status }
    func stop() -> DriverStatus { status }
    func abort() -> DriverStatus { status }
    func sendStatusUpdate(_ status: TaskStatus) -> DriverStatus {
      notes.append("\(status.taskID) \(status.state)")
      return self.status
    }
    func sendFrameworkMessage(_ data: [UInt8]) -> DriverStatus { status }
  }

  @Test("an executor writes launch and kill; of the eight callbacks the others say nothing")
  func callbacks() {
    let driver = NotingDriver()
    let executor: any Executor = MinimalExecutor()
    let info = ExecutorInfo("e", command: CommandInfo("./run"))
    let slave = SlaveInfo(hostname: "h", resources: Resources(cpus: 1))
    executor.registered(
      driver, executorInfo: info, frameworkInfo: FrameworkInfo(name: "f"), slaveInfo: slave)
    executor.launchTask(
      driver,
      task: TaskInfo(
        name: "t", taskID: "t", slaveID: "s", resources: Resources(cpus: 1), executor: info))
    executor.disconnected(driver)
    executor.reregistered(driver, slaveInfo: slave)
    executor.frameworkMessage(driver, data: [1])
    executor.killTask(driver, taskID: "u")
    executor.shutdown(driver)
    executor.error(driver, message: "")
    #expect(driver.notes == ["t TASK_RUNNING", "t TASK_FINISHED", "u TASK_KILLED"])
  }
}
