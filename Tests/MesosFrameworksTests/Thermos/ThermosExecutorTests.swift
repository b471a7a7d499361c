// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@Suite("Thermos: runs and their executor")
struct ThermosExecutorTests {
  let driver = ScriptedExecutorDriver()
  let environment = TestEnvironment()

  private func info(_ id: TaskID) -> TaskInfo {
    TaskInfo(
      name: "", taskID: id, slaveID: "s0", resources: Resources(cpus: 1),
      executor: ExecutorInfo("thermos", command: nil))
  }

  private func executor(
    _ task: ThermosTask, _ runs: [String: [ThermosExecutor.CommandRun]]
  ) -> ThermosExecutor {
    ThermosExecutor(environment: environment, plan: { _ in task }) { process, number in
      let known = runs[process.name] ?? [ThermosExecutor.CommandRun(.seconds(1), .success)]
      return known[min(number, known.count - 1)]
    }
  }

  @Test("a task finishes when its processes have, one after the other")
  func finishes() {
    let task = ThermosTask([ThermosProcess("a"), ThermosProcess("b")], order: [["a", "b"]])
    let executor = executor(task, ["b": [.init(.seconds(4), .success)]])
    executor.launchTask(driver, task: info("t"))
    environment.advance(toSecond: 4)
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING"])
    environment.advance(toSecond: 5)
    #expect(driver.takeTexts() == ["t TASK_FINISHED"])
  }

  @Test("a process that may fail runs again after its pause")
  func retries() {
    let task = ThermosTask([ThermosProcess("a", maxFailures: 2)])
    let runs = [
      ThermosExecutor.CommandRun(.seconds(1), .failed), .init(.seconds(1), .success),
    ]
    let executor = executor(task, ["a": runs])
    executor.launchTask(driver, task: info("t"))
    environment.advance(toSecond: 6)
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING"])
    environment.advance(toSecond: 7)
    #expect(driver.takeTexts() == ["t TASK_FINISHED"])
  }

  @Test("a killed task ends after its final processes, a shut down one at once")
  func kills() {
    let final = ThermosProcess("f", isFinal: true)
    let long = ["m": [ThermosExecutor.CommandRun(.seconds(100), .success)]]
    let first = executor(ThermosTask([ThermosProcess("m"), final]), long)
    first.launchTask(driver, task: info("t"))
    first.killTask(driver, taskID: "other")
    first.killTask(driver, taskID: "t")
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING"])
    environment.advance(toSecond: 2)
    #expect(driver.takeTexts() == ["t TASK_KILLED"])
    let second = executor(ThermosTask([ThermosProcess("m"), final]), long)
    second.launchTask(driver, task: info("u"))
    second.shutdown(driver)
    #expect(driver.takeTexts() == ["u TASK_STARTING", "u TASK_RUNNING", "u TASK_KILLED"])
  }

  @Test("a second task of an executor is lost, and a plan that cannot run fails")
  func refuses() {
    let first = executor(ThermosTask([ThermosProcess("m")]), [:])
    first.launchTask(driver, task: info("t"))
    first.launchTask(driver, task: info("u"))
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING", "u TASK_LOST"])
    let second = executor(ThermosTask([ThermosProcess("a"), ThermosProcess("a")]), [:])
    second.launchTask(driver, task: info("v"))
    #expect(driver.takeTexts() == ["v TASK_STARTING", "v TASK_FAILED"])
  }

  @Test("a lost task ends without its final processes")
  func loses() throws {
    var run = try ThermosRun(
      ThermosTask([ThermosProcess("m"), ThermosProcess("f", isFinal: true)]))
    let actions = [run.advance(to: .start), run.lose(at: .start), run.kill(at: .start)]
    #expect(actions == [[.start(0)], [.kill(0)], []])
    #expect(run.stage == .ended(.lost))
  }

  @Test("an order that names nobody is overlooked, one that names some is refused")
  func unknownNames() throws {
    try ThermosTask([ThermosProcess("a")], order: [["x", "y"]]).check()
    #expect(throws: ThermosFault.order(["a", "y"])) {
      try ThermosTask([ThermosProcess("a")], order: [["a", "y"]]).check()
    }
  }

  @Test("names are not empty, have no slash and begin with no point", arguments: ["", "a/b", ".a"])
  func names(name: String) {
    #expect(throws: ThermosFault.name(name)) { try ThermosTask([ThermosProcess(name)]).check() }
  }
}
