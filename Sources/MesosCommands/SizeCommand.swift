// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of a sizing. The search itself is in MesosScenarios/Sizing.

import ArgumentParser
import Foundation
import MesosMetrics
import MesosReports
import MesosScenarios
import Synchronization

/// `mesosim size`: the smallest cluster that keeps a promise.
struct SizeCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "size",
    abstract: "Find the smallest cluster, in slaves, that meets an objective.",
    usage: CommandLine.usage("size [<options>] --slo <objective> <scenario>"),
    discussion: """
      An objective is a statistic (mean, median, p1 to p99, max) of 'wait' (tasks, from runnable \
      to running), 'job wait' or 'job time', and a limit; without 'of FRAMEWORK' every framework \
      has to meet it. Work that never starts or ends counts as endless.

      The scenario's groups of slaves keep their proportions: slaves are dealt one by one to the \
      group with the smallest part of its own, so that each group has one before any has a second. \
      The counts of static are dealt the same way. More slaves need not be better; the two sizes \
      on either side of an answer are run too, and what contradicts it is said. Exit code 1 when \
      some allocator meets the objective at no size.

      Examples:
        mesosim size scenarios/quickstart/two-frameworks.yaml --slo 'p95 wait < 60s'
        mesosim size scenarios/planning/five-teams.yaml --slo 'mean job time < 15m' --group std
      """)

  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .customLong("slo"),
    help: ArgumentHelp(
      "The objective, such as 'p95 wait < 60s' or 'mean job time < 5m of web'.",
      valueName: "objective"))
  var objectiveText: String

  @Option(
    help: ArgumentHelp(
      "The group of slaves to count, the others staying as they are; by default all.",
      valueName: "name"))
  var group: String?

  @Option(
    help: "The allocators, separated by commas; by default the scenario's.")
  var allocators: String?

  @Option(
    parsing: .unconditional,
    help: "How many seeds have to meet it: the scenario's and those that follow it.",
    transform: wholeNumber(replicationsAllowed))
  var replications = 1

  @Option(
    name: .customLong("slaves-max"), parsing: .unconditional,
    help: "Give up above this many slaves; by default 16 times the scenario's, at least 256.",
    transform: wholeNumber(1...ClusterDescription.slavesMax))
  var slavesMax: Int?

  @Option(
    parsing: .unconditional, help: "How many simulations run at a time; by default one a core.",
    transform: wholeNumber(jobsAllowed))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    _ = try objective()
  }

  func run(with vocabulary: ScenarioVocabulary) throws {
    try reportingFailures {
      let objective = try objective()
      let loaded = try simulation.load(common, vocabulary)
      let names = loaded.scenario.frameworks.map(\.name)
      if let name = objective.framework, !names.contains(name) {
        throw ValidationError(
          "--slo: the scenario has no framework '\(name)'; it has \(names.joined(separator: ", "))")
      }
      let sizing = ClusterSizing(
        loaded, objective: objective,
        allocators: try loaded.chosenAllocators(allocators, vocabulary),
        registry: vocabulary.allocators, group: group,
        seeds: (0..<replications).map { loaded.scenario.seed &+ UInt64($0) },
        slavesMax: slavesMax, threads: jobs)
      let watch = SizingWatch(common)
      let result = try sizing.run(pulse: { watch.update($0) }, progress: { watch.note($0) })
      watch.finish()
      if let folder = simulation.output { try ReportFolder.write(result.files(), to: folder) }
      switch simulation.format {
      case .json: try emit(String(decoding: try ResultJSON.data(result), as: UTF8.self))
      case .text: try emit(result.terminalText(Style(isColored: common.isColored)))
      }
      try Interruption.leave(ifPartial: result.partial, "the search is not complete")
      if !result.partial, result.sizes.contains(where: { $0.slaves == nil }) {
        throw Exit.checkFailed
      }
    }
  }

  private func objective() throws -> ServiceObjective {
    do { return try ServiceObjective(parsing: objectiveText) } catch {
      throw ValidationError("--slo \(error)")
    }
  }
}

/// Says on stderr how a search stands: a line that renews itself on a terminal, a line a size when
/// asked to be verbose.
private final class SizingWatch: Sendable {
  private struct State {
    var sizes = 0
    var latest = ""
    var line: LiveLine
  }

  private let state: Mutex<State>
  private let isVerbose: Bool

  init(_ common: CommonOptions) {
    Interruption.listen()
    state = Mutex(State(line: LiveLine(isWanted: !common.quiet && !common.verbose)))
    isVerbose = common.verbose && !common.quiet
  }

  /// Called from any thread; `false` asks the run to stop.
  func update(_ pulse: ScenarioRun.Pulse) -> Bool {
    state.withLock { state in
      let (sizes, latest, elapsed) = (state.sizes, state.latest, state.line.elapsed)
      state.line.show("\(sizes) sizes tried in \(Int(elapsed)) s\(latest)")
    }
    return !Interruption.isRequested
  }

  func note(_ progress: ClusterSizing.Progress) {
    let trial = progress.trial
    let verdict = trial.isMet ? "meet it" : "do not"
    if isVerbose { say("\(progress.allocator): \(trial.slaves) slaves \(verdict)") }
    state.withLock { state in
      state.sizes += 1
      state.latest = "; \(progress.allocator): \(trial.slaves) slaves \(verdict)"
    }
  }

  func finish() {
    state.withLock { $0.line.wipe() }
  }
}
