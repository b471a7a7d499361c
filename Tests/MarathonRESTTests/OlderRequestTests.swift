// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@testable import MarathonREST

@Suite("Marathon's REST: up to 0.6")
struct OlderRequestTests {
  private let unique = """
    {"id": "sleep-unique", "cmd": "sleep 60", "instances": 3, "constraints": [["hostname", "UNIQUE"]]}
    """

  @Test("an app is started, scaled and stopped without a word")
  func life() throws {
    let stage = try RESTStage()
    let started = try stage.ask("POST", "/v1/apps/start", unique)
    #expect(started.status == 204 && started.body.isEmpty)
    #expect(try stage.ask("POST", "/v1/apps/start", unique).status == 409)
    for host in ["a", "a", "b", "c"] { try stage.run(1, on: host) }
    let app = try #require(try stage.get("/v1/apps").array?.first)
    #expect(app["id"]?.string == "sleep-unique")
    #expect(app["tasksRunning"]?.integer == 3)
    ClientKeys.hold(app, to: ClientKeys.app)
    let hosts = try #require(try stage.get("/v1/apps/sleep-unique/tasks")["sleep-unique"]?.array)
    #expect(hosts.map { $0["host"]?.string } == ["a", "b", "c"])
    // Early clients sent numbers as texts.
    let scale = #"{"id": "sleep-unique", "instances": "4"}"#
    #expect(try stage.ask("POST", "/v1/apps/scale", scale).status == 204)
    #expect(try stage.get("/v2/apps/sleep-unique")["app"]?["instances"]?.integer == 4)
    let stop = #"{"id": "sleep-unique"}"#
    #expect(try stage.ask("POST", "/v1/apps/stop", stop).status == 204)
    for task in ["sleep-unique.0.1", "sleep-unique.1.1", "sleep-unique.2.1"] {
      stage.update(task, .killed)
    }
    #expect(try stage.get("/v1/apps").array?.isEmpty == true)
    #expect(try stage.ask("POST", "/v1/apps/stop", stop).status == 404)
    #expect(try stage.ask("POST", "/v1/apps/scale", scale).status == 404)
  }

  @Test("numbers may be texts, and a constraint may have an empty value")
  func earlyForms() throws {
    let stage = try RESTStage()
    let body = """
      {"id": "My_App", "cmd": "sleep 60", "instances": "2", "mem": "64", "cpus": "0.5",
       "constraints": [["hostname", "UNIQUE", ""]]}
      """
    #expect(try stage.ask("POST", "/v1/apps/start", body).status == 204)
    let app = try #require(try stage.get("/v1/apps/search?id=my_app&cmd=SLEEP").array?.first)
    #expect(app["mem"]?.double == 64)
    #expect(app["constraints"]?.array?.first?.array?.count == 2)
    #expect(try stage.get("/v1/apps/search?cmd=nothing").array?.isEmpty == true)
    #expect(try stage.ask("POST", "/v1/apps/start", #"{"id": "a/b", "cmd": "x"}"#).status == 422)
    #expect(try stage.ask("POST", "/v1/apps/start", #"{"id": "a", "mem": "much"}"#).status == 422)
  }

  @Test("endpoints are shown as JSON and in words; tasks are killed by filters")
  func endpoints() throws {
    let stage = try RESTStage()
    try stage.ask(
      "POST", "/v1/apps/start", #"{"id": "w", "cmd": "./w", "instances": 2, "ports": [80]}"#)
    try stage.run(2)
    let all = try #require(try stage.get("/v1/endpoints").array)
    #expect(all[0]["instances"]?.array?.count == 2)
    #expect(try stage.get("/v1/endpoints/w")["ports"]?.array?.first?.integer == 80)
    let text = try stage.ask("GET", "/v1/endpoints", headers: ["Accept": "text/plain"]).body
    #expect(text.hasPrefix("w_80 80 a:31"))
    #expect(try stage.get("/v1/tasks")["w"]?.array?.count == 2)
    let none = try stage.ask("POST", "/v1/tasks/kill?appId=w&host=z")
    #expect(none["message"]?.string == "No tasks matched your filters")
    #expect(try stage.ask("POST", "/v1/tasks/kill?appId=w&id=w.0.1").json.array?.count == 1)
    #expect(stage.driver.takeTexts().contains("kill w.0.1"))
  }
}
