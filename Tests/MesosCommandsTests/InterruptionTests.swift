// Part of mesosim. Apache-2.0, see LICENSE.
//
// Interrupted is not done: the exit code says so, and text, JSON, page and event log do.

import Foundation
import Testing

@Suite("Interruption", .timeLimit(.minutes(5)))
struct InterruptionTests {
  /// Far more than anybody waits for, with chance in it.
  private static let long = """
    name: long
    cluster: {slaves: [{count: 20, resources: "cpus:8;mem:16384"}]}
    frameworks:
      - name: early
        type: batch
        workload:
          jobs: 4000
          arrivals: {poisson: {mean: 10s}}
          stages:
            - name: map
              tasks: 20
              resources: "cpus:1;mem:64"
              duration: {uniform: {min: 5s, max: 30s}}
      - name: late
        type: batch
        workload:
          jobs: 4000
          arrivals: {constant: 13s}
          stages: [{name: map, tasks: 20, resources: "cpus:2;mem:64", duration: 12s}]
    allocators: [{name: static}, {name: drf}, {name: fifo}]
    """

  private func inFolder(_ body: (_ scenario: String, URL) async throws -> Void) async throws {
    try await Shell.inFolder { folder in
      let path = folder.appending(path: "long.yaml")
      try Self.long.write(to: path, atomically: true, encoding: .utf8)
      try await body(path.path(), folder)
    }
  }

