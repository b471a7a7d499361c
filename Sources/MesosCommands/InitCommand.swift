// Part of mesosim. Apache-2.0, see LICENSE.
//
// Writing a scenario to start from; its text is in MesosScenarios.

import ArgumentParser
import FileSystem
import Foundation
import MesosReports
import MesosScenarios

/// `mesosim init`: writes a starter scenario.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented starter scenario.",
    discussion: "Example: mesosim init my-cluster && mesosim compare my-cluster/scenario.yaml")

  @Argument(help: "The folder to write scenario.yaml into; made if it is not there.")
  var folder = "."

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if folder.isEmpty {
      throw ValidationError("the folder's name is empty; expected one such as my-cluster, or .")
    }
  }

  func run() throws {
    try reportingFailures {
      try ReportPlace.check(folder)
      let path = folder.appendingPath("scenario.yaml")
      if FileManager.default.fileExists(atPath: path) {
        throw BlockedOutput(
          path: path, reason: "is there already; remove it or choose another folder")
      }
      let file = ReportFile(name: "scenario.yaml", contents: Data(Scenario.starter.utf8))
      try ReportFolder.write([file], to: folder)
      print(path)
      common.remark("next: mesosim compare \(path)")
    }
  }
}
