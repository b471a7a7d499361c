// Part of mesosim. Apache-2.0, see LICENSE.
//
// `mesosim explore --random-scenarios`: scenarios from nothing. How they are made and checked
// belongs to ScenarioExploration.

import Foundation
import MesosExploration
import MesosReports
import MesosScenarios
import ScenarioExploration

extension ExploreCommand {
  /// Makes a scenario from each seed and holds it to what must be true of every run.
  func exploreRandomScenarios(_ vocabulary: ScenarioVocabulary) throws {
    if let written {
      let random = RandomScenario(Choices(seed: written), vocabulary: vocabulary)
      return try emit(random.file(seed: written))
    }
    if let output { try ReportPlace.check(output) }
    let seeds = try range()
    let watch = ExplorationWatch(seeds.count, of: "scenarios", common)
    let findings = RandomExploration(
      seeds: seeds, check: ScenarioCheck(vocabulary: vocabulary), threads: jobs
    ).run(begins: { watch.begin($0) }, ends: { watch.end(isFailed: !$0.verdict.isGood) })
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
