// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scenario with a client in the test's hands.

import Foundation
import MesosOperator
import MesosScenarios
import Testing
import VirtualTime

@testable import MesosGate

/// A gate, what was written down, and what came out.
final class Session {
  static let cluster = """
    name: clients
    cluster:
      slaves:
        - {name: "node-{index}", count: 2, resources: "cpus:4;mem:4096"}
    frameworks: []
    until: 10m
    """

  let gate: Gate
  private let lines = Lines()
  /// The records of each stream, as text.
  private(set) var records: [Int: [String]] = [:]
  private(set) var ended: Set<Int> = []

  final class Lines {
    var bytes: [UInt8] = []
  }

  /// What was written down.
  var recording: String { String(decoding: lines.bytes, as: UTF8.self) }

  static func run(_ yaml: String) throws -> ScenarioRun {
    let loaded = try Scenario.decode(
      Array(yaml.utf8), file: "test", files: ScenarioFiles(folder: "."))
    return try ScenarioRun(
      PreparedScenario(loaded), allocator: loaded.allocatorEntry("drf"))
  }

  init(_ yaml: String = Session.cluster) throws {
    let run = try Session.run(yaml)
    let lines = lines
    let recorder = InputRecorder(
      RecordingHeader(
        version: "test", scenario: yaml, name: "test", folder: ".", allocator: "drf",
        address: "127.0.0.1:5050")
    ) { lines.bytes += $0 }
    gate = Gate(run, MasterDescription(), seed: run.seed, recording: recorder)
    close = { [gate] in
      recorder.finish(events: run.eventsHandled, at: gate.now, digest: run.digest)
    }
  }

  /// Ends the recording.
  let close: () -> Void

  /// Handles everything until an instant, in seconds.
  func pass(to seconds: Double) {
    let instant = Instant.start + .rounded(seconds: seconds)
    while gate.step(notAfter: instant) {}
    hear()
  }

  private func hear() {
    for output in gate.takeOutputs() {
      if let record = output.record {
        records[output.stream, default: []].append(String(decoding: record, as: UTF8.self))
      }
      if output.ends { ended.insert(output.stream) }
    }
  }

  /// Subscribes; the number of the stream and its name.
  func subscribe(
    _ name: String = "web", id: String? = nil, timeout: Double = 0
  ) throws -> (stream: Int, id: String) {
    let known = id.map { #", "id": {"value": "\#($0)"}"# } ?? ""
    let outer = id.map { #", "framework_id": {"value": "\#($0)"}"# } ?? ""
    let body = """
      {"type": "SUBSCRIBE"\(outer), "subscribe": {"framework_info":
        {"user": "root", "name": "\(name)", "failover_timeout": \(timeout)\(known)}}}
      """
    let answer = gate.take(request(body), at: gate.now)
    hear()
    guard case .opened(let stream, let reply) = answer else {
      throw Refusal(answer: "\(answer)")
    }
    return (stream, reply.headers["Mesos-Stream-Id"] ?? "")
  }

  struct Refusal: Error { let answer: String }

  /// Makes a call; the status of the answer.
  @discardableResult
  func call(_ type: String, _ fields: String = "", framework: String, _ stream: String) -> Int {
    let body = """
      {"type": "\(type)", "framework_id": {"value": "\(framework)"}\(fields)}
      """
    let answer = gate.take(request(body, stream), at: gate.now)
    hear()
    guard case .reply(let reply) = answer else { return 503 }
    return reply.status
  }

  private func request(_ body: String, _ stream: String? = nil) -> OperatorRequest {
    var headers = ["Content-Type": "application/json", "Accept": "application/json"]
    headers["Mesos-Stream-Id"] = stream
    headers["Authorization"] = "Basic c2VjcmV0"
    return OperatorRequest("POST", "/api/v1/scheduler", body: body, headers: headers)
  }

  /// The types of a stream's records.
  func types(_ stream: Int) -> [String] {
    (records[stream] ?? []).map { record in
      String(record.split(separator: "\"").dropFirst(2).dropFirst().first ?? "")
    }
  }

  /// What stands behind `key":"` in the last record of a type.
  func value(_ key: String, in type: String, on stream: Int) -> String? {
    let record = records[stream]?.last { $0.contains("\"type\":\"\(type)\"") }
    return record?.components(separatedBy: "\"\(key)\":").dropFirst().first.flatMap { rest in
      rest.split(separator: "\"").first { !$0.allSatisfy { "{: ".contains($0) } && $0 != "value" }
    }.map(String.init)
  }
}
