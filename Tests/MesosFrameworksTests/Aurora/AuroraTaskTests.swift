// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Aurora: tasks")
struct AuroraTaskTests {
  @Test("a service is run again whenever it ends, other jobs are not")
  func services() throws {
    let stage = AuroraStage(auroraJob(), auroraJob("once", isService: false))
    try stage.offer(hosts: 2)
    stage.runAll()
    stage.environment.advance(by: .seconds(301))
    for task in stage.launched { stage.update(task, .finished) }
    #expect(stage.states() == ["PENDING"])
    #expect(stage.states("c/r/devel/once") == [])
    #expect(stage.scheduler.jobs.count == 1)
    let notes = stage.environment.takeNotes()
    #expect(notes.contains("submitted c/r/devel/once"))
    #expect(notes.contains("finished 1"))
  }

  @Test("what fails too often is given up")
  func failures() throws {
    let stage = AuroraStage(auroraJob(isService: false) { $0.maxTaskFailures = 2 })
    try stage.offer()
    stage.runAll()
    stage.environment.advance(by: .seconds(301))
    stage.update(stage.launched[0], .failed)
    #expect(stage.states() == ["PENDING"])
    try stage.offer(on: "b", for: .seconds(60))
    stage.update(stage.launched[1], .failed)
    #expect(stage.scheduler.jobs.isEmpty)
    #expect(stage.environment.takeNotes().contains("abandoned 0"))
  }

  @Test("what dies too soon waits: 30 s, then up to twice as long each time")
  func flaps() throws {
    let stage = AuroraStage(auroraJob())
    try stage.offer()
    stage.update(stage.launched[0], .running)
    stage.update(stage.launched[0], .failed)
    #expect(stage.states() == ["THROTTLED"])
    stage.environment.advance(by: .seconds(29))
    #expect(stage.states() == ["THROTTLED"])
    stage.environment.advance(by: .seconds(2))
    #expect(stage.states() == ["PENDING"])
    try stage.offer(on: "b")
    // For two in a row: 30, and as draws have it, twice that.
    stage.environment.draws = [0, 1]
    stage.update(stage.launched[1], .failed)
    stage.environment.advance(by: .seconds(59))
    #expect(stage.states() == ["THROTTLED"])
    stage.environment.advance(by: .seconds(2))
    #expect(stage.states() == ["PENDING"])
    // One that has run for long begins anew.
    try stage.offer(on: "c")
    stage.update(stage.launched[2], .running)
    stage.environment.advance(by: .seconds(301))
    stage.update(stage.launched[2], .failed)
    #expect(stage.states() == ["PENDING"])
  }

  @Test("a task that was killed by a user is not replaced, one killed by others is")
  func kills() throws {
    let stage = AuroraStage(auroraJob(instances: 3))
    try stage.offer(hosts: 3)
    stage.runAll()
    try stage.api.kill("r/devel/j", [1])
    #expect(stage.takeKills() == ["kill \(stage.launched[1])"])
    #expect(stage.states() == ["RUNNING", "KILLING", "RUNNING"])
    stage.update(stage.launched[1], .killed)
    stage.environment.advance(by: .seconds(301))
    stage.update(stage.launched[2], .killed)
    #expect(stage.states() == ["RUNNING", "-", "PENDING"])
    // What waits is simply gone.
    try stage.api.kill("r/devel/j")
    #expect(stage.states() == ["KILLING", "-", "-"])
    stage.update(stage.launched[0], .killed)
    #expect(stage.scheduler.jobs.isEmpty)
  }

  @Test("a kill that nothing is heard of is asked for again, until the task counts as lost")
  func killsAgain() throws {
    let stage = AuroraStage(auroraJob())
    try stage.offer()
    stage.runAll()
    try stage.api.kill("r/devel/j")
    _ = stage.takeKills()
    stage.environment.advance(by: .seconds(16))
    #expect(stage.takeKills().count == 1)
    stage.environment.advance(by: .seconds(290))
    #expect(stage.scheduler.jobs.isEmpty)
  }

  @Test("of tasks that count as lost together the last is told of when its job is gone")
  func lostTogether() throws {
    let stage = AuroraStage(auroraJob(instances: 3))
    try stage.offer(hosts: 3)
    stage.runAll()
    try stage.api.kill("r/devel/j")
    stage.environment.advance(by: .seconds(310))
    #expect(stage.scheduler.jobs.isEmpty)
  }

