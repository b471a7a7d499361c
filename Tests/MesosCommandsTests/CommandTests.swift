// Part of mesosim. Apache-2.0, see LICENSE.
//
// The commands as a user runs them.

import Foundation
import Testing

@Suite("Commands")
struct CommandTests {
  @Test("compare writes the same bytes whatever the threads and the hashing")
  func sameBytes() async throws {
    try await Shell.inFolder { folder in
      let variants: [(name: String, jobs: String, environment: [String: String])] = [
        ("one", "1", [:]), ("two", "2", [:]),
        ("fixed", "2", ["SWIFT_DETERMINISTIC_HASHING": "1"]),
      ]
      var seen: [[Data]] = []
      for variant in variants {
        let output = folder.appending(path: variant.name)
        let outcome = try await Shell.mesosim(
          ["compare", small, "--jobs", variant.jobs, "--out", output.path()],
          environment: variant.environment)
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(
          names(in: output) == ["jobs.csv", "report.html", "summary.json", "utilization.csv"])
        seen.append(
          try ["jobs.csv", "summary.json", "utilization.csv"].map {
            try Data(contentsOf: output.appending(path: $0))
          })
      }
      #expect(seen[0] == seen[1])
      #expect(seen[0] == seen[2])
      #expect(seen[0].allSatisfy { $0.count > 500 })
    }
  }

  @Test("compare prints JSON that has what the contract names")
  func json() async throws {
    let outcome = try await Shell.mesosim(["compare", small, "--format", "json", "--quiet"])
    #expect(outcome.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
    let result = try #require(object as? [String: Any])
    #expect(result["schema"] as? Int == 1)
    #expect(result["allocators"] as? [String] == ["static", "drf"])
    let rows = try #require(result["comparison"] as? [[String: Any]])
    for key in ["framework", "metric", "baseline", "value", "ratio", "ci95"] {
      #expect(rows.allSatisfy { $0[key] != nil }, "\(key)")
    }
    let runs = try #require(result["runs"] as? [[String: Any]])
    #expect(runs.count == 2)
    for key in [
      "scenario", "seed", "allocator", "version", "digest", "simulatedSeconds", "events",
      "partial", "slaves", "frameworks", "utilization", "fairness", "offers", "tasks",
    ] {
      #expect(runs.allSatisfy { $0[key] != nil }, "\(key)")
    }
  }

