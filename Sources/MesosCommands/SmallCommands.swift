// Part of mesosim. Apache-2.0, see LICENSE.
//
// The commands that run nothing: check, init, and the lists of what a scenario can name.

import ArgumentParser
import Foundation
import MesosAllocation
import MesosReports
import MesosScenarios

/// `mesosim check`: validates scenarios.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Validate scenarios and print them with every default filled in.",
    discussion: "Example: mesosim check scenarios/quickstart/two-frameworks.yaml")

  @Argument(help: ArgumentHelp("The scenario files.", valueName: "scenario"))
  var paths: [String] = []

  @Flag(help: "Print the JSON Schema of scenario files instead.")
  var schema = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if paths.isEmpty && !schema { throw ValidationError("name at least one scenario file") }
  }

  func run() throws {
    if schema { return try reportingFailures { try emit(Scenario.jsonSchema) } }
    var worst: ExitCode?
    for path in paths {
      do {
        try reportingFailures {
          let loaded = try loadScenario(path, common)
          let prepared = try PreparedScenario(loaded)
          if let warning = prepared.warning { common.remark("warning: \(path): \(warning)") }
          // Several scenarios are several YAML documents.
          let mark = paths.count > 1 ? "--- # \(path)\n" : ""
          try emit(mark + loaded.scenario.resolvedYAML)
          common.remark("\(path): valid")
        }
      } catch let code as ExitCode {
        worst = worst ?? code
      }
    }
    if let worst { throw worst }
  }
}

/// `mesosim init`: writes a starter scenario.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented starter scenario.",
    discussion: "Example: mesosim init my-cluster && mesosim compare my-cluster/scenario.yaml")

  @Argument(help: "The folder to write scenario.yaml into; made if it is not there.")
  var folder = "."

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reportingFailures {
      let path = folder.hasSuffix("/") ? folder + "scenario.yaml" : folder + "/scenario.yaml"
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

/// `mesosim allocators`: what `allocators:` can name.
struct AllocatorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocators",
    abstract: "List the allocators that a scenario can name, with their parameters.",
    discussion: "Example: mesosim allocators")

  @OptionGroup var common: CommonOptions

  func run() {
    for allocator in AllocatorRegistry().descriptors {
      print("\(allocator.name)  \(allocator.summary)")
      for parameter in allocator.parameters {
        print("    \(parameter.name): \(parameter.type)")
        print("        \(parameter.meaning); default \(parameter.defaultValue)")
      }
    }
  }
}

/// `mesosim frameworks`: what `type:` of a framework can be.
struct FrameworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frameworks",
    abstract: "List the frameworks that a scenario can name, with their parameters.",
    discussion: "Example: mesosim frameworks")

  @OptionGroup var common: CommonOptions

  func run() {
    for framework in FrameworkDescription.Kind.allCases {
      print("\(framework.rawValue)  \(framework.summary)")
      for key in framework.keys {
        let standard = key.isRequired ? " (required)" : key.standard.map { "; default \($0)" } ?? ""
        print("    \(key.name): \(key.meaning)\(standard)")
      }
    }
  }
}
