// Part of mesosim. Apache-2.0, see LICENSE.
//
// Running recorded cases; the kinds of cases are in MesosConformance.

import ArgumentParser
import Foundation
import MesosConformance
import MesosMetrics

/// `mesosim conformance`: runs recorded cases.
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Run recorded cases of Mesos's behaviour and print what comes out otherwise.",
    usage: CommandLine.usage("conformance [<options>] <path> ..."),
    discussion: """
      A folder stands for all the .json files below it. Kinds of cases that this version cannot \
      run are named and skipped; with --strict they count as failures. The last line is 'N passed, \
      N failed'.

      Example: mesosim conformance Tests/MesosConformanceTests/Cases
      """)

  @Argument(help: ArgumentHelp("The case files, or folders of them.", valueName: "path"))
  var paths: [String]

  @Flag(help: "Fail when a kind of cases is skipped.")
  var strict = false

  @Flag(help: "Print what comes of each step of cases that have steps, and compare nothing.")
  var transcript = false

  @Option(help: "How to print results: text or json.")
  var format = OutputFormat.text

  @OptionGroup var common: CommonOptions

  func run() throws {
    let missing = paths.filter { !FileManager.default.fileExists(atPath: $0) }
    if transcript && missing.isEmpty {
      for line in ConformanceSuite().transcript(paths: paths) { print(line) }
      return
    }
    let report = ConformanceSuite().run(paths: paths.filter { !missing.contains($0) })
    for path in missing { say("error: \(path): no such file or folder") }
    for line in report.errorLines { say("error: \(line)") }
    if missing.isEmpty && report.isEmpty {
      say("error: no cases in \(paths.joined(separator: ", ")); expected .json case files")
    }
    switch format {
    case .text: for line in report.lines { print(line) }
    case .json:
      let data = try ResultJSON.data(ConformanceSummary(report))
      print(String(decoding: data, as: UTF8.self), terminator: "")
    }

    if !missing.isEmpty { throw Exit.noInput }
    if !report.errorLines.isEmpty || report.isEmpty { throw Exit.badData }
    if !report.isSuccess(strict: strict) { throw Exit.checkFailed }
  }
}

/// The outcome of a run of cases, for programs.
private struct ConformanceSummary: Encodable {
  /// What came of the cases about one subject.
  struct Subject: Encodable {
    let name: String
    let total, passed, passedWithoutTexts, skipped: Int
  }

  /// A case whose outcome is not what was recorded.
  struct Failure: Encodable {
    let path, name, field, expected, actual: String
    let differsInTextsOnly: Bool
    let books: [String]
  }

  /// Kinds of cases that could not be run.
  struct Skipped: Encodable {
    let kind: String
    let files: Int
  }

  let passed, failed: Int
  let subjects: [Subject]
  let skippedKinds: [Skipped]
  let failures: [Failure]

  init(_ report: ConformanceReport) {
    passed = report.passed
    failed = report.failures.count
    subjects = report.subjects.map {
      Subject(
        name: $0.name, total: $0.total, passed: $0.passed,
        passedWithoutTexts: $0.passedWithoutTexts, skipped: $0.skipped)
    }
    skippedKinds = report.skippedKinds.map { Skipped(kind: $0.kind, files: $0.paths.count) }
    failures = report.failures.map {
      Failure(
        path: $0.path, name: $0.name, field: $0.field, expected: $0.expected, actual: $0.actual,
        differsInTextsOnly: $0.differsInTextsOnly, books: $0.books)
    }
  }
}
