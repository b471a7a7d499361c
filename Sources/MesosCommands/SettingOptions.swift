// Part of mesosim. Apache-2.0, see LICENSE.
//
// Values that the command line sets in a scenario. What a path means belongs to MesosScenarios.

import ArgumentParser
import MesosScenarios

/// The option `--set`.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set a value, by its path in the scenario and the names on it, such as allocation.interval=5s, "
        + "frameworks.web.workload.jobs=200 or cluster.slaves.node.count=40. May be given again.",
      valueName: "path=value"))
  var texts: [String] = []

  @Flag(
    name: .customLong("python-job-files"),
    help: "Run job files of Aurora's (.aurora), which are programs in Python, by python3.")
  var runsPythonJobFiles = false

  /// What is to be set, each to one value or to several.
  func parsed() throws -> [ScenarioSetting] { try texts.map { try ScenarioSetting(parsing: $0) } }

  /// What is to be set by a command that takes one value of each.
  func single() throws -> [ScenarioSetting.Choice] {
    try parsed().flatMap { setting in
      if setting.isVaried {
        throw ValidationError(
          "--set \(setting.path) has \(setting.choices.count) values; expected one here: "
            + "'\(CommandLine.program) compare' takes several")
      }
      return setting.choices
    }
  }

  /// The options again, for a command line that is suggested.
  var shown: String {
    texts.map { " --set " + CommandLine.quoted($0) }.joined()
      + (runsPythonJobFiles ? " --python-job-files" : "")
  }
}
