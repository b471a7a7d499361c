// Part of mesosim. Apache-2.0, see LICENSE.
//
// Inputs that once took the memory, the time or the terminal of who tried them: each with its
// message, in one line of a decent length, and its exit code.

import Foundation
import Testing

/// A bad input: files, a command line, and what comes of it.
struct BadInput: CustomTestStringConvertible, Sendable {
  let name: String
  var scenario = ""
  var others: [String: String] = [:]
  /// The command line; `SCENARIO` and `FOLDER` stand for paths.
  var arguments = ["check", "SCENARIO"]
  var status: Int32 = 65
  let says: String

  var testDescription: String { name }
}

private func scenario(
  slaves: Int = 2, jobs: String = "jobs: 3", rounds: Int = 1, duration: String = "10s",
  work: String? = nil, faults: String = ""
) -> String {
  """
  name: small
  cluster: {slaves: [{count: \(slaves), resources: "cpus:4;mem:4096"}]}
  frameworks:
    - name: one
      type: batch
      \(work ?? """
        workload: {\(jobs), arrivals: {constant: 5s}, stages: [{name: map, tasks: 2, rounds: \
        \(rounds), resources: "cpus:1;mem:512", duration: \(duration)}]}
        """)
  \(faults)
  """
}

private func trace(_ file: String) -> String {
  "trace: {format: swim, file: \"\(file)\", stages: [{name: map, tasks: {of: input, per: 128MB}, "
    + "resources: \"cpus:1\", duration: 20s}]}"
}

private let long = String(repeating: "n", count: 300)
private let cut = String(repeating: "n", count: 79) + "…'"
private let inputs = [
  BadInput(
    name: "lists nested 100,000 deep", scenario: String(repeating: "[", count: 100_000),
    says: "too deeply nested; expected at most 100 lists and maps in one another"),
  BadInput(
    name: "a map in a list 100,000 times",
    scenario: String(repeating: "- a: ", count: 100_000),
    says: "scenario.yaml:1:"),
  BadInput(
    name: "two million values", scenario: "a: [" + String(repeating: "b,", count: 2_000_000),
    says: "scenario.yaml:1:1: too many values; expected at most 500000"),
  BadInput(
    name: "100,000 unknown keys", scenario: (0..<100_000).map { "a\($0): 1\n" }.joined(),
    says: "unknown key 'a0'; expected"),
  BadInput(
    name: "an endless scenario", arguments: ["check", "/dev/zero"],
    says: "/dev/zero: is larger than 16 MB; expected a scenario in YAML"),
  BadInput(
    name: "a scenario in UTF-16", scenario: "\u{0}n\u{0}a: [", says: "scenario.yaml"),
  BadInput(name: "a long key", scenario: "'\(long)': 1", says: "unknown key '\(cut); expected"),
  BadInput(
    name: "a long text", scenario: "cluster: '\(long) \(long)'",
    says: "cluster: found '\(cut); expected a map"),
  BadInput(
    name: "a slave that fails every millisecond",
    scenario: scenario(faults: "faults: [{at: 1s, random: {slaveMTBF: 1ms}}]"),
    says: "faults[0].random.slaveMTBF: something fails every 1ms; expected at least 1s"),
  BadInput(
    name: "seventy million failures",
    scenario: scenario(
      slaves: 100_000, faults: "faults: [{at: 1s, random: {slaveMTBF: 1h}}]"),
    says: "faults[0].random: about 70819645 failures; expected at most 500000: make them rarer"),
  BadInput(
    name: "ten thousand million stages", scenario: scenario(jobs: "jobs: 1000000", rounds: 10_000),
    says: "frameworks[0].workload: with this 1000000 jobs of 10000000000 stages"),
  BadInput(
    name: "a column that is not there",
    scenario: scenario(duration: "{empirical: {file: t.csv, column: s}}"),
    others: ["t.csv": "a,b\n1,2\n"], says: "t.csv:1: no column 's'; the header has a, b"),
  BadInput(
    name: "a number with separators of thousands",
    scenario: scenario(duration: "{empirical: {file: t.csv, column: s}}"),
    others: ["t.csv": "a,s\n\"x, y\",7\nz,\"1,000\"\n"],
    says: "t.csv:3: column 's' is '1,000'; expected a number of at least 0, without separators"),
  BadInput(
    name: "an endless trace", scenario: scenario(work: trace("/dev/zero")),
    says: "/dev/zero: is larger than 64 MB; expected a file of at most 64 MB"),
  BadInput(
    name: "data whose folder is not known", scenario: scenario(work: trace("${MESOSIM_DATA}/x/t")),
    status: 66,
    says: "${MESOSIM_DATA}/x/t: no such file; set the environment variable MESOSIM_DATA to the "
      + "folder that has x/t"),
  BadInput(
    name: "a million replications", arguments: ["compare", small, "--replications", "1000000"],
    status: 64, says: "expected a whole number from 1 to 10000"),
  BadInput(
    name: "a seed below zero", arguments: ["run", small, "--seed", "-1"], status: 64,
    says:
      "'-1' is invalid for '--seed <seed>': expected a whole number from 0 to 18446744073709551615"
  ),
  BadInput(
    name: "an end before the start", arguments: ["run", small, "--until", "1m1h"], status: 64,
    says: "--until 1m1h: expected a positive duration"),
  BadInput(
    name: "a long option", arguments: ["run", small, "--" + long], status: 64,
    says: "Unknown option '--" + cut.dropFirst(2)),
  BadInput(
    name: "a folder without a name", arguments: ["init", ""], status: 64,
    says: "the folder's name is empty; expected one such as my-cluster, or ."),
  BadInput(
    name: "a file where a folder is to be", scenario: "x", arguments: ["init", "SCENARIO"],
    status: 74, says: "scenario.yaml: is not a folder; choose another place"),
  BadInput(
    name: "events into a folder", arguments: ["run", small, "-q", "--events", "FOLDER"], status: 74,
    says: "cannot be written: is a directory"),
]

