// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Constraints and ports of a batch framework")
struct BatchPlacementTests {
  let driver = ScriptedDriver()
  let environment: TestEnvironment
  let store = MemoryStore()

  init() { environment = TestEnvironment(store: store) }

  private func stage(
    _ tasks: Int, _ rules: [String], isGang: Bool = false, ports: Int = 0
  ) throws -> Stage {
    Stage(
      name: "s", tasks: tasks, resources: Resources(cpus: 1), durations: .constant(.seconds(20)),
      isGang: isGang, ports: ports,
      placement: PlacementRules(try rules.map { try PlacementConstraint(parsing: $0) }))
  }

  private func scheduler(
    _ stages: [Stage], in environment: TestEnvironment? = nil
  ) -> BatchScheduler {
    let jobs = stages.enumerated().map { number, stage in
      Job(id: JobID(Int32(number)), name: "j\(number)", submitted: .start, stages: [stage])
    }
    let scheduler = BatchScheduler(
      jobs: JobList(jobs), environment: environment ?? self.environment)
    scheduler.register(driver)
    return scheduler
  }

  /// An offer of a host in a rack, which is its first letter.
  private func offer(_ number: Int, _ host: String, cpus: Int = 4, more: String = "") throws
    -> Offer
  {
    var offer = try makeOffer(number, of: "cpus:\(cpus)" + more, slave: SlaveID(host))
    offer.hostname = host
    offer.attributes = try Attributes(parsing: "rack:\(host.prefix(1))")
    return offer
  }

  @Test("UNIQUE: one task a host, until it has ended there")
  func unique() throws {
    let scheduler = scheduler([try stage(3, ["hostname:UNIQUE"])])
    scheduler.resourceOffers(driver, offers: [try offer(0, "a1"), try offer(1, "a2")])
    #expect(driver.takeTexts() == ["launch m-O0: 0.0.0", "launch m-O1: 0.0.1"])
    scheduler.resourceOffers(driver, offers: [try offer(2, "a1", cpus: 3)])
    #expect(driver.takeTexts() == ["decline m-O2 for 5.0 s"])
    scheduler.update(driver, "0.0.0", .finished)
    #expect(driver.takeTexts() == ["revive"])
    scheduler.resourceOffers(driver, offers: [try offer(3, "a1")])
    #expect(driver.takeTexts() == ["launch m-O3: 0.0.2", "suppress"])
  }

  @Test("GROUP_BY: what no constraint keeps goes past a job that waits for another rack")
  func groupBy() throws {
    let scheduler = scheduler([try stage(4, ["rack:GROUP_BY:2"]), try stage(1, [])])
    scheduler.resourceOffers(driver, offers: [try offer(0, "a1")])
    #expect(driver.takeTexts() == ["launch m-O0: 0.0.0 1.0.0"])
    scheduler.resourceOffers(driver, offers: [try offer(1, "b1"), try offer(2, "a2")])
    #expect(driver.takeTexts() == ["launch m-O1: 0.0.1 0.0.2", "launch m-O2: 0.0.3", "suppress"])
  }

