// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Aurora: offers and groups")
struct AuroraSchedulingTests {
  @Test("a task goes to an offer of its own, with an executor of its own")
  func launches() throws {
    let stage = AuroraStage(auroraJob(instances: 2))
    let calls = try stage.offer()
    #expect(stage.launched == ["r-devel-j-0-0"])
    #expect(calls.contains { $0.hasPrefix("launch m-O1: r-devel-j-0-0") })
    let task = try #require(stage.driver.launched.first)
    #expect(task.executor?.executorID == "thermos-r-devel-j-0-0")
    #expect(task.executor?.resources == Resources(cpus: 0.25, mem: 128))
    #expect(task.resources == Resources(cpus: 1, mem: 128, disk: 64))
    try stage.offer(on: "b", for: .seconds(60))
    #expect(stage.hosts == ["a", "b"])
  }

  @Test("the executor needs room beside the task")
  func overhead() throws {
    let stage = AuroraStage(auroraJob(cpus: 4))
    try stage.offer("cpus:4;mem:8192;disk:10000")
    #expect(stage.launched.isEmpty)
    try stage.offer("cpus:4.25;mem:256;disk:64", on: "b", for: .seconds(60))
    #expect(stage.hosts == ["b"])
  }

  @Test("offers are held for five minutes, then given back for five seconds")
  func holds() throws {
    let stage = AuroraStage()
    try stage.offer(for: .seconds(299))
    #expect(stage.driver.takeTexts().isEmpty)
    stage.environment.advance(by: .seconds(2))
    #expect(stage.driver.takeTexts() == ["decline m-O1 for 5.0 s"])
  }

  @Test("two offers of a slave are given back, so that they come again as one")
  func compacts() throws {
    let stage = AuroraStage()
    try stage.offer()
    #expect(try stage.offer() == ["decline m-O1 for 5.0 s", "decline m-O2 for 5.0 s"])
    #expect(try stage.offer() == [])
  }

  @Test("an offer that was taken back is not used, not even when it comes afterwards")
  func rescinds() throws {
    let stage = AuroraStage()
    try stage.offer()
    stage.scheduler.offerRescinded(stage.driver, offerID: OfferID(master: "m", number: 1))
    stage.scheduler.offerRescinded(stage.driver, offerID: OfferID(master: "m", number: 2))
    try stage.offer(on: "b")
    try stage.api.create(auroraJob())
    stage.environment.advance(by: .seconds(60))
    #expect(stage.launched.isEmpty)
  }

  @Test("what is full first is used first, where it is so wanted")
  func order() throws {
    let stage = AuroraStage { $0.offerOrder = [.cpu, .memory] }
    try stage.offer("cpus:8;mem:4096;disk:100", on: "a")
    try stage.offer("cpus:2;mem:4096;disk:100", on: "b")
    try stage.offer("cpus:2;mem:1024;disk:100", on: "c")
    try stage.api.create(auroraJob(instances: 3))
    stage.environment.advance(by: .seconds(1))
    #expect(stage.hosts == ["c", "b", "a"])
  }

  @Test("a limit keeps tasks of a job apart, and its slave is used again when one is gone")
  func limits() throws {
    let job = auroraJob(instances: 3) { $0.constraints = [.init("host", "limit:1")] }
    let stage = AuroraStage(job)
    try stage.offer(hosts: 2)
    #expect(stage.hosts.sorted() == ["h0", "h1"])
    stage.runAll()
    // What is left of the slaves is of no use before a task is gone from there.
    try stage.offer(hosts: 2, "cpus:2;mem:4096;disk:5000")
    stage.environment.advance(by: .seconds(400))
    #expect(stage.launched.count == 2)
    try stage.offer(hosts: 2, "cpus:2;mem:4096;disk:5000")
    let last = try #require(stage.driver.launched.last)
    stage.update(last.taskID.value, .killed)
    stage.environment.advance(by: .seconds(120))
    #expect(stage.launched.count == 3)
    #expect(stage.hosts.last == last.slaveID.value)
  }

  @Test("groups take turns, five tasks at a time, and wait longer each time that nothing fits")
  func groups() throws {
    let stage = AuroraStage(auroraJob("a", instances: 7), auroraJob("b", instances: 7))
    try stage.offer(hosts: 12)
    #expect(stage.launched.prefix(5).allSatisfy { $0.hasPrefix("r-devel-a") })
    #expect(stage.launched[5..<10].allSatisfy { $0.hasPrefix("r-devel-b") })
    #expect(stage.launched.count == 12)
    stage.runAll()
    let config = try #require(stage.scheduler.jobs["c/r/devel/b"]?.config)
    stage.environment.draws = Array(repeating: 0.999, count: 40)
    stage.environment.advance(by: .seconds(300))
    #expect(config.penalty == 60)
    #expect(config.waiting == 2)
  }

  @Test("what comes at once is tried no faster than forty times a second")
  func rate() {
    var limit = AuroraRateLimit(perSecond: 40)
    #expect(limit.take(at: 0) == 0)
    #expect(limit.take(at: 0) == 0.025)
    #expect(limit.take(at: 0) == 0.05)
    // What was not used within the last second may be used at once.
    let later = (0..<41).map { _ in limit.take(at: 10) }
    #expect(later == Array(repeating: 0, count: 41))
    #expect(abs(limit.take(at: 10) - 0.025) < 1e-9)
  }

  @Test("ports are taken from the offer, one for each name")
  func ports() throws {
    let stage = AuroraStage(auroraJob { $0.ports = ["admin", "http"] })
    try stage.offer("cpus:4;mem:8192;disk:100;ports:[31000-31000]")
    #expect(stage.launched.isEmpty)
    try stage.offer("cpus:4;mem:8192;disk:100;ports:[31000-31004]", on: "b", for: .seconds(60))
    #expect(stage.driver.launched.first?.resources.ports.count == 2)
  }

  @Test("what is reserved for its role is used as such, and what may be taken back by who may")
  func terms() throws {
    let revocable = auroraJob("r") { $0.tier = .revocable }
    let stage = AuroraStage(auroraJob { $0.ports = ["http"] })
    try stage.offer("cpus(web):4;mem(web):1024;disk:1000;ports(web):[31000-31005]")
    let task = try #require(stage.driver.launched.first)
    #expect(task.resources.reserved(for: "web").cpus == 1)
    #expect(task.resources.reserved(for: "web").ports.count == 1)
    #expect(task.resources.unreserved.disk == 64)
    #expect(task.executor?.resources.reserved(for: "web").cpus == 0.25)
    try stage.api.create(revocable)
    try stage.offer("cpus:4;mem:1024;disk:1000", on: "b", for: .seconds(60))
    #expect(stage.launched.count == 1)
  }

  @Test("with an old Aurora tasks are tried one at a time")
  func legacy() throws {
    let stage = AuroraStage(auroraJob(instances: 3)) { $0.semantics = .legacy }
    try stage.offer(hosts: 3)
    #expect(stage.launched.count == 3)
    #expect(stage.scheduler.preemptionDelay == .seconds(600))
  }
}