  @Test("a task of which nothing is heard is lost, and another takes its place")
  func lost() throws {
    let stage = AuroraStage(auroraJob())
    try stage.offer()
    #expect(stage.states() == ["ASSIGNED"])
    stage.environment.advance(by: .seconds(300))
    #expect(stage.takeKills() == ["kill \(stage.launched[0])"])
    #expect(stage.states() == ["PENDING"])
    // It has come up after all, and must not live.
    stage.update(stage.launched[0], .running)
    #expect(stage.takeKills() == ["kill \(stage.launched[0])"])
  }

  @Test("a task of a slave that cannot be reached is replaced as its job says")
  func partitions() throws {
    let patient = auroraJob("p") { $0.partitionPolicy.delaySeconds = 60 }
    let faithful = auroraJob("f") { $0.partitionPolicy.reschedules = false }
    let stage = AuroraStage(patient, faithful)
    try stage.offer(hosts: 2)
    stage.runAll()
    for task in stage.launched { stage.update(task, .unreachable) }
    stage.environment.advance(by: .seconds(59))
    #expect(stage.states("c/r/devel/p") == ["PARTITIONED"])
    stage.environment.advance(by: .seconds(2))
    #expect(stage.states("c/r/devel/p") == ["THROTTLED"])
    #expect(stage.states("c/r/devel/f") == ["PARTITIONED"])
    stage.update(stage.launched[1], .running)
    #expect(stage.states("c/r/devel/f") == ["RUNNING"])
  }

  @Test("tasks are asked for a minute after registering, and every hour")
  func reconciles() throws {
    let stage = AuroraStage(auroraJob(instances: 3))
    try stage.offer(hosts: 2)
    stage.runAll()
    stage.environment.advance(by: .seconds(60))
    #expect(stage.driver.takeTexts().filter { $0.hasPrefix("reconcile") } == ["reconcile 2"])
    stage.environment.advance(by: .seconds(3600))
    let asked = stage.driver.takeTexts().filter { $0.hasPrefix("reconcile") }
    #expect(asked == ["reconcile 0", "reconcile 2"])
  }

  @Test("instances are added like the last one, with numbers behind it")
  func adds() throws {
    let stage = AuroraStage(auroraJob(instances: 2))
    try stage.api.kill("c/r/devel/j", [0])
    try stage.api.addInstances(2, to: "c/r/devel/j")
    #expect(stage.states() == ["-", "PENDING", "PENDING", "PENDING"])
    try stage.api.scale("r/devel/j", to: 1)
    #expect(stage.states() == ["-", "PENDING", "-", "-"])
    #expect(throws: AuroraRefusal.self) { try stage.api.addInstances(4000, to: "r/devel/j") }
    #expect(throws: AuroraRefusal.self) { try stage.api.create(auroraJob()) }
    #expect(throws: AuroraRefusal.self) { try stage.api.kill("r/devel/none") }
    #expect(throws: AuroraRefusal.self) { try stage.api.create(auroraJob("x", instances: -1)) }
  }

  @Test("the next process goes on with tasks, waits and jobs")
  func restarts() throws {
    let store = MemoryStore()
    let job = auroraJob(instances: 4) { $0.constraints = [.init("host", "limit:1")] }
    let first = AuroraStage(job, store: store)
    try first.offer(hosts: 2)
    first.update(first.launched[0], .running)
    first.update(first.launched[1], .failed)
    #expect(first.states().sorted() == ["PENDING", "PENDING", "RUNNING", "THROTTLED"])
    let second = AuroraStage(job, store: store)
    #expect(second.states() == first.states())
    // The slave of the first is known to be taken.
    try second.offer(hosts: 3)
    second.environment.advance(by: .seconds(60))
    #expect(second.launched.count == 2)
    #expect(!second.hosts.contains("h0"))
    let third = AuroraStage(job, store: store)
    third.update(first.launched[0], .running)
    #expect(third.takeKills() == [])
    third.update("r-devel-j-9-9", .running)
    #expect(third.takeKills() == ["kill r-devel-j-9-9"])
  }

  @Test("a job reads as it was written down")
  func stored() throws {
    var job = auroraJob(instances: 7, isService: false)
    job.tier = .revocable
    job.cronSchedule = "*/5 * * * *"
    job.collisionPolicy = .cancelNew
    job.constraints = [.init("host", "limit:1"), .init("zone", "!a,b")]
    job.update.namedStrategy = .variable([1, 2, 3])
    job.partitionPolicy.delaySeconds = 2.5
    job.task.order = [["main"]]
    job.health.interval = 3
    #expect(try AuroraJob(JSONValue(parsing: job.document.text)) == job)
  }
}
