// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@Suite("Gangs of a batch framework")
struct GangTests {
  let driver = ScriptedDriver()
  let environment = TestEnvironment()

  private func job(
    _ id: Int32, _ stages: [(tasks: Int, cpus: Double, isGang: Bool)], at second: Int = 0
  ) -> Job {
    Job(
      id: JobID(id), name: "job\(id)", submitted: .start + .seconds(second),
      stages: stages.map {
        Stage(
          name: "s", tasks: $0.tasks, resources: Resources(cpus: $0.cpus),
          durations: .constant(.seconds(20)), isGang: $0.isGang)
      })
  }

  private func register(_ jobs: [Job], _ options: BatchOptions = BatchOptions()) -> BatchScheduler {
    let scheduler = BatchScheduler(
      jobs: JobList(jobs), options: options, environment: environment)
    scheduler.registered(
      driver, frameworkID: "f", masterInfo: MasterInfo(id: "m", hostname: "h"))
    return scheduler
  }

  private func offer(_ number: Int, cpus: Double, slave: SlaveID = "s0") -> Offer {
    makeOffer(number, cpus: cpus, mem: 0, slave: slave)
  }

  private func end(_ task: TaskID, _ state: TaskState, of scheduler: BatchScheduler) {
    scheduler.statusUpdate(
      driver,
      status: TaskStatus(
        taskID: task, state: state, timestamp: environment.now, source: .executor))
  }

