// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of one run. What is measured belongs to MesosMetrics, how it reads to
// MesosReports.

import ArgumentParser
import FileSystem
import MesosMetrics
import MesosReports
import MesosScenarios

/// `mesosim run`: one simulation.
struct RunCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a scenario once and print what came of it.",
    discussion: """
      Example:
        mesosim run scenarios/quickstart/two-frameworks.yaml --allocator drf --seed 7
      """)

  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "The allocator; by default the scenario's first.")
  var allocator: String?

  @Option(
    name: .customLong("until-event"), parsing: .unconditional, help: "Stop after so many events.",
    transform: wholeNumber(0...Int.max))
  var eventLimit: Int?

  @Flag(
    help: "Make every allocation interval an event and visit every slave: the same, slowly.")
  var literal = false

  @Flag(
    name: .customLong("check-invariants"),
    help: "Hold the run to what must never happen; exit code 1 at the first violation.")
  var checksInvariants = false

  @Option(
    name: .customLong("events"),
    help: ArgumentHelp(
      "Write every fact as a line of JSON; .gz compresses. With - to standard output; the report "
        + "goes to stderr then, or nowhere with --quiet.",
      valueName: "file"))
  var events: String?

  @Flag(
    name: .customLong("verbose-events"),
    help: "With --events, one line for each offer, also where many were made at once.")
  var verboseEvents = false

  @Flag(
    name: .customLong("explain"),
    help: ArgumentHelp(
      "With --events, allocations with their reasons: who came first and by which numbers, and what "
        + "keeps those that wait from being offered something. For 'why' and 'view'."))
  var explain = false

  func validate() throws {
    if verboseEvents, events == nil {
      throw ValidationError("--verbose-events without --events; it says how to write the log")
    }
    if explain, events == nil {
      throw ValidationError(
        "--explain without --events; reasons are lines of the log: --events FILE")
    }
  }

  func run(with vocabulary: ScenarioVocabulary) throws {
    try reportingFailures {
      let loaded = try simulation.load(common, vocabulary)
      let entry = try allocator.map {
        try loaded.allocatorEntry($0, registry: vocabulary.allocators)
      }
      guard let chosen = entry ?? loaded.scenario.allocators.first else { return }
      loaded.remark(on: [chosen], simulation.path, common, vocabulary)
      let prepared = try PreparedScenario(loaded)
      let warnings = prepared.warnings(under: [chosen])
      for warning in warnings {
        common.remark("warning: \(simulation.scenario.shownPath): \(warning)")
      }
      let run = try ScenarioRun(
        prepared, allocator: chosen, isLiteral: literal, holdsLaws: true,
        registry: vocabulary.allocators)
      if checksInvariants { run.checkInvariants() }
      if let events {
        try run.logEvents(to: events, isVerbose: verboseEvents, isExplained: explain)
      }
      let watch = Watch(runs: 1, common)
      run.run(eventLimit: eventLimit ?? .max) { watch.update(0, $0) }
      watch.finish()
      for warning in run.warnings {
        common.remark("warning: \(simulation.scenario.shownPath): \(warning)")
      }
      try run.finishLog()
      if run.violation != nil { throw fail(run, loaded.scenario, chosen.label) }

      let measured = run.measured(window: run.window)
      // A run that was stopped is run again up to the same event.
      let command = CommandLine.shown(
        with: run.isPartial ? [("--until-event", String(measured.result.events))] : [])
      var report = Report(
        run: measured, command: command, question: loaded.scenario.question,
        notes: loaded.scenario.notes,
        warnings: loaded.reportWarnings(of: [chosen], registry: vocabulary.allocators)
          + warnings)
      if let events, simulation.output != nil, InputFile.isPlain(events) {
        report.recording = RecordedLog.written(events)
      }
      try Printing.publish(
        report, simulation, common, isStandardOutputTaken: run.logsToStandardOutput)
      try Interruption.leave(ifPartial: run.isPartial, "the run was not over, results are partial")
      // A speedup needs a baseline, and what is expected under another allocator is not at hand.
      let expected = loaded.scenario.expect.filter {
        !$0.isOfComparison && ($0.allocator ?? chosen.label) == chosen.label
      }
      try Printing.check(expected, [measured], nil)
      if !loaded.scenario.laws.isEmpty, !run.isPartial { common.remark("all laws hold") }
      if checksInvariants { common.remark("all invariants hold") }
    }
  }

  /// Says which law or invariant was broken, and how to see it again.
  private func fail(_ run: ScenarioRun, _ scenario: Scenario, _ allocator: String) -> ExitCode {
    guard let violation = run.violation else { return Exit.checkFailed }
    say(violation.text)
    // What must be so at the end is looked at there.
    let rest =
      checksInvariants ? " --until-event \(violation.events) --check-invariants" : ""
    say(
      "replay: \(CommandLine.program) run \(simulation.path) --allocator \(allocator)"
        + " --seed \(scenario.seed)\(simulation.scenario.setting.shown)"
        + (run.isLawBroken ? "" : rest))
    return Exit.checkFailed
  }
}
