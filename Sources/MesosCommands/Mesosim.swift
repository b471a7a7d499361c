// Part of mesosim. Apache-2.0, see LICENSE.
//
// The command line: what there is, and the options that all commands share.

import ArgumentParser
import Foundation
import MesosScenarios

/// The `mesosim` command line, for programs that want all of it.
public enum Mesosim {
  /// Reads the arguments of the process, carries the command out and exits.
  public static func main() {
    Interruption.listen()
    RootCommand.main()
  }
}

/// `mesosim`: the commands there are.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mesosim",
    abstract: "Apache Mesos in one process, on a virtual clock.",
    discussion: """
      Compare what your frameworks get from static partitions and from offers:

        mesosim compare scenarios/quickstart/two-frameworks.yaml --out notebooks-out/quickstart

      Exit codes: 0 success, 1 a check failed, 64 wrong usage, 65 bad input, 66 file not found,
      74 output can't be written.
      """,
    version: ScenarioRun.version,
    subcommands: [
      RunCommand.self, CompareCommand.self, CheckCommand.self, InitCommand.self,
      AllocatorsCommand.self, FrameworksCommand.self, BenchCommand.self, ParseCommand.self,
      ConformanceCommand.self,
    ])
}

/// Options that every command has.
struct CommonOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Say nothing on stderr but errors.")
  var quiet = false

  @Flag(name: .long, help: "Say more on stderr: what each run took.")
  var verbose = false

  @Flag(name: .customLong("no-color"), help: "No colour, as with the variable NO_COLOR.")
  var noColor = false

  /// Whether stdout may carry colour.
  var isColored: Bool {
    let hasNoColor = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    return !noColor && !hasNoColor && isatty(STDOUT_FILENO) == 1
  }

  /// Says something on stderr, unless asked to be quiet.
  func remark(_ line: String) {
    if !quiet { say(line) }
  }
}

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// Options of commands that run simulations.
struct SimulationOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The scenario file.", valueName: "scenario"))
  var path: String

  @Option(help: "The seed of all randomness, in place of the scenario's.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("The end of the simulation, such as 2h, in place of the scenario's."))
  var until: String?

  @Option(name: .customLong("out"), help: "Write a report into this folder.")
  var output: String?

  @Option(help: "How to print results: text or json.")
  var format = OutputFormat.text

  /// Reads the scenario and puts in what the command line says otherwise.
  func load(_ common: CommonOptions) throws -> LoadedScenario {
    var loaded = try loadScenario(path, common)
    if let seed { loaded.scenario.seed = seed }
    if let until {
      guard let horizon = Scenario.duration(until), horizon > .zero else {
        throw ValidationError(
          "--until \(until): expected a positive duration such as 90s, 10m or 2h")
      }
      loaded.scenario.until = horizon
    }
    if let output {
      guard !output.isEmpty else {
        throw ValidationError("--out is empty; expected a folder such as notebooks-out/first")
      }
      try ReportPlace.check(output)
    }
    return loaded
  }
}

/// Reads a scenario and says its warnings.
func loadScenario(_ path: String, _ common: CommonOptions) throws -> LoadedScenario {
  let loaded = try Scenario.load(path)
  for warning in loaded.warnings { common.remark("warning: \(warning.line(in: path))") }
  return loaded
}
