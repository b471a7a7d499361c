// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations that users met, run as they run them: `Tests/Scenarios/reported` has a scenario each,
// whose head says what should happen. Where its kind is decided there are tests of the kind, with
// variants; here the whole must come out.

import Foundation
import Testing

/// What came of a reported situation.
struct Situation {
  /// What the report says, as `--format json` prints it.
  let result: JSON
  /// The facts, in order.
  let facts: [JSON]
  /// What was said on the error output.
  let remarks: String

  /// The instants of the facts of a type that are about a party, in seconds.
  func seconds(_ type: String, of name: String? = nil) -> [Double] {
    facts.filter { fact in
      fact["type"].text == type
        && (name == nil || fact["slave"].text == name || fact["framework"].text == name)
    }.map { $0["t"].number / 1e9 }
  }

  func jobs(_ key: String, of framework: Int = 0) -> Double {
    result["frameworks"][framework]["jobs"][key].number
  }
}

/// JSON, looked into without ceremony: what is not there is empty.
struct JSON {
  let value: Any?

  subscript(key: String) -> JSON { JSON(value: (value as? [String: Any])?[key]) }
  subscript(index: Int) -> JSON {
    let list = value as? [Any] ?? []
    return JSON(value: index < list.count ? list[index] : nil)
  }
  var text: String { value as? String ?? "" }
  var number: Double { value as? Double ?? .nan }
}

