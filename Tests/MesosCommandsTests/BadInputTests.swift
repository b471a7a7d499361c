// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a user can get wrong: one clear line, the documented exit code, and nothing left behind.

import Foundation
import Testing

/// A way to get it wrong: a change of a good scenario, and what must come of it.
struct Mistake: CustomTestStringConvertible, Sendable {
  let name: String
  let find: String
  let replacement: String
  let status: Int32
  let says: String

  var testDescription: String { name }
}

private let goodScenario = """
  name: small
  cluster:
    slaves:
      - {count: 2, resources: "cpus:4;mem:4096"}
  frameworks:
    - name: one
      type: batch
      workload:
        jobs: 3
        arrivals: {constant: 5s}
        stages:
          - {name: map, tasks: 2, resources: "cpus:1;mem:512", duration: 10s}
  """

private let traceWork = """
  trace:
        format: swim
        file: trace.tsv.gz
        stages:
          - {name: map, tasks: {of: input, per: 128MB}, resources: "cpus:1", duration: 20s}
  """

private let mistakes = [
  Mistake(
    name: "an unknown key", find: "jobs: 3", replacement: "jbos: 3", status: 65,
    says: ":9:7: frameworks[0].workload: unknown key 'jbos'; did you mean 'jobs'?"),
  Mistake(
    name: "a malformed resource string", find: "cpus:4;mem:4096", replacement: "cpus:4;mem:",
    status: 65, says: ":4:41: cluster.slaves[0].resources: 'mem:' has no value"),
  Mistake(
    name: "a negative duration", find: "duration: 10s", replacement: "duration: -10s", status: 65,
    says: ":12:"),
  Mistake(
    name: "a cluster of no slaves", find: "count: 2", replacement: "count: 0", status: 65,
    says: "cluster.slaves[0].count"),
  Mistake(
    name: "a bad distribution parameter", find: "duration: 10s",
    replacement: "duration: {exponential: {mean: 0s}}", status: 65, says: "mean"),
  Mistake(
    name: "a lognormal without spread", find: "duration: 10s",
    replacement: "duration: {lognormal: {median: 5s, sigma: -1}}", status: 65, says: "sigma"),
  Mistake(
    name: "a missing trace", find: "workload:", replacement: "removed", status: 66,
    says: "trace.tsv.gz: no such file"),
  Mistake(
    name: "broken YAML", find: "cluster:", replacement: "cluster: [", status: 65, says: "yaml:"),
  Mistake(
    name: "a number beyond all bounds", find: "tasks: 2", replacement: "tasks: 1e300", status: 65,
    says: "expected at most 10000000"),
]

@Suite("Bad input")
struct BadInputTests {
  private func write(_ text: String, to folder: URL) throws -> String {
    let url = folder.appending(path: "scenario.yaml")
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path()
  }

  private func broken(_ mistake: Mistake) -> String {
    guard mistake.replacement == "removed", let work = goodScenario.range(of: "workload:") else {
      return goodScenario.replacing(mistake.find, with: mistake.replacement)
    }
    return goodScenario[..<work.lowerBound] + traceWork
  }

  @Test("the scenario that the mistakes are made in is good")
  func good() async throws {
    try await Shell.inFolder { folder in
      let path = try write(goodScenario, to: folder)
      let outcome = try await Shell.mesosim(["compare", path, "--quiet"])
      #expect(outcome.status == 0)
      #expect(outcome.err == "")
    }
  }

  @Test("one line, the exit code, and no output", arguments: mistakes)
  func mistake(_ mistake: Mistake) async throws {
    try await Shell.inFolder { folder in
      let path = try write(broken(mistake), to: folder)
      let output = folder.appending(path: "out").path()
      let outcome = try await Shell.mesosim(["compare", path, "--out", output])
      #expect(outcome.status == mistake.status)
      #expect(outcome.out == "")
      let lines = outcome.err.split(separator: "\n")
      #expect(lines.count == 1, "\(outcome.err)")
      #expect(outcome.err.contains(mistake.says), "\(outcome.err)")
      #expect(names(in: folder) == ["scenario.yaml"])
    }
  }

