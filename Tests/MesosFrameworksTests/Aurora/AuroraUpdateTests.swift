// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Aurora: updates")
struct AuroraUpdateTests {
  /// A job of which all instances run, each on a slave of its own.
  private func running(
    _ instances: Int, store: any Store = MemoryStore(),
    _ change: (inout AuroraJob) -> Void = { _ in }
  ) throws -> AuroraStage {
    let stage = AuroraStage(auroraJob(instances: instances, change: change), store: store)
    try stage.offer(hosts: instances)
    stage.runAll()
    return stage
  }

  private func version(
    _ instances: Int, cpus: Double = 1, _ change: (inout AuroraJob) -> Void = { _ in }
  ) -> AuroraJob {
    auroraJob(instances: instances, cpus: cpus) { job in
      job.task.processes[0].commandLine = "./new"
      change(&job)
    }
  }

  /// Says of whatever is to end that it has, offers its slave again and says of the new that it
  /// runs.
  private func follow(_ stage: AuroraStage) throws {
    for row in stage.scheduler.jobs["c/r/devel/j"]?.active ?? [] where row.state == .killing {
      let host = row.host?.hostname ?? ""
      stage.update(row.id.value, .killed)
      try stage.offer(on: host, "host:\(host)")
    }
    for row in stage.scheduler.jobs["c/r/devel/j"]?.active ?? [] where row.state == .assigned {
      stage.update(row.id.value, .running)
    }
  }

