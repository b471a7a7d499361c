// Part of mesosim. Apache-2.0, see LICENSE.
//
// The command line: what there is, and the options that all commands share.

package import ArgumentParser
import Foundation
public import MesosScenarios

/// The `mesosim` command line, for programs that want all of it.
public enum Mesosim {
  /// Reads the arguments of the process, carries the command out and exits.
  public static func main() { main(with: ScenarioVocabulary()) }

  /// The same for a program that brings allocators, frameworks or readers of traces of its own.
  ///
  ///     Mesosim.main(registering: MyAllocator.self, MyFramework.self, MyTraceReader.self)
  ///
  /// Scenarios can name them then; every command takes them like ours.
  /// - Parameter types: What it brings.
  public static func main(registering types: any Registrable.Type...) {
    var vocabulary = ScenarioVocabulary()
    for type in types { type.register(in: &vocabulary) }
    main(with: vocabulary)
  }

  /// The same with the names that a scenario may use beyond ours.
  static func main(with vocabulary: ScenarioVocabulary) { main(RootCommand.self, with: vocabulary) }

  /// The same for another program, whose root command is given.
  package static func main(
    _ root: any ParsableCommand.Type, with vocabulary: ScenarioVocabulary = ScenarioVocabulary()
  ) {
    var command: (any ParsableCommand)?
    do {
      command = try root.parseAsRoot()
      if let command = command as? any VocabularyCommand {
        try command.run(with: vocabulary)
      } else {
        try command?.run()
      }
    } catch {
      leave(with: error, from: command.map { type(of: $0) }, of: root)
    }
  }

  /// Ends the process, saying what was wrong with how it was used.
  /// - Parameters:
  ///   - error: What was wrong.
  ///   - command: What was being run; `nil` while the command line was read.
  ///   - root: The command that it is part of.
  private static func leave(
    with error: any Error, from command: (any ParsableCommand.Type)?,
    of root: any ParsableCommand.Type
  ) -> Never {
    let code = root.exitCode(for: error)
    var text = root.fullMessage(for: error)
    if let command, error is ValidationError {
      let usage = root.usageString(for: command)
      let isRoot = command == root
      let name =
        CommandLine.program + (isRoot ? "" : " \(command.configuration.commandName ?? "")")
      text =
        "Error: \(root.message(for: error))\nUsage: \(usage)\n  See '\(name) --help' for more "
        + "information."
    }
    if code.isSuccess {
      print(text)
    } else if !text.isEmpty {
      for line in text.split(separator: "\n") { say(String(line)) }
    }
    root.exit(withError: code)
  }
}

/// A command whose meaning depends on the names that a scenario may use.
///
/// The names are handed over when it is run: the parser of the command line makes commands itself,
/// and what is registered must not have to lie about for them.
package protocol VocabularyCommand: ParsableCommand {
  func run(with vocabulary: ScenarioVocabulary) throws
}

extension VocabularyCommand {
  package func run() throws { try run(with: ScenarioVocabulary()) }
}

/// `mesosim`: the commands there are.
struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: CommandLine.program,
    abstract: "Apache Mesos in one process, on a virtual clock.",
    discussion: """
      Example: compare what your frameworks get from static partitions and from offers:

        mesosim compare scenarios/quickstart/two-frameworks.yaml --out report

      Exit codes: 0 success, 1 a check failed, 64 wrong usage, 65 bad input, 66 file not found, 74 \
      output can't be written, 130 interrupted by Ctrl-C (143 by SIGTERM): results are partial.
      """,
    version: ScenarioRun.version,
    subcommands: [
      RunCommand.self, CompareCommand.self, SizeCommand.self, DiffCommand.self,
      ExploreCommand.self,
      CheckCommand.self, InitCommand.self, ImportCommand.self,
      AllocatorsCommand.self, FrameworksCommand.self,
      ViewCommand.self, WhyCommand.self, ReplayCommand.self, BenchCommand.self,
      ParseCommand.self, ConformanceCommand.self,
    ])
}

