// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of a comparison. What is compared belongs to MesosMetrics, how it reads to
// MesosReports.

import ArgumentParser
import Foundation
import MesosMetrics
import MesosReports
import MesosScenarios
import Synchronization

/// `mesosim compare`: the same workload under several allocators.
struct CompareCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Run the same workload under several allocators and compare what came of it.",
    usage: CommandLine.usage("compare [<options>] <scenario>"),
    discussion: """
      The first allocator is the baseline. Every allocator meets the same jobs with the same task \
      durations. With several seeds, differences are taken pair by pair and come with 95 % \
      confidence intervals.

      Example:
        mesosim compare scenarios/quickstart/two-frameworks.yaml --replications 10
      """)

  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp(
      "The allocators, separated by commas, the baseline first; by default the scenario's."))
  var allocators: String?

  @Option(
    parsing: .unconditional,
    help: "How many seeds to run: the scenario's and those that follow it.",
    transform: wholeNumber(replicationsAllowed))
  var replications = 1

  @Option(
    name: .customLong("until-precise"),
    help: ArgumentHelp(
      "Run more seeds until every speedup is known to within this, such as 1% (at most 1000 seeds)."
    ))
  var precision: String?

  @Option(
    parsing: .unconditional, help: "How many simulations run at a time; by default one a core.",
    transform: wholeNumber(jobsAllowed))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    if precision != nil { _ = try precisionWanted() }
  }

  func run(with vocabulary: ScenarioVocabulary) throws {
    try reportingFailures {
      let loaded = try simulation.load(common, vocabulary)
      let chosen = try loaded.chosenAllocators(allocators, vocabulary)
      loaded.remark(on: chosen, simulation.path, common, vocabulary)
      var comparison = ScenarioComparison(
        loaded, allocators: chosen, registry: vocabulary.allocators, threads: jobs)
      comparison.measuresAlone = true
      let warnings = try PreparedScenario(loaded).warnings(under: chosen)
      for warning in warnings {
        common.remark("warning: \(simulation.scenario.shownPath): \(warning)")
      }
      let speeds = Speeds(runsPerSeed: comparison.runsPerSeed)
      let (results, isPartial) = try runs(of: comparison, first: loaded.scenario.seed, speeds)
      let report = Report(
        comparing: results, isPartial: isPartial, command: command(results, isPartial),
        question: loaded.scenario.question, notes: loaded.scenario.notes,
        warnings: loaded.reportWarnings(of: chosen, registry: vocabulary.allocators)
          + warnings)
      try Printing.publish(report, simulation, common)
      if common.verbose { common.remark(speeds.line(results)) }
      try Interruption.leave(ifPartial: isPartial, "not all was run, results are partial")
      try Printing.check(loaded.scenario.expect, results[0], report.comparison)
    }
  }

  /// The command line that makes the same again, also of what there is when it was stopped.
  private func command(_ results: [[MeasuredRun]], _ isPartial: Bool) -> String {
    guard isPartial, let first = results.first?.first?.result else { return CommandLine.shown }
    var options = [("--replications", String(results.count))]
    // The runs of a seed that is not done stand at a whole second.
    if results[0].contains(where: \.result.partial), let seconds = first.windowSeconds {
      options.append(("--until", "\(Int(seconds))s"))
    }
    return CommandLine.shown(with: options, without: ["--until-precise"])
  }

  /// Runs the seeds that were asked for, or as many as the precision takes.
  /// - Returns: What there is, and whether more was wanted.
  private func runs(
    of comparison: ScenarioComparison, first: UInt64, _ speeds: Speeds
  ) throws -> (results: [[MeasuredRun]], isPartial: Bool) {
    var results: [[MeasuredRun]] = []
    var wanted = max(replications, precision == nil ? 1 : 5)
    while true {
      let seeds = (results.count..<wanted).map { first &+ UInt64($0) }
      let watch = Watch(runs: seeds.count * comparison.runsPerSeed, common)
      results += try comparison.run(
        seeds: seeds, keepsFirst: results.isEmpty, pulse: { watch.update($0, $1) },
        took: { speeds.note($0, $1) })
      watch.finish()
      if results.count < wanted || results.joined().contains(where: \.result.partial) {
        return (results, true)
      }
      guard let precision = try precisionWanted(), wanted < 1000,
        !Comparison(results).knowsSpeedups(within: precision)
      else { return (results, false) }
      wanted = min(1000, wanted * 2)
    }
  }

  private func precisionWanted() throws -> Double? {
    guard let precision else { return nil }
    guard precision.hasSuffix("%"), let percent = Double(precision.dropLast()), percent > 0,
      percent < 100
    else {
      throw ValidationError("--until-precise \(precision): expected a percentage such as 1%")
    }
    return percent / 100
  }
}

/// How fast each allocator's simulations went: for people at this machine, never in a file.
private final class Speeds: Sendable {
  private let seconds: Mutex<[Double]>

  init(runsPerSeed: Int) { seconds = Mutex(Array(repeating: 0, count: runsPerSeed)) }

  /// Takes in what the run of a number took; runs come by seed, then by allocator.
  func note(_ run: Int, _ took: Double) {
    seconds.withLock { $0[run % $0.count] += took }
  }

  /// Offers made per second of processor time.
  func line(_ results: [[MeasuredRun]]) -> String {
    let seconds = seconds.withLock { $0 }
    let rates = results[0].indices.map { place in
      let offers = results.reduce(0) { $0 + $1[place].result.offers.received }
      let rate = Int(Double(offers) / max(seconds[place], 1e-6))
      return "\(results[0][place].result.allocator) \(rate)"
    }
    return "decisions/s: " + rates.joined(separator: ", ")
      + " (offers per second of processor time of the whole simulation, on this machine)"
  }
}

extension Comparison {
  /// Whether every speedup's confidence interval reaches at most this part of it to either side.
  func knowsSpeedups(within precision: Double) -> Bool {
    comparison.filter { $0.metric == .speedup }.allSatisfy { row in
      guard let ratio = row.ratio, let interval = row.ci95 else { return row.ratio == nil }
      return max(interval.high - ratio, ratio - interval.low) <= precision * ratio
    }
  }
}
