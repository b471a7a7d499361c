// Part of mesosim. Apache-2.0, see LICENSE.
//
// `mesosim explore SCENARIO`: what is looked at in which order, and what is said of it. How runs
// are made, checked and made small belongs to Exploration.

import ArgumentParser
import FileSystem
import Foundation
import MesosExploration
import MesosScenarios
import ScenarioExploration

extension ExploreCommand {
  /// How long a run goes on after its last fault: until everything must be well, and a minute.
  private static let settling = Duration.seconds(26 * 60)

  /// More kinds of failures than this are not made small.
  private static let kindsMax = 20

  /// Runs a scenario with many seeds.
  func explore(_ path: String, _ vocabulary: ScenarioVocabulary) throws {
    let loaded = try loadScenario(path, setting, common, vocabulary)
    let entry = try allocator.map {
      try loaded.allocatorEntry($0, registry: vocabulary.allocators)
    }
    // Under static partitions frameworks never meet, and most of what can go wrong cannot.
    let sharing = loaded.scenario.allocators.first { $0.name != "static" }
    guard let chosen = entry ?? sharing ?? loaded.scenario.allocators.first else { return }
    let world = try ScenarioWorld(
      exploring: loaded, under: chosen, kinds: faultKinds(),
      settling: try duration(settle, "--settle") ?? Self.settling, vocabulary: vocabulary)
    if let written {
      let explored = world.scenario(Choices(seed: written))
      return try emit(explored.loaded.shortestYAML(vocabulary: vocabulary))
    }
    let exploration = world.exploration(threads: jobs)
    let files = FailureFiles(
      store: FailureStore(
        folder: (output ?? "failures").appendingPath(loaded.scenario.name.fileName)),
      scenario: path, options: shownOptions, vocabulary: vocabulary, world: world)
    if let replay { return try files.replay(replay) }
    let keeps = shrink || output != nil
    // What was found after minutes must not be lost for want of a place.
    if keeps { try ReportPlace.check(files.store.folder) }
    if let failure = world.calmFailure {
      try emit(
        "\(loaded.scenario.name): \(failure.text)\n  without any fault by chance: nothing was explored\n"
      )
      throw Exit.checkFailed
    }
    let stored = keeps ? try files.stored(loaded.scenario.name, common) : []
    let survey = try survey(exploration)
    var found = survey.failures.map { group in
      let kept = stored.first { $0.failure.identity == group.trial.failure?.identity }
      return Finding(
        record: kept ?? world.record(of: group), seeds: group.seeds, isStored: kept != nil)
    }
    let old = stored.filter { record in !found.contains { $0.record.fileName == record.fileName } }
    found += old.map { Finding(record: $0, seeds: [], isStored: true) }
    if keeps {
      for finding in found where !finding.isStored { try files.store.write(finding.record) }
    }
    try report(found, exploration, files)
    try emit(survey.summary(of: try range().count))
    if survey.isMostlyIdle {
      common.remark(
        "warning: \(survey.idle) of \(survey.seeds) seeds launched nothing, and tested nothing; are "
          + "there too many faults for the work, or is 'until' too early?")
    }
    try Interruption.leave(
      ifPartial: Interruption.isRequested,
      survey.seeds < (try range().count)
        ? "not all seeds were looked at" : "what fails was not made as small as it gets")
    if !found.isEmpty { throw Exit.checkFailed }
  }

  /// The options that decide what a seed stands for, for a command line that is suggested.
  private var shownOptions: String {
    var text = setting.shown
    if let allocator { text += " --allocator \(CommandLine.quoted(allocator))" }
    if let faults { text += " --faults \(CommandLine.quoted(faults))" }
    if let settle { text += " --settle \(settle)" }
    return text
  }

  private func survey(_ exploration: Exploration) throws -> Exploration.Survey {
    let seeds = try range()
    let watch = ExplorationWatch(seeds.count, of: "seeds", common)
    let end = try duration(budget, "--budget").map { ContinuousClock.now + $0 }
    let survey = exploration.survey(seeds, stopsAtFirst: first) { seed in
      watch.begin(seed) && end.map { ContinuousClock.now < $0 } ?? true
    } ends: {
      watch.end(isFailed: $0)
    }
    watch.finish()
    return survey
  }

  /// Something that fails, and where it was found.
  private struct Finding {
    var record: FailureRecord
    var seeds: [UInt64]
    var isStored: Bool
  }

  // MARK: What is said