  @Test("an update with numbers below zero is refused")
  func negative() throws {
    let stage = try running(1)
    for change in [
      { (job: inout AuroraJob) in job.update.watchSeconds = -1 },
      { $0.update.maxPerShardFailures = -1 }, { $0.update.maxTotalFailures = -1 },
    ] {
      #expect(throws: AuroraRefusal.self) {
        try stage.api.startUpdate(to: version(1, change))
      }
    }
  }

  @Test("instances are replaced one after the other, each watched for its time")
  func queue() throws {
    let stage = try running(3)
    try stage.api.startUpdate(to: version(3))
    #expect(stage.states() == ["KILLING", "RUNNING", "RUNNING"])
    try follow(stage)
    #expect(stage.states() == ["RUNNING", "RUNNING", "RUNNING"])
    // The slave was kept for it.
    #expect(stage.hosts.last == stage.hosts.first)
    stage.environment.advance(by: .seconds(44))
    #expect(stage.takeKills() == [])
    stage.environment.advance(by: .seconds(2))
    #expect(stage.states() == ["RUNNING", "KILLING", "RUNNING"])
    for _ in 0..<2 {
      try follow(stage)
      stage.environment.advance(by: .seconds(46))
    }
    #expect(stage.scheduler.jobs["c/r/devel/j"]?.update == nil)
    #expect(stage.scheduler.jobs["c/r/devel/j"]?.configs.count == 1)
  }

  @Test("nothing else goes to a slave that is kept for an instance")
  func affinity() throws {
    let stage = try running(1)
    try stage.api.startUpdate(to: version(1))
    try stage.api.create(auroraJob("other"))
    stage.update(stage.launched[0], .killed)
    try stage.offer(on: "h0", "host:h0")
    #expect(stage.launched.last?.hasPrefix("r-devel-j") == true)
    // What needs more may have to go elsewhere: nothing is kept.
    stage.runAll()
    stage.environment.advance(by: .seconds(46))
    try stage.api.startUpdate(to: version(1, cpus: 2))
    #expect(stage.scheduler.jobs["c/r/devel/j"]?.affinity.isEmpty == true)
  }

  @Test("what is added comes first, what is too much goes last, and a change of nothing is none")
  func order() throws {
    let stage = try running(3)
    #expect(try stage.api.startUpdate(to: auroraJob(instances: 3)) == nil)
    try stage.api.startUpdate(to: version(2) { $0.update.batchSize = 9 })
    #expect(stage.states() == ["KILLING", "KILLING", "KILLING"])
    try follow(stage)
    stage.environment.advance(by: .seconds(46))
    #expect(stage.states() == ["RUNNING", "RUNNING", "-"])
    try stage.api.startUpdate(to: auroraJob(instances: 4))
    #expect(stage.states() == ["RUNNING", "RUNNING", "PENDING"])
  }

  @Test("too many failures turn an update back")
  func rollback() throws {
    let stage = try running(2)
    try stage.api.startUpdate(to: version(2))
    try follow(stage)
    let new = try #require(stage.launched.last)
    stage.update(new, .failed)
    let job = try #require(stage.scheduler.jobs["c/r/devel/j"])
    #expect(job.update?.status == .rollingBack)
    // The way back begins with the last, which is as it was and only has to run long enough.
    #expect(stage.states() == ["THROTTLED", "RUNNING"])
    stage.environment.advance(by: .seconds(46))
    // What took the place of the failed one is of the new kind as well, and goes.
    #expect(stage.states() == ["PENDING", "RUNNING"])
    #expect(job.row(of: 0)?.config.job.task.processes[0].commandLine == "./main")
    try stage.offer(on: "h9", "host:h9", for: .seconds(60))
    try follow(stage)
    stage.environment.advance(by: .seconds(46))
    #expect(job.update == nil)
    #expect(job.active.allSatisfy { $0.config.job.task.processes[0].commandLine == "./main" })
  }

  @Test("a failure that is allowed for is made up for by the task that follows")
  func tolerance() throws {
    let stage = try running(1)
    try stage.api.startUpdate(to: version(1) { $0.update.maxPerShardFailures = 1 })
    try follow(stage)
    stage.update(try #require(stage.launched.last), .failed)
    #expect(stage.states() == ["THROTTLED"])
    stage.environment.advance(by: .seconds(31))
    try stage.offer(on: "h9", "host:h9", for: .seconds(60))
    try follow(stage)
    stage.environment.advance(by: .seconds(46))
    let job = try #require(stage.scheduler.jobs["c/r/devel/j"])
    #expect(job.update == nil)
    #expect(job.active[0].config.job.task.processes[0].commandLine == "./new")
  }

  @Test("an update rests, goes on, and is given up")
  func pause() throws {
    let stage = try running(2)
    try stage.api.startUpdate(to: version(2))
    #expect(throws: AuroraRefusal.self) { try stage.api.kill("r/devel/j") }
    #expect(throws: AuroraRefusal.self) { try stage.api.startUpdate(to: version(3)) }
    try stage.api.pauseUpdate(of: "r/devel/j")
    stage.update(stage.launched[0], .killed)
    #expect(stage.states() == ["-", "RUNNING"])
    try stage.api.resumeUpdate(of: "r/devel/j")
    #expect(stage.states() == ["PENDING", "RUNNING"])
    try stage.api.abortUpdate(of: "r/devel/j")
    #expect(throws: AuroraRefusal.self) { try stage.api.abortUpdate(of: "r/devel/j") }
    try stage.api.kill("r/devel/j", [0])
    #expect(stage.states() == ["-", "RUNNING"])
  }

  @Test("the next process goes on with an update")
  func restarts() throws {
    let store = MemoryStore()
    let stage = try running(3, store: store)
    try stage.api.startUpdate(to: version(3))
    stage.update(stage.launched[0], .killed)
    let next = AuroraStage(auroraJob(instances: 3), store: store)
    let job = try #require(next.scheduler.jobs["c/r/devel/j"])
    #expect(next.states() == ["PENDING", "RUNNING", "RUNNING"])
    #expect(job.update?.status == .rollingForward)
    try next.offer(on: "h0", "host:h0", for: .seconds(60))
    for _ in 0..<3 {
      try follow(next)
      next.environment.advance(by: .seconds(46))
    }
    #expect(job.update == nil)
    #expect(job.active.allSatisfy { $0.config.job.task.processes[0].commandLine == "./new" })
  }

  @Test("a restart moves instances one after the other, each watched for half a minute")
  func restart() throws {
    let stage = try running(2)
    try stage.api.restart("r/devel/j")
    #expect(stage.states() == ["RESTARTING", "RUNNING"])
    stage.update(stage.launched[0], .killed)
    try stage.offer(on: "h0", "host:h0")
    stage.runAll()
    #expect(stage.states() == ["RUNNING", "RUNNING"])
    stage.environment.advance(by: .seconds(40))
    #expect(stage.states() == ["RUNNING", "RESTARTING"])
    stage.update(stage.launched[1], .killed)
    try stage.offer(on: "h1", "host:h1")
    stage.runAll()
    stage.environment.advance(by: .seconds(40))
    #expect(stage.scheduler.jobs["c/r/devel/j"]?.restart == nil)
  }
}