  @Test("a truncated trace is bad data, and says so in one line")
  func truncatedTrace() async throws {
    try await Shell.inFolder { folder in
      let plain = folder.appending(path: "trace.tsv")
      let rows = (0..<2000).map { "job\($0)\t\($0)\t1\t\($0 * 7919)\t0\t0\n" }.joined()
      try rows.write(to: plain, atomically: true, encoding: .utf8)
      let gzip = Process()
      gzip.executableURL = URL(filePath: "/bin/gzip")
      gzip.arguments = [plain.path()]
      try gzip.run()
      gzip.waitUntilExit()
      let packed = folder.appending(path: "trace.tsv.gz")
      try Data(contentsOf: packed).prefix(1500).write(to: packed)
      let work = try #require(goodScenario.range(of: "workload:"))
      let path = try write(goodScenario[..<work.lowerBound] + traceWork, to: folder)
      let outcome = try await Shell.mesosim(["run", path])
      #expect(outcome.status == 65)
      #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
      #expect(outcome.err.contains("trace.tsv.gz"), "\(outcome.err)")
    }
  }

  @Test(
    "a place that can't be written to is known before anything is computed",
    arguments: ["/proc/nothing/here", "scenario.yaml/below"])
  func unwritable(place: String) async throws {
    try await Shell.inFolder { folder in
      let path = try write(goodScenario, to: folder)
      let output = place.hasPrefix("/") ? place : folder.appending(path: place).path()
      let outcome = try await Shell.mesosim(["compare", path, "--out", output])
      #expect(outcome.status == 74)
      #expect(outcome.out == "")
      #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
      #expect(names(in: folder) == ["scenario.yaml"])
    }
  }

  @Test(
    "wrong usage ends with 64",
    arguments: [
      ["run"], ["fly"], ["compare", "x.yaml", "--replications", "0"],
      ["compare", "x.yaml", "--jobs", "0"], ["run", "x.yaml", "--until-event", "-1"],
      ["compare", "x.yaml", "--until-precise", "often"], ["check"],
      ["compare", small, "--out", ""],
      ["compare", small, "--allocators", "drf,drf"],
    ])
  func usage(arguments: [String]) async throws {
    let outcome = try await Shell.mesosim(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("Usage:"), "\(outcome.err)")
  }

  @Test("an allocator nobody knows is named, with what there is")
  func unknownAllocator() async throws {
    try await Shell.inFolder { folder in
      let path = try write(goodScenario, to: folder)
      let outcome = try await Shell.mesosim(["compare", path, "--allocators", "static,drg"])
      #expect(outcome.status == 65)
      #expect(outcome.err.contains("unknown allocator 'drg'"), "\(outcome.err)")
      #expect(outcome.err.contains("drf"), "\(outcome.err)")
    }
  }

  @Test("a scenario that is not there, a folder and garbage are told apart")
  func notAScenario() async throws {
    try await Shell.inFolder { folder in
      let garbage = folder.appending(path: "garbage.yaml")
      try Data([0x89, 0x50, 0xFF, 0x00, 0x1A]).write(to: garbage)
      let cases: [(String, Int32)] = [
        (folder.appending(path: "none.yaml").path(), 66), (folder.path(), 65),
        (garbage.path(), 65),
      ]
      for (path, status) in cases {
        let outcome = try await Shell.mesosim(["check", path])
        #expect(outcome.status == status, "\(path): \(outcome.err)")
        #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
      }
    }
  }
  @Test("output that can't be printed ends with 74")
  func fullDisk() async throws {
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = [
      "-c", "\"$0\" allocators > /dev/null && \"$0\" run \"$1\" --quiet > /dev/full 2> /dev/null",
      Shell.executable.path(), small,
    ]
    shell.currentDirectoryURL = Shell.root
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 74)
  }

  @Test("control characters of a scenario are shown, not obeyed")
  func controlCharacters() async throws {
    try await Shell.inFolder { folder in
      let path = try write(goodScenario + "\n\"\\e[31mred\\nblack\": 2\n", to: folder)
      let outcome = try await Shell.mesosim(["check", path])
      #expect(outcome.status == 65)
      #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
      #expect(!outcome.err.contains("\u{1B}"))
    }
  }
}