  @Test("constraints that look at the slave alone do not keep jobs behind others")
  func alone() throws {
    let scheduler = scheduler([
      try stage(1, ["rack:LIKE:b"]), try stage(1, ["rack:UNLIKE:b"]), try stage(1, ["rack:IS:c"]),
    ])
    scheduler.resourceOffers(
      driver, offers: [try offer(0, "a1"), try offer(1, "b1"), try offer(2, "c1")])
    #expect(
      driver.takeTexts() == [
        "launch m-O0: 1.0.0", "launch m-O1: 0.0.0", "launch m-O2: 2.0.0", "suppress",
      ])
  }

  @Test("a gang is dealt over as many offers as its constraints ask for")
  func gangUnique() throws {
    let scheduler = scheduler([try stage(3, ["hostname:UNIQUE"], isGang: true)])
    scheduler.resourceOffers(driver, offers: [try offer(0, "a1"), try offer(1, "a2")])
    #expect(driver.takeTexts() == [])
    scheduler.resourceOffers(driver, offers: [try offer(2, "a3")])
    #expect(
      driver.takeTexts() == [
        "launch m-O0: 0.0.0", "launch m-O1: 0.0.1", "launch m-O2: 0.0.2", "suppress",
      ])
  }

  @Test("a gang that must stay together goes where there is room for all of it")
  func gangCluster() throws {
    let scheduler = scheduler([try stage(4, ["rack:CLUSTER"], isGang: true)])
    scheduler.resourceOffers(
      driver,
      offers: [
        try offer(0, "a1", cpus: 3), try offer(1, "b1", cpus: 2), try offer(2, "b2", cpus: 2),
      ])
    #expect(
      driver.takeTexts() == [
        "launch m-O1: 0.0.0 0.0.1", "launch m-O2: 0.0.2 0.0.3", "decline m-O0 for 5.0 s",
        "suppress",
      ])
  }

  @Test("a gang holds no offer that its constraints refuse")
  func gangElsewhere() throws {
    let scheduler = scheduler([try stage(4, ["rack:IS:b"], isGang: true)])
    scheduler.resourceOffers(driver, offers: [try offer(0, "a1")])
    #expect(driver.takeTexts() == ["decline m-O0 for 5.0 s"])
  }

  @Test("the next process knows where the tasks are")
  func restart() throws {
    let stages = [try stage(3, ["hostname:UNIQUE", "@zone:UNLIKE:z"])]
    scheduler(stages).resourceOffers(driver, offers: [try offer(0, "a1"), try offer(1, "a2")])
    _ = driver.takeTexts()
    let next = scheduler(stages, in: TestEnvironment(store: store))
    #expect(driver.takeTexts() == ["reconcile 2"])
    next.resourceOffers(driver, offers: [try offer(2, "a1", cpus: 3), try offer(3, "a3")])
    #expect(driver.takeTexts() == ["decline m-O2 for 5.0 s", "launch m-O3: 0.0.2", "suppress"])
    next.update(driver, "0.0.0", .lost)
    _ = driver.takeTexts()
    next.resourceOffers(driver, offers: [try offer(4, "a3", cpus: 3), try offer(5, "a1")])
    #expect(driver.takeTexts() == ["decline m-O4 for 5.0 s", "launch m-O5: 0.0.0.1", "suppress"])
  }

  @Test("each task gets ports of its own, the lowest that are free, and none goes without")
  func ports() throws {
    let scheduler = scheduler([try stage(3, [], ports: 2)])
    scheduler.resourceOffers(
      driver,
      offers: [
        try offer(0, "a1"), try offer(1, "a2", more: ";ports:[8-8,10-12,20-20]"),
        try offer(2, "a3", more: ";ports(web):[1-9]"),
      ])
    #expect(
      driver.takeTexts() == [
        "decline m-O0 for 5.0 s", "launch m-O1: 0.0.0 0.0.1", "decline m-O2 for 5.0 s",
      ])
    #expect(
      driver.launched.map(\.resources.description) == [
        "cpus:1; ports:[8-8, 10-10]", "cpus:1; ports:[11-12]",
      ])
  }

  @Test("a gang needs ports for all of its tasks")
  func gangPorts() throws {
    let scheduler = scheduler([try stage(3, [], isGang: true, ports: 2)])
    scheduler.resourceOffers(driver, offers: [try offer(0, "a1", more: ";ports:[1-5]")])
    #expect(driver.takeTexts() == [])
    scheduler.resourceOffers(driver, offers: [try offer(1, "a2", more: ";ports:[1-5]")])
    #expect(driver.takeTexts() == ["launch m-O0: 0.0.0 0.0.1", "launch m-O1: 0.0.2", "suppress"])
  }
}
