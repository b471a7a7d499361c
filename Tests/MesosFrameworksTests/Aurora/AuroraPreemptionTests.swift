// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Aurora: preemption, quotas, cron and maintenance")
struct AuroraPreemptionTests {
  private func production(
    _ name: String = "p", instances: Int = 1, cpus: Double = 2, priority: Int = 0
  ) -> AuroraJob {
    auroraJob(name, role: "web", environment: "prod", instances: instances, cpus: cpus) { job in
      job.tier = .preferred
      job.isProduction = true
      job.priority = priority
    }
  }

  private func stage(_ jobs: AuroraJob...) throws -> AuroraStage {
    let stage = AuroraStage(jobs[0]) { options in
      options.quotas = [.init("web", AuroraAmounts(cpus: 100, ram: 10_000, disk: 10_000))]
    }
    try stage.offer(hosts: jobs[0].instances, "cpus:2.25;mem:8192;disk:10000")
    stage.runAll()
    for job in jobs.dropFirst() { try stage.api.create(job) }
    return stage
  }

  @Test("after three minutes production evicts what may be evicted, and gets its slave")
  func evicts() throws {
    let stage = try stage(auroraJob(instances: 2, cpus: 2), production())
    // Eligible after three minutes; looked for every minute, tried when its group is.
    stage.environment.advance(by: .seconds(300))
    #expect(stage.states().sorted() == ["PREEMPTING", "RUNNING"])
    let victim = try #require(
      stage.scheduler.jobs["c/r/devel/j"]?.active.first { $0.state == .preempting })
    let host = try #require(victim.host?.hostname)
    try stage.api.create(auroraJob("other", cpus: 2))
    stage.update(victim.id.value, .killed)
    try stage.offer("cpus:2.25;mem:8192;disk:10000", on: host, "host:\(host)", for: .seconds(60))
    #expect(stage.launched.last?.hasPrefix("web-prod-p") == true)
    #expect(stage.states("c/r/devel/other") == ["PENDING"])
  }

  @Test("nobody makes room for what does not outrank it")
  func spares() throws {
    let stage = try stage(
      production("q", instances: 2), production("p", priority: 0), auroraJob("devel", cpus: 2))
    stage.environment.advance(by: .seconds(600))
    #expect(stage.states("c/web/prod/q") == ["RUNNING", "RUNNING"])
    try stage.api.create(production("r", priority: 1))
    stage.environment.advance(by: .seconds(300))
    #expect(stage.states("c/web/prod/q").contains("PREEMPTING"))
  }

  @Test("a quota is what production may take, with updates and cron jobs counted")
  func quotas() throws {
    let stage = AuroraStage { options in
      options.quotas = [.init("web", AuroraAmounts(cpus: 10, ram: 10_000, disk: 10_000))]
    }
    #expect {
      try stage.api.create(production(instances: 6))
    } throws: {
      "\($0)" == "INVALID_REQUEST: insufficient resource quota of role web: cpu"
    }
    try stage.api.create(production(instances: 3))
    #expect(throws: AuroraRefusal.self) { try stage.api.addInstances(3, to: "web/prod/p") }
    #expect(throws: AuroraRefusal.self) {
      try stage.api.startUpdate(to: production(instances: 3, cpus: 4))
    }
    try stage.api.startUpdate(to: production(instances: 1, cpus: 3))
    // Until it is over the larger of both counts.
    #expect(stage.scheduler.quota(of: "web").used.cpus == 6)
    var cron = production("nightly", instances: 2)
    cron.isService = false
    cron.cronSchedule = "0 3 * * *"
    try stage.api.schedule(cron)
    #expect(stage.scheduler.quota(of: "web").used.cpus == 10)
    #expect(throws: AuroraRefusal.self) {
      try stage.api.setQuota(AuroraAmounts(cpus: 9, ram: 10_000, disk: 10_000), of: "web")
    }
    try stage.api.create(auroraJob(role: "web", instances: 50))
  }

  private func cron(_ policy: AuroraJob.CollisionPolicy) -> AuroraJob {
    auroraJob(instances: 2, isService: false) { job in
      job.cronSchedule = "*/10 * * * *"
      job.collisionPolicy = policy
    }
  }

  @Test("a cron job runs at its times; what still runs goes first, or the time is left out")
  func cronTimes() throws {
    let stage = AuroraStage(
      cron(.killExisting),
      auroraJob("x", isService: false) { job in
        job.cronSchedule = "*/10 * * * *"
        job.collisionPolicy = .cancelNew
      })
    #expect(stage.states() == [])
    stage.environment.advance(by: .seconds(600))
    #expect(stage.states() == ["PENDING", "PENDING"])
    try stage.offer(hosts: 3)
    stage.runAll()
    stage.environment.advance(by: .seconds(600))
    #expect(stage.states() == ["KILLING", "KILLING"])
    #expect(stage.states("c/r/devel/x") == ["RUNNING"])
    for task in stage.launched where task.hasPrefix("r-devel-j") { stage.update(task, .killed) }
    stage.environment.advance(by: .seconds(5))
    #expect(stage.states() == ["PENDING", "PENDING"])
    try stage.api.deschedule("r/devel/x")
    #expect(stage.states("c/r/devel/x") == ["RUNNING"])
    #expect(throws: AuroraRefusal.self) { try stage.api.startCron("r/devel/x") }
    #expect(throws: AuroraRefusal.self) { try stage.api.create(cron(.cancelNew)) }
  }

  @Test("a host's tasks are sent elsewhere, and nothing comes before it is taken into use again")
  func maintenance() throws {
    let stage = AuroraStage(auroraJob())
    try stage.offer(on: "a")
    stage.runAll()
    stage.api.startMaintenance(of: ["a"])
    try stage.offer(on: "a")
    try stage.offer(on: "b")
    try stage.api.addInstances(1, to: "r/devel/j")
    stage.environment.advance(by: .seconds(1))
    #expect(stage.hosts == ["a", "b"])
    stage.runAll()
    stage.api.drain(["a"])
    #expect(stage.states() == ["DRAINING", "RUNNING"])
    stage.update(stage.launched[0], .killed)
    #expect(stage.scheduler.modes["a"] == .drained)
    stage.environment.advance(by: .seconds(120))
    #expect(stage.states() == ["PENDING", "RUNNING"])
    stage.api.endMaintenance(of: ["a"])
    stage.environment.advance(by: .seconds(120))
    #expect(stage.hosts == ["a", "b", "a"])
  }

  @Test("production is drained as its jobs can spare it, and for good when time is up")
  func sla() throws {
    let job = production(instances: 20, cpus: 1)
    let stage = AuroraStage(job) { options in
      options.quotas = [.init("web", AuroraAmounts(cpus: 100, ram: 10_000, disk: 10_000))]
    }
    try stage.offer(hosts: 20)
    stage.runAll()
    stage.environment.advance(by: .seconds(1800))
    func draining() -> Int { stage.states("c/web/prod/p").count { $0 == "DRAINING" } }
    // One of twenty may be away at a time.
    stage.api.drain(["h0", "h1", "h2"], within: .seconds(3600))
    #expect(draining() == 1)
    stage.environment.advance(by: .seconds(120))
    #expect(draining() == 1)
    stage.environment.advance(by: .seconds(3600))
    #expect(draining() == 2)
    #expect(AuroraSLA(.percentage(90)).needed(of: 30) == 27)
    #expect(AuroraSLA(.count(40)).needed(of: 30) == 29)
  }
}
