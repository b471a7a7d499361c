// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosAllocation
import MesosFrameworks
import MesosMetrics
import MesosWorkloads
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

/// Offers everything to the framework that registered last.
private struct LastWins: RegisteredAllocator, ChoosingAllocator {
  static let name = "last-wins"
  static let summary = "everything to the framework that registered last"
  static let generosity = Parameter.number("generosity", 0...1, default: 0, "does nothing")
  static let parameters: [any DeclaredParameter] = [generosity]

  var book: OfferBook

  init(_ request: AllocatorRequest) { book = OfferBook(request.options) }

  mutating func choose(
    from candidates: [FrameworkIndex], for offer: Resources, on slave: SlaveIndex
  ) -> FrameworkIndex? { candidates.last }
}

/// Says that it got jobs, and leaves.
private final class Visitor: RegisteredFramework {
  static let name = "visitor"
  static let summary = "comes and goes"
  static let stay = Parameter.duration("stay", default: .seconds(5), "how long")
  static let parameters: [any DeclaredParameter] = [stay]
  static let work = FrameworkDescriptor.Work.jobs(isRequired: false)

  private let stay: Duration
  private let jobs: JobList
  private let environment: any Environment

  init(_ request: FrameworkRequest, environment: any Environment) {
    stay = request[Self.stay]
    jobs = request.jobs
    self.environment = environment
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    for job in jobs { environment.journal.jobSubmitted(job.id, name: job.name) }
    environment.startTimer(after: stay) { driver.stop(failover: false) }
  }
}

/// Reads one job for each line, latest first, with as many tasks as the line has letters.
private struct Letters: RegisteredTraceReader {
  static let name = "letters"
  static let summary = "one job a line"
  static let gap = Parameter.duration("gap", default: .seconds(1), "between jobs")
  static let parameters: [any DeclaredParameter] = [gap]

  let gap: Duration

  init(_ parameters: Parameters) { gap = parameters[Self.gap] }

  func jobs(
    in file: TraceFile, for framework: String, seeds: Seeds
  ) throws(WorkloadError) -> [Job] {
    let lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count > 1 else {
      throw .malformed(file: file.path, line: 1, reason: "no line ends; expected several lines")
    }
    return lines.enumerated().reversed().map { number, line in
      Job(
        id: JobID(7), name: String(decoding: line, as: UTF8.self),
        submitted: .start + gap * number,
        stages: [
          Stage(
            name: "read", tasks: line.count, resources: Resources(cpus: 1, mem: 64),
            durations: .constant(.seconds(1)))
        ])
    }
  }
}

@Suite("Registered allocators, frameworks and readers") struct RegisteringTests {
  private var vocabulary: ScenarioVocabulary {
    var vocabulary = ScenarioVocabulary()
    let types: [any Registrable.Type] = [LastWins.self, Visitor.self, Letters.self]
    for type in types { type.register(in: &vocabulary) }
    return vocabulary
  }

  private let text = """
    name: own
    cluster:
      slaves: [{count: 2, resources: "cpus:4;mem:4096"}]
    frameworks:
      - {name: guest, type: visitor, role: r, stay: 7s}
      - {name: reader, type: batch, trace: {format: letters, file: words.txt, gap: 2s}}
    allocators:
      - {name: last-wins, generosity: 0.5}
    """ + "\n"

  private func load(
    _ text: String, in folder: String = "/nowhere"
  ) throws(ScenarioError) -> LoadedScenario {
    try Scenario.decode(
      Array(text.utf8), file: "s.yaml",
      files: ScenarioFiles(folder: folder, dataFolder: "/nowhere/data"), vocabulary: vocabulary)
  }

  private func complaints(_ part: String, _ other: String) -> [String] {
    do throws(ScenarioError) {
      _ = try load(text.replacing(part, with: other))
      return []
    } catch { return error.lines }
  }

  private func inFolder(_ words: String, _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mesosim-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(words.utf8).write(to: folder.appending(path: "words.txt"))
    try body(folder.path(percentEncoded: false))
  }

  @Test("a scenario names them, and what check prints of it reads as the same scenario")
  func resolved() throws {
    let loaded = try load(text)
    let frameworks = loaded.scenario.frameworks
    #expect(frameworks[0].type.name == "visitor")
    #expect(frameworks[0].work == .none)
    #expect(loaded.scenario.resolvedYAML.contains("stay: 7s"))
    #expect(loaded.scenario.resolvedYAML.contains("gap: 2s"))
    let again = try load(loaded.scenario.resolvedYAML)
    #expect(again.scenario == loaded.scenario)
    #expect(again.scenario.resolvedYAML == loaded.scenario.resolvedYAML)
    #expect(try load(text.replacing("7s", with: "8s")).scenario != loaded.scenario)
    #expect(try load(text.replacing("2s", with: "3s")).scenario != loaded.scenario)
  }

  @Test("they run, the same each time")
  func runs() throws {
    try inFolder("abc\n\nde\n") { folder in
      let loaded = try load(text, in: folder)
      func measured() throws -> String {
        let run = try ScenarioRun(
          PreparedScenario(loaded), allocator: loaded.scenario.allocators[0],
          registry: vocabulary.allocators)
        run.run()
        let result = run.measured(window: run.window).result
        #expect(result.frameworks[1].jobs.finished == 4)
        #expect(result.tasks.finished == 5)
        return result.digest
      }
      let first = try measured()
      #expect(try measured() == first)
    }
  }

