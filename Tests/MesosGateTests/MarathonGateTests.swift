// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosOperator
import MesosScenarios
import Testing
import VirtualTime

@testable import MesosGate

@Suite struct MarathonGateTests {
  private static let scenario = """
    name: marathon
    cluster:
      slaves:
        - {name: "node-{index}", count: 3, resources: "cpus:4;mem:4096;ports:[31000-31009]"}
    frameworks:
      - {name: marathon, type: marathon}
      - {name: other, type: marathon, apps: [{id: theirs, cmd: ./theirs}]}
    until: 10m
    """

  /// What a request is answered; an opened stream as nothing but its number.
  private func ask(
    _ session: Session, _ method: String, _ path: String, _ body: String = "",
    headers: [String: String] = [:]
  ) -> (status: Int, json: JSONValue, stream: Int?) {
    let json = ["Content-Type": "application/json"].merging(headers) { $1 }
    let request = OperatorRequest(method, path, body: body, headers: json)
    switch session.gate.take(request, at: session.gate.now) {
    case .reply(let reply):
      return (reply.status, (try? JSONValue(parsing: reply.body)) ?? JSONValue(.null), nil)
    case .opened(let stream, let reply): return (reply.status, JSONValue(.null), stream)
    case .unavailable: return (503, JSONValue(.null), nil)
    }
  }

  private let web = #"{"id": "web", "cmd": "./web", "instances": 3}"#

  @Test func anAppRunsUntilItIsEnded() throws {
    let session = try Session(Self.scenario)
    session.pass(to: 5)
    #expect(ask(session, "POST", "/v2/apps", web).status == 201)
    session.pass(to: 60)
    let tasks = ask(session, "GET", "/v2/apps/web/tasks").json["tasks"]?.array
    #expect(tasks?.map { $0["state"]?.string } == Array(repeating: "TASK_RUNNING", count: 3))
    // What it has launched is in the master's books.
    let known = ask(session, "GET", "/tasks").json["tasks"]?.array
    #expect(known?.count == 4)
    #expect(ask(session, "DELETE", "/v2/apps/web").status == 200)
    session.pass(to: 70)
    #expect(ask(session, "GET", "/v2/apps/web").status == 404)
  }

