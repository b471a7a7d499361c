// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import MesosTestKit
import Testing
import VirtualTime

@testable import MarathonREST

@Suite("Marathon's REST: mutated requests")
struct MutatedRequestTests {
  private static let requests: [(method: String, path: String, body: String)] = [
    ("POST", "/v2/apps", #"{"id": "a", "cmd": "./a", "instances": 2, "cpus": 0.5, "ports": [0]}"#),
    (
      "POST", "/v2/apps",
      #"{"id": "/g/b", "cmd": "./b", "constraints": [["hostname", "GROUP_BY", "2"]]}"#
    ),
    (
      "POST", "/v2/apps",
      #"{"id": "c", "args": ["x"], "container": {"type": "DOCKER", "docker": {"image": "i"}}}"#
    ),
    ("PUT", "/v2/apps//a?force=true", #"{"instances": 3, "backoffSeconds": 0}"#),
    ("PUT", "/v2/apps/a", #"{"version": "1970-01-01T00:00:00.000Z"}"#),
    ("PUT", "/v2/apps?force=true", #"[{"id": "a", "cmd": "./a2"}, {"id": "g/d", "cmd": "./d"}]"#),
    ("POST", "/v2/apps/a/restart?force=true", ""), ("DELETE", "/v2/apps/a?force=true", ""),
    ("DELETE", "/v2/apps/a/tasks?scale=true&force=true", ""),
    ("DELETE", "/v2/apps/a/tasks/a.0.1?wipe=true", ""),
    ("POST", "/v2/tasks/delete?scale=true", #"{"ids": ["a.0.1", "g_b.0.1"]}"#),
    ("POST", "/v2/groups", #"{"id": "g", "apps": [{"id": "b", "cmd": "./b"}]}"#),
    (
      "PUT", "/v2/groups/g?force=true",
      #"{"groups": [{"id": "h", "apps": [{"id": "e", "cmd": "./e", "dependencies": ["../../b"]}]}]}"#
    ),
    ("PUT", "/v2/groups/g?force=true", #"{"scaleBy": 1.5}"#),
    ("DELETE", "/v2/groups/g?force=true", ""), ("DELETE", "/v2/deployments/d3?force=true", ""),
    ("DELETE", "/v2/deployments/d5", ""), ("DELETE", "/v2/queue/a/delay", ""),
    ("GET", "/v2/apps?label=a in (b, c),!d&embed=apps.tasks&cmd=a", ""),
    ("GET", "/v2/apps/a/versions/1970-01-01T00:00:00.000Z", ""),
    ("GET", "/v2/groups?embed=group.apps.tasks", ""), ("GET", "/v2/events?event_type=x", ""),
    ("POST", "/v1/apps/start", #"{"id": "v", "cmd": "sleep 60", "instances": "2", "mem": "64"}"#),
    ("POST", "/v1/apps/scale", #"{"id": "v", "instances": "1"}"#),
    ("POST", "/v1/apps/stop", #"{"id": "v"}"#), ("POST", "/v1/tasks/kill?appId=v&scale=true", ""),
    ("GET", "/v1/endpoints/v", ""), ("GET", "/v1/apps/search?id=V", ""),
  ]

  /// A generator whose numbers are the same each time.
  private struct Numbers {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, bound)
    }
  }

  private func mutated(_ text: String, _ numbers: inout Numbers) -> String {
    var bytes = Array(text.utf8)
    let pieces = [
      "-1", "1e999", "9223372036854775808", "null", "[]", "{}", "\"\"", "/", "..", "%", "(", ",",
      "\"x\": ", "true",
    ]
    for _ in 0..<(1 + numbers.below(3)) where !bytes.isEmpty {
      let place = numbers.below(bytes.count)
      switch numbers.below(4) {
      case 0: bytes.remove(at: place)
      case 1: bytes[place] = UInt8(32 + numbers.below(95))
      case 2: bytes.insert(contentsOf: pieces[numbers.below(pieces.count)].utf8, at: place)
      default:
        let end = min(bytes.count, place + 1 + numbers.below(12))
        bytes.removeSubrange(place..<end)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test("none traps, each is answered, and what is shown stays within the fields that clients take")
  func mutations() throws {
    var numbers = Numbers(state: 7)
    let stage = try RESTStage()
    var statuses: Set<Int> = []
    for round in 0..<1500 {
      var (method, path, body) = Self.requests[numbers.below(Self.requests.count)]
      if numbers.below(2) == 0 {
        if numbers.below(3) > 0 {
          body = mutated(body, &numbers)
        } else {
          path = mutated(path, &numbers)
        }
      }
      // What has become no path of Marathon's is not for it.
      guard let reply = try? stage.ask(method, path, body) else { continue }
      statuses.insert(reply.status)
      #expect((200..<600).contains(reply.status), "\(method) \(path) \(body)")
      if reply.status >= 400 { #expect(reply["message"]?.string != nil, "\(path): \(reply.body)") }
      if round.isMultiple(of: 5) { try stage.run(1, on: "h\(numbers.below(3))") }
      if round.isMultiple(of: 11), let task = stage.driver.launched.last {
        stage.update(task.taskID.value, .failed)
      }
      if round.isMultiple(of: 7) { stage.environment.advance(by: .seconds(numbers.below(20))) }
    }
    #expect(statuses.isSuperset(of: [200, 201, 204, 400, 404, 409, 422]), "\(statuses)")
    let apps = try #require(try stage.get("/v2/apps?embed=apps.tasks")["apps"]?.array)
    for app in apps {
      ClientKeys.hold(app, to: ClientKeys.app)
      for task in app["tasks"]?.array ?? [] { ClientKeys.hold(task, to: ClientKeys.task) }
    }
  }
}