  @Test("jobs come by submission, numbered, without stages that have no tasks")
  func jobs() throws {
    try inFolder("abc\n\nde") { folder in
      let jobs = try load(text, in: folder).makeJobs()
      #expect(jobs.byFramework[0].isEmpty)
      #expect(jobs.byFramework[1].map(\.name) == ["abc", "", "de"])
      #expect(jobs.byFramework[1].map(\.id) == [JobID(0), JobID(1), JobID(2)])
      #expect(jobs.byFramework[1].map(\.submitted.seconds) == [0, 2, 4])
      #expect(jobs.byFramework[1].map(\.stages.count) == [1, 0, 1])
      #expect(jobs.files.map(\.name) == ["words.txt"])
    }
    try inFolder("abc") { folder in
      let loaded = try load(text, in: folder)
      #expect(throws: WorkloadError.self) { try loaded.makeJobs() }
    }
  }

  @Test("jobs of a trace that their framework's part has no room for are warned of by name")
  func unfit() throws {
    let parts =
      "{name: static, label: halves, partition: {slaves: [{group: tiny, shares: {reader: 1}}, "
      + "{group: big, shares: {guest: 1}}]}}"
    let small = "{count: 1, name: \"tiny-{index}\", group: tiny, resources: \"cpus:0.5;mem:4096\"}"
    let narrow = text.replacing(
      "{count: 2, resources", with: "\(small), {count: 2, group: big, resources"
    )
    .replacing("{name: last-wins, generosity: 0.5}", with: "{name: drf}\n  - \(parts)")
    try inFolder("abc\n\nde") { folder in
      let loaded = try load(narrow, in: folder)
      let prepared = try PreparedScenario(loaded)
      #expect(prepared.warnings(under: [loaded.scenario.allocators[0]]) == [])
      #expect(
        prepared.warnings(under: loaded.scenario.allocators) == [
          "2 stages of 'reader' never start: no slave of its part under 'halves' has room for a "
            + "task, such as one of cpus:1; mem:64"
        ])
    }
  }

  @Test("a registered framework takes a workload, too")
  func workload() throws {
    let work =
      "workload: {jobs: 2, stages: [{name: m, tasks: 1, resources: \"cpus:1\", duration: 1s}]}}"
    let loaded = try load(text.replacing("stay: 7s}", with: "stay: 7s, \(work)"))
    #expect(loaded.scenario.frameworks[0].work != .none)
  }

  @Test(
    "unknown names and keys, and values without sense, are errors with a place and a suggestion",
    arguments: [
      (
        "type: visitor", "type: vistor",
        "s.yaml:5:25: frameworks[0].type: unknown type 'vistor'; did you mean 'visitor'?"
      ),
      (
        "stay: 7s", "stya: 7s",
        "s.yaml:5:43: frameworks[0]: unknown key 'stya'; did you mean 'stay'?"
      ),
      (
        "stay: 7s", "refuse: 7s",
        "s.yaml:5:43: frameworks[0]: unknown key 'refuse'; expected 'name', 'type', 'role', "
          + "'stay', 'workload', 'trace', 'principal', 'secret', 'user', 'checkpoint', "
          + "'failoverTimeout', 'restartAfter', 'roles', 'capabilities', 'serviceTimes', "
          + "'start', 'leave' or 'return'"
      ),
      (
        "stay: 7s", "stay: long",
        "s.yaml:5:49: frameworks[0].stay: found 'long'; expected a duration such as 250ms, 5s, "
          + "10m, 2h or 1d"
      ),
      (
        "format: letters", "format: leters",
        "s.yaml:6:49: frameworks[1].trace.format: unknown format 'leters'; did you mean 'letters'?"
      ),
      (
        "gap: 2s", "gap: 2",
        "s.yaml:6:80: frameworks[1].trace.gap: '2' has no unit; expected a duration such as 250ms, "
          + "5s, 10m, 2h or 1d"
      ),
      (
        "file: words.txt, ", "",
        "s.yaml:6:40: frameworks[1].trace: 'file' is missing: the file, from the scenario's folder "
          + "or ${MESOSIM_DATA}; or .gz"
      ),
      (
        "generosity: 0.5", "generosity: 2",
        "s.yaml:8:35: allocators[0].generosity: found 2; expected a number from 0 to 1"
      ),
      (
        "last-wins", "last-win",
        "s.yaml:8:12: allocators[0].name: unknown allocator 'last-win'; did you mean 'last-wins'?"
      ),
    ])
  func mistakes(part: String, other: String, line: String) {
    #expect(complaints(part, other) == [line])
  }

  @Test("without registering, the names are unknown")
  func unknown() {
    let lines = ScenarioText.complaints(text)
    #expect(lines.count == 3, "\(lines)")
    #expect(lines.contains { $0.contains("unknown type 'visitor'") })
    #expect(lines.contains { $0.contains("unknown format 'letters'") })
    #expect(lines.contains { $0.contains("unknown allocator 'last-wins'") })
  }

  @Test("the schema knows the names and their keys")
  func schema() {
    let schema = Scenario.jsonSchema(for: vocabulary)
    for word in ["visitor", "stay", "letters", "gap", "generosity"] {
      #expect(schema.contains("\"\(word)\""), "\(word)")
    }
    #expect(!Scenario.jsonSchema.contains("visitor"))
  }

  @Test("something of the same name takes the place of what was there")
  func replaced() throws {
    var vocabulary = vocabulary
    vocabulary.register(
      FrameworkDescriptor("batch", "another batch") { request, environment in
        Visitor(request, environment: environment)
      })
    #expect(vocabulary.frameworks.count { $0.name == "batch" } == 1)
    // This one takes no work.
    #expect(throws: ScenarioError.self) {
      try Scenario.decode(
        Array(text.utf8), file: "s.yaml", files: ScenarioFiles(folder: "."), vocabulary: vocabulary)
    }
  }
}
