// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@Suite("Samples: test, no-executor, load generator")
struct CommandSampleTests {
  let driver = ScriptedDriver()
  let environment = TestEnvironment()

  @Test("test packs its tasks into offers, with one executor, and declines by launching none")
  func testPacks() {
    let scheduler = TestSampleScheduler(environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(
      driver, offers: [makeOffer(0, cpus: 3), makeOffer(1, cpus: 0.5), makeOffer(2, cpus: 9)])
    #expect(driver.takeTexts() == ["launch m-O0: 0 1 2", "launch m-O1: ", "launch m-O2: 3 4"])
    #expect(Set(driver.launched.map(\.executor)).count == 1)
    #expect(driver.launched.allSatisfy { $0.command == nil })
    #expect(environment.takeNotes().prefix(2) == ["submitted test", "demand 5"])
  }

  @Test("test sends a message for each task that finished and stops when all have come back")
  func testMessages() {
    let scheduler = TestSampleScheduler(environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 5)])
    _ = driver.takeTexts()
    for task in 0..<5 {
      scheduler.update(driver, TaskID(String(task)), .running)
      scheduler.update(driver, TaskID(String(task)), .finished)
      // A repeated update is no second end.
      scheduler.update(driver, TaskID(String(task)), .finished)
    }
    #expect(driver.takeTexts() == Array(repeating: "message to default on s0", count: 5))
    #expect(environment.takeNotes().last == "finished 0")
    for _ in 0..<4 {
      scheduler.frameworkMessage(driver, executorID: "default", slaveID: "s0", data: [])
    }
    #expect(driver.takeTexts().isEmpty)
    scheduler.frameworkMessage(driver, executorID: "default", slaveID: "s0", data: [])
    #expect(driver.takeTexts() == ["stop"])
  }

  @Test("test does not wait for ever for messages that got lost")
  func testPatience() {
    var options = TestOptions()
    options.tasks = 1
    let scheduler = TestSampleScheduler(options: options, environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 5)])
    scheduler.update(driver, "0", .finished)
    _ = driver.takeTexts()
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["stop"])
  }

  @Test(
    "test aborts when a task does not finish",
    arguments: [
      TaskState.failed, .killed, .lost, .error,
    ])
  func testAborts(_ state: TaskState) {
    let scheduler = TestSampleScheduler(environment: environment)
    scheduler.register(driver)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 2)])
    scheduler.update(driver, "1", state)
    #expect(driver.takeTexts().last == "abort")
    #expect(environment.takeNotes().suffix(2) == ["demand -3", "abandoned 0"])
    scheduler.resourceOffers(driver, offers: [makeOffer(1, cpus: 2)])
    #expect(driver.takeTexts() == ["launch m-O1: "])
  }

  @Test("no-executor runs commands on whatever it may have, and stops when all are over")
  func noExecutor() throws {
    var options = NoExecutorOptions()
    options.tasks = 3
    options.command = "sleep 7"
    let scheduler = NoExecutorScheduler(options: options, environment: environment)
    scheduler.register(driver)
    scheduler.register(driver)
    let offer = try makeOffer(0, of: "cpus:1;mem:512;cpus(prod):2;mem(prod):512", role: "prod")
    scheduler.resourceOffers(driver, offers: [offer])
    #expect(driver.takeTexts() == ["launch m-O0: 0 1 2"])
    #expect(driver.launched.map(\.command?.value) == ["sleep 7", "sleep 7", "sleep 7"])
    let taken = driver.launched.reduce(Resources()) { $0 + $1.resources }
    #expect(offer.resources.contains(taken))
    scheduler.update(driver, "0", .finished)
    scheduler.update(driver, "2", .failed)
    #expect(driver.takeTexts().isEmpty)
    scheduler.update(driver, "1", .finished)
    #expect(driver.takeTexts() == ["stop"])
    #expect(environment.takeNotes().last == "abandoned 0")
  }

  @Test("no-executor without a number of tasks fills every offer, for ever")
  func noExecutorForEver() {
    var options = NoExecutorOptions()
    options.tasks = nil
    let scheduler = NoExecutorScheduler(options: options, environment: environment)
    scheduler.register(driver)
    for round in 0..<3 {
      scheduler.resourceOffers(driver, offers: [makeOffer(round, cpus: 2)])
      scheduler.update(driver, TaskID(String(2 * round)), .finished)
    }
    #expect(driver.launched.map(\.taskID) == ["0", "1", "2", "3", "4", "5"])
    #expect(environment.takeNotes().filter { $0.hasPrefix("demand") } == ["demand 1"])
    #expect(driver.status == .running)
  }

  @Test("the load generator asks so often a second, for so long, but not without a master")
  func loadGenerator() {
    var options = LoadGeneratorOptions()
    options.qps = 3
    options.duration = .seconds(3)
    let scheduler = LoadGeneratorScheduler(options: options, environment: environment)
    scheduler.register(driver)
    environment.advance(toSecond: 1)
    #expect(driver.takeTexts() == Array(repeating: "reconcile 0", count: 4))
    scheduler.disconnected(driver)
    environment.advance(toSecond: 2)
    #expect(driver.takeTexts().isEmpty)
    scheduler.reregistered(driver, masterInfo: MasterInfo(id: "n", hostname: "h"))
    environment.advance(toSecond: 4)
    #expect(driver.takeTexts() == Array(repeating: "reconcile 0", count: 3) + ["stop"])
  }

  @Test("the load generator declines for a year")
  func loadGeneratorDeclines() {
    let scheduler = LoadGeneratorScheduler(environment: environment)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 8)])
    #expect(driver.takeTexts() == ["decline m-O0 for 31536000.0 s"])
  }
}
