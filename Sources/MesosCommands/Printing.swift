// Part of mesosim. Apache-2.0, see LICENSE.
//
// What commands do with results: print them, write the report, hold them to expectations.

import ArgumentParser
import FileSystem
import Foundation
import MesosMetrics
import MesosReports
import MesosScenarios

enum Printing {
  /// Prints a report as asked, and writes its folder if there is one.
  ///
  /// Where something else goes to standard output, the report goes to stderr.
  static func publish(
    _ report: Report, _ options: SimulationOptions, _ common: CommonOptions,
    isStandardOutputTaken: Bool = false
  ) throws {
    func emit(_ text: String) throws {
      if !isStandardOutputTaken {
        try MesosCommands.emit(text)
      } else if !common.quiet {
        FileHandle.standardError.write(Data(text.utf8))
      }
    }
    if let folder = options.output { try ReportFolder.write(report.files(), to: folder) }
    switch options.format {
    case .json: try emit(String(decoding: try report.json(), as: UTF8.self))
    case .text:
      try emit(
        report.terminalText(Style(isColored: common.isColored && !isStandardOutputTaken)))
    }
    guard let folder = options.output else { return }
    let page = folder.appendingPath("report.html")
    if options.format == .text {
      try emit("\nreport: \(page)\n")
    } else {
      common.remark("report: \(page)")
    }
  }

  /// Holds results to the scenario's expectations; ends with exit code 1 when one is not met.
  static func check(
    _ expectations: [Expectation], _ runs: [MeasuredRun], _ comparison: Comparison?
  ) throws {
    var isMet = true
    for expectation in expectations {
      let verdict = expectation.verdict(on: runs.map(\.result), comparison)
      say(verdict.line)
      isMet = isMet && verdict.isMet
    }
    if !isMet { throw Exit.checkFailed }
  }
}

/// Where a report is to go: looked at before hours are spent on it.
enum ReportPlace {
  /// Looks for the nearest folder that is there, and whether it can be written to.
  static func check(_ folder: String) throws(BlockedOutput) {
    var url = URL(filePath: folder.isEmpty ? "." : folder).standardizedFileURL
    while true {
      let path = url.path(percentEncoded: false)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
        guard isFolder.boolValue else {
          throw BlockedOutput(
            path: path, reason: "is not a folder; choose another place")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
          throw BlockedOutput(
            path: path, reason: "is not writable; choose another place")
        }
        return
      }
      let parent = url.deletingLastPathComponent()
      guard parent.path() != url.path() else { return }
      url = parent
    }
  }
}

extension CommandLine {
  /// The command line as a user would type it to get the same result: without what changes only how
  /// it is computed or shown.
  static var shown: String { shown() }

  /// The same with options in place of what was given for them.
  /// - Parameters:
  ///   - options: Names and values.
  ///   - others: Options that are left out, each with its value.
  /// - Returns: The command line.
  static func shown(
    with options: [(name: String, value: String)] = [], without others: [String] = []
  ) -> String {
    let replaced = options.map(\.name) + others
    return shown(
      Array(arguments.dropFirst()), by: program, without: replaced,
      adding: options.flatMap { [$0.name, $0.value] })
  }

  /// What this program is called: one that brings something of its own is not called mesosim.
  static var program: String {
    arguments.first.map { URL(filePath: $0).lastPathComponent } ?? "mesosim"
  }

  /// The usage line of a command that has too many options to list.
  static func usage(_ command: String) -> String { "\(program) \(command)" }

  static func shown(
    _ arguments: [String], by program: String = "mesosim", without others: [String] = [],
    adding added: [String] = []
  ) -> String {
    let valued = ["--jobs", "--format"] + others
    var words: [String] = []
    var isValueSkipped = false
    for word in arguments {
      if isValueSkipped {
        isValueSkipped = false
      } else if ["--quiet", "-q", "--verbose", "--no-color"].contains(word) {
        continue
      } else if valued.contains(word) {
        isValueSkipped = true
      } else if !valued.contains(where: { word.hasPrefix($0 + "=") }) {
        words.append(quoted(word))
      }
    }
    return ([program] + words + added).joined(separator: " ")
  }

  /// A word as a shell takes it.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      let character = Character(UnicodeScalar(byte))
      return character.isLetter || character.isNumber || "-_./=,:%+@".contains(character)
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

/// Watches runs: progress for people, Ctrl-C, and what it all took.
final class Watch: Sendable {
  private let progress: ProgressLine

  init(runs: Int, _ common: CommonOptions) {
    Interruption.listen()
    progress = ProgressLine(runs: runs, isQuiet: common.quiet, isVerbose: common.verbose)
  }

  /// Takes in how far a run is; `false` asks it to stop.
  func update(_ run: Int, _ pulse: ScenarioRun.Pulse) -> Bool {
    progress.update(run: run, fraction: pulse.fraction, events: pulse.events)
    return !Interruption.isRequested
  }

  /// Ends the progress line.
  func finish() { progress.finish() }
}
