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

  /// An executor of a task whose processes have their names for commands.
  private func executor(
    _ task: ThermosTask, _ runs: [String: [CommandRun]], isService: Bool = false,
    health: HealthWatch.Rules? = nil, runsUnchecked: Bool = false
  ) -> ThermosExecutor {
    var task = task
    for place in task.processes.indices where task.processes[place].commandLine.isEmpty {
      task.processes[place].commandLine = task.processes[place].name
    }
    environment.runs = runs
    return ThermosExecutor(environment: environment) { [task] _ throws(AuroraJobFault) in
      do throws(ThermosFault) {
        return ThermosAssignment(
          try ThermosRun(task), isService: isService, health: health, runsUnchecked: runsUnchecked)
      } catch { throw AuroraJobFault("task", error.description) }
    }
  }

  @Test("a task finishes when its processes have, one after the other")
  func finishes() {
    let task = ThermosTask([ThermosProcess("a"), ThermosProcess("b")], order: [["a", "b"]])
    let executor = executor(task, ["b": [.init(.seconds(4))]])
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
      CommandRun(.seconds(1), exitCode: 1), .init(.seconds(1)),
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
    let long = ["m": [CommandRun(.seconds(100))]]
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

  @Test("of a service what nothing waits for goes on, and all else takes a second")
  func usualRuns() {
    let task = ThermosTask(
      [ThermosProcess("fetch"), ThermosProcess("run")], order: [["fetch", "run"]])
    let service = executor(task, [:], isService: true)
    service.launchTask(driver, task: info("t"))
    environment.advance(toSecond: 100_000)
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING"])
    #expect(environment.timersPending == 0)
    let job = executor(task, [:])
    job.launchTask(driver, task: info("u"))
    environment.advance(by: .seconds(2))
    #expect(driver.takeTexts() == ["u TASK_STARTING", "u TASK_RUNNING", "u TASK_FINISHED"])
  }

  @Test("a process that does not stop when it is told to is killed when the wait is over")
  func stubborn() {
    let task = ThermosTask([ThermosProcess("m")])
    let executor = executor(task, ["m": [CommandRun(nil, stopDelay: nil)]])
    executor.launchTask(driver, task: info("t"))
    executor.killTask(driver, taskID: "t")
    environment.advance(toSecond: 59)
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING"])
    environment.advance(toSecond: 60)
    #expect(driver.takeTexts() == ["t TASK_KILLED"])
  }

  // Aurora's defaults: a check each 10 s, failures within the first two forgiven, none after that.
  @Test("a checked task runs once a check has succeeded, and fails with the first that does not")
  func checks() {
    let phases = [
      HealthPhase(from: .zero, .unhealthy), HealthPhase(from: .seconds(5), .healthy),
      HealthPhase(from: .seconds(95), .unhealthy),
    ]
    let task = ThermosTask([ThermosProcess("m")])
    let executor = executor(task, ["m": [CommandRun(nil, health: phases)]], health: .init())
    executor.launchTask(driver, task: info("t"))
    environment.advance(toSecond: 9)
    #expect(driver.takeTexts() == ["t TASK_STARTING"])
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["t TASK_RUNNING"])
    environment.advance(toSecond: 99)
    #expect(driver.takeTexts() == [])
    environment.advance(toSecond: 100)
    #expect(driver.takeTexts() == ["t TASK_FAILED"])
  }

  @Test("a check that hangs fails a second later")
  func hangs() {
    let phases = [HealthPhase(from: .seconds(25), .hangs)]
    let task = ThermosTask([ThermosProcess("m")])
    let executor = executor(
      task, ["m": [CommandRun(nil, health: phases)]], health: .init(), runsUnchecked: true)
    executor.launchTask(driver, task: info("t"))
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING"])
    // Early versions look first after 15 s, and then each 10 s.
    environment.advance(toSecond: 25)
    #expect(driver.takeTexts() == [])
    environment.advance(toSecond: 26)
    #expect(driver.takeTexts() == ["t TASK_FAILED"])
  }

  @Test("checks go on when a process starts anew, after they had nothing to tell")
  func checksAgain() {
    let task = ThermosTask([ThermosProcess("m", maxFailures: 2)])
    let sick = [HealthPhase(from: .seconds(7), .unhealthy)]
    let runs = [CommandRun(.seconds(100), exitCode: 1), CommandRun(nil, health: sick)]
    let executor = executor(task, ["m": runs], health: .init())
    executor.launchTask(driver, task: info("t"))
    environment.advance(toSecond: 119)
    #expect(driver.takeTexts() == ["t TASK_STARTING", "t TASK_RUNNING"])
    environment.advance(toSecond: 120)
    #expect(driver.takeTexts() == ["t TASK_FAILED"])
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
