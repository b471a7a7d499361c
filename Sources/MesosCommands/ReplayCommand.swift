// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of playing a recording again. How it is played belongs to MesosGate.

import ArgumentParser
import FileSystem
import MesosCluster
import MesosGate
import MesosScenarios

/// `mesosim replay`: a session with clients, without them.
struct ReplayCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play what clients said to mesosim-server again, and compare what they were told.",
    discussion: """
      Exit code 1 at the first record that differs from the one that went out then.

      Example:
        mesosim replay notebooks-out/pymesos/inputs.jsonl
      """)

  @Argument(help: "The recording that mesosim-server wrote with --record.")
  var recording: String

  @OptionGroup var common: CommonOptions

  func run(with vocabulary: ScenarioVocabulary) throws {
    try reportingFailures {
      let replay = try unreadable { try InputReplay(readRecording()) }
      let run = try makeRun(replay.header, vocabulary)
      let outcome = try unreadable { try replay.play(on: run) }
      try report(outcome)
    }
  }

  private func readRecording() throws -> String {
    do throws(InputError) {
      return String(decoding: try InputFile.read(recording, max: 4 << 30), as: UTF8.self)
    } catch {
      throw UnreadableFile(
        path: recording, reason: error.reason, isMissing: error == .missing)
    }
  }

  private func unreadable<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as ReplayError {
      throw UnreadableFile(path: recording, reason: error.description)
    }
  }

  private func makeRun(
    _ header: RecordingHeader, _ vocabulary: ScenarioVocabulary
  ) throws -> ScenarioRun {
    let loaded = try Scenario.decode(
      Array(header.scenario.utf8), file: "\(header.name), as recorded",
      files: ScenarioFiles(folder: header.folder), vocabulary: vocabulary)
    let entry = try loaded.allocatorEntry(header.allocator, registry: vocabulary.allocators)
    return try ScenarioRun(
      PreparedScenario(loaded), allocator: entry, at: ClusterSetup.Address(header.address),
      registry: vocabulary.allocators)
  }

  private func report(_ outcome: InputReplay.Outcome) throws {
    if let difference = outcome.difference {
      say("\(recording): something else happened than was recorded")
      for line in difference.split(separator: "\n") { say(String(line)) }
      throw Exit.checkFailed
    }
    if !outcome.isWhole {
      common.remark("warning: \(recording): was cut; what it holds was played to its end")
    }
    try emit(
      "the same: \(outcome.inputs) inputs, \(outcome.outputs) records\ndigest \(outcome.digest)\n")
  }
}