  private func report(
    _ found: [Finding], _ exploration: Exploration, _ files: FailureFiles
  ) throws {
    var waiting = found
    var count = 0
    while !waiting.isEmpty {
      var finding = waiting.removeFirst()
      count += 1
      let isRepeatable = finding.record.failure.rule != Exploration.repeatable
      guard shrink, isRepeatable, count <= Self.kindsMax else {
        try emit(text(of: finding, files, isSmall: false))
        continue
      }
      let (record, others) = exploration.smallest(
        of: finding.record, isStopped: { Interruption.isRequested }
      ) { improved in
        // Should it be stopped, the next exploration goes on here.
        try? files.store.write(improved)
      }
      guard let record else {
        try emit(text(of: finding, files, isSmall: false))
        continue
      }
      finding.record = record
      try files.write(record)
      try emit(text(of: finding, files, isSmall: true))
      for trial in others {
        guard let failure = trial.failure,
          !(found + waiting).contains(where: {
            $0.record.failure.identity == failure.identity
          }), !(found + waiting).contains(where: { $0.record.fileName == failure.fileName })
        else { continue }
        let new = FailureRecord(
          subject: record.subject, failure: failure, seed: record.seed, plan: trial.plan,
          found: files.world.size(of: trial.plan))
        try files.store.write(new)
        waiting.append(Finding(record: new, seeds: [], isStored: false))
      }
    }
  }

  private func text(
    of finding: Finding, _ files: FailureFiles, isSmall: Bool
  ) throws -> String {
    let record = finding.record
    var lines = ["\(record.subject): \(record.failure.text)"]
    if record.failure.rule == Exploration.repeatable {
      lines.append(
        "  a framework or an allocator is not deterministic: it looks at a clock, at a random "
          + "number of its own, or at the order of a set")
    }
    lines.append("  " + seedsText(finding))
    guard isSmall else {
      if !shrink {
        lines.append(
          "  to make it small: \(CommandLine.program) explore \(files.scenario)\(files.options) "
            + "--seeds \(record.seed) --shrink")
      }
      return lines.map { $0 + "\n" }.joined()
    }
    lines.append(
      "  smallest: \(files.world.size(of: record.plan))  (from \(record.found); \(record.runs) runs)"
    )
    lines += files.world.faultLines(of: record.plan).map { "    \($0)" }
    if !record.free.isEmpty {
      lines.append("  does not matter: \(record.free.joined(separator: ", "))")
    }
    lines += try files.replayLines(of: record)
    return lines.map { $0 + "\n" }.joined()
  }

  private func seedsText(_ finding: Finding) -> String {
    guard let first = finding.seeds.first else {
      return
        "met on the way from seed \(finding.record.seed), or kept in the folder"
    }
    let others = finding.seeds.dropFirst()
    guard !others.isEmpty else { return "seed \(first)" }
    let shown = others.prefix(5).map(String.init).joined(separator: ", ")
    return "seed \(first) (\(others.count) more fail the same way: \(shown)"
      + (others.count > 5 ? ", …)" : ")")
  }
}

extension String {
  /// The text as the name of a file.
  fileprivate var fileName: String {
    let name = String(map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
    return name.isEmpty || name.hasPrefix(".") ? "scenario" : name
  }
}

extension Exploration.Survey {
  /// Whether so many runs did nothing that the rest says little.
  fileprivate var isMostlyIdle: Bool { idle * 5 > seeds }

  /// How many there are of what, in a few lines.
  fileprivate func summary(of wanted: Int) -> String {
    func part(_ count: Int) -> String {
      "\(count) (\(seeds == 0 ? 0 : (200 * count + seeds) / (2 * seeds)) %)"
    }
    var text = "\(seeds) seeds, \(events) events; \(part(seeds - idle)) launched tasks, "
    text += "\(part(hit)) had a fault that hit something\n"
    if seeds < wanted { text += "partial: \(seeds) of \(wanted) seeds looked at\n" }
    if cut > 0 { text += "stopped because they took too many events: \(cut)\n" }
    if invalid > 0 { text += "could not be run: \(invalid)\n" }
    let failed = failures.reduce(0) { $0 + $1.seeds.count }
    if failed == 0 { return text + (seeds < wanted ? "those looked at hold\n" : "all hold\n") }
    let kinds = failures.count == 1 ? "one way" : "\(failures.count) ways"
    return text + "\(failed) failed, in \(kinds)\n"
  }
}