/// Options that every command has.
package struct CommonOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Say nothing on stderr but errors.")
  package var quiet = false

  @Flag(name: .long, help: "Say more on stderr: what each run took.")
  var verbose = false

  @Flag(name: .customLong("no-color"), help: "No colour, as with the variable NO_COLOR.")
  var noColor = false

  package init() {}

  /// Whether stdout may carry colour.
  var isColored: Bool {
    let hasNoColor = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    return !noColor && !hasNoColor && !Terminal.isDumb && isatty(STDOUT_FILENO) == 1
  }

  /// Says something on stderr, unless asked to be quiet.
  package func remark(_ line: String) {
    if !quiet { say(line) }
  }
}

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// Options of commands that read a scenario and run it.
package struct ScenarioOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The scenario file; - is standard input.", valueName: "scenario"))
  package var path: String

  package init() {}

  /// What the scenario is called in messages.
  package var shownPath: String { Scenario.shownName(ofFile: path) }

  // Takes the next word whatever it is, so that -1 is told what is allowed.
  @Option(
    parsing: .unconditional, help: "The seed of all randomness, in place of the scenario's.",
    transform: wholeNumber(0...UInt64.max))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("The end of the simulation, such as 2h, in place of the scenario's."))
  var until: String?

  @OptionGroup var setting: SettingOptions

  @Option(help: "How to print results: text or json.")
  var format = OutputFormat.text

  /// Reads the scenario and puts in what the command line says otherwise.
  package func load(
    _ common: CommonOptions, _ vocabulary: ScenarioVocabulary
  ) throws -> LoadedScenario {
    try Self.load(path, seed: seed, until: until, setting, common, vocabulary)
  }

  static func load(
    _ path: String, seed: UInt64?, until: String?, _ setting: SettingOptions,
    _ common: CommonOptions, _ vocabulary: ScenarioVocabulary
  ) throws -> LoadedScenario {
    try replacing(
      seed: seed, until: until, setting, in: loadScenario(path, setting, common, vocabulary))
  }

  /// Puts the seed and the end that the command line gives into a scenario.
  static func replacing(
    seed: UInt64?, until: String?, _ setting: SettingOptions, in loaded: LoadedScenario
  ) throws -> LoadedScenario {
    var loaded = loaded
    let blocks = try setting.parsed().map(\.block)
    if let name = [("seed", seed != nil), ("until", until != nil)].first(where: { name, isGiven in
      isGiven && blocks.contains(name)
    })?.0 {
      throw ValidationError("--\(name) and --set \(name)=...; expected one of them")
    }
    if let seed { loaded.scenario.seed = seed }
    if let until {
      guard let horizon = Scenario.duration(until), horizon > .zero else {
        throw ValidationError(
          "--until \(until): expected a positive duration such as 90s, 10m or 2h")
      }
      loaded.scenario.until = horizon
    }
    return loaded
  }
}

/// Options of commands that run simulations and report on them.
struct SimulationOptions: ParsableArguments {
  @OptionGroup var scenario: ScenarioOptions

  @Option(name: .customLong("out"), help: "Write a report into this folder.")
  var output: String?

  var path: String { scenario.path }
  var format: OutputFormat { scenario.format }

  /// Reads the scenario, and looks whether the report can be written.
  func load(_ common: CommonOptions, _ vocabulary: ScenarioVocabulary) throws -> LoadedScenario {
    let loaded = try scenario.load(common, vocabulary)
    try checkOutput()
    return loaded
  }

  /// Looks whether the report can be written.
  func checkOutput() throws {
    guard let output else { return }
    guard !output.isEmpty else {
      throw ValidationError("--out is empty; expected a folder such as notebooks-out/first")
    }
    try ReportPlace.check(output)
  }
}

/// Reads a scenario and says its warnings.
func loadScenario(
  _ path: String, _ setting: SettingOptions, _ common: CommonOptions,
  _ vocabulary: ScenarioVocabulary
) throws -> LoadedScenario {
  let choices = try setting.single()
  let document = try ScenarioDocument.load(
    path, vocabulary: vocabulary, runsPythonJobFiles: setting.runsPythonJobFiles)
  let loaded = try document.read(setting: choices)
  let name = Scenario.shownName(ofFile: path)
  for warning in loaded.warnings { common.remark("warning: \(warning.line(in: name))") }
  return loaded
}

extension LoadedScenario {
  /// Says what has to be known of runs under allocators that the scenario itself does not name.
  func remark(
    on chosen: [AllocatorEntry], _ path: String, _ common: CommonOptions,
    _ vocabulary: ScenarioVocabulary
  ) {
    for entry in chosen where !scenario.allocators.contains(entry) {
      for warning in warnings(about: entry, registry: vocabulary.allocators) {
        common.remark("warning: \(path): \(warning)")
      }
    }
  }

  /// The allocators of a list such as `static,drf`, each once; without a list the scenario's own.
  func chosenAllocators(
    _ list: String?, _ vocabulary: ScenarioVocabulary, mayRepeat: Bool = false
  ) throws -> [AllocatorEntry] {
    let entries = try list.map { list in
      try list.split(separator: ",").map {
        try allocatorEntry(
          $0.trimmingCharacters(in: .whitespaces), registry: vocabulary.allocators)
      }
    }
    let chosen = entries ?? scenario.allocators
    for (place, entry) in chosen.enumerated()
    where !mayRepeat && chosen[..<place].contains(where: { $0.label == entry.label }) {
      throw ValidationError("--allocators names '\(entry.label)' twice; expected each once")
    }
    guard !chosen.isEmpty else {
      throw ValidationError("--allocators is empty; expected names such as static,drf")
    }
    return chosen
  }
}
