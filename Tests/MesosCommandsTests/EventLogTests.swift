// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a log with one line for many offers says what one with a line for each says.

import Foundation
import Testing

@Suite("Event logs")
struct EventLogTests {
  private static let scenario = """
    name: quiet
    until: 1m
    cluster:
      slaves:
        - {count: 30, name: "std-{index}", resources: "cpus:4;mem:8GB"}
        - {count: 20, name: "big-{index}", resources: "cpus:16;mem:64GB"}
    frameworks:
      - name: one
        type: batch
        workload:
          jobs: 3
          arrivals: {constant: 10s}
          stages: [{name: step, tasks: 5, resources: "cpus:1;mem:1GB", duration: 5s}]
    """

  private struct Line: Decodable {
    var type: String
    var t: Int?
    var slave: String?
    var slaves: [[String]]?
    var resources: String?
    var end: String?

    /// The slaves that it is about, those between the first and the last of a row counted along.
    var named: [String] {
      (slaves ?? slave.map { [[$0, $0]] } ?? []).flatMap { row -> [String] in
        let parts = row.map { $0.split(separator: "-") }
        guard let first = Int(parts[0][1]), let last = Int(parts[1][1]), parts[0][0] == parts[1][0]
        else { return row }
        return (first...last).map { "\(parts[0][0])-\($0)" }
      }
    }
  }

  private func offers(of log: String) throws -> (lines: Int, facts: Set<String>) {
    let lines = try log.split(separator: "\n").dropFirst()
      .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
      .filter { $0.type.hasPrefix("offer") }
    var facts: Set<String> = []
    for line in lines {
      for slave in line.named {
        let fact = "\(line.t ?? 0) \(line.type) \(slave) \(line.resources ?? "") \(line.end ?? "")"
        #expect(facts.insert(fact).inserted, "\(fact)")
      }
    }
    return (lines.count, facts)
  }

  @Test("offers made and ended together are a line for each amount, or with a flag one by one")
  func runs() async throws {
    try await Shell.inFolder { folder in
      let file = folder.appending(path: "quiet.yaml")
      try Data(Self.scenario.utf8).write(to: file)
      let run = ["run", file.path(), "--allocator", "drf", "--events", "-", "--quiet"]
      let short = try await Shell.mesosim(run)
      let long = try await Shell.mesosim(run + ["--verbose-events"])
      #expect(short.status == 0 && long.status == 0, "\(short.err) \(long.err)")
      let (rows, singles) = (try offers(of: short.out), try offers(of: long.out))
      #expect(rows.facts == singles.facts)
      #expect(singles.lines == singles.facts.count)
      #expect(rows.lines < singles.lines / 3, "\(rows.lines) for \(singles.lines)")
    }
  }

  @Test("--verbose-events alone says that it needs a log")
  func verboseAlone() async throws {
    let outcome = try await Shell.mesosim(["run", small, "--verbose-events"])
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("--events"))
  }
}
