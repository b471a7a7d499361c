// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Marathon: persistent volumes")
struct MarathonResidentTests {
  private let app = """
    {"id": "db", "cmd": "sleep 86400", "cpus": 1, "mem": 64, "ports": [], "container": {"type": "MESOS",
     "volumes": [{"containerPath": "data", "mode": "RW", "persistent": {"size": 100}}]}}
    """
  private let room = "cpus:4;mem:1024;disk:1000"

  /// Offers what is left on a host where a place was made, and the place itself.
  private func offerPlace(_ stage: MarathonStage, on host: String) throws -> [String] {
    let place = try #require(stage.scheduler.residences["db.0"]?.residence)
    var offer = try stage.makeOffer(room, host, "", "db")
    offer.resources = offer.resources - place.wanted + place.all
    _ = stage.driver.takeTexts()
    stage.scheduler.resourceOffers(stage.driver, offers: [offer])
    return stage.driver.takeTexts()
  }

  @Test("a place is reserved first, and the instance launched when it is offered")
  func twoPhases() throws {
    let stage = try MarathonStage(app, roles: ["db"])
    let calls = try stage.offer(room, on: "a", role: "db")
    #expect(calls.count == 1)
    #expect(calls[0].hasPrefix("accept m-O1: reserve"), "\(calls)")
    #expect(calls[0].contains("create"), "\(calls)")
    #expect(stage.launched.isEmpty)
    // Elsewhere there is nothing for it.
    #expect(try stage.offer(room, on: "b", role: "db").first?.hasPrefix("decline") == true)
    _ = try offerPlace(stage, on: "a")
    #expect(stage.launched == ["db.0.1"])
    #expect(!stage.driver.launched[0].resources.persistentVolumes.isEmpty)
  }

  @Test("what ends is launched again where its volumes are, and nowhere else")
  func samePlace() throws {
    let stage = try MarathonStage(app, roles: ["db"])
    try stage.offer(room, on: "a", role: "db")
    _ = try offerPlace(stage, on: "a")
    stage.runAll()
    stage.update("db.0.1", .failed)
    stage.environment.advance(toSecond: 10)
    try stage.offer(room, on: "b", role: "db")
    #expect(stage.launched == ["db.0.1"])
    _ = try offerPlace(stage, on: "a")
    #expect(stage.launched == ["db.0.1", "db.0.2"])
    #expect(stage.hosts == ["a", "a"])
  }

  @Test("a place that does not come within 20 s is given up, and given back when it comes")
  func givenUp() throws {
    let stage = try MarathonStage(app, roles: ["db"])
    try stage.offer(room, on: "a", role: "db")
    let place = try #require(stage.scheduler.residences["db.0"]?.residence)
    stage.environment.advance(toSecond: 20)
    #expect(stage.scheduler.residences.isEmpty)
    var offer = try stage.makeOffer(room, "a", "", "db")
    offer.resources = offer.resources - place.wanted + place.all
    _ = stage.driver.takeTexts()
    stage.scheduler.resourceOffers(stage.driver, offers: [offer])
    let calls = stage.driver.takeTexts()
    #expect(calls.first?.contains("destroy") == true, "\(calls)")
    #expect(calls.first?.contains("unreserve") == true, "\(calls)")
  }

  @Test("resources reserved for an instance are not for other apps")
  func notForOthers() throws {
    let stage = try MarathonStage(
      app, #"{"id": "w", "cmd": "./w", "cpus": 1, "mem": 64, "ports": []}"#, roles: ["db"])
    try stage.offer("cpus:1;mem:64;disk:100", on: "a", role: "db")
    // One of both has got it; if that is the place, nothing else is left there.
    if stage.scheduler.residences.isEmpty { return }
    let place = try #require(stage.scheduler.residences["db.0"]?.residence)
    var offer = try stage.makeOffer("cpus:1", "a", "", "db")
    offer.resources = place.all
    stage.scheduler.resourceOffers(stage.driver, offers: [offer])
    #expect(stage.launched == ["db.0.1"])
  }

  @Test("the next process knows the places, too")
  func nextProcess() throws {
    let store = MemoryStore()
    let first = try MarathonStage(app, store: store, roles: ["db"])
    try first.offer(room, on: "a", role: "db")
    let next = try MarathonStage(app, store: store, roles: ["db"])
    #expect(next.scheduler.residences["db.0"]?.residence?.slave == "a")
    _ = try offerPlace(next, on: "a")
    #expect(next.launched == ["db.0.1"])
  }

  @Test("on a cluster, volumes come back with a slave, are kept when scaled, and go with the app")
  func onCluster() throws {
    var options = MarathonOptions()
    options.apps = [[try AppDefinition(parsing: app)]]
    let made = options
    let cluster = try TestCluster(slaves: 3, each: "cpus:4;mem:8192;disk:1000")
    let framework = cluster.register("marathon", FrameworkInfo(name: "", role: "db")) {
      MarathonScheduler(options: made, roles: ["db"], environment: $0)
    }
    try framework.expect(.running(1), within: .seconds(60))
    let home = framework.tasks[0].slave
    let scheduler = try #require(framework.scheduler(as: MarathonScheduler.self))
    let api = MarathonAPI(scheduler)
    try api.kill([framework.tasks[0].id], of: AppPath("/db"))
    try cluster.run(for: .seconds(1))
    try framework.expect(.running(1), within: .seconds(60))
    #expect(framework.tasks.last?.slave == home)
    try api.scale(AppPath("/db"), to: 0)
    try framework.expect(.running(0), within: .seconds(60))
    try api.scale(AppPath("/db"), to: 1)
    try framework.expect(.running(1), within: .seconds(60))
    #expect(framework.tasks.last?.slave == home)
    try api.delete(AppPath("/db"))
    try cluster.run(for: .seconds(60))
    #expect(scheduler.sought.isEmpty)
    #expect(scheduler.residences.isEmpty)
  }
}
