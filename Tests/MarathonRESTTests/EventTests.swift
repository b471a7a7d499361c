// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@testable import MarathonREST

@Suite("Marathon's REST: events")
struct EventTests {
  @Test("an app that is created, runs and ends is told step by step")
  func life() throws {
    let stage = try RESTStage()
    _ = stage.takeKinds()
    try stage.ask("POST", "/v2/apps", #"{"id": "w", "cmd": "./w"}"#)
    #expect(
      stage.takeKinds() == [
        "api_post_event", "group_change_success", "deployment_info", "deployment_step_success",
        "deployment_info", "instance_changed_event",
      ])
    try stage.run(1)
    #expect(
      stage.takeKinds() == [
        "instance_changed_event", "status_update_event", "instance_changed_event",
        "deployment_step_success", "deployment_success",
      ])
    // What says nothing new is no event.
    stage.update("w.0.1", .running)
    #expect(stage.takeKinds() == [])
    try stage.ask("DELETE", "/v2/apps/w")
    stage.update("w.0.1", .killed)
    #expect(
      stage.takeKinds() == [
        "api_post_event", "group_change_success", "deployment_info", "status_update_event",
        "instance_changed_event", "app_terminated_event", "deployment_step_success",
        "deployment_success",
      ])
    stage.update("w.0.1", .killed)
    #expect(stage.takeKinds() == ["unknown_instance_terminated_event"])
  }

  @Test("each says what it is and when, with fields that clients take")
  func fields() throws {
    let stage = try RESTStage()
    stage.environment.advance(toSecond: 5)
    try stage.ask("POST", "/v2/apps", #"{"id": "w", "cmd": "./w"}"#)
    try stage.run(1)
    for event in stage.events {
      #expect(event.json["eventType"]?.string == event.type)
      #expect(event.json["timestamp"]?.string != nil)
      if let plan = event.json["plan"] {
        ClientKeys.hold(plan, to: ClientKeys.plan)
        for key in ["original", "target"] {
          ClientKeys.hold(try #require(plan[key]), to: ClientKeys.group)
        }
      }
    }
    let update = try #require(stage.events.first { $0.type == "status_update_event" })
    #expect(update.json["taskStatus"]?.string == "TASK_RUNNING")
    #expect(update.json["appId"]?.string == "/w")
    #expect(update.json["timestamp"]?.string == "1970-01-01T00:00:05.000Z")
    let post = try #require(stage.events.first { $0.type == "api_post_event" })
    #expect(post.json["uri"]?.string == "/v2/apps")
    #expect(post.json["appDefinition"]?["id"]?.string == "/w")
  }

  @Test("health is told when it changes, and a kill for it")
  func health() throws {
    let stage = try RESTStage()
    try stage.ask(
      "POST", "/v2/apps",
      """
      {"id": "w", "cmd": "./w", "healthChecks": [{"protocol": "HTTP", "path": "/",
        "gracePeriodSeconds": 0, "intervalSeconds": 10, "maxConsecutiveFailures": 1}]}
      """)
    #expect(stage.takeKinds().contains("add_health_check_event"))
    try stage.run(1)
    _ = stage.takeKinds()
    var status = TaskStatus(
      taskID: "w.0.1", state: .running, slaveID: "a", timestamp: stage.environment.now,
      source: .executor)
    status.checkStatus = .http(status: 200)
    stage.scheduler.statusUpdate(stage.driver, status: status)
    #expect(
      stage.takeKinds().prefix(2) == [
        "health_status_changed_event", "instance_health_changed_event",
      ])
    status.checkStatus = .http(status: 500)
    stage.scheduler.statusUpdate(stage.driver, status: status)
    #expect(stage.takeKinds().contains("failed_health_check_event"))
    stage.environment.advance(by: .seconds(10))
    #expect(stage.takeKinds().contains("unhealthy_instance_kill_event"))
  }

  @Test("a deployment that is given up has failed")
  func failure() throws {
    let stage = try RESTStage(#"{"id": "w", "cmd": "./w"}"#)
    _ = stage.takeKinds()
    try stage.ask("DELETE", "/v2/deployments/d1?force=true")
    #expect(stage.takeKinds() == ["deployment_failed"])
  }

  @Test("a stream may be asked for some kinds only")
  func kinds() throws {
    let stage = try RESTStage()
    let path = "/v2/events?event_type=deployment_info&event_type=status_update_event"
    #expect(try stage.ask("GET", path).body == "deployment_info status_update_event")
    #expect(try stage.ask("POST", "/v2/events").status == 405)
  }
}
