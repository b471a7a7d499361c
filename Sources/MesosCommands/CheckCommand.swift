// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reading a scenario without running it. What makes a scenario wrong belongs to MesosScenarios.

import ArgumentParser
import MesosScenarios

/// `mesosim check`: validates scenarios.
struct CheckCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Validate scenarios and print them with every default filled in.",
    usage: CommandLine.usage("check [<options>] <scenario> ..."),
    discussion: "Example: mesosim check scenarios/quickstart/two-frameworks.yaml")

  @Argument(help: ArgumentHelp("The scenario files.", valueName: "scenario"))
  var paths: [String] = []

  @Flag(help: "Print the JSON Schema of scenario files instead.")
  var schema = false

  @OptionGroup var setting: SettingOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if paths.isEmpty && !schema { throw ValidationError("name at least one scenario file") }
  }

  func run(with vocabulary: ScenarioVocabulary) throws {
    if schema { return try reportingFailures { try emit(Scenario.jsonSchema(for: vocabulary)) } }
    var worst: ExitCode?
    for path in paths {
      do {
        try reportingFailures {
          let loaded = try loadScenario(path, setting, common, vocabulary)
          let prepared = try PreparedScenario(loaded)
          let path = Scenario.shownName(ofFile: path)
          for warning in prepared.warnings(under: loaded.scenario.allocators) {
            common.remark("warning: \(path): \(warning)")
          }
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
