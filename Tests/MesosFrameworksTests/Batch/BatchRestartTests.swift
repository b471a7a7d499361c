// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Restart of a batch framework")
struct BatchRestartTests {
  let store = MemoryStore()

  private func job(_ id: Int32, at second: Int = 0, tasks: [Int]) -> Job {
    Job(
      id: JobID(id), name: "job\(id)", submitted: .start + .seconds(second),
      stages: tasks.map {
        Stage(
          name: "s", tasks: $0, resources: Resources(cpus: 1, mem: 64),
          durations: .constant(.seconds(20)))
      })
  }

  /// A process of the framework, registered.
  private struct Process {
    let driver = ScriptedDriver()
    let environment: TestEnvironment
    let scheduler: BatchScheduler

    init(
      _ jobs: [Job], _ store: any Store, at second: Int = 0, attemptsMax: Int = 4,
      id: FrameworkID = "f"
    ) {
      environment = TestEnvironment(store: store)
      environment.advance(toSecond: second)
      scheduler = BatchScheduler(
        jobs: JobList(jobs), options: BatchOptions(attemptsMax: attemptsMax),
        environment: environment)
      scheduler.registered(
        driver, frameworkID: id, masterInfo: MasterInfo(id: "m", hostname: "h"))
    }

    func offer(_ number: Int, cpus: Double) {
      scheduler.resourceOffers(driver, offers: [makeOffer(number, cpus: cpus)])
    }
  }

  @Test("the next process registers with the id that was written down")
  func id() {
    _ = Process([], store, id: "m1-0007")
    var info = FrameworkInfo(name: "f")
    BatchScheduler(jobs: [], environment: TestEnvironment(store: store)).configure(&info)
    #expect(info.id == "m1-0007")
  }

  @Test("a framework that the master has removed comes back as a new one")
  func removed() {
    let process = Process([], store)
    process.scheduler.error(process.driver, message: "Framework disconnected")
    #expect(store.frameworkID == "f")
    process.scheduler.error(process.driver, message: "framework 'f' has been removed; register")
    #expect(store.frameworkID == nil)
  }

  @Test("what runs is asked about, what ran is not run again, and what waits is launched")
  func books() {
    let jobs = [job(1, tasks: [4]), job(2, at: 5, tasks: [1])]
    let first = Process(jobs, store)
    first.offer(0, cpus: 3)
    first.scheduler.update(first.driver, "1.0.0", .finished)
    first.scheduler.update(first.driver, "1.0.1", .lost)
    let second = Process(jobs, store, at: 8)
    #expect(second.environment.takeNotes() == ["demand 2", "submitted job2", "demand 1"])
    #expect(second.driver.takeTexts() == ["reconcile 1"])
    second.offer(1, cpus: 9)
    #expect(
      second.driver.takeTexts() == ["launch m-O1: 2.0.0 1.0.1.1 1.0.3", "suppress"])
    #expect(
      second.environment.takeNotes().filter { $0.hasPrefix("launching") } == [
        "launching 2.0.0 waiting since 8", "launching 1.0.1.1 waiting since 0",
        "launching 1.0.3 waiting since 0",
      ])
    for task: TaskID in ["1.0.1.1", "1.0.2", "1.0.3", "2.0.0"] {
      second.scheduler.update(second.driver, task, .finished)
    }
    #expect(second.driver.takeTexts() == ["stop"])
    #expect(second.environment.takeNotes() == ["finished 1", "finished 2"])
    #expect(JobRecord.orders(in: store).isEmpty)
  }

  @Test("a job goes on in the stage that it was in")
  func stages() {
    let jobs = [job(1, tasks: [1, 2])]
    let first = Process(jobs, store)
    first.offer(0, cpus: 1)
    first.scheduler.update(first.driver, "1.0.0", .finished)
    first.offer(1, cpus: 1)
    let second = Process(jobs, store)
    second.offer(2, cpus: 9)
    #expect(second.driver.takeTexts() == ["reconcile 1", "launch m-O2: 1.1.1", "suppress"])
  }

  @Test("failures before the restart count")
  func failures() {
    let jobs = [job(1, tasks: [2])]
    let first = Process(jobs, store, attemptsMax: 2)
    first.offer(0, cpus: 2)
    first.scheduler.update(first.driver, "1.0.0", .failed)
    first.offer(1, cpus: 1)
    let second = Process(jobs, store, attemptsMax: 2)
    second.scheduler.update(second.driver, "1.0.0.1", .failed)
    #expect(second.environment.takeNotes() == ["abandoned 1"])
    // Given up, and the other task is being killed: the next process asks about that one only, and
    // ends, as there is nothing left to do.
    let third = Process(jobs, store, attemptsMax: 2)
    #expect(third.driver.takeTexts() == ["reconcile 1", "suppress", "stop"])
    third.scheduler.update(third.driver, "1.0.1", .killed)
    #expect(third.environment.takeNotes() == [])
    #expect(JobRecord.orders(in: store).isEmpty)
  }

  @Test("a restart at any moment changes nothing in what is launched", arguments: 0..<12)
  func anyMoment(restart: Int) {
    let jobs = [job(1, tasks: [3, 2]), job(2, tasks: [4])]
    /// All launches, with a process that ends after so many updates.
    func launches(restartAfter updates: Int) -> [String] {
      let store = MemoryStore()
      var process = Process(jobs, store)
      var calls: [String] = []
      var running: [TaskID] = []
      for step in 0..<30 {
        if step == updates { process = Process(jobs, store) }
        process.offer(step, cpus: 2)
        running += process.driver.launched.map(\.taskID)
        process.driver.launched = []
        calls += process.driver.takeTexts().filter { $0.hasPrefix("launch") }
        guard !running.isEmpty else { break }
        process.scheduler.update(
          process.driver, running.removeFirst(), step % 3 == 1 ? .lost : .finished)
      }
      return calls
    }
    let whole = launches(restartAfter: .max)
    #expect(whole.count > 5)
    #expect(launches(restartAfter: restart) == whole)
  }

  @Test("a job whose record does not fit runs on, and is given up by the next process")
  func fullStore() {
    let store = MemoryStore(limit: 60)
    let jobs = [job(1, tasks: [40, 1])]
    let first = Process(jobs, store)
    first.offer(0, cpus: 40)
    #expect(first.driver.launched.count == 40)
    #expect(store["job/0"] == [])
    let second = Process(jobs, store)
    #expect(second.environment.takeNotes() == ["abandoned 1"])
    // A stage later there is room again.
    for task in 0..<40 { first.scheduler.update(first.driver, TaskID("1.0.\(task)"), .finished) }
    let third = Process(jobs, store)
    third.offer(1, cpus: 1)
    #expect(third.driver.launched.map(\.taskID) == ["1.1.0"])
  }
}
