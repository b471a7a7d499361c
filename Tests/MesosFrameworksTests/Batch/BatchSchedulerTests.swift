// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@Suite("Batch framework")
struct BatchSchedulerTests {
  let driver = ScriptedDriver()
  let environment = TestEnvironment()

  private func stage(
    _ tasks: Int, cpus: Double = 1, mem: Double = 1024, isGang: Bool = false
  ) -> Stage {
    Stage(
      name: isGang ? "gang" : "map", tasks: tasks, resources: Resources(cpus: cpus, mem: mem),
      durations: .constant(.seconds(20)), isGang: isGang)
  }

  private func job(_ id: Int32, at second: Int = 0, _ stages: [Stage]) -> Job {
    Job(
      id: JobID(id), name: "job\(id)", submitted: .start + .seconds(second), stages: stages)
  }

  private func register(_ jobs: [Job], _ options: BatchOptions = BatchOptions()) -> BatchScheduler {
    let scheduler = BatchScheduler(
      jobs: JobList(jobs), options: options, environment: environment)
    scheduler.registered(
      driver, frameworkID: "f", masterInfo: MasterInfo(id: "m", hostname: "h"))
    return scheduler
  }

  private func end(
    _ task: TaskID, _ state: TaskState = .finished, of scheduler: BatchScheduler
  ) {
    scheduler.statusUpdate(
      driver,
      status: TaskStatus(
        taskID: task, state: state, timestamp: environment.now, source: .executor))
  }

