// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Service framework")
struct ServiceSchedulerTests {
  let driver = ScriptedDriver()
  let store = MemoryStore()

  private func start(
    _ instances: Int, _ rules: [String] = [], at second: Int = 0
  ) throws -> (scheduler: ServiceScheduler, environment: TestEnvironment) {
    let environment = TestEnvironment(store: store)
    environment.advance(toSecond: second)
    var options = ServiceOptions()
    options.instances = instances
    options.resources = Resources(cpus: 1)
    options.placement = PlacementRules(try rules.map { try PlacementConstraint(parsing: $0) })
    let scheduler = ServiceScheduler(options: options, environment: environment)
    scheduler.register(driver)
    return (scheduler, environment)
  }

  private func offer(_ number: Int, _ host: String, cpus: Double = 4) -> Offer {
    var offer = makeOffer(number, cpus: cpus, slave: SlaveID(host))
    offer.hostname = host
    return offer
  }

  @Test("as many as are wanted are launched, each is noted as up, and one that ends comes again")
  func keptRunning() throws {
    let (scheduler, environment) = try start(3)
    #expect(environment.takeNotes() == ["wanted 3 of 0", "demand 3"])
    #expect(driver.takeTexts() == ["revive"])
    scheduler.resourceOffers(driver, offers: [offer(0, "a", cpus: 2), offer(1, "b")])
    #expect(driver.takeTexts() == ["launch m-O0: 0 1", "launch m-O1: 2", "suppress"])
    _ = environment.takeNotes()
    scheduler.update(driver, "0", .running)
    #expect(environment.takeNotes() == ["up 0 of 0"])
    environment.advance(toSecond: 50)
    scheduler.update(driver, "0", .failed)
    #expect(driver.takeTexts() == [])
    environment.advance(toSecond: 51)
    #expect(driver.takeTexts() == ["revive"])
    scheduler.resourceOffers(driver, offers: [offer(2, "b")])
    #expect(driver.takeTexts() == ["launch m-O2: 3", "suppress"])
    #expect(
      environment.takeNotes() == ["demand 1", "demand -1", "launching 3 waiting since 51"])
  }

  @Test("copies go where the constraints allow it, and nowhere else")
  func constraints() throws {
    let (scheduler, environment) = try start(2, ["hostname:UNIQUE"])
    _ = driver.takeTexts()
    scheduler.resourceOffers(driver, offers: [offer(0, "a"), offer(1, "a")])
    #expect(driver.takeTexts() == ["launch m-O0: 0", "decline m-O1 for 5.0 s"])
    scheduler.update(driver, "0", .lost)
    environment.advance(toSecond: 1)
    _ = driver.takeTexts()
    scheduler.resourceOffers(driver, offers: [offer(2, "a"), offer(3, "b")])
    #expect(driver.takeTexts() == ["launch m-O2: 1", "launch m-O3: 2", "suppress"])
  }

  @Test("the next process goes on with the copies there are, and kills what it does not know")
  func restart() throws {
    let (first, _) = try start(2, ["hostname:UNIQUE", "rack:UNLIKE:r"])
    first.resourceOffers(driver, offers: [offer(0, "a")])
    _ = driver.takeTexts()
    let (next, environment) = try start(2, ["hostname:UNIQUE", "rack:UNLIKE:r"], at: 9)
    #expect(environment.takeNotes() == ["wanted 2 of 0", "demand 1"])
    #expect(driver.takeTexts() == ["reconcile 1", "revive"])
    next.update(driver, "0", .running)
    next.update(driver, "77", .running)
    next.update(driver, "78", .lost)
    #expect(driver.takeTexts() == ["kill 77"])
    next.resourceOffers(driver, offers: [offer(1, "a"), offer(2, "b")])
    #expect(driver.takeTexts() == ["decline m-O1 for 5.0 s", "launch m-O2: 1", "suppress"])
    var info = FrameworkInfo(name: "web")
    next.configure(&info)
    #expect(info.id == "f")
    next.error(driver, message: "framework 'f' has been removed; register")
    #expect(store.frameworkID == nil)
  }
}
