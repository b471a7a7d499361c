// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is written of a failure: its choices, a scenario that fails under `run`, and a test. Whether
// the scenario fails is tried in a new process before anybody is told so.

import ArgumentParser
import FileSystem
import Foundation
import MesosExploration
import MesosScenarios
import ScenarioExploration

/// The files of the failures of one scenario.
struct FailureFiles {
  let store: FailureStore
  /// The path of the scenario, as it was given.
  let scenario: String
  /// The options that decide what choices stand for.
  let options: String
  let vocabulary: ScenarioVocabulary
  let world: ScenarioWorld

  /// The failures that are kept of a scenario; those that no longer fail are named.
  func stored(_ subject: String, _ common: CommonOptions) throws -> [FailureRecord] {
    let (records, broken) = store.read()
    for (file, reason) in broken { common.remark("warning: \(file): \(reason)") }
    return try records.filter { record in
      guard record.subject == subject else { return false }
      let failure = world.outcome(of: Choices(plan: record.plan)).trial.failure
      if failure?.identity == record.failure.identity { return true }
      try emit("\(path(record, ".json")): no longer fails: \(record.failure.text)\n")
      return false
    }
  }

  /// Runs the choices of a record.
  func replay(_ file: String) throws {
    let record: FailureRecord
    do {
      let bytes = try InputFile.read(file, max: 1 << 20)
      record = try FailureRecord(json: String(decoding: bytes, as: UTF8.self))
    } catch let error as InputError {
      say("\(file): \(error.reason); expected a failure that 'explore' has written")
      throw error == .missing ? Exit.noInput : Exit.badData
    } catch {
      say("\(file): \(error)")
      throw Exit.badData
    }
    let subject = world.ground.loaded.scenario.name
    guard record.subject == subject else {
      say("\(file): a failure of '\(record.subject)'; this scenario is '\(subject)'")
      throw Exit.badData
    }
    let outcome = world.outcome(of: Choices(plan: record.plan))
    if outcome.trial.plan != record.plan {
      say(
        "warning: \(file): some of its choices do not exist any more; what still applies is run")
    }
    if let failure = outcome.trial.failure {
      try emit("\(record.subject): \(failure.text)\n")
      if failure.identity != record.failure.identity {
        try emit("  it failed otherwise when it was found: \(record.failure.text)\n")
      }
      throw Exit.checkFailed
    }
    try emit("\(file): no longer fails: \(record.failure.text)\n")
  }

  /// Writes all files of a failure that was made small.
  func write(_ record: FailureRecord) throws(OutputError) {
    try store.write([
      (record.fileName + ".json", record.json), (record.fileName + ".yaml", yaml(record)),
      (record.fileName + ".swift", test(record)),
    ])
  }

  private func path(_ record: FailureRecord, _ suffix: String) -> String {
    store.folder.appendingPath(record.fileName + suffix)
  }

  /// What to do to see a failure again, tried in a new process.
  func replayLines(of record: FailureRecord) throws -> [String] {
    let path = path(record, ".yaml")
    let run = ["run", path, "--quiet"]
    if isFailing(run) {
      return [
        "  files: \(store.folder.appendingPath(record.fileName)).yaml, .json, .swift",
        "  replay: \(CommandLine.program) run \(CommandLine.quoted(path))     "
          + "(run in a new process: fails the same)",
      ]
    }
    let plan = self.path(record, ".json")
    return [
      "  files: \(plan)",
      "  replay: \(CommandLine.program) explore \(CommandLine.quoted(scenario))\(options) "
        + "--replay \(CommandLine.quoted(plan))",
    ]
  }

  /// Whether a command of this program fails as a check does, in a process of its own.
  private func isFailing(_ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == Exit.checkFailed.rawValue
  }

  // MARK: Contents

  private func yaml(_ record: FailureRecord) -> String {
    var head = [
      record.failure.text,
      "Found with seed \(record.seed) in \(record.found); \(record.runs) runs.",
    ]
    if !record.free.isEmpty {
      head.append("Does not matter: \(record.free.joined(separator: ", "))")
    }
    let smallest = world.smallestScenario(of: record)
    if !smallest.scenario.faults.isEmpty {
      head.append("Without any one of the faults nothing fails in this way.")
    }
    head.append("To see it: \(CommandLine.program) run \(path(record, ".yaml"))")
    return head.map { "# \($0)\n" }.joined() + smallest.shortestYAML(vocabulary: vocabulary)
  }

  private func test(_ record: FailureRecord) -> String {
    let name = record.fileName.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    return """
      import MesosimKit
      import Testing

      /// \(record.failure.text)
      @Test func \(name)() throws {
        var vocabulary = ScenarioVocabulary()
        // Register here what the scenario uses of yours: MyFramework.register(in: &vocabulary)
        let loaded = try Scenario.load("\(path(record, ".yaml"))", vocabulary: vocabulary)
        let run = try ScenarioRun(
          try PreparedScenario(loaded), allocator: loaded.scenario.allocators[0], holdsLaws: true,
          registry: vocabulary.allocators)
        run.run()
        #expect(run.violation == nil)
      }

      """
  }
}