  private func object(_ file: URL) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    return try #require(object as? [String: Any])
  }

  /// The words behind the program's name of the command that a page shows.
  private func commandOnPage(_ folder: URL) throws -> [String] {
    let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
    let start = try #require(page.range(of: "<pre>"))
    let end = try #require(page.range(of: "</pre>"))
    return page[start.upperBound..<end.lowerBound].split(separator: " ").dropFirst().map {
      String($0)
    }
  }

  private func expectFirstLine(of folder: URL, _ text: String) throws {
    let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
    let header = try #require(page.components(separatedBy: "<header>\n").last)
    #expect(header.hasPrefix("<p class=\"partial\">\(text)"), "\(header.prefix(200))")
    #expect(page.contains("<title>partial: "))
  }

  @Test(
    "BUG: a run that is interrupted ends with 130 or 143, and all it gives is marked",
    arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func run(signal: Int32, status: Int32) async throws {
    try await inFolder { scenario, folder in
      let (out, log) = (folder.appending(path: "out"), folder.appending(path: "events.jsonl"))
      let outcome = try await Shell.mesosim(
        ["run", scenario, "--allocator", "drf", "--out", out.path(), "--events", log.path()],
        interruptAfter: 0.7, by: signal)
      #expect(outcome.status == status, "\(outcome.err)")
      #expect(outcome.out.hasPrefix("Partial: stopped at "))
      #expect(outcome.err.contains("interrupted: the run was not over, results are partial"))
      try expectFirstLine(of: out, "Partial: stopped at ")
      let summary = try Data(contentsOf: out.appending(path: "summary.json"))
      #expect(try object(out.appending(path: "summary.json"))["partial"] as? Bool == true)
      let lines = try String(contentsOf: log, encoding: .utf8)
      let footer = try #require(lines.split(separator: "\n").last)
      #expect(footer.hasPrefix(#"{"type":"footer","partial":true,"t":"#), "\(footer)")

      // What the page says gives the same bytes, those of the log included.
      let again = try await Shell.mesosim(try commandOnPage(out))
      #expect(again.status == 0, "\(again.err)")
      #expect(try Data(contentsOf: out.appending(path: "summary.json")) == summary)
      #expect(try String(contentsOf: log, encoding: .utf8) == lines)
    }
  }

  @Test("BUG: a comparison that is interrupted has one window, and can be run again as it was")
  func compare() async throws {
    try await inFolder { scenario, folder in
      for jobs in ["1", "3"] {
        let out = folder.appending(path: "out-\(jobs)")
        let outcome = try await Shell.mesosim(
          [
            "compare", scenario, "--out", out.path(), "--jobs", jobs, "--replications", "4",
            "--until-precise=1%",
          ],
          interruptAfter: 1)
        #expect(outcome.status == 130, "\(outcome.err)")
        #expect(outcome.out.hasPrefix("Partial: stopped at "))
        try expectFirstLine(of: out, "Partial: stopped at ")
        let first = try object(out.appending(path: "summary.json"))
        #expect(first["partial"] as? Bool == true)
        let runs = first["runs"] as? [[String: Any]] ?? []
        #expect(Set(runs.map { $0["windowSeconds"] as? Double }).count == 1)
        #expect(runs.allSatisfy { ($0["windowSeconds"] as? Double ?? 0) > 60 })

        let again = try await Shell.mesosim(try commandOnPage(out))
        #expect(again.status == 0, "\(again.err)")
        var (left, right) = (first, try object(out.appending(path: "summary.json")))
        #expect(right["partial"] as? Bool == false)
        for key in ["partial", "runs"] { (left[key], right[key]) = (nil, nil) }
        #expect(NSDictionary(dictionary: left) == NSDictionary(dictionary: right))
      }
    }
  }

  @Test("BUG: of many short seeds, those that were run are left, and the report says that")
  func seeds() async throws {
    try await Shell.inFolder { folder in
      let (out, path) = (folder.appending(path: "out"), folder.appending(path: "short.yaml"))
      let text = """
        name: short
        cluster: {slaves: [{count: 1, resources: "cpus:1;mem:1024"}]}
        frameworks:
          - name: one
            type: batch
            workload:
              jobs: 2
              arrivals: {poisson: {mean: 10s}}
              stages: [{name: map, tasks: 1, resources: "cpus:1;mem:64", duration: 3s}]
        """
      try text.write(to: path, atomically: true, encoding: .utf8)
      let outcome = try await Shell.mesosim(
        ["compare", path.path(), "--replications", "10000", "--out", out.path()],
        interruptAfter: 0.7)
      #expect(outcome.status == 130, "\(outcome.err)")
      #expect(outcome.out.hasPrefix("Partial: stopped after "))
      try expectFirstLine(of: out, "Partial: stopped after ")
      let first = try object(out.appending(path: "summary.json"))
      #expect(first["partial"] as? Bool == true)
      let words = try commandOnPage(out)
      let count = (first["replications"] as? [Any])?.count ?? 0
      #expect(words.suffix(2) == ["--replications", String(count)])
    }
  }

  @Test(
    "BUG: a search, a lock-step run and an exploration that are interrupted are not done, either",
    arguments: [
      (["size", "long.yaml", "--slo", "p95 wait < 1s"], "Partial: the search was stopped"),
      (["size", "long.yaml", "--slo", "p95 wait < 1s", "--format", "json"], "\"partial\" : true"),
      (["diff", "long.yaml", "--allocators", "drf,drf"], "until the run was stopped"),
      (["explore", "--random-scenarios", "--seeds", "0..<100000"], "of 100000 seeds looked at"),
    ])
  func others(arguments: [String], text: String) async throws {
    try await inFolder { scenario, _ in
      let outcome = try await Shell.mesosim(
        arguments.map { $0 == "long.yaml" ? scenario : $0 }, interruptAfter: 0.7)
      #expect(outcome.status == 130, "\(outcome.err)")
      #expect(outcome.out.contains(text), "\(outcome.out)")
      #expect(outcome.err.contains("interrupted: "))
    }
  }

  @Test("a log that an event limit cuts says so, too; that of a whole run has no footer")
  func footer() async throws {
    for (limit, isCut) in [("500", true), ("100000000", false)] {
      let outcome = try await Shell.mesosim(
        ["run", small, "--events", "-", "--until-event", limit, "--quiet"])
      #expect(outcome.status == 0, "\(outcome.err)")
      let last = try #require(outcome.out.split(separator: "\n").last)
      #expect(last.contains("footer") == isCut, "\(last)")
      if isCut { #expect(last.hasSuffix(#""events":500}"#), "\(last)") }
    }
  }

  @Test("the help lists the exit codes of a command that is interrupted")
  func help() async throws {
    let help = try await Shell.mesosim(["--help"]).out.replacing("\n", with: " ")
    #expect(help.contains("130 interrupted by Ctrl-C (143 by SIGTERM)"))
  }
}
