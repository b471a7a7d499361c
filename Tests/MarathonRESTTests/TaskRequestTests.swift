// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosOperator
import MesosTestKit
import Testing
import VirtualTime

@testable import MarathonREST

@Suite("Marathon's REST: tasks")
struct TaskRequestTests {
  private func stage() throws -> RESTStage {
    let stage = try RESTStage(
      #"{"id": "w", "cmd": "./w", "instances": 3, "portDefinitions": [{"port": 8080}]}"#)
    try stage.run(2, on: "a")
    try stage.run(1, on: "b")
    _ = stage.driver.takeTexts()
    return stage
  }

  private func kills(_ stage: RESTStage) -> [String] {
    stage.driver.takeTexts().filter { $0.hasPrefix("kill") }
  }

  @Test("tasks are listed, of all apps or of one, in words as well")
  func lists() throws {
    let stage = try stage()
    for path in ["/v2/tasks", "/v2/apps/w/tasks", "/v2/tasks?status=running"] {
      let tasks = try #require(try stage.get(path)["tasks"]?.array)
      #expect(tasks.map { $0["id"]?.string } == ["w.0.1", "w.1.1", "w.2.1"], "\(path)")
      for task in tasks { ClientKeys.hold(task, to: ClientKeys.task) }
    }
    #expect(try stage.get("/v2/tasks?status=staging")["tasks"]?.array?.isEmpty == true)
    let text = try stage.ask("GET", "/v2/tasks", headers: ["Accept": "text/plain"]).body
    #expect(text.hasPrefix("w\t8080\ta:31"))
    #expect(text.split(separator: "\t").count == 6)
  }

  @Test("killed tasks are shown, and others take their places")
  func kill() throws {
    let stage = try stage()
    let gone = try stage.ask("DELETE", "/v2/apps/w/tasks?host=a")
    #expect(gone["tasks"]?.array?.count == 2)
    #expect(kills(stage) == ["kill w.0.1", "kill w.1.1"])
    let one = try stage.ask("DELETE", "/v2/apps/w/tasks/w.2.1?scale=False&wipe=False")
    #expect(one["task"]?["id"]?.string == "w.2.1")
    #expect(kills(stage) == ["kill w.2.1"])
    #expect(try stage.get("/v2/apps/w")["app"]?["instances"]?.integer == 3)
    #expect(try stage.ask("DELETE", "/v2/apps/w/tasks/none").status == 404)
    #expect(try stage.ask("DELETE", "/v2/apps/w/tasks?scale=true&wipe=true").status == 400)
  }

  @Test("with scale the app gets as many less, by a deployment")
  func scale() throws {
    let stage = try stage()
    let scaled = try stage.ask("DELETE", "/v2/apps/w/tasks/w.1.1?scale=true")
    #expect(scaled["deploymentId"]?.string == "d2")
    #expect(kills(stage) == ["kill w.1.1"])
    #expect(try stage.get("/v2/apps/w")["app"]?["instances"]?.integer == 2)
  }

  @Test("where one app is locked nothing of several is scaled, nor remembered")
  func scaleLocked() throws {
    let stage = try RESTStage(
      #"{"id": "a", "cmd": "./a", "instances": 3}"#, #"{"id": "b", "cmd": "./b"}"#)
    try stage.run(4)
    try stage.ask("PUT", "/v2/apps/b", #"{"instances": 2}"#)
    let ids = #"{"ids": ["a.0.1", "b.0.1"]}"#
    #expect(try stage.ask("POST", "/v2/tasks/delete?scale=true", ids).status == 409)
    _ = kills(stage)
    #expect(try stage.get("/v2/apps/a")["app"]?["instances"]?.integer == 3)
    // The youngest goes, not the one that was named in vain.
    stage.environment.advance(toSecond: 60)
    try stage.ask("PUT", "/v2/apps/a", #"{"instances": 4}"#)
    try stage.run(2)
    try stage.ask("PUT", "/v2/apps/a?force=true", #"{"instances": 3}"#)
    #expect(kills(stage) == ["kill a.3.1"])
  }

  @Test("tasks of several apps are killed by their ids; unknown ones are passed over")
  func killGiven() throws {
    let stage = try RESTStage(#"{"id": "a", "cmd": "./a"}"#, #"{"id": "b", "cmd": "./b"}"#)
    try stage.run(2)
    _ = kills(stage)
    let ids = #"{"ids": ["a.0.1", "b.0.1", "none"]}"#
    #expect(try stage.ask("POST", "/v2/tasks/delete", ids)["tasks"]?.array?.count == 2)
    #expect(kills(stage).count == 2)
    let scaled = try stage.ask("POST", "/v2/tasks/delete?scale=true", #"{"ids": ["a.0.1"]}"#)
    #expect(scaled["deploymentId"]?.string != nil)
    #expect(try stage.get("/v2/apps/a")["app"]?["instances"]?.integer == 0)
    #expect(try stage.ask("POST", "/v2/tasks/delete", "{}").status == 422)
  }
}

@Suite("Marathon's REST: groups, deployments, the queue")
struct OtherRequestTests {
  private let shop = """
    {"id": "/shop", "groups": [{"id": "db", "apps": [{"id": "mongo", "cmd": "./m", "instances": 2}]}],
     "apps": [{"id": "web", "cmd": "./w", "dependencies": ["/shop/db"]}]}
    """

  @Test("a group is created, shown as a tree, and not created twice")
  func create() throws {
    let stage = try RESTStage()
    let made = try stage.ask("POST", "/v2/groups", shop)
    #expect(made.status == 201)
    #expect(made["deploymentId"]?.string == "d1")
    #expect(try stage.ask("POST", "/v2/groups", shop).status == 409)
    #expect(try stage.ask("POST", "/v2/groups", "{}").status == 422)
    let root = try stage.get("/v2/groups")
    let group = try #require(root["groups"]?.array?.first)
    let inner = try #require(group["groups"]?.array?.first)
    for object in [root, group, inner] { ClientKeys.hold(object, to: ClientKeys.group) }
    #expect(inner["id"]?.string == "/shop/db")
    let app = try #require(inner["apps"]?.array?.first)
    ClientKeys.hold(app, to: ClientKeys.app)
    #expect(try stage.ask("GET", "/v2/groups/none").status == 404)
    let bare = try stage.get("/v2/groups?embed=group.groups")
    #expect(bare["groups"]?.array?.first?["apps"]?.array?.isEmpty == true)
    let rich = try stage.get("/v2/groups/shop?embed=group.apps&embed=group.apps.counts")
    #expect(rich["apps"]?.array?.first?["tasksRunning"]?.integer == 0)
    #expect(rich["groups"]?.array?.isEmpty == true)
    #expect(try stage.get("/v2/groups/shop/versions").array?.count == 1)
    // An app may have the name of a group.
    try stage.ask("POST", "/v2/apps", #"{"id": "/shop/db", "cmd": "./db"}"#)
    let both = try stage.get("/v2/groups/shop")
    #expect(both["apps"]?.array?.map { $0["id"]?.string } == ["/shop/db", "/shop/web"])
    #expect(both["groups"]?.array?.first?["apps"]?.array?.count == 1)
  }

  @Test("a change of a group replaces what it lists, and leaves alone what it says nothing of")
  func update() throws {
    let stage = try RESTStage()
    try stage.ask("POST", "/v2/groups", shop)
    func ids() throws -> [String] {
      try #require(try stage.get("/v2/apps")["apps"]?.array).compactMap { $0["id"]?.string }
    }
    let other = #"{"apps": [{"id": "api", "cmd": "./a"}]}"#
    let plan = try stage.ask("PUT", "/v2/groups/shop?dryRun=true", other)
    #expect(plan["steps"]?.array?.count == 3)
    #expect(try ids() == ["/shop/db/mongo", "/shop/web"])
    #expect(try stage.ask("PUT", "/v2/groups/shop", other).status == 409)
    #expect(try stage.ask("PUT", "/v2/groups/shop?force=true", other).status == 200)
    // What is to go is there until its instances have gone; none had started.
    #expect(try ids() == ["/shop/api", "/shop/db/mongo"])
    let scaled = try stage.ask("PUT", "/v2/groups/shop?force=true", #"{"scaleBy": 1.6}"#)
    #expect(scaled.status == 200)
    #expect(try stage.get("/v2/apps/shop/db/mongo")["app"]?["instances"]?.integer == 4)
    #expect(try stage.ask("PUT", "/v2/groups/shop", #"{"scaleBy": -1}"#).status == 422)
    #expect(try stage.ask("PUT", "/v2/groups/none", #"{"scaleBy": 2}"#).status == 404)
    #expect(try stage.ask("DELETE", "/v2/groups/shop?force=true").status == 200)
    #expect(try stage.ask("DELETE", "/v2/groups/shop").status == 404)
  }

  @Test("deployments are a bare list; one is undone by another, or with force given up")
  func deployments() throws {
    let stage = try RESTStage(#"{"id": "w", "cmd": "./w"}"#)
    let list = try #require(try stage.get("/v2/deployments").array)
    ClientKeys.hold(list[0], to: ClientKeys.deployment)
    let action = try #require(list[0]["currentActions"]?.array?.first)
    ClientKeys.hold(action, to: ClientKeys.action)
    let undone = try stage.ask("DELETE", "/v2/deployments/d1")
    #expect(undone["deploymentId"]?.string == "d2")
    #expect(try stage.get("/v2/apps")["apps"]?.array?.isEmpty == true)
    try stage.ask("POST", "/v2/apps", #"{"id": "v", "cmd": "./v"}"#)
    let given = try stage.ask("DELETE", "/v2/deployments/d3?force=true")
    #expect(given.status == 202 && given.body.isEmpty)
    #expect(try stage.get("/v2/apps")["apps"]?.array?.count == 1)
    #expect(try stage.ask("DELETE", "/v2/deployments/d9").status == 404)
  }

  @Test("the queue says what waits and why; a delay is dropped")
  func queue() throws {
    let stage = try RESTStage(#"{"id": "w", "cmd": "./w", "cpus": 4, "backoffSeconds": 60}"#)
    try stage.run(1)
    let path = "/v2/queue?embed=lastUnusedOffers"
    let item = try #require(try stage.get(path)["queue"]?.array?.first)
    ClientKeys.hold(item, to: ClientKeys.queueItem)
    ClientKeys.hold(try #require(item["app"]), to: ClientKeys.app)
    let reasons = item["lastUnusedOffers"]?.array?.first?["reason"]?.array
    #expect(reasons?.first?.string == "InsufficientCpus")
    #expect(try stage.ask("DELETE", "/v2/queue/w/delay").status == 204)
    #expect(try stage.ask("DELETE", "/v2/queue/none/delay").status == 404)
  }

  @Test("what it says of itself")
  func about() throws {
    let stage = try RESTStage()
    let ping = try stage.ask("GET", "/ping")
    #expect(ping.body == "pong")
    #expect(try stage.get("/v2/leader")["leader"]?.string == "127.0.0.1:5050")
    let info = try stage.get("/v2/info")
    ClientKeys.hold(info, to: ClientKeys.info)
    #expect(info["frameworkId"]?.string == "f")
  }

  @Test("paths may name a framework, and only Marathon's are taken for its")
  func places() throws {
    func place(_ path: String) -> MarathonPlace? { MarathonPlace(OperatorRequest("GET", path)) }
    #expect(place("/v2/apps")?.framework == nil)
    #expect(place("//v2//apps")?.parts == ["v2", "apps"])
    #expect(place("/service/web/v2/apps")?.framework == "web")
    #expect(place("/service/web/v2/apps")?.parts == ["v2", "apps"])
    #expect(place("/v2/apps?framework=web")?.framework == "web")
    for path in ["/state", "/api/v1", "/v1", "/", "/service/web", "/service/web/state", "/ping/x"] {
      #expect(place(path) == nil, "\(path)")
    }
  }
}
