// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a program that registers types of its own has all commands with them.
// Method: run the example as a user does, on a scenario that names all three of its types.

import Foundation
import MesosMetrics
import Testing

private let scenario = """
  name: own
  cluster: {slaves: [{count: 4, resources: "cpus:4;mem:4096"}]}
  frameworks:
    - {name: pool, type: pool, role: a, tasks: 40, workers: 8, duration: 5s}
    - name: lines
      type: batch
      role: b
      trace: {format: lines, file: jobs.txt, shape: "cpus:2;mem:100"}
  allocators:
    - {name: drf}
    - {name: round-robin, slavesPerTurn: 2}
    - {name: static}
  """

@Suite("A program that brings its own")
struct BringYourOwnTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The example lies beside the test bundle.
  private static let executable: URL = {
    let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let beside = [tests, tests.deletingLastPathComponent(), Bundle.main.bundleURL]
    let found = beside.map { $0.appending(path: "BringYourOwn") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
    return found ?? root.appending(path: ".build/debug/BringYourOwn")
  }()

  private struct Outcome {
    let status: Int32
    let out: String
    let err: String
  }

  private func run(_ arguments: [String]) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "own-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["out", "err"].map { folder.appending(path: $0) }
    for file in files { _ = FileManager.default.createFile(atPath: file.path(), contents: nil) }
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = Self.root
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, out: try String(contentsOf: files[0], encoding: .utf8),
      err: try String(contentsOf: files[1], encoding: .utf8))
  }

  /// Writes the scenario and its trace for one test.
  private func withScenario(
    _ text: String = scenario, trace: String = "0 4 10\n5 2 3.5\n\n1 3 2\n",
    _ body: (String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "own-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(text.utf8).write(to: folder.appending(path: "own.yaml"))
    try Data(trace.utf8).write(to: folder.appending(path: "jobs.txt"))
    try body(folder.appending(path: "own.yaml").path())
  }

  @Test("the lists name what it brings beside ours, with parameters")
  func lists() throws {
    let allocators = try run(["allocators"]).out
    for word in ["drf", "static", "round-robin", "slavesPerTurn"] {
      #expect(allocators.contains(word), "\(word)")
    }
    let frameworks = try run(["frameworks"]).out
    for word in ["batch", "pool", "workers", "render", "frames", "swim", "lines", "shape"] {
      #expect(frameworks.contains(word), "\(word)")
    }
  }

  @Test("check prints a scenario that checks to itself")
  func check() throws {
    try withScenario { path in
      let first = try run(["check", path, "--quiet"])
      #expect(first.status == 0, "\(first.err)")
      try first.out.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try run(["check", path, "--quiet"]).out == first.out)
    }
  }

  @Test("compare ranks its allocator with ours, byte by byte the same each time")
  func compare() throws {
    try withScenario { path in
      let outcome = try run(["compare", path, "--verbose"])
      #expect(outcome.status == 0, "\(outcome.err)")
      #expect(outcome.out.contains("\nrank "), "\(outcome.out)")
      #expect(outcome.out.contains("pool"))
      #expect(outcome.err.contains("decisions/s: drf "), "\(outcome.err)")
      let json = try run(["compare", path, "--format", "json", "--quiet"])
      #expect(json.err == "")
      #expect(try run(["compare", path, "--format", "json", "--jobs", "1"]).out == json.out)
      let result = try ResultJSON.decode(Comparison.self, from: Data(json.out.utf8))
      #expect(result.runs.map(\.allocator) == ["drf", "round-robin", "static"])
      for run in result.runs {
        #expect(run.frameworks.map(\.jobs.finished) == [1, 3])
        #expect(run.tasks.finished == 49)
      }
      #expect(Set(result.runs.map(\.digest)).count == 3)
    }
  }

  // Goal: the pool knows that updates come at least once and that not every end is a finish.
  // Method: half of all messages come twice, and a break of every connection loses all tasks.
  @Test("BUG: a pool counted what was lost, and what it was told twice, as finished")
  func repeatedAndLostUpdates() throws {
    let text = """
      name: own
      until: 20m
      cluster:
        offerTimeout: 30s
        slaves: [{count: 4, name: "node-{index}", resources: "cpus:4;mem:4096"}]
      frameworks:
        - {name: pool, type: pool, role: a, tasks: 40, workers: 8, duration: 5s}
      allocators:
        - {name: drf}
      faults:
        - {at: 0s, network: {duplication: 50%, for: 10m}}
        - {at: 9s, reset: {slaves: ["node-*"]}}
      """
    try withScenario(text) { path in
      let outcome = try run(["run", path, "--format", "json", "--quiet", "--check-invariants"])
      #expect(outcome.status == 0, "\(outcome.err)")
      let result = try ResultJSON.decode(RunResult.self, from: Data(outcome.out.utf8))
      #expect(result.tasks.lost > 0)
      // A launch that comes twice is answered LOST, though the task runs: some are done twice.
      #expect(result.tasks.finished >= 40)
      #expect(result.frameworks.map(\.jobs.finished) == [1])
      #expect(result.frameworks.map(\.tasksWaitingAtEnd) == [0])
    }
  }

  @Test("run, diff and size take it too")
  func others() throws {
    try withScenario { path in
      let single = try run(["run", path, "--allocator", "round-robin", "--format", "json"])
      #expect(single.status == 0, "\(single.err)")
      let itself = try run(["diff", path, "--allocators", "round-robin,round-robin"])
      #expect(itself.status == 0, "\(itself.out)")
      #expect(try run(["diff", path, "--allocators", "drf,round-robin"]).status == 1)
      let size = try run(
        ["size", path, "--slo", "mean job time < 20s of lines", "--allocators", "round-robin"])
      #expect(size.status == 0, "\(size.err)")
    }
  }

  @Test("its framework's executors render every frame, and stay where they are")
  func executor() throws {
    let path = "Sources/BringYourOwn/Scenarios/render.yaml"
    let outcome = try run(["compare", path, "--format", "json", "--quiet"])
    #expect(outcome.status == 0, "\(outcome.err)")
    let result = try ResultJSON.decode(Comparison.self, from: Data(outcome.out.utf8))
    #expect(result.runs.map(\.allocator) == ["static", "drf", "round-robin"])
    for run in result.runs {
      #expect(run.frameworks.map(\.jobs.finished) == [1, 1])
      #expect(run.tasks.finished == 1000)
      #expect(run.tasks.failed == 0)
    }
  }

  @Test("a report names the program that makes it again")
  func command() throws {
    try withScenario { path in
      let folder = URL(filePath: path).deletingLastPathComponent().appending(path: "out")
      #expect(try run(["run", path, "--out", folder.path()]).status == 0)
      let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
      #expect(page.contains("<pre>BringYourOwn run "))
    }
  }

  @Test(
    "what makes no sense is one line with its place, and exit code 65",
    arguments: [
      ("workers: 8", "workres: 8", ":4:50: frameworks[0]: unknown key 'workres'"),
      ("workers: 8", "workers: many", "frameworks[0].workers: found 'many'; expected a whole"),
      ("type: pool", "type: pol", "frameworks[0].type: unknown type 'pol'; did you mean 'pool'?"),
      ("cpus:2;mem", "cpus;mem", "frameworks[1].trace.shape: 'cpus' has no value"),
      ("format: lines", "format: line", "unknown format 'line'; did you mean 'lines'?"),
      ("slavesPerTurn: 2", "slavesPerTurn: 0", "allocators[1].slavesPerTurn: found 0; expected"),
      ("round-robin", "round-robbin", "did you mean 'round-robin'?"),
    ])
  func mistakes(part: String, other: String, says: String) throws {
    try withScenario(scenario.replacing(part, with: other)) { path in
      let outcome = try run(["compare", path, "--verbose"])
      #expect(outcome.status == 65)
      #expect(outcome.err.split(separator: "\n").count == 1, "\(outcome.err)")
      #expect(outcome.err.contains(says), "\(outcome.err)")
      #expect(outcome.out == "")
    }
  }

  @Test("a trace that can't be read is bad data with its line, a missing one is told apart")
  func trace() throws {
    try withScenario(trace: "0 4 10\n1 two 3\n") { path in
      let outcome = try run(["run", path])
      #expect(outcome.status == 65)
      #expect(outcome.err.contains("jobs.txt:2: '1 two 3'; expected three numbers"))
    }
    try withScenario(scenario.replacing("jobs.txt", with: "none.txt")) { path in
      let outcome = try run(["run", path])
      #expect(outcome.status == 66)
    }
  }

  @Test("an allocator is under 80 lines")
  func length() throws {
    let file = Self.root.appending(path: "Sources/BringYourOwn/RoundRobin.swift")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count < 80)
  }

  @Test("the commands that the README shows for it work, on a small scenario")
  func readme() throws {
    let readme = Self.root.appending(path: "README.md")
    let text = try String(contentsOf: readme, encoding: .utf8)
    let mark = "swift run -c release BringYourOwn "
    let commands = text.split(separator: "\n").compactMap { line in
      line.range(of: mark).map { String(line[$0.upperBound...]) }
    }
    #expect(!commands.isEmpty)
    // What finds bugs is as small as it is, and finds them.
    let (exploring, others) = (
      commands.filter { $0.hasPrefix("explore ") }, commands.filter { !$0.hasPrefix("explore ") }
    )
    #expect(!exploring.isEmpty && !others.isEmpty)
    for command in exploring {
      let words = command.replacing("'", with: "").replacing("0..<2000", with: "30..<50")
        .split(separator: " ").map(String.init)
      let folder = FileManager.default.temporaryDirectory.appending(path: "found-\(UUID())")
      defer { try? FileManager.default.removeItem(at: folder) }
      let outcome = try run(words + ["--out", folder.path()])
      #expect(outcome.status == 1, "\(command): \(outcome.err)")
      #expect(outcome.out.contains("  smallest: 1 slave, 1 master, 1 framework, 2 faults"))
      #expect(outcome.out.contains("(run in a new process: fails the same)"))
    }
    for command in others {
      // As written, `Tests/Scenarios/run` runs them.
      let words = command.split(separator: " ").map {
        $0.hasPrefix("scenarios/") ? "Tests/Scenarios/small.yaml" : String($0)
      }
      let outcome = try run(words)
      #expect(outcome.status == 0, "\(command): \(outcome.err)")
    }
  }
}
