// Part of mesosim. Apache-2.0, see LICENSE.
//
// Options and exit codes of an exploration. How scenarios are made and checked belongs to
// MesosExploration.

import ArgumentParser
import Foundation
import MesosExploration
import MesosReports
import MesosScenarios
import Synchronization

/// `mesosim explore`: many seeds, held to what must be true of every run.
struct ExploreCommand: VocabularyCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Run many random scenarios and hold each to what must be true of every run.",
    usage: CommandLine.usage("explore --random-scenarios [<options>]"),
    discussion: """
      Each scenario is run three times: checked against the invariants, literally (which must \
      decide the same), and again (which must give the same bytes). Exit code 1 when one fails; \
      with --out the failing ones are written, to be run and made smaller by hand.

      Example: mesosim explore --random-scenarios --seeds '0..<1000' --out failures
      """)

  @OptionGroup var common: CommonOptions

  @Flag(
    name: .customLong("random-scenarios"),
    help: "Make a scenario from each seed: slaves, frameworks, settings, faults.")
  var isRandom = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seeds, such as 0..<1000, 0...999, or one.", valueName: "range"))
  var seeds = "0..<1000"

  @Option(
    parsing: .unconditional,
    help: "How many scenarios are checked at a time; by default one a core.",
    transform: wholeNumber(jobsAllowed))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    name: .customLong("out"),
    help: ArgumentHelp("Write failing scenarios into this folder.", valueName: "folder"))
  var output: String?

  @Option(
    name: .customLong("write"), parsing: .unconditional,
    help: ArgumentHelp("Print the scenario of a seed, and run nothing.", valueName: "seed"),
    transform: wholeNumber(0...UInt64.max))
  var written: UInt64?

  func validate() throws {
    guard isRandom else {
      throw ValidationError("expected --random-scenarios; there is nothing else to explore")
    }
    _ = try range()
  }

  func run(with vocabulary: ScenarioVocabulary) throws {
    try reportingFailures {
      if let written {
        let random = RandomScenario(Choices(seed: written), vocabulary: vocabulary)
        return try emit(random.file(seed: written))
      }
      if let output { try ReportPlace.check(output) }
      let seeds = try range()
      let watch = ExplorationWatch(seeds.count, common)
      let findings = RandomExploration(
        seeds: seeds, check: ScenarioCheck(vocabulary: vocabulary), threads: jobs
      ).run(begins: { watch.begin($0) }, ends: { watch.end($0) })
      watch.finish()
      let failing = findings.filter { !$0.verdict.isGood }
      for finding in failing {
        for failure in finding.verdict.failures {
          try emit("seed \(finding.seed): \(failure.kind.rawValue): \(failure.detail)\n")
        }
      }
      if let output, !failing.isEmpty {
        try ReportFolder.write(failing.map { $0.file(vocabulary) }, to: output)
        common.remark("scenarios: \(output)")
      }
      let isPartial = findings.count < seeds.count
      if isPartial { try emit("partial: \(findings.count) of \(seeds.count) seeds looked at\n") }
      try emit(findings.summary(isPartial: isPartial))
      if let first = failing.first {
        common.remark(
          "to see one: \(CommandLine.program) explore --random-scenarios --write \(first.seed)")
      }
      try Interruption.leave(ifPartial: isPartial, "not all seeds were looked at")
      if !failing.isEmpty { throw Exit.checkFailed }
    }
  }

  private func range() throws -> Range<UInt64> {
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

extension RandomScenario {
  /// The scenario as a file, with what it is.
  fileprivate func file(seed: UInt64, failures: [ScenarioVerdict.Failure] = []) -> String {
    var text = "# mesosim explore --random-scenarios --seeds \(seed)\n"
    for failure in failures { text += "# \(failure.kind.rawValue): \(failure.detail)\n" }
    return text + yaml
  }
}

extension RandomExploration.Finding {
  /// The scenario that fails, as a file.
  fileprivate func file(_ vocabulary: ScenarioVocabulary) -> ReportFile {
    let text = RandomScenario(Choices(seed: seed), vocabulary: vocabulary)
      .file(seed: seed, failures: verdict.failures)
    return ReportFile(name: "random-\(seed).yaml", contents: Data(text.utf8))
  }
}

extension [RandomExploration.Finding] {
  /// How many there are of what, in a few lines.
  fileprivate func summary(isPartial: Bool) -> String {
    func part(_ count: Int) -> String {
      "\(count) (\(self.count == 0 ? 0 : (200 * count + self.count) / (2 * self.count)) %)"
    }
    let verdicts = map(\.verdict)
    var text = "\(count) scenarios, \(verdicts.reduce(0) { $0 + $1.events }) events; "
    text += "\(part(verdicts.count { $0.launches > 0 })) launched tasks, "
    text += "\(part(verdicts.count(where: \.hasHit))) had a fault that hit something\n"
    for kind in ScenarioVerdict.Kind.allCases {
      let count = verdicts.count { $0.failures.contains { $0.kind == kind } }
      if count > 0 { text += "\(kind.rawValue): \(count)\n" }
    }
    let cut = verdicts.count(where: \.isCut)
    if cut > 0 { text += "stopped because they took too many events: \(cut)\n" }
    let failed = verdicts.count { !$0.isGood }
    if failed > 0 { return text + "\(failed) failed\n" }
    return text + (isPartial ? "those that were looked at hold\n" : "all hold\n")
  }
}

/// Says how far an exploration is, on a terminal; each seed before it is run when asked to be
/// verbose, so that the one is known that ends the process.
private final class ExplorationWatch: Sendable {
  private struct State {
    var ended = 0
    var failed = 0
    var line: LiveLine
  }

  private let state: Mutex<State>
  private let count: Int
  private let isVerbose: Bool

  init(_ count: Int, _ common: CommonOptions) {
    Interruption.listen()
    self.count = count
    state = Mutex(State(line: LiveLine(isWanted: !common.quiet && !common.verbose)))
    isVerbose = common.verbose && !common.quiet
  }

  func begin(_ seed: UInt64) -> Bool {
    if isVerbose { say("seed \(seed)") }
    return !Interruption.isRequested
  }

  func end(_ finding: RandomExploration.Finding) {
    state.withLock { state in
      state.ended += 1
      state.failed += finding.verdict.isGood ? 0 : 1
      let (ended, failed) = (state.ended, state.failed)
      state.line.show("\(ended) of \(count) scenarios, \(failed) failed")
    }
  }

  func finish() {
    state.withLock { $0.line.wipe() }
  }
}
