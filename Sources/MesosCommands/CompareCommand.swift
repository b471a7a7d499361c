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

      With --set PATH=v1,v2 every allocator runs with every value, at most 64 combinations. What \
      changes the jobs themselves (the frameworks' work, the seed) cannot be compared job by job.

      Examples:
        mesosim compare scenarios/quickstart/two-frameworks.yaml --replications 10
        mesosim compare scenarios/planning/five-teams.yaml --set allocation.interval=1s,5s
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
      let settings = try simulation.scenario.setting.parsed()
      let variants = try variants(settings, vocabulary)
      let base = variants[0].loaded.scenario
      try simulation.checkOutput()
      var comparison = ScenarioComparison(
        variants, registry: vocabulary.allocators, threads: jobs)
      comparison.measuresAlone = true
      let warnings = try comparison.warnings()
      remark(warnings, of: variants)
      let speeds = Speeds(runsPerSeed: comparison.runsPerSeed)
      let (results, isPartial) = try runs(of: comparison, first: base.seed, speeds)
      let report = Report(
        comparing: results, isPartial: isPartial, command: command(results, isPartial),
        question: base.question, notes: base.notes, warnings: warnings)
      try Printing.publish(report, simulation, common)
      if common.verbose { common.remark(speeds.line(results)) }
      try Interruption.leave(ifPartial: isPartial, "not all was run, results are partial")
      if settings.contains(where: \.isVaried) {
        if !base.expect.isEmpty {
          common.remark("'expect' is about one value of each setting, so it is not looked at")
        }
      } else {
        try Printing.check(base.expect, results[0], report.comparison)
      }
    }
  }

  /// Says the warnings, those that have a place in the file with that.
  private func remark(_ warnings: [String], of variants: [ScenarioVariant]) {
    var placed: [ScenarioProblem] = []
    for problem in variants.flatMap(\.loaded.warnings) where !placed.contains(problem) {
      placed.append(problem)
    }
    let path = simulation.scenario.shownPath
    let others = warnings.filter { text in !placed.contains { text.hasSuffix($0.lineInFile) } }
    for line in placed.map({ $0.line(in: path) }) + others.map({ "\(path): \($0)" }) {
      common.remark("warning: \(line)")
    }
  }

  /// The allocators with every combination of the values that are set, the baseline first.
  private func variants(
    _ settings: [ScenarioSetting], _ vocabulary: ScenarioVocabulary
  ) throws -> [ScenarioVariant] {
    let options = simulation.scenario
    let document = try ScenarioDocument.load(
      options.path, vocabulary: vocabulary, runsPythonJobFiles: options.setting.runsPythonJobFiles)
    var variants = try document.variants(settings) {
      try $0.chosenAllocators(allocators, vocabulary)
    }
    for place in variants.indices {
      variants[place].loaded = try ScenarioOptions.replacing(
        seed: options.seed, until: options.until, options.setting, in: variants[place].loaded)
    }
    return variants
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

/// How fast each variant's simulations went: for people at this machine, never in a file.
private final class Speeds: Sendable {
  private let seconds: Mutex<[Double]>

  init(runsPerSeed: Int) { seconds = Mutex(Array(repeating: 0, count: runsPerSeed)) }

  /// Takes in what the run of a number took; runs come by seed, then by variant.
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
