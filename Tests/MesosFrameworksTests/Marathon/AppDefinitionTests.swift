// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("App definitions")
struct AppDefinitionTests {
  private func refusal(
    _ text: String, as interface: AppDefinition.Interface = .v2
  ) -> AppRefusal? {
    do throws(AppRefusal) { _ = try AppDefinition(parsing: text, as: interface) } catch {
      return error
    }
    return nil
  }

  @Test("what is no JSON is refused with 400, a message and the place, and not mended")
  func malformed() throws {
    let text = "{\"id\": \"web\",\n \"env\": {\"JAVA_OPTS\",\"-Xmx1g\"}}"
    let error = try #require(refusal(text, as: .v1))
    #expect(error.status == 400)
    #expect(error.message == "Invalid JSON")
    #expect(error.details.map(\.errors) == [["expected ':' after the key 'JAVA_OPTS'"]])
    let position = try #require(error.position(in: text))
    #expect(position.line == 2)
    #expect(position.column == 21)
  }

  @Test("what makes no sense is refused with 422, all of it at once, each with its path and place")
  func senseless() throws {
    let text = """
      {"id": "web", "cmd": "./web", "cpus": -1, "instances": "three",
       "healthChecks": [{"portIndex": 7}]}
      """
    let error = try #require(refusal(text))
    #expect(error.status == 422)
    #expect(error.details.map(\.path) == ["/cpus", "/instances", "/healthChecks(0)/portIndex"])
    #expect(error.details[0].errors == ["got -1, expected 0.001 or more"])
    let position = try #require(error.position(in: text))
    #expect(position == (1, 39))
  }

  @Test(
    "a definition is read again from what is shown of it",
    arguments: [
      #"{"id": "web", "cmd": "./web"}"#,
      #"{"id": "/shop/cart", "args": ["a", "b"], "ports": [8080, 0], "requirePorts": true}"#,
      #"""
      {"id": "r", "container": {"type": "DOCKER", "docker": {"image": "redis", "network": "BRIDGE",
       "portMappings": [{"containerPort": 6379, "name": "r"}]}}, "healthChecks": [{"protocol": "TCP"}]}
      """#,
      #"""
      {"id": "db", "cmd": "./db", "container": {"type": "MESOS", "volumes": [
       {"containerPath": "data", "mode": "RW", "persistent": {"size": 512}}]}}
      """#,
      #"""
      {"id": "s", "cmd": "./s", "env": {"A": "1", "B": {"secret": "x"}}, "secrets": {"x": {"source": "y"}},
       "uris": ["http://h/a.tgz"], "constraints": [["rack", "group_by", "3"]], "dependencies": ["db"],
       "unreachableStrategy": "disabled", "killSelection": "OLDEST_FIRST",
       "portDefinitions": [{"port": 0, "name": "main"}],
       "readinessChecks": [{"portName": "main"}], "labels": {"b": "2", "a": "1"}}
      """#,
    ])
  func roundTrip(text: String) throws {
    let app = try AppDefinition(parsing: text)
    #expect(try AppDefinition(parsing: app.storedText) == app)
  }

  @Test(
    "the older form is read again, too, by its id without slash, and paces launches by its rate")
  func olderForm() throws {
    let app = try AppDefinition(
      parsing: #"{"id": "My_App.1", "cmd": "sleep 60", "instances": 3, "taskRateLimit": 0.5}"#,
      as: .v1)
    #expect(app.id.description == "/My_App.1")
    #expect(app.backoff == BackoffStrategy(seconds: 2, factor: 1, maxSeconds: 3600))
    #expect(try AppDefinition(parsing: app.storedText, as: .v1) == app)
  }

  @Test("an app's role is one of those it may take resources of, another is not")
  func acceptedRoles() throws {
    let text = #"{"id": "w", "cmd": "./w", "acceptedResourceRoles": ["web"]}"#
    #expect(throws: AppRefusal.self) { try AppDefinition(parsing: text, ownRole: .unreserved) }
    #expect(try AppDefinition(parsing: text, ownRole: "web").acceptedRoles == ["web"])
  }

  @Test(
    "a change says only what differs, older names included, and cannot switch both ways at once")
  func merging() throws {
    let app = try AppDefinition(
      parsing: #"{"id": "w", "cmd": "./w", "ports": [1, 2], "cpus": 2, "args": []}"#)
    func merged(_ text: String) throws -> AppDefinition {
      try app.merging(try #require(try JSONValue(parsing: text).members))
    }
    #expect(try merged(#"{"instances": 4}"#).hasSameConfiguration(as: app))
    #expect(try merged(#"{"ports": [3]}"#).ports?.map(\.number) == [3])
    #expect(try merged(#"{"args": ["x", "y"]}"#).command == nil)
    #expect(throws: AppRefusal.self) { try merged(#"{"cpus": 0}"#) }
  }

  @Test("apps of a group are named from it and depend on what it depends on")
  func groups() throws {
    let body = try JSONValue(
      parsing: """
        {"id": "/shop", "groups": [
          {"id": "db", "apps": [{"id": "mongo", "cmd": "./mongo"}]},
          {"id": "web", "dependencies": ["../db"], "apps": [{"id": "front", "cmd": "./front"}]}]}
        """)
    let apps = try AppGroup.apps(body)
    #expect(apps.map(\.id.description) == ["/shop/db/mongo", "/shop/web/front"])
    #expect(apps[1].dependencies.map(\.description) == ["/shop/db"])
  }

  @Test("versions are calendar times as Marathon writes them")
  func calendar() {
    #expect(CalendarText.text(epoch: 0, .start) == "1970-01-01T00:00:00.000Z")
    #expect(
      CalendarText.text(epoch: 1_412_166_600, .start + .milliseconds(1250))
        == "2014-10-01T12:30:01.250Z")
    #expect(CalendarText.text(epoch: 951_782_400, .start) == "2000-02-29T00:00:00.000Z")
  }
}
