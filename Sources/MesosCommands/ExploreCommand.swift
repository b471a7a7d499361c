// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of an exploration. How runs are made and checked belongs to
// Exploration.

import ArgumentParser
import Foundation
import MesosExploration
import MesosScenarios
import ScenarioExploration

/// `mesosim explore`: many seeds, held to what must be true of every run.
struct ExploreCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Run a scenario with many seeds and faults by chance, and make what fails small.",
    usage: CommandLine.usage("explore <scenario> [<options>]")
      + "\n       " + CommandLine.usage("explore --random-scenarios [<options>]"),
    discussion: """
      Each seed draws what goes wrong, and when; all of it is put right again, and the run goes on \
      until everything must be well. A run is held to the scenario's laws, to the invariants of \
      every cluster and to what every framework owes: exit code 1 when one fails. With --shrink \
      each kind of failure is made as small as possible and written as a scenario that fails under \
      'run'. What is found is kept, and looked at first the next time.

      With --random-scenarios the scenarios themselves are by chance. Each is run three times: \
      checked against the invariants, literally (which must decide the same), and again (which \
      must give the same bytes).

      Examples:
        mesosim explore scenarios/samples/service.yaml --seeds '0..<500' --shrink
        mesosim explore --random-scenarios --seeds '0..<1000' --out failures
      """)

  @OptionGroup var common: CommonOptions

  @Argument(
    help: ArgumentHelp("The scenario file; - is standard input.", valueName: "scenario"))
  var path: String?

  @Flag(
    name: .customLong("random-scenarios"),
    help: "Make a scenario from each seed: slaves, frameworks, settings, faults.")
  var isRandom = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seeds, such as 0..<1000, 0...999, or one.", valueName: "range"))
  var seeds = "0..<1000"

  @Option(
    help: ArgumentHelp(
      "What may go wrong: default, none, or some of "
        + "\(ExploredFaultKind.allCases.map(\.rawValue).joined(separator: ",")).",
      valueName: "kinds"))
  var faults: String?

  @Flag(help: "Make each kind of failure as small as possible.")
  var shrink = false

  @Flag(help: "Stop at the lowest seed that fails.")
  var first = false

  @Option(
    help: ArgumentHelp(
      "How long a run goes on after its last fault, by default 26m.", valueName: "duration"))
  var settle: String?

  @Option(
    help: ArgumentHelp(
      "Begin no more seeds after so long, such as 60s; what came of the rest is not known.",
      valueName: "duration"))
  var budget: String?

  @Option(help: "The allocator; by default the scenario's first that is not static.")
  var allocator: String?

  @OptionGroup var setting: SettingOptions

  @Option(
    help: ArgumentHelp("Run the choices of a failure that was kept.", valueName: "file"))
  var replay: String?

  @Option(
    parsing: .unconditional,
    help: "How many runs are made at a time; by default one a core.",
    transform: wholeNumber(jobsAllowed))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp(
      "Write what fails into this folder; by default, with --shrink, failures/<name>.",
      valueName: "folder"))
  var output: String?

  @Option(
    name: .customLong("write"), parsing: .unconditional,
    help: ArgumentHelp("Print the scenario of a seed, and run nothing.", valueName: "seed"),
    transform: wholeNumber(0...UInt64.max))
  var written: UInt64?

  func validate() throws {
    guard isRandom != (path != nil) else {
      throw ValidationError(
        isRandom
          ? "a scenario beside --random-scenarios; expected one of them"
          : "expected a scenario to explore, or --random-scenarios")
    }
    let ofScenarios: [(String, Bool)] = [
      ("--faults", faults != nil), ("--shrink", shrink), ("--first", first),
      ("--settle", settle != nil), ("--budget", budget != nil), ("--allocator", allocator != nil),
      ("--set", !setting.texts.isEmpty), ("--replay", replay != nil),
    ]
    if isRandom, let name = ofScenarios.first(where: \.1)?.0 {
      throw ValidationError("\(name) beside --random-scenarios; it is about a scenario of yours")
    }
    _ = try range()
    _ = try faultKinds()
    _ = try duration(settle, "--settle")
    _ = try duration(budget, "--budget")
  }

  func run(with vocabulary: ScenarioVocabulary) throws {
    try reportingFailures {
      if let path {
        try explore(path, vocabulary)
      } else {
        try exploreRandomScenarios(vocabulary)
      }
    }
  }

  /// What may go wrong.
  func faultKinds() throws -> [ExploredFaultKind] {
    switch faults ?? "default" {
    case "default": return ExploredFaultKind.allCases
    case "none": return []
    case let list:
      let kinds = try list.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let kind = ExploredFaultKind(rawValue: word.trimmingCharacters(in: .whitespaces))
        else {
          let known = ExploredFaultKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError(
            "--faults: unknown kind '\(word)'; expected default, none, or some of \(known)")
        }
        return kind
      }
      return ExploredFaultKind.allCases.filter(kinds.contains)
    }
  }

  func duration(_ text: String?, _ option: String) throws -> Duration? {
    guard let text else { return nil }
    guard let duration = Scenario.duration(text), duration > .zero else {
      throw ValidationError(
        "\(option) \(text): expected a positive duration such as 90s, 10m or 2h")
    }
    return duration
  }

  func range() throws -> Range<UInt64> {
    let (separator, isClosed) = seeds.contains("..<") ? ("..<", false) : ("...", true)
    let bounds = seeds.split(separator: separator, omittingEmptySubsequences: false).map {
      UInt64($0)
    }
    if bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil,
      first <= last, last < .max
    {
      let range = first..<(isClosed ? last + 1 : last)
      // What came of each seed is kept until the end.
      if !range.isEmpty, range.upperBound - range.lowerBound <= 1_000_000 { return range }
    }
    throw ValidationError(
      "--seeds \(seeds): expected a range such as 0..<1000, of at most 1,000,000 seeds, or one seed"
    )
  }
}