  @Test("launches what fits and declines what it can't use")
  func launchesAndDeclines() {
    let scheduler = register([job(1, [stage(3)])])
    scheduler.resourceOffers(
      driver, offers: [makeOffer(0, cpus: 2), makeOffer(1, cpus: 0.5), makeOffer(2, cpus: 4)])
    #expect(
      driver.takeTexts() == [
        "launch m-O0: 1.0.0 1.0.1", "decline m-O1 for 5.0 s", "launch m-O2: 1.0.2", "suppress",
      ])
    #expect(driver.launched.first?.command?.value == "sleep 20")
  }

  @Test("behind an offer of no use declines unseen what no task fits into")
  func declinesUnseen() {
    driver.notesDeclinesTogether = true
    let scheduler = register([job(1, [stage(3)])])
    scheduler.resourceOffers(driver, offers: makeRun(cpus: [0.25, 0.5, 0.25], shown: 0..<1))
    #expect(driver.takeTexts() == ["decline m-O0 for 5.0 s", "decline 1..<3 together"])
    scheduler.resourceOffers(
      driver, offers: makeRun(cpus: [0.5, 0.25, 0.5, 2, 8, 8, 8], shown: 0..<6))
    #expect(
      driver.takeTexts() == [
        "decline m-O0 for 5.0 s", "decline 1..<3 together", "launch m-O3: 1.0.0 1.0.1",
        "launch m-O4: 1.0.2", "decline m-O5 for 5.0 s", "decline 6..<7 together", "suppress",
      ])
    scheduler.resourceOffers(driver, offers: makeRun(cpus: [8, 8, 8], shown: 0..<1))
    #expect(driver.takeTexts() == ["decline m-O0 for 5.0 s", "decline 1..<3 together"])
  }

  @Test("offers of a run are answered like those of a list", arguments: 0..<50 as Range<UInt64>)
  func runsLikeLists(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func roll(_ bound: UInt64) -> Int { Int(random.next() % bound) }
    let cpus = (0..<roll(12)).map { _ in [0.5, 1, 2, 4][roll(4)] }
    let jobs = (0..<roll(4)).map { number in
      job(Int32(number), [stage(1 + roll(6), cpus: [0.75, 1.5, 3][roll(3)], isGang: roll(3) == 0)])
    }
    var calls: [[String]] = []
    for isRun in [true, false] {
      // Another store: this is no process after the first.
      let scheduler = BatchScheduler(jobs: JobList(jobs), environment: TestEnvironment())
      scheduler.register(driver)
      let run = makeRun(cpus: cpus)
      scheduler.resourceOffers(driver, offers: isRun ? run : Offers(Array(run)))
      calls.append(driver.takeTexts())
    }
    #expect(calls[0] == calls[1])
  }

  @Test("suppresses with nothing to run, revives for new work, stops after the last job")
  func suppressesAndRevives() {
    let scheduler = register([job(1, at: 10, [stage(1)])])
    #expect(driver.takeTexts() == ["suppress"])
    environment.advance(toSecond: 10)
    #expect(driver.takeTexts() == ["revive"])
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 1, mem: 1024)])
    #expect(driver.takeTexts() == ["launch m-O0: 1.0.0", "suppress"])
    end("1.0.0", of: scheduler)
    #expect(driver.takeTexts() == ["stop"])
    #expect(environment.takeNotes().last == "finished 1")
  }

  @Test("gives the next task to the job with the fewest running ones, the older of equals")
  func fairSharing() {
    let scheduler = register([job(1, [stage(9)]), job(2, [stage(9)])])
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 5)])
    #expect(driver.takeTexts() == ["launch m-O0: 1.0.0 2.0.0 1.0.1 2.0.1 1.0.2"])
  }

  @Test("tasks of a stage that need different things are launched in their order, side by side")
  func mixedStage() {
    let mixed = Stage(
      name: "map",
      shapes: [(1, 1.0), (2, 3.0), (1, 1.0)].map { tasks, cpus in
        Stage.Shape(tasks: tasks, resources: Resources(cpus: cpus, mem: 64))
      }, durations: .constant(.seconds(20)))
    let scheduler = register([job(1, [mixed])])
    #expect(environment.takeNotes().filter { $0.hasPrefix("demand") }.count == 3)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 5)])
    #expect(driver.launched.map(\.resources.cpus).suffix(2) == [1, 3])
    end("1.0.1", .lost, of: scheduler)
    _ = driver.takeTexts()
    scheduler.resourceOffers(driver, offers: [makeOffer(1, cpus: 2), makeOffer(2, cpus: 6)])
    #expect(
      driver.takeTexts() == ["decline m-O1 for 5.0 s", "launch m-O2: 1.0.1.1 1.0.2"])
    #expect(driver.launched.map(\.resources.cpus).suffix(2) == [3, 3])
    scheduler.resourceOffers(driver, offers: [makeOffer(3, cpus: 5)])
    #expect(driver.takeTexts() == ["launch m-O3: 1.0.3", "suppress"])
  }

  @Test("starts a stage when all tasks of the one before are done, and revives for it")
  func stages() {
    let scheduler = register([job(1, [stage(2), stage(1, mem: 2048)])])
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 2)])
    end("1.0.0", of: scheduler)
    #expect(driver.takeTexts() == ["launch m-O0: 1.0.0 1.0.1", "suppress"])
    end("1.0.1", of: scheduler)
    #expect(driver.takeTexts() == ["revive"])
    scheduler.resourceOffers(driver, offers: [makeOffer(1, cpus: 2, mem: 1024)])
    #expect(driver.takeTexts() == ["decline m-O1 for 5.0 s"])
    scheduler.resourceOffers(driver, offers: [makeOffer(2, cpus: 1, mem: 2048)])
    #expect(driver.takeTexts() == ["launch m-O2: 1.1.0", "suppress"])
  }

  @Test("runs a lost task again and gives a job up after its task failed too often")
  func retries() {
    let scheduler = register([job(1, [stage(1)])], BatchOptions(attemptsMax: 2))
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 1, mem: 1024)])
    end("1.0.0", .lost, of: scheduler)
    scheduler.resourceOffers(driver, offers: [makeOffer(1, cpus: 1, mem: 1024)])
    end("1.0.0.1", .failed, of: scheduler)
    scheduler.resourceOffers(driver, offers: [makeOffer(2, cpus: 1, mem: 1024)])
    #expect(
      driver.takeTexts() == [
        "launch m-O0: 1.0.0", "suppress", "revive", "launch m-O1: 1.0.0.1", "suppress", "revive",
        "launch m-O2: 1.0.0.2", "suppress",
      ])
    end("1.0.0.2", .failed, of: scheduler)
    #expect(environment.takeNotes().last == "abandoned 1")
    #expect(driver.takeTexts() == ["stop"])
  }

  @Test("gives a job up at once when its task is refused as invalid, and kills the others")
  func invalidTask() {
    let scheduler = register([job(1, [stage(3)])])
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 2)])
    end("1.0.0", .error, of: scheduler)
    #expect(
      driver.takeTexts() == [
        "launch m-O0: 1.0.0 1.0.1", "kill 1.0.1", "suppress", "stop",
      ])
    #expect(environment.takeNotes().suffix(2) == ["demand -1", "abandoned 1"])
  }

  @Test("holds offers until the whole gang can start")
  func gang() {
    let scheduler = register([job(1, [stage(3, isGang: true)])])
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 2), makeOffer(1, cpus: 0.5)])
    #expect(driver.takeTexts() == ["decline m-O1 for 5.0 s"])
    scheduler.resourceOffers(driver, offers: [makeOffer(2, cpus: 4, slave: "s1")])
    #expect(
      driver.takeTexts() == ["launch m-O0: 1.0.0 1.0.1", "launch m-O2: 1.0.2", "suppress"])
  }

  @Test("counts a rescinded offer out of the gang's room")
  func rescindedGangOffer() {
    let scheduler = register([job(1, [stage(3, isGang: true)])])
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 2)])
    scheduler.offerRescinded(driver, offerID: OfferID(master: "m", number: 0))
    scheduler.resourceOffers(driver, offers: [makeOffer(1, cpus: 2)])
    #expect(driver.takeTexts() == [])
    scheduler.resourceOffers(driver, offers: [makeOffer(2, cpus: 1)])
    #expect(
      driver.takeTexts() == ["launch m-O1: 1.0.0 1.0.1", "launch m-O2: 1.0.2", "suppress"])
  }

  @Test("gives held offers back when the hold times out")
  func holdTimeout() {
    let options = BatchOptions(
      refusal: Filters(refuseSeconds: 60), holdTimeout: .seconds(30))
    let scheduler = register([job(1, [stage(3, isGang: true)])], options)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 2)])
    environment.advance(toSecond: 29)
    #expect(driver.takeTexts() == [])
    environment.advance(toSecond: 30)
    #expect(driver.takeTexts() == ["decline m-O0 for 60.0 s"])
  }

  @Test("tells the journal of demand as it comes and goes")
  func journal() {
    let scheduler = register([job(1, [stage(2)])])
    environment.advance(toSecond: 3)
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 2)])
    #expect(
      environment.takeNotes() == [
        "submitted job1", "demand 2", "demand -1", "launching 1.0.0 waiting since 0", "demand -1",
        "launching 1.0.1 waiting since 0",
      ])
  }

  @Test(
    "writes a task's duration exactly into its command",
    arguments: [
      (1_500_000_000, "sleep 1.5"), (20_000_000_000, "sleep 20"), (1, "sleep 0.000000001"),
      (61_000_000_010, "sleep 61.00000001"),
    ])
  func sleepCommand(nanoseconds: Int64, command: String) {
    let stage = Stage(
      name: "map", tasks: 1, resources: Resources(cpus: 1),
      durations: TaskDurations { _, _ in nanoseconds })
    let scheduler = register([job(1, [stage])])
    scheduler.resourceOffers(driver, offers: [makeOffer(0, cpus: 1)])
    #expect(driver.launched.first?.command?.value == command)
  }
}
