// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@testable import MarathonREST

@Suite("Marathon's REST: apps")
struct AppRequestTests {
  private let web = #"{"id": "web", "cmd": "./web", "instances": 2, "labels": {"tier": "front"}}"#

  @Test("an app is created with its deployment, and not twice")
  func create() throws {
    let stage = try RESTStage()
    let created = try stage.ask("POST", "/v2/apps", web)
    #expect(created.status == 201)
    #expect(created["id"]?.string == "/web")
    #expect(created.headers["Marathon-Deployment-Id"] == "d1")
    #expect(created["deployments"]?.array?.first?["id"]?.string == "d1")
    ClientKeys.hold(created.json, to: ClientKeys.app)
    let again = try stage.ask("POST", "/v2/apps", web)
    #expect(again.status == 409)
    #expect(again["message"]?.string == "An app with id [/web] already exists.")
    // Also where nothing is left to do at once the client is told of a deployment.
    let none = try stage.ask("POST", "/v2/apps", #"{"id": "z", "cmd": "./z", "instances": 0}"#)
    #expect(none["deployments"]?.array?.count == 1)
    #expect(try stage.get("/v2/apps/z")["app"]?["deployments"]?.array?.isEmpty == true)
  }

  @Test("what makes no sense is refused as Marathon refuses it")
  func refusals() throws {
    let stage = try RESTStage()
    let unknown = try stage.ask("GET", "/v2/apps/nobody")
    #expect(unknown.status == 404)
    #expect(unknown["message"]?.string == "App '/nobody' does not exist")
    #expect(try stage.ask("POST", "/v2/apps", "{").status == 400)
    let bad = try stage.ask("POST", "/v2/apps", #"{"id": "a", "cmd": "./a", "cpus": -1}"#)
    #expect(bad.status == 422)
    #expect(bad["details"]?.array?.first?["path"]?.string == "/cpus")
    let form = ["Content-Type": "application/x-www-form-urlencoded"]
    #expect(try stage.ask("POST", "/v2/apps", web, headers: form).status == 415)
    #expect(try stage.ask("POST", "/v2/apps/web").status == 405)
    #expect(try stage.ask("GET", "/v2/nothing").status == 404)
    for path in ["/v2/apps/x", "/v2/apps/x/restart", "/v2/apps/x/tasks", "/v2/apps/x/versions"] {
      let method = path.hasSuffix("restart") ? "POST" : "GET"
      #expect(try stage.ask(method, path).status == 404, "\(path)")
    }
    #expect(try stage.ask("PATCH", "/v2/apps/x", "{}").status == 404)
    let many = try stage.ask(
      "POST", "/v2/apps", #"{"id": "m", "cmd": "./m", "instances": 2147483647}"#)
    #expect(many["details"]?.array?.first?["path"]?.string == "/instances")
    let deep = Array(repeating: "a", count: 200_000).joined(separator: "/")
    let long = try stage.ask("POST", "/v2/apps", #"{"id": "\#(deep)", "cmd": "./m"}"#)
    #expect(long["details"]?.array?.first?["path"]?.string == "/id")
    let apps = (0...1000).map { #"{"id": "a\#($0)", "cmd": "./m", "instances": 0}"# }
    let list = "[" + apps.joined(separator: ",") + "]"
    #expect(try stage.ask("PUT", "/v2/apps", list).status == 422)
  }

  @Test("lists are filtered by command, id and labels")
  func filters() throws {
    let stage = try RESTStage(
      web, #"{"id": "/db/mongo", "cmd": "./mongo", "labels": {"tier": "back", "old": "yes"}}"#)
    func ids(_ query: String) throws -> [String] {
      let list = try #require(try stage.get("/v2/apps" + query)["apps"]?.array)
      for app in list { ClientKeys.hold(app, to: ClientKeys.app) }
      return list.compactMap { $0["id"]?.string }
    }
    #expect(try ids("") == ["/db/mongo", "/web"])
    #expect(try ids("?cmd=web") == ["/web"])
    #expect(try ids("?id=/db") == ["/db/mongo"])
    #expect(try ids("?label=tier%3D%3Dback") == ["/db/mongo"])
    #expect(try ids("?label=!old") == ["/web"])
    #expect(try ids("?label=tier%20in%20(front,back),old") == ["/db/mongo"])
    #expect(try ids("?label=tier%20notin%20(back)") == ["/web"])
    #expect(try ids("?label=tier!=back,tier") == ["/web"])
    #expect(try stage.ask("GET", "/v2/apps?label=%3D%3D").status == 400)
  }

  @Test("only what is asked for is shown beside the usual, all of several")
  func embeds() throws {
    let stage = try RESTStage(web)
    try stage.run(2)
    let plain = try #require(try stage.get("/v2/apps")["apps"]?.array?.first)
    #expect(plain["tasksRunning"]?.integer == 2)
    #expect(plain["tasks"] == nil)
    stage.update("web.0.1", .failed)
    let path = "/v2/apps?embed=apps.tasks&embed=apps.lastTaskFailure&embed=app.taskStats"
    let full = try #require(try stage.get(path)["apps"]?.array?.first)
    ClientKeys.hold(full, to: ClientKeys.app)
    let task = try #require(full["tasks"]?.array?.first)
    ClientKeys.hold(task, to: ClientKeys.task)
    let failure = try #require(full["lastTaskFailure"])
    ClientKeys.hold(failure, to: ClientKeys.failure)
    #expect(failure["state"]?.string == "TASK_FAILED")
    #expect(failure["taskId"]?.string == "web.0.1")
    let counts = full["taskStats"]?["totalSummary"]?["stats"]?["counts"]
    #expect(counts?["running"]?.integer == 1)
    // One app has its tasks without being asked.
    #expect(try stage.get("/v2/apps/web")["app"]?["tasks"]?.array?.count == 1)
  }

  @Test("a doubled slash and force in any case are taken; a locked app is refused, or not")
  func update() throws {
    let stage = try RESTStage(web)
    let locked = try stage.ask("PUT", "/v2/apps//web?force=False", #"{"instances": 5}"#)
    #expect(locked.status == 409)
    #expect(locked["deployments"]?.array?.first?["id"]?.string == "d1")
    let forced = try stage.ask("PUT", "/v2/apps//web?force=True", #"{"instances": 5}"#)
    #expect(forced.status == 200)
    #expect(forced["deploymentId"]?.string == "d2")
    #expect(forced["version"]?.string == "1970-01-01T00:00:00.000Z")
    #expect(try stage.get("/v2/apps/web")["app"]?["instances"]?.integer == 5)
    #expect(try stage.ask("PUT", "/v2/apps/new", #"{"cmd": "./new"}"#).status == 201)
    #expect(try stage.ask("DELETE", "/v2/apps/new?force=true").status == 200)
    #expect(try stage.ask("DELETE", "/v2/apps/new").status == 404)
  }

  @Test("several apps are changed in one deployment")
  func updateMany() throws {
    let stage = try RESTStage(#"{"id": "a", "cmd": "./a", "instances": 0}"#)
    let body = #"[{"id": "a", "instances": 1}, {"id": "b", "cmd": "./b"}]"#
    #expect(try stage.ask("PUT", "/v2/apps", body).status == 200)
    let deployments = try #require(try stage.get("/v2/deployments").array)
    #expect(deployments.count == 1)
    #expect(deployments[0]["affectedApps"]?.array?.map(\.string) == ["/a", "/b"])
    #expect(try stage.ask("PUT", "/v2/apps", "{}").status == 422)
    #expect(try stage.ask("PUT", "/v2/apps", #"[{"cmd": "x"}]"#).status == 422)
    let twice = #"[{"id": "a", "instances": 1}, {"id": "a", "instances": 2}]"#
    #expect(try stage.ask("PUT", "/v2/apps?force=true", twice).status == 422)
  }

  @Test("a long way of dependencies is followed to its end, and a circle is found")
  func dependencies() throws {
    let stage = try RESTStage()
    func apps(closed: Bool) -> String {
      let last = closed ? #", "dependencies": ["/a0"]"# : ""
      let chain = (0..<300).map { number in
        #"{"id": "a\#(number)", "cmd": "./m", "instances": 0, "dependencies": ["/a\#(number + 1)"]}"#
      }
      return "["
        + (chain + [#"{"id": "a300", "cmd": "./m", "instances": 0\#(last)}"#]).joined(
          separator: ",")
        + "]"
    }
    let circle = try stage.ask("PUT", "/v2/apps", apps(closed: true))
    #expect(circle.status == 422)
    #expect(circle["message"]?.string?.contains("cyclic") == true)
    #expect(try stage.ask("PUT", "/v2/apps", apps(closed: false)).status == 200)
  }

  @Test("earlier versions are listed, shown and gone back to")
  func versions() throws {
    let stage = try RESTStage(web)
    try stage.run(2)
    let first = try #require(try stage.get("/v2/apps/web")["app"]?["version"]?.string)
    stage.environment.advance(toSecond: 60)
    try stage.ask("PUT", "/v2/apps/web", #"{"cmd": "./web-2"}"#)
    let versions = try #require(try stage.get("/v2/apps/web/versions")["versions"]?.array)
    #expect(versions.map(\.string) == ["1970-01-01T00:01:00.000Z", first])
    let old = try stage.get("/v2/apps/web/versions/" + first)
    #expect(old["cmd"]?.string == "./web")
    ClientKeys.hold(old, to: ClientKeys.app)
    let none = try stage.ask("GET", "/v2/apps/web/versions/2001-01-01T00:00:00.000Z")
    #expect(none.status == 404)
    stage.environment.advance(toSecond: 120)
    let back = try stage.ask("PUT", "/v2/apps/web?force=true", #"{"version": "\#(first)"}"#)
    #expect(back.status == 200)
    #expect(try stage.get("/v2/apps/web")["app"]?["cmd"]?.string == "./web")
  }

  @Test("apps of a group are found by a star")
  func star() throws {
    let stage = try RESTStage(web, #"{"id": "/shop/a", "cmd": "./a"}"#)
    let found = try stage.get("/v2/apps/shop/*")["*"]?.array
    #expect(found?.map { $0["id"]?.string } == ["/shop/a"])
  }

  @Test("who asks before Marathon is registered finds the apps that it was made with")
  func beforeRegistration() throws {
    let stage = try RESTStage(web, isRegistered: false)
    #expect(try stage.ask("POST", "/v2/apps", web).status == 409)
    #expect(try stage.ask("POST", "/v2/apps", #"{"id": "new", "cmd": "./new"}"#).status == 201)
    stage.register()
    try stage.run(3)
    let apps = try #require(try stage.get("/v2/apps")["apps"]?.array)
    #expect(apps.map { $0["tasksRunning"]?.integer } == [1, 2])
    #expect(try stage.get("/v2/deployments").array?.isEmpty == true)
  }
}