  @Test("two frameworks don't hoard for ever: offers go back and stay away until one instant")
  func hoarding() {
    let scheduler = register([job(1, [(3, 1, true)])])
    scheduler.resourceOffers(driver, offers: [offer(0, cpus: 2)])
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["decline m-O0 for 10.0 s"])
    environment.advance(toSecond: 12)
    scheduler.resourceOffers(driver, offers: [offer(1, cpus: 2)])
    #expect(driver.takeTexts() == ["decline m-O1 for 8.0 s"])
    environment.advance(toSecond: 20)
    scheduler.resourceOffers(driver, offers: [offer(2, cpus: 2), offer(3, cpus: 2)])
    #expect(driver.takeTexts() == ["launch m-O2: 1.0.0 1.0.1", "launch m-O3: 1.0.2", "suppress"])
  }

  @Test("holds for as long as it takes when there is no timeout")
  func noTimeout() {
    let scheduler = register([job(1, [(3, 1, true)])], BatchOptions(holdTimeout: nil))
    scheduler.resourceOffers(driver, offers: [offer(0, cpus: 2)])
    environment.advance(toSecond: 100_000)
    #expect(driver.takeTexts() == [])
  }

  @Test("offers held for one gang are not used for another's shape")
  func heldForAnother() {
    let scheduler = register([job(1, [(1, 1, false), (2, 4, true)]), job(2, [(8, 1, true)])])
    scheduler.resourceOffers(
      driver, offers: [offer(0, cpus: 0.5), offer(1, cpus: 2), offer(2, cpus: 4)])
    #expect(driver.takeTexts() == ["decline m-O0 for 5.0 s"])
    // The first job's task goes where the gang has no use for an offer: here after a timeout.
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["launch m-O1: 1.0.0", "decline m-O2 for 10.0 s"])
    environment.advance(toSecond: 20)
    scheduler.resourceOffers(driver, offers: [offer(3, cpus: 2), offer(4, cpus: 5)])
    #expect(driver.takeTexts() == [])
    end("1.0.0", .finished, of: scheduler)
    // The other gang can use what the older one can't.
    #expect(driver.takeTexts() == ["revive"])
    scheduler.resourceOffers(driver, offers: [offer(5, cpus: 4)])
    #expect(driver.takeTexts() == ["launch m-O4: 1.1.0", "launch m-O5: 1.1.1"])
  }

  @Test("BUG: a gang for which there is never room kept the gangs behind it from starting")
  func neverRoom() {
    let scheduler = register([
      job(1, [(15, 1, true)]), job(2, [(20, 1, true)]), job(3, [(4, 1, true)]),
      job(4, [(1, 1, false)]),
    ])
    scheduler.resourceOffers(driver, offers: [offer(0, cpus: 3), offer(1, cpus: 3)])
    #expect(driver.takeTexts() == [])
    environment.advance(toSecond: 10)
    #expect(
      driver.takeTexts() == ["launch m-O0: 3.0.0 3.0.1 3.0.2", "launch m-O1: 3.0.3 4.0.0"])
  }

  @Test("BUG: the gangs behind one got no offer in which none of its tasks fits")
  func otherShape() {
    let scheduler = register([job(1, [(2, 16, true)]), job(2, [(4, 1, true)])])
    scheduler.resourceOffers(driver, offers: [offer(0, cpus: 3), offer(1, cpus: 3)])
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["launch m-O0: 2.0.0 2.0.1 2.0.2", "launch m-O1: 2.0.3"])
  }

  @Test("BUG: a gang that holds without end kept the jobs behind it from starting")
  func heldOn() {
    let scheduler = register(
      [job(1, [(15, 1, true)]), job(2, [(2, 1, true)]), job(3, [(1, 1, false)])],
      BatchOptions(holdTimeout: nil))
    scheduler.resourceOffers(
      driver, offers: [offer(0, cpus: 2), offer(1, cpus: 2), offer(2, cpus: 2)])
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["launch m-O0: 2.0.0 2.0.1", "launch m-O1: 3.0.0"])
    environment.advance(toSecond: 1000)
    // The third is held on, and counts for the gang.
    scheduler.resourceOffers(driver, offers: [offer(3, cpus: 13)])
    #expect(driver.takeTexts().count == 3)
  }

  @Test("BUG: offers that were rescinded in time kept a gang's time from ever being over")
  func rescinded() {
    let scheduler = register([job(1, [(15, 1, true)]), job(2, [(1, 1, false)])])
    for second in [0, 4, 8] {
      environment.advance(toSecond: second)
      scheduler.resourceOffers(driver, offers: [offer(second, cpus: 2)])
      if second < 8 { scheduler.offerRescinded(driver, offerID: offer(second, cpus: 2).id) }
    }
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["launch m-O8: 2.0.0"])
  }

  @Test("what was held for a gang that is given up serves the next one")
  func heldForAbandoned() {
    let scheduler = register([job(1, [(3, 1, true)]), job(2, [(4, 1, true)])])
    scheduler.resourceOffers(driver, offers: [offer(0, cpus: 3)])
    #expect(driver.takeTexts() == ["launch m-O0: 1.0.0 1.0.1 1.0.2"])
    end("1.0.0", .lost, of: scheduler)
    end("1.0.1", .lost, of: scheduler)
    scheduler.resourceOffers(driver, offers: [offer(1, cpus: 1), offer(2, cpus: 0.5)])
    _ = driver.takeTexts()
    end("1.0.2", .error, of: scheduler)
    #expect(driver.takeTexts() == [])
    scheduler.resourceOffers(driver, offers: [offer(3, cpus: 3)])
    #expect(
      driver.takeTexts() == ["launch m-O1: 2.0.0", "launch m-O3: 2.0.1 2.0.2 2.0.3", "suppress"])
  }

  @Test("a waiting gang doesn't block other jobs: they get what it has no use for")
  func blockedJobs() {
    let scheduler = register([job(1, [(2, 4, true)]), job(2, [(4, 1, false)])])
    scheduler.resourceOffers(driver, offers: [offer(0, cpus: 1), offer(1, cpus: 5)])
    #expect(driver.takeTexts() == ["launch m-O0: 2.0.0"])
    scheduler.resourceOffers(driver, offers: [offer(2, cpus: 6)])
    #expect(
      driver.takeTexts() == [
        "launch m-O1: 1.0.0 2.0.1", "launch m-O2: 1.0.1 2.0.2 2.0.3", "suppress",
      ])
  }
}
