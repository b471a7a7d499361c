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

  private static let services = """
    name: services
    until: 20m
    cluster:
      slaves:
        - {count: 4, name: "std-{index}", resources: "cpus:4;mem:8GB;ports:[31000-32000]"}
    frameworks:
      - name: marathon
        type: marathon
        role: web
        apps: [{id: web, cmd: ./web, cpus: 1, mem: 512, instances: 4}]
        versions: {"web@v2": {cmd: ./web --fast}}
        acts: [{at: 5m, deploy: "web@v2"}]
    operator:
      - {at: 7m, weights: {web: 2.5}}
      - {at: 8m, removeQuota: web}
      - {at: 9m, reserve: {slave: std-0, role: web, resources: "cpus:100"}}
    """

  private struct Note: Decodable {
    struct Step: Decodable {
      var what: String
      var began: Int
      var ended: Int?
    }
    struct Act: Decodable {
      var weights: [String: Double]?
      var reserve: [String: String]?
    }

    var type: String
    var t: Int?
    var name: String?
    var what: String?
    var outcome: String?
    var steps: [Step]?
    var act: Act?
    var refusal: String?
  }

  @Test("changes of services with their steps, names of groups, and acts of operators are in it")
  func notes() async throws {
    try await Shell.inFolder { folder in
      let file = folder.appending(path: "services.yaml")
      try Data(Self.services.utf8).write(to: file)
      let run = ["run", file.path(), "--allocator", "drf", "--quiet"]
      let outcome = try await Shell.mesosim(run + ["--events", "-"])
      let lines = try outcome.out.split(separator: "\n").dropFirst()
        .map { try JSONDecoder().decode(Note.self, from: Data($0.utf8)) }
      let groups = Set(lines.filter { $0.type == "tasksWanted" }.map(\.name))
      #expect(groups == ["/web"])
      let changes = lines.filter { $0.type == "serviceChange" }
      let last = try #require(changes.last)
      #expect(last.outcome == "done" && last.what == "deploy web@v2", "\(changes)")
      let begun = changes.first { $0.t == 300_000_000_000 }
      #expect(begun?.outcome == "under way")
      let steps = try #require(last.steps)
      let words = steps.map(\.what)
      #expect(words == ["RestartApplication /web"])
      #expect(steps[0].began == 300_000_000_000 && steps[0].ended == last.t)
      let acts = lines.filter { $0.type == "operated" }
      let instants = acts.map(\.t)
      #expect(instants == [420_000_000_000, 480_000_000_000, 540_000_000_000])
      #expect(acts[0].act?.weights == ["web": 2.5] && acts[0].refusal == nil)
      #expect(acts[2].act?.reserve?["slave"] == "std-0")
      #expect(acts[2].refusal?.hasPrefix("409") == true, "\(acts)")
    }
  }

  @Test("--verbose-events alone says that it needs a log")
  func verboseAlone() async throws {
    let outcome = try await Shell.mesosim(["run", small, "--verbose-events"])
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("--events"))
  }
}
