// Part of mesosim. Apache-2.0, see LICENSE.
//
// Running recorded cases; the kinds of cases are in MesosConformance.

import ArgumentParser
import Foundation
import MesosConformance

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

  @OptionGroup var common: CommonOptions

  func run() throws {
    let missing = paths.filter { !FileManager.default.fileExists(atPath: $0) }
    let report = ConformanceSuite().run(paths: paths.filter { !missing.contains($0) })
    for path in missing { say("error: \(path): no such file or folder") }
    for line in report.errorLines { say("error: \(line)") }
    if missing.isEmpty && report.isEmpty {
      say("error: no cases in \(paths.joined(separator: ", ")); expected .json case files")
    }
    for line in report.lines { print(line) }

    if !missing.isEmpty { throw Exit.noInput }
    if !report.errorLines.isEmpty || report.isEmpty { throw Exit.badData }
    if !report.isSuccess(strict: strict) { throw Exit.checkFailed }
  }
}