  @Test("--set puts values side by side, and is part of the report's own command")
  func settings() async throws {
    let outcome = try await Shell.mesosim([
      "compare", small, "--set", "allocation.interval=1s,5s", "--allocators", "drf", "--format",
      "json", "--quiet",
    ])
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("\"drf interval=5s\""))
    try await Shell.inFolder { folder in
      let outcome = try await Shell.mesosim([
        "run", small, "--set", "frameworks.learning.workload.jobs=2", "--out", folder.path(),
      ])
      #expect(outcome.status == 0, "\(outcome.err)")
      let page = try String(
        contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
      #expect(page.contains("--set frameworks.learning.workload.jobs=2"))
    }
    let checked = try await Shell.mesosim(["check", small, "--set", "seed=77", "--quiet"])
    #expect(checked.out.contains("seed: 77"))
    let wrong = try await Shell.mesosim(["run", small, "--set", "allocation.intervall=1s"])
    #expect(wrong.status == 65)
    #expect(
      wrong.err == """
        --set, column 12: unknown key 'intervall'; did you mean 'interval'?
          allocation.intervall=1s
                     ^

        """)
    let several = try await Shell.mesosim(["run", small, "--set", "seed=1,2"])
    #expect(several.status == 64)
    #expect(several.err.contains("--set seed has 2 values; expected one here"))
  }

  @Test("several seeds give intervals, and the first of them is the scenario's own run")
  func replications() async throws {
    let outcome = try await Shell.mesosim([
      "compare", small, "--replications", "3", "--format", "json", "--quiet",
    ])
    let object = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
    let result = try #require(object as? [String: Any])
    let seeds = (result["replications"] as? [[String: Any]])?.compactMap { $0["seed"] as? Int }
    #expect(seeds == [1, 2, 3])
    let rows = try #require(result["comparison"] as? [[String: Any]])
    let speedups = rows.filter { $0["metric"] as? String == "speedup" }
    #expect(!speedups.isEmpty)
    for row in speedups {
      let interval = try #require(row["ci95"] as? [Double])
      let ratio = try #require(row["ratio"] as? Double)
      #expect(interval[0] < ratio && ratio < interval[1])
    }
  }

  @Test("run takes allocator, seed, horizon and event limit from the command line")
  func runOptions() async throws {
    func result(_ options: [String]) async throws -> [String: Any] {
      let outcome = try await Shell.mesosim(
        ["run", small, "--format", "json", "--quiet"] + options)
      #expect(outcome.status == 0, "\(outcome.err)")
      let object = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8))
      return try #require(object as? [String: Any])
    }
    let plain = try await result([])
    #expect(plain["allocator"] as? String == "static")
    let other = try await result(["--allocator", "drf", "--seed", "9"])
    #expect(other["allocator"] as? String == "drf")
    #expect(other["seed"] as? Int == 9)
    #expect(other["digest"] as? String != plain["digest"] as? String)
    let short = try await result(["--until", "10m"])
    #expect(short["windowSeconds"] as? Double == 600)
    let few = try await result(["--until-event", "500"])
    #expect(few["events"] as? Int == 500)
  }

  @Test("init writes a scenario that check accepts and that is not overwritten")
  func starter() async throws {
    try await Shell.inFolder { folder in
      let path = folder.appending(path: "starter").path()
      #expect(try await Shell.mesosim(["init", path]).status == 0)
      let check = try await Shell.mesosim(["check", path + "/scenario.yaml"])
      #expect(check.status == 0, "\(check.err)")
      #expect(check.out.contains("frameworks:"))
      #expect(try await Shell.mesosim(["compare", path + "/scenario.yaml"]).status == 0)
      let again = try await Shell.mesosim(["init", path])
      #expect(again.status == 74)
      #expect(again.err.contains("is there already"))
    }
  }

  @Test("check prints a scenario that checks to itself")
  func checkIsStable() async throws {
    try await Shell.inFolder { folder in
      let first = try await Shell.mesosim(["check", small, "--quiet"])
      let copy = folder.appending(path: "resolved.yaml")
      try first.out.write(to: copy, atomically: true, encoding: .utf8)
      let second = try await Shell.mesosim(["check", copy.path(), "--quiet"])
      #expect(first.out == second.out)
      #expect(first.out.contains("interval: 1s"))
    }
  }

  @Test("a failed expectation ends with 1, a met one with 0", arguments: [(0.5, 0), (50, 1)])
  func expectations(least: Double, status: Int32) async throws {
    try await Shell.inFolder { folder in
      let text = try String(contentsOf: Shell.root.appending(path: small), encoding: .utf8)
      let expected =
        text + "\nexpect: [{metric: speedup, framework: learning, atLeast: \(least)}]\n"
      let path = folder.appending(path: "expecting.yaml")
      try expected.write(to: path, atomically: true, encoding: .utf8)
      let outcome = try await Shell.mesosim(["compare", path.path()])
      #expect(outcome.status == status, "\(outcome.err)")
      #expect(outcome.err.contains("expect speedup of learning"))
    }
  }

  @Test("any figure can be expected, of the cluster, of a framework, and as a comparison has it")
  func figures() async throws {
    try await Shell.inFolder { folder in
      let text = try String(contentsOf: Shell.root.appending(path: small), encoding: .utf8)
      let path = folder.appending(path: "figures.yaml")
      let lines = """
        expect:
          - {metric: tasks.lost, atMost: 0}
          - {metric: jobs.unfinished, framework: learning, atMost: 0}
          - {metric: jobs.finished, allocator: static, atLeast: 20}
          - {metric: offers.accepted, atMost: 1}

        """
      try (text + lines).write(to: path, atomically: true, encoding: .utf8)
      let outcome = try await Shell.mesosim(["compare", path.path(), "--quiet"])
      #expect(outcome.status == 1)
      let verdicts = outcome.err.split(separator: "\n").map { $0.split(separator: " ").last }
      #expect(verdicts == ["met", "met", "met", "failed"], "\(outcome.err)")
      let run = try await Shell.mesosim(["run", path.path(), "--allocator", "drf", "--quiet"])
      #expect(run.err.split(separator: "\n").count == 3, "\(run.err)")
    }
  }

  @Test("the lists name what a scenario can name")
  func lists() async throws {
    let allocators = try await Shell.mesosim(["allocators"]).out
    #expect(allocators.contains("drf") && allocators.contains("static"))
    let frameworks = try await Shell.mesosim(["frameworks"]).out
    #expect(frameworks.contains("batch") && frameworks.contains("holdTimeout"))
  }

  @Test(
    "every command has help with an example",
    arguments: [
      "run", "compare", "size", "diff", "explore", "check", "init", "allocators", "frameworks",
      "view", "why", "replay", "bench", "parse", "conformance",
    ])
  func help(command: String) async throws {
    let outcome = try await Shell.mesosim([command, "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.out.contains("mesosim \(command)"))
    #expect(outcome.out.contains("Example"))
    #expect(outcome.out.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(outcome.out)")
  }

  @Test("output into a pipe has no escape sequences; quiet means quiet")
  func plain() async throws {
    let outcome = try await Shell.mesosim(["compare", small, "--quiet"])
    #expect(!outcome.out.contains("\u{1B}"))
    #expect(outcome.err == "")
  }
}

@Suite("README")
struct ReadmeTests {
  @Test("every mesosim command in the README works, on a small scenario")
  func commands() async throws {
    let text = try String(contentsOf: Shell.root.appending(path: "README.md"), encoding: .utf8)
    let lines = text.split(separator: "\n").filter {
      $0.contains("swift run -c release mesosim ")
    }
    #expect(lines.count >= 1)
    // In one folder: some read what others wrote.
    try await Shell.inFolder { folder in
      for line in lines {
        let command = try #require(line.components(separatedBy: "mesosim ").last)
        // Words in quotes are one.
        let words = command.split(separator: "'", omittingEmptySubsequences: false).enumerated()
          .flatMap { place, part in
            place % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
          }
        // As written, `Tests/Scenarios/run` runs them.
        let moved = words.map {
          if $0.hasPrefix("notebooks-out/") {
            return folder.appending(path: String($0.dropFirst("notebooks-out/".count))).path()
          }
          return $0.hasPrefix("scenarios/") ? small : $0
        }
        let outcome = try await Shell.mesosim(moved)
        #expect(outcome.status == 0, "\(command): \(outcome.err)")
        if words.contains("--out") { #expect(outcome.out.contains("report.html")) }
      }
    }
  }

  @Test("the scenarios in the README are valid ones")
  func scenarios() async throws {
    let scenarios = try Self.scenarios(in: Self.text())
    #expect(scenarios.count >= 4)
    for scenario in scenarios {
      try await Shell.inFolder { folder in
        let path = folder.appending(path: "readme.yaml")
        try scenario.write(to: path, atomically: true, encoding: .utf8)
        let outcome = try await Shell.mesosim(["check", path.path()])
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(!outcome.err.contains("warning"), "\(outcome.err)")
      }
    }
  }

  @Test("the three questions are answered by the commands beside them", .timeLimit(.minutes(3)))
  func questions() async throws {
    let text = try Self.text()
    let start = try #require(text.range(of: "## Three questions"))
    let end = try #require(text.range(of: "## Your own cluster"))
    let section = String(text[start.upperBound..<end.lowerBound])
    let scenarios = Self.scenarios(in: section)
    let commands = section.matches(of: /`mesosim ([^`]+)`/).map {
      String($0.1).replacing("\n", with: " ")
    }
    #expect(scenarios.count == 3 && commands.count >= 4)
    for command in commands {
      let words = command.split(separator: "'", omittingEmptySubsequences: false).enumerated()
        .flatMap { place, part in
          place % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
      let name = try #require(words.first { $0.hasSuffix(".yaml") })
      let scenario = try #require(
        scenarios.first { $0.hasPrefix("name: \(name.dropLast(5))\n") }, "\(command)")
      try await Shell.inFolder { folder in
        let path = folder.appending(path: name)
        try scenario.write(to: path, atomically: true, encoding: .utf8)
        let outcome = try await Shell.mesosim(words.map { $0 == name ? path.path() : $0 })
        #expect(outcome.status == 0, "\(command): \(outcome.err)\(outcome.out)")
      }
    }
  }

  private static func text() throws -> String {
    try String(contentsOf: Shell.root.appending(path: "README.md"), encoding: .utf8)
  }

  /// The YAML blocks of a text in Markdown.
  private static func scenarios(in text: String) -> [String] {
    text.components(separatedBy: "```yaml\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }
}