@Suite("Reported situations")
struct ReportedSituationsTests {
  /// Runs a situation, which must end well and keep all invariants; that a literal run decides the
  /// same is looked at by `Tests/Scenarios/run`.
  private func run(
    _ name: String, replacing part: String = "", with other: String = ""
  ) async throws -> Situation {
    let file = Shell.root.appending(path: "Tests/Scenarios/reported/\(name).yaml")
    var text = try String(contentsOf: file, encoding: .utf8)
    if !part.isEmpty {
      try #require(text.contains(part))
      text = text.replacing(part, with: other)
    }
    var situation: Situation?
    try await Shell.inFolder { folder in
      let scenario = folder.appending(path: "\(name).yaml").path()
      try text.write(toFile: scenario, atomically: true, encoding: .utf8)
      let events = folder.appending(path: "facts.jsonl")
      let outcome = try await Shell.mesosim(
        ["run", scenario, "--check-invariants", "--format", "json", "--events", events.path()])
      #expect(outcome.status == 0, "\(outcome.err)")
      let result = JSON(value: try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)))
      let facts = try String(contentsOf: events, encoding: .utf8).split(separator: "\n").map {
        JSON(value: try JSONSerialization.jsonObject(with: Data($0.utf8)))
      }
      situation = Situation(result: result, facts: facts, remarks: outcome.err)
    }
    return try #require(situation)
  }

  @Test("a reset of all connections costs no slave, at the instant of a ping either")
  func reset() async throws {
    let situation = try await run("01-reset-at-ping-instant")
    #expect(situation.seconds("slaveRemoved").isEmpty)
    let back = situation.seconds("slaveReconnected")
    #expect(back.count == 6)
    #expect(back.allSatisfy { $0 > 300 && $0 <= 316 })
    #expect(situation.jobs("finished") == 20)
    #expect(situation.result["tasks"]["lost"].number == 0)
  }

  @Test("a leader that was killed for 30 s is started again, though nobody leads by then")
  func killedLeader() async throws {
    let situation = try await run("02-killed-leader-stays-dead")
    #expect(situation.jobs("finished") == 40)
    let elected = situation.seconds("masterElected")
    #expect(elected.count == 1 && abs(elected[0] - 630) < 1, "\(elected)")
  }

  @Test("a slave that a limited rate let live is back when it has heard no ping for 75 s")
  func limitedRemoval() async throws {
    let situation = try await run("03-removal-rate-limit-slave-never-back")
    #expect(situation.seconds("slaveRemoved").count >= 1)
    let added = situation.seconds("slaveAdded").filter { $0 > 102 }
    #expect(added.count == 1 && abs(added[0] - 282) < 1, "\(added)")
  }

  @Test(
    "a machine that is down from the start is given up as any other",
    arguments: ["crash", "kill", "pause"])
  func deadFromTheStart(fault: String) async throws {
    let situation = try await run(
      "04-dead-from-the-start", replacing: "crash:", with: "\(fault):")
    // It was either never there, or is missed five times.
    let added = situation.seconds("slaveAdded", of: "node-0").filter { $0 < 600 }
    let removed = situation.seconds("slaveRemoved", of: "node-0").filter { $0 < 600 }
    #expect(added.count == removed.count)
    #expect(removed.allSatisfy { $0 <= 91 }, "\(removed)")
    #expect(situation.jobs("meanSeconds") < 50)
  }

  @Test("a slave waits for pings as long as its master is told to")
  func patience() async throws {
    let situation = try await run("05-slave-ping-patience")
    let added = situation.seconds("slaveAdded", of: "node-0").filter { $0 > 102 }
    // It has noticed by 111 s. Its attempts go unanswered until 132 s and double their windows, to
    // at most 32 s by then; the master has removed it and has it end, and it starts 5 s later.
    #expect(added.count == 1 && added[0] >= 132 && added[0] <= 170, "\(added)")
  }

  @Test(
    "a machine with two failures is back when both are over", arguments: ["crash", "kill", "pause"])
  func overlapping(fault: String) async throws {
    let situation = try await run("06-overlapping-crashes", replacing: "crash:", with: "\(fault):")
    let added = situation.seconds("slaveAdded").filter { $0 > 100 }
    #expect(added.allSatisfy { $0 >= 700 && $0 < 720 }, "\(added)")
    #expect(added.count == 1)
    if fault == "crash" { #expect(abs(situation.jobs("meanSeconds") - 364) < 2) }
  }

  @Test("machines with gpus do not exist for a framework that knows none: a warning")
  func onlyGPUs() async throws {
    // Nothing changes after the first minutes, and offers are declined for 30 days.
    let situation = try await run(
      "09-only-gpu-slaves", replacing: "cluster:", with: "until: 10m\ncluster:")
    #expect(situation.remarks.contains("GPU_RESOURCES"), "\(situation.remarks)")
    #expect(situation.remarks.contains("cpus:2; mem:1024"), "\(situation.remarks)")
  }

  @Test("a run whose work is not done ends after 30 days, though nothing is left to happen")
  func lastEvent() async throws {
    let situation = try await run("10-ends-at-the-last-event")
    #expect(situation.result["simulatedSeconds"].number == 30 * 86400)
    #expect(situation.result["windowSeconds"].number == 30 * 86400)
    #expect(abs(situation.result["utilization"]["cpus"]["usedMean"].number - 0.5) < 0.001)
  }

  @Test("a sample framework that was started again is another one, and gets its job done")
  func sampleStartedAgain() async throws {
    let situation = try await run("11-sample-framework-started-again")
    #expect(situation.result["tasks"]["error"].number == 0)
    #expect(situation.jobs("finished") >= 1)
    // The old one is gone an hour after its connection broke.
    let removed = situation.seconds("frameworkRemoved")
    #expect(removed.contains { abs($0 - 3615) < 2 }, "\(removed)")
  }

  @Test("a limit does not bind what frameworks in the roles below are given in the same pass")
  func nestedLimit() async throws {
    for seed in 1...6 {
      _ = try await run("12-limit-above-a-nested-role", replacing: "seed: 1", with: "seed: \(seed)")
    }
  }

  @Test("what an overtaken launch still gets is a matter of commit and conflicts")
  func commitModes() async throws {
    var digests: Set<String> = []
    for (mode, running) in [
      ("commit: incremental", 4), ("commit: allOrNothing", 3),
      ("commit: incremental, conflicts: coarse", 3),
    ] {
      let situation = try await run(
        "13-optimistic-commit-modes", replacing: "commit: incremental", with: mode)
      digests.insert(situation.result["digest"].text)
      // When the second launch is judged, nothing has ended yet.
      let judged = try #require(situation.seconds("taskRefused").first)
      let launched = situation.seconds("taskLaunched").filter { $0 <= judged }
      let lost = situation.seconds("taskRefused").filter { $0 <= judged }
      #expect(launched.count == running, "\(mode)")
      #expect(lost.count == 5 - running, "\(mode)")
    }
    #expect(digests.count >= 2)
  }

  @Test("frameworks that reserve are warned of where an allocator knows no reservations")
  func noReservations() async throws {
    let partition =
      "  - {name: static, partition: {by: framework, shares: {keeper: 1, shards: 1}}}\n"
    for part in ["", partition] {
      let situation = try await run(
        "14-reservations-where-there-are-none", replacing: part, with: "")
      for name in ["keeper", "shards", "reservations"] {
        #expect(situation.remarks.contains(name), "\(situation.remarks)")
      }
    }
  }

  @Test("the report says what part of the cluster stood in open offers, and whose")
  func hoardedOffers() async throws {
    let outcome = try await Shell.mesosim(
      ["run", "Tests/Scenarios/reported/17-hoarded-offers-not-shown.yaml"])
    #expect(outcome.status == 0, "\(outcome.err)")
    let line = try #require(
      outcome.out.split(separator: "\n").first {
        $0.contains("87.5%") && $0.contains("open offers")
      })
    #expect(line.contains("builds"), "\(outcome.out)")
  }

  @Test("a teardown that is lost: the connection breaks, and the framework is removed")
  func lostTeardown() async throws {
    let situation = try await run("18-lost-teardown")
    let removed = situation.seconds("frameworkRemoved", of: "first")
    #expect(removed.count == 1)
  }

  /// What a file that is checked and run says, and the code that both end with.
  struct Input: CustomTestStringConvertible {
    let name: String
    let exitCode: Int32
    let says: [String]
    var testDescription: String { name }
  }

  @Test(
    "a file is read as it is meant, or said to be wrong",
    arguments: [
      Input(
        name: "07-role-not-on-the-list", exitCode: 0,
        says: ["the master refuses 'logs': role 'logs' is not among the roles of this master"]),
      Input(
        name: "08-fault-names-nobody", exitCode: 65,
        says: [
          ":16:33: ", "did you mean 'services'?", "no slave is called 'nodes-*'", "'master-2'",
        ]),
      Input(
        name: "15-quoted-numbers", exitCode: 65,
        says: ["15-quoted-numbers.csv:3: column 'seconds' is '1,000'"]),
      Input(name: "16-blank-last-line", exitCode: 0, says: []),
      Input(name: "19-byte-order-mark", exitCode: 0, says: []),
    ])
  func inputs(_ input: Input) async throws {
    let path = "Tests/Scenarios/reported/\(input.name).yaml"
    let checked = try await Shell.mesosim(["check", path])
    let run = try await Shell.mesosim(["run", path, "--format", "json"])
    for outcome in [checked, run] {
      #expect(outcome.status == input.exitCode, "\(outcome.err)")
      for text in input.says { #expect(outcome.err.contains(text), "\(outcome.err)") }
    }
    guard input.exitCode == 0 else { return }
    let result = JSON(value: try JSONSerialization.jsonObject(with: Data(run.out.utf8)))
    let jobs = result["frameworks"][0]["jobs"]
    // What a master refuses is handed in all the same, and not done.
    let isRefused = input.name.hasPrefix("07")
    #expect(jobs["submitted"].number > 0)
    #expect(jobs["finished"].number == (isRefused ? 0 : jobs["submitted"].number))
  }
}