@Suite("Bad input, case by case")
struct BadInputTableTests {
  @Test("BUG: one line that says what to do, and the exit code", arguments: inputs)
  func input(_ input: BadInput) async throws {
    try await Shell.inFolder { folder in
      let path = folder.appending(path: "scenario.yaml").path()
      try input.scenario.write(toFile: path, atomically: false, encoding: .utf8)
      for (name, text) in input.others {
        try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
      }
      let before = names(in: folder)
      let outcome = try await Shell.mesosim(
        input.arguments.map {
          switch $0 {
          case "SCENARIO": path
          case "FOLDER": folder.path()
          default: $0
          }
        }, environment: ["MESOSIM_DATA": ""])
      #expect(outcome.status == input.status, "\(outcome.err)")
      #expect(outcome.err.contains(input.says), "\(outcome.err)")
      #expect(outcome.out == "")
      let lines = outcome.err.split(separator: "\n")
      #expect(lines.count <= (input.name.contains("keys") ? 21 : 4))
      #expect(lines.allSatisfy { $0.count < 400 }, "\(outcome.err)")
      #expect(names(in: folder) == before)
    }
  }

  @Test("the usage that is shown is that of the command")
  func usage() async throws {
    let outcome = try await Shell.mesosim(["run", small, "--until=-1h"])
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("Usage: mesosim run [<options>] <scenario>"), "\(outcome.err)")
    #expect(outcome.err.contains("See 'mesosim run --help'"), "\(outcome.err)")
  }

  @Test("a scenario is read from standard input and from a pipe", arguments: ["-", "/dev/stdin"])
  func pipes(name: String) async throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = [
      "-c",
      "cat \"$1\" | \"$0\" check \"$2\" --quiet > /dev/null && echo '{' | \"$0\" check \"$2\"",
      Shell.executable.path(), small, name,
    ]
    shell.currentDirectoryURL = Shell.root
    let errors = Pipe()
    shell.standardError = errors
    try shell.run()
    let said = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 65)
    #expect(said.hasPrefix(name == "-" ? "standard input:" : "/dev/stdin:"), "\(said)")
  }

  @Test("--events - takes standard output; the report goes to stderr, or nowhere")
  func eventsOnStandardOutput() async throws {
    let loud = try await Shell.mesosim(["run", small, "--events", "-"])
    #expect(loud.status == 0)
    #expect(loud.err.contains("jobs finished"), "\(loud.err)")
    let quiet = try await Shell.mesosim(["run", small, "--events", "-", "--quiet"])
    #expect(quiet.err == "")
    #expect(quiet.out == loud.out)
    let lines = quiet.out.split(separator: "\n")
    #expect(lines.count > 100)
    #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
  }

  @Test("paths with double slashes are made and shown with single ones")
  func doubleSlashes() async throws {
    try await Shell.inFolder { folder in
      let outcome = try await Shell.mesosim(["init", folder.path() + "//a//b//"])
      #expect(outcome.status == 0, "\(outcome.err)")
      #expect(outcome.out.hasSuffix("/a/b/scenario.yaml\n"))
      #expect(!outcome.out.contains("//"))
    }
  }

  @Test("an event log says faults in words, and why tasks were lost")
  func faultsInWords() async throws {
    let outcome = try await Shell.mesosim([
      "run", "Tests/Scenarios/small-failures.yaml", "--events", "-", "--quiet",
    ])
    let faults = outcome.out.split(separator: "\n").filter { $0.contains("\"type\":\"fault\"") }
    #expect(!faults.isEmpty)
    #expect(faults.allSatisfy { !$0.contains("(") && !$0.contains("[") }, "\(faults)")
    // Tasks that are lost with a slave or a connection say so, others do not make up a reason.
    let ends = outcome.out.split(separator: "\n").filter { $0.contains("\"type\":\"taskEnded\"") }
    let (lost, others) = (
      ends.filter { $0.contains("\"state\":\"TASK_LOST\"") },
      ends.filter { $0.contains("\"state\":\"TASK_FINISHED\"") }
    )
    #expect(!lost.isEmpty && lost.allSatisfy { $0.contains("\"reason\":\"REASON_SLAVE_") })
    #expect(!others.isEmpty && others.allSatisfy { !$0.contains("\"reason\"") })
  }
}
