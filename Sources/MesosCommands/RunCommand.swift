// Part of mesosim. Apache-2.0, see LICENSE.

import ArgumentParser
import MesosReports
import MesosScenarios

/// `mesosim run`: one simulation.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a scenario once and print what came of it.",
    discussion: """
      Example: mesosim run scenarios/quickstart/two-frameworks.yaml --allocator drf --seed 7
      """)

  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "The allocator; by default the scenario's first.")
  var allocator: String?

  @Option(name: .customLong("until-event"), help: "Stop after so many events.")
  var eventLimit: Int?

  @Flag(
    help: "Make every allocation interval an event and visit every slave: the same, slowly.")
  var literal = false

  func validate() throws {
    if let eventLimit, eventLimit < 0 {
      throw ValidationError("--until-event \(eventLimit): expected 0 or more")
    }
  }

  func run() throws {
    try reportingFailures {
      let loaded = try simulation.load(common)
      let entry = try allocator.map { try loaded.allocatorEntry($0) }
      guard let chosen = entry ?? loaded.scenario.allocators.first else { return }
      let prepared = try PreparedScenario(loaded)
      if let warning = prepared.warning { common.remark("warning: \(simulation.path): \(warning)") }
      let run = try ScenarioRun(prepared, allocator: chosen, isLiteral: literal)
      let watch = Watch(runs: 1, common)
      run.run(eventLimit: eventLimit ?? .max) { watch.update(0, $0) }
      watch.finish()

      let measured = run.measured(window: run.window)
      let report = Report(
        run: measured, command: CommandLine.shown, question: loaded.scenario.question,
        notes: loaded.scenario.notes)
      try Printing.publish(report, simulation, common)
      // A speedup needs a baseline, and what is expected under another allocator is not at hand.
      let expected = loaded.scenario.expect.filter {
        $0.metric != "speedup" && ($0.allocator ?? chosen.name) == chosen.name
      }
      try Printing.check(expected, [measured], nil)
    }
  }
}