  @Test func changesAreWrittenDownAndPlayAgain() throws {
    let session = try Session(Self.scenario)
    session.pass(to: 5)
    _ = ask(session, "GET", "/v2/apps")
    _ = ask(session, "POST", "/v2/apps", web)
    session.pass(to: 20)
    _ = ask(session, "PUT", "/v2/apps//web?force=True", #"{"instances": 5}"#)
    _ = ask(session, "DELETE", "/v2/apps/none")
    session.pass(to: 40)
    _ = ask(session, "POST", "/service/other/v2/apps/theirs/restart")
    session.pass(to: 60)
    session.close()
    let replay = try InputReplay(session.recording)
    let outcome = try replay.play(on: Session.run(replay.header.scenario))
    #expect(outcome.difference == nil)
    #expect(outcome.inputs == 4)
    #expect(outcome.digest == session.gate.run.digest)
    // Without one of them it is another run.
    let lines = session.recording.split(separator: "\n")
    let fewer = lines.filter { !$0.contains("/v2/apps//web") }.joined(separator: "\n")
    let other = try InputReplay(fewer + "\n")
    let changed = try other.play(on: Session.run(other.header.scenario))
    #expect(changed.digest != outcome.digest)
  }

  @Test func oneOfSeveralIsNamed() throws {
    let session = try Session(Self.scenario)
    session.pass(to: 5)
    func ids(_ path: String) -> [String?]? {
      ask(session, "GET", path).json["apps"]?.array?.map { $0["id"]?.string }
    }
    #expect(ids("/v2/apps") == [])
    #expect(ids("/v2/apps?framework=other") == ["/theirs"])
    #expect(ids("/service/other/v2/apps") == ["/theirs"])
    let none = ask(session, "GET", "/service/none/v2/apps")
    #expect(none.status == 404)
    #expect(none.json["message"]?.string?.contains("marathon, other") == true)
  }

  @Test func withoutAMarathonItIsSaidHowToHaveOne() throws {
    let session = try Session()
    let answer = ask(session, "GET", "/v2/apps")
    #expect(answer.status == 404)
    #expect(answer.json["message"]?.string?.contains("type: marathon") == true)
  }

  @Test func eventsAreTold() throws {
    let session = try Session(Self.scenario)
    session.pass(to: 5)
    let all = try #require(ask(session, "GET", "/v2/events").stream)
    let some = try #require(ask(session, "GET", "/v2/events?event_type=api_post_event").stream)
    #expect(String(decoding: session.gate.heartbeat(of: all) ?? [], as: UTF8.self) == ":\n\n")
    _ = ask(session, "POST", "/v2/apps", web)
    // Those of the other are not heard here.
    _ = ask(session, "POST", "/service/other/v2/apps", web)
    session.pass(to: 10)
    let records = try #require(session.records[all])
    let first = try #require(records.first { $0.hasPrefix("event: api_post_event\n") })
    #expect(first.hasSuffix("\n\n"))
    let line = try #require(first.split(separator: "\n").last?.dropFirst("data: ".count))
    let json = try JSONValue(parsing: String(line))
    #expect(json["eventType"]?.string == "api_post_event")
    #expect(records.filter { $0.hasPrefix("event: status_update_event\n") }.count == 3)
    #expect(records.last { $0.hasPrefix("event: deployment_success\n") } != nil)
    #expect(session.records[some]?.count == 1)
    session.gate.close(all, at: session.gate.now)
    _ = ask(session, "DELETE", "/v2/apps/web")
    session.pass(to: 20)
    #expect(session.records[all]?.count == records.count)
    #expect(session.records[some]?.count == 2)
  }

  @Test func whoEndsAnswersNobodyAndEndsItsStreams() throws {
    let session = try Session(
      Self.scenario + "\nfaults:\n  - {at: 30s, kill: {scheduler: marathon, for: 30s}}\n")
    session.pass(to: 5)
    _ = ask(session, "POST", "/v2/apps", web)
    session.pass(to: 20)
    let stream = try #require(ask(session, "GET", "/v2/events").stream)
    session.pass(to: 40)
    #expect(session.ended.contains(stream))
    #expect(ask(session, "GET", "/v2/apps").status == 503)
    #expect(ask(session, "POST", "/v2/apps", web).status == 503)
    session.pass(to: 90)
    // The next process knows what the one before was asked for.
    let app = ask(session, "GET", "/v2/apps/web").json["app"]
    #expect(app?["tasksRunning"]?.integer == 3)
    #expect(ask(session, "POST", "/v2/apps", web).status == 409)
  }

  @Test func whoMustSayWhoTheyAreDoesSo() throws {
    let run = try Session.run(Self.scenario)
    var description = MasterDescription(flags: [
      "authenticate_http_readonly": "true", "authenticate_http_readwrite": "true",
    ])
    description.authentication.credentials = [Credential(principal: "ann", secret: "s")]
    let gate = Gate(run, description, seed: run.seed)
    for (method, header, status) in [
      ("GET", nil, 401), ("POST", nil, 401), ("GET", "Basic YW5uOnM=", 200),
      ("POST", "Basic YW5uOnM=", 201),
    ] {
      var headers = ["Content-Type": "application/json"]
      headers["Authorization"] = header
      let request = OperatorRequest(method, "/v2/apps", body: web, headers: headers)
      guard case .reply(let reply) = gate.take(request, at: gate.now) else {
        Issue.record("no reply")
        continue
      }
      #expect(reply.status == status, "\(method) \(header ?? "")")
    }
  }
}
