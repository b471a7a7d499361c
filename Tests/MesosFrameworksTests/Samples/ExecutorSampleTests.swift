// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@Suite("Samples: long-lived, balloon, and the executors")
struct ExecutorSampleTests {
  let driver = ScriptedDriver()
  let executorDriver = ScriptedExecutorDriver()
  let environment = TestEnvironment()

  private func task(_ id: TaskID, data: String) -> TaskInfo {
    TaskInfo(
      name: "", taskID: id, slaveID: "s0", resources: Resources(cpus: 1),
      executor: ExecutorInfo("default", command: nil), data: Array(data.utf8))
  }

  @Test("long-lived stays with the first slave that has room, one task an offer")
  func longLivedStays() {
    let scheduler = LongLivedScheduler(environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(
      driver,
      offers: [
        makeOffer(0, cpus: 0.1, slave: "s0"), makeOffer(1, cpus: 4, slave: "s1"),
        makeOffer(2, cpus: 4, slave: "s2"),
      ])
    #expect(
      driver.takeTexts() == [
        "decline m-O0 for 600.0 s", "launch m-O1: 0", "decline m-O2 for 600.0 s",
      ])
    var offer = makeOffer(3, cpus: 0.001, mem: 1, slave: "s1")
    offer.executorIDs = ["default"]
    scheduler.resourceOffers(driver, offers: [offer])
    #expect(driver.takeTexts() == ["launch m-O3: 1"])
    #expect(driver.launched[0].executor == driver.launched[1].executor)
  }

  @Test("long-lived looks for another slave when its own, or its executor, is lost")
  func longLivedLeaves() {
    let scheduler = LongLivedScheduler(environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 4, slave: "s0")])
    scheduler.slaveLost(driver, slaveID: "s9")
    scheduler.resourceOffers(driver, offers: [makeOffer(1, cpus: 4, slave: "s1")])
    scheduler.slaveLost(driver, slaveID: "s0")
    scheduler.resourceOffers(driver, offers: [makeOffer(2, cpus: 4, slave: "s1")])
    scheduler.executorLost(driver, executorID: "default", slaveID: "s1", status: 9)
    scheduler.resourceOffers(driver, offers: [makeOffer(3, cpus: 4, slave: "s2")])
    #expect(
      driver.takeTexts() == [
        "launch m-O0: 0", "decline m-O1 for 600.0 s", "launch m-O2: 1", "launch m-O3: 2",
      ])
  }

  @Test("long-lived ends after as many tasks as it is told")
  func longLivedEnds() {
    var options = LongLivedOptions()
    options.tasks = 1
    let scheduler = LongLivedScheduler(options: options, environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 4), makeOffer(1, cpus: 4)])
    scheduler.update(driver, "0", .finished)
    #expect(driver.takeTexts() == ["launch m-O0: 0", "decline m-O1 for 600.0 s", "stop"])
  }

  @Test(
    "a balloon that bursts aborts the framework, one that does not stops it",
    arguments: [
      (TaskState.failed, StatusReason?.some(.containerLimitationMemory), "abort", "finished 0"),
      (.finished, nil, "stop", "finished 0"),
      (.lost, .slaveRemoved, "abort", "abandoned 0"),
    ])
  func balloon(_ state: TaskState, _ reason: StatusReason?, _ call: String, _ note: String) {
    let scheduler = BalloonScheduler(environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(
      driver,
      offers: [makeOffer(0, cpus: 4, mem: 95), makeOffer(1, cpus: 4), makeOffer(2, cpus: 4)])
    #expect(
      driver.takeTexts() == [
        "decline m-O0 for 600.0 s", "launch m-O1: 0", "decline m-O2 for 600.0 s",
      ])
    #expect(driver.launched[0].data == Array("256".utf8))
    scheduler.update(driver, "0", .running)
    scheduler.update(driver, "0", state, reason: reason)
    #expect(driver.takeTexts() == [call])
    #expect(environment.takeNotes().last == note)
  }

  @Test("one balloon follows another where that is wanted, in the executor that lives")
  func balloons() {
    var options = BalloonOptions()
    options.isLongRunning = true
    let scheduler = BalloonScheduler(options: options, environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 4)])
    scheduler.update(driver, "0", .finished)
    var offer = makeOffer(1, cpus: 0.1, mem: 32)
    offer.executorIDs = ["default"]
    scheduler.resourceOffers(driver, offers: [offer])
    scheduler.executorLost(driver, executorID: "default", slaveID: "s0", status: 9)
    scheduler.update(driver, "1", .failed, reason: .containerLimitationMemory)
    scheduler.resourceOffers(
      driver, offers: [makeOffer(2, cpus: 0.1, mem: 32), makeOffer(3, cpus: 0.2, mem: 96)])
    #expect(
      driver.takeTexts() == [
        "launch m-O0: 0", "launch m-O1: 1", "decline m-O2 for 600.0 s", "launch m-O3: 2",
      ])
    #expect(driver.launched[0].executor == driver.launched[1].executor)
  }

  @Test("the sleeping executor runs tasks side by side, kills them and answers messages")
  func sleeping() {
    let executor = SleepingExecutor(environment: environment)
    executor.launchTask(executorDriver, task: task("a", data: "2.5"))
    executor.launchTask(executorDriver, task: task("b", data: "9"))
    executor.launchTask(executorDriver, task: task("c", data: "9"))
    executor.launchTask(executorDriver, task: task("d", data: "soon"))
    executor.frameworkMessage(executorDriver, data: Array("hello".utf8))
    executor.killTask(executorDriver, taskID: "b")
    executor.killTask(executorDriver, taskID: "b")
    environment.advance(toSecond: 3)
    executor.shutdown(executorDriver)
    environment.advance(toSecond: 20)
    #expect(
      executorDriver.takeTexts() == [
        "a TASK_RUNNING", "b TASK_RUNNING", "c TASK_RUNNING", "d TASK_FAILED", "message hello",
        "b TASK_KILLED", "a TASK_FINISHED", "c TASK_KILLED",
      ])
  }

  @Test("the balloon executor takes a second a step, until it is killed")
  func balloonExecutor() {
    let executor = BalloonExecutor(environment: environment)
    executor.launchTask(executorDriver, task: task("a", data: "256"))
    environment.advance(toSecond: 3)
    #expect(executorDriver.takeTexts() == ["a TASK_RUNNING"])
    environment.advance(toSecond: 4)
    executor.launchTask(executorDriver, task: task("b", data: "640"))
    executor.killTask(executorDriver, taskID: "b")
    executor.launchTask(executorDriver, task: task("c", data: "much"))
    #expect(
      executorDriver.takeTexts() == [
        "a TASK_FINISHED", "b TASK_RUNNING", "b TASK_KILLED", "c TASK_FAILED",
      ])
  }
}
