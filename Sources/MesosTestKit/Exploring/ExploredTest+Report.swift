// Part of mesosim. Apache-2.0, see LICENSE.
//
// In which order an explored test is run, and what is said when it fails.

import FileSystem
import Foundation
import MesosExploration

extension ExploredTest {
  /// More ways to fail than this are not made small.
  private static let waysMax = 5

  func explore(_ seeds: Range<UInt64>, _ budget: Duration?, threads: Int) throws {
    let exploration = Exploration(threads: threads) {
      difference($0)
    } run: {
      run($0)
    }
    let kept = store.read().records.filter { record in
      record.subject == name
        && run(Choices(plan: record.plan)).trial.failure?.identity == record.failure.identity
    }
    let end = budget.map { ContinuousClock.now + $0 }
    let survey = exploration.survey(seeds) { _ in end.map { ContinuousClock.now < $0 } ?? true }
    var findings = survey.failures.map { group -> Finding in
      let record = kept.first { $0.failure.identity == group.trial.failure?.identity }
      return Finding(record: record ?? self.record(of: group), seeds: group.seeds)
    }
    findings += kept.filter { record in
      !findings.contains { $0.record.failure.identity == record.failure.identity }
    }.map { Finding(record: $0, seeds: []) }
    guard !findings.isEmpty else {
      if survey.idle * 5 > survey.seeds, survey.seeds > 0 { throw idleFailure(survey) }
      return
    }
    // What was found is not lost when the rest is never done.
    for finding in findings { try store.write(finding.record) }
    for place in findings.indices.prefix(Self.waysMax)
    where findings[place].record.failure.rule != Exploration.repeatable {
      let smallest = exploration.smallest(
        of: findings[place].record, improved: { try? store.write($0) })
      guard let record = smallest.record else { continue }
      findings[place].record = record
      try store.write(record)
    }
    throw ExplorationFailure(
      description: report(findings, survey), records: findings.map(\.record))
  }

  private struct Finding {
    var record: FailureRecord
    var seeds: [UInt64]
  }

  private func record(of group: Exploration.Group) -> FailureRecord {
    FailureRecord(
      subject: name, failure: group.trial.failure ?? ExploredFailure(rule: "", message: ""),
      seed: group.seeds.first ?? 0, plan: group.trial.plan,
      found: "\(group.trial.plan.count) choices")
  }

  private func idleFailure(_ survey: Exploration.Survey) -> ExplorationFailure {
    ExplorationFailure(
      description:
        "explore '\(name)': \(survey.idle) of \(survey.seeds) runs launched nothing, and "
        + "tested nothing\n  advice: let the cluster run before things go wrong, or have fewer faults",
      records: [])
  }

  // MARK: The report

  private static let linesOfOne = 12

  private func report(_ findings: [Finding], _ survey: Exploration.Survey) -> String {
    var lines: [String] = []
    for finding in findings.prefix(Self.waysMax) {
      let record = finding.record
      lines.append("explore '\(name)': \(record.failure.text)")
      lines.append("  \(seedsText(finding, survey))")
      let world = World(Choices(plan: record.plan))
      _ = try? body(world)
      if record.failure.rule == Exploration.repeatable {
        lines.append(
          "  the framework is not deterministic: it looks at a clock, at a random number of its own, "
            + "or at the order of a set")
      } else {
        let count = record.plan.count == 1 ? "1 choice" : "\(record.plan.count) choices"
        lines.append("  smallest: \(count)  (from \(record.found); \(record.runs) runs)")
        let shown = choices(of: record) + world.faultTexts
        lines += shown.prefix(Self.linesOfOne).map { "    \($0)" }
        if shown.count > Self.linesOfOne {
          lines.append("    and \(shown.count - Self.linesOfOne) more")
        }
        if !record.free.isEmpty {
          lines.append("  does not matter: \(record.free.joined(separator: ", "))")
        }
      }
      lines.append("  kept in \(path(of: record))")
      lines.append(
        "  the same again: MESOSIM_REPLAY=\(path(of: record)) swift test --filter \(name)")
    }
    if findings.count > Self.waysMax {
      lines.append("and \(findings.count - Self.waysMax) other ways to fail")
    }
    return lines.joined(separator: "\n")
  }

  private func path(of record: FailureRecord) -> String {
    store.folder.appendingPath(record.fileName + ".json")
  }

  /// What was chosen, but for what the list of faults says.
  private func choices(of record: FailureRecord) -> [String] {
    record.plan.keys.filter { !$0.hasPrefix("faults/") && !$0.hasPrefix("deliveries/") }
      .sorted().compactMap { name in
        switch record.plan[name] {
        case .flag(let flag)?: "\(name): \(flag)"
        case .integer(let number)?: "\(name): \(number)"
        case .word(let word)?: "\(name): \(word)"
        case nil: nil
        }
      }
  }

  private func seedsText(_ finding: Finding, _ survey: Exploration.Survey) -> String {
    guard let first = finding.seeds.first else {
      return
        "met on the way from seed \(finding.record.seed), or kept in the folder"
    }
    let others = finding.seeds.count - 1
    return "seed \(first) of \(survey.seeds)"
      + (others > 0 ? " (\(others) more fail the same way)" : "")
  }
}
