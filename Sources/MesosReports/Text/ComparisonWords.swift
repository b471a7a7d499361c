// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an allocator changes against the baseline, in words: which jobs finish at all, which finish
// sooner, who loses.

import MesosMetrics

/// Compares one allocator with the baseline in words.
struct ComparisonWords {
  let comparison: Comparison
  let challenger: String
  let times: String
  private let frameworks: [Change]

  /// What the allocator changes for one framework.
  private struct Change {
    let name: String
    let speedup: Double
    let verdict: Verdict
    /// How many jobs finished under the baseline and under the allocator, where that differs.
    let finished: (before: Double, own: Double)?

    /// How many more jobs finished than under the baseline.
    var more: Double { finished.map { $0.own - $0.before } ?? 0 }
  }

  init(_ comparison: Comparison, _ challenger: String, times: String) {
    self.comparison = comparison
    self.challenger = challenger
    self.times = times
    frameworks = comparison.runs[0].frameworks.map { framework in
      let row = comparison.row(.speedup, of: framework.name, under: challenger)
      return Change(
        name: framework.name, speedup: row?.ratio ?? 1, verdict: Verdict(row),
        finished: ComparisonWords.finished(
          comparison.row(.jobsFinished, of: framework.name, under: challenger)))
    }
  }

  /// The counts of finished jobs, if they differ by more than chance.
  private static func finished(_ row: ComparisonRow?) -> (before: Double, own: Double)? {
    guard let row, let before = row.baseline, let own = row.value, before != own else { return nil }
    return row.differenceCi95?.contains(0) ?? false ? nil : (before, own)
  }

  /// Which jobs finish at all comes first, then how soon.
  var sentence: String {
    guard comparison.runs[0].frameworks.contains(where: { $0.jobs.submitted > 0 }) else {
      return "no framework told of jobs, so there are no job times to compare"
    }
    let parts = [counts, speeds].compactMap { $0 }
    guard !parts.isEmpty else {
      return "no job finished under \(everybody), so their job times cannot be compared"
    }
    return parts.joined(separator: "; ")
  }

  // MARK: Which jobs finish

  /// Whose jobs finish under one allocator only, or in greater number.
  private var counts: String? {
    let gains = frameworks.filter { $0.more > 0 }.sorted { $0.more > $1.more }
    let losses = frameworks.filter { $0.more < 0 }.sorted { $0.more < $1.more }
    let sides = [gains, losses].filter { !$0.isEmpty }.map { changes in
      var words = changes.prefix(3).map(count)
      let rest = changes.count - words.count
      if rest > 0 { words.append("\(changes[0].more > 0 ? "more" : "fewer") of \(rest) others'") }
      return list(words)
    }
    return sides.isEmpty ? nil : sides.joined(separator: ", but ")
  }

  private func count(_ change: Change) -> String {
    guard let (before, own) = change.finished else { return "" }
    if before == 0 { return "only \(challenger) finishes \(change.name.possessive) jobs" }
    if own == 0 { return "only \(comparison.baseline) finishes \(change.name.possessive) jobs" }
    let difference = abs(own - before)
    let isWhole = difference == difference.rounded() && difference < 1e9
    let number =
      isWhole ? NumberText.count(Int(difference)) : NumberText.fixed(difference, 1)
    return "\(challenger) finishes \(number) \(own > before ? "more" : "fewer") of "
      + "\(change.name.possessive) jobs" + (isReplicated ? " a seed" : "")
  }

  // MARK: How soon

  private var speeds: String? {
    let known = frameworks.filter { $0.verdict != .unknown }
    guard !known.isEmpty else { return nil }
    let winners = known.filter { $0.verdict == .sooner }.sorted { $0.speedup > $1.speedup }
    let losers = known.filter { $0.verdict == .later }.sorted { $0.speedup < $1.speedup }
    guard let first = winners.first else { return sentence(losers: losers) }
    var gains = ["\(first.name.possessive) jobs \(sooner(first.speedup)) than \(baselineName)"]
    gains += winners.dropFirst().prefix(2).map { "\($0.name.possessive) \(sooner($0.speedup))" }
    let more = winners.count - gains.count
    if more > 0 { gains.append("\(more) more \(more == 1 ? "framework's" : "frameworks'") too") }
    return "\(challengerName) finishes \(list(gains))" + (ending(losers).map { "; " + $0 } ?? "")
  }

  private func sentence(losers: [Change]) -> String {
    let losses = list(losers.prefix(3).map { "\($0.name.possessive) jobs \(later($0.speedup))" })
    let tolerance = isReplicated ? "the uncertainty" : "1%"
    switch (losers.isEmpty, counts == nil) {
    case (true, true):
      return "\(challengerName) and \(baselineName) differ by less than \(tolerance) in every "
        + "framework's job times"
    case (true, false):
      return "times of jobs that finish under \(all) differ by less than \(tolerance)"
    case (false, true): return "\(challengerName) gains nothing over \(baselineName): \(losses)"
    case (false, false): return "of those that finish under \(all), \(losses)"
    }
  }

  private func ending(_ losers: [Change]) -> String? {
    guard losers.isEmpty else {
      var losses = losers.prefix(3).map { "\($0.name.possessive) jobs \(later($0.speedup))" }
      let more = losers.count - losses.count
      if more > 0 {
        losses.append("\(more) more \(more == 1 ? "framework loses" : "frameworks lose")")
      }
      return "but \(list(losses))"
    }
    if !uncompared.isEmpty {
      return "nobody else is seen to lose, but no job of \(list(uncompared)) finished under \(all)"
    }
    // Who finishes fewer jobs was named before.
    return frameworks.contains { $0.more < 0 } ? nil : "nobody loses"
  }

  /// The frameworks that had jobs of which none is compared.
  private var uncompared: [String] {
    zip(frameworks, comparison.runs[0].frameworks).filter {
      $0.verdict == .unknown && $0.finished == nil && $1.jobs.submitted > 0
    }.map(\.0.name)
  }

  // MARK: What else to know

  /// How long tasks wait under both.
  /// - Parameter waiting: How many tasks waited at the end, or nothing.
  /// - Returns: The sentence, or `nil` when there is nothing to tell.
  func waits(_ waiting: String?) -> String? {
    guard let row = comparison.row(.meanWait, under: challenger), let own = row.value,
      let before = row.baseline
    else { return waiting }
    if own == 0, before == 0, waiting == nil { return "no task waits under either" }
    return "a task waits \(DurationText.text(own)) on average under \(challenger), "
      + "\(DurationText.text(before)) under \(comparison.baseline)"
      + (waiting.map { ", of the tasks that ran; " + $0 } ?? "")
  }

  /// Which jobs the comparison leaves out.
  var leftOut: String? {
    let jobs = comparison.jobsCompared.filter { $0.allocator == challenger }
    let before = jobs.reduce(0) { $0 + $1.finishedOnlyInBaseline }
    let own = jobs.reduce(0) { $0 + $1.finishedOnlyHere }
    let neither = jobs.reduce(0) { $0 + $1.finishedInNeither }
    let both = jobs.reduce(0) { $0 + $1.finishedInBoth }
    let compared = jobs.reduce(0) { $0 + $1.finishedInAll }
    guard before + own + neither + both > compared else { return nil }
    let others = [
      (own, "under \(challenger) only"), (before, "under \(comparison.baseline) only"),
      (both - compared, "under both, not under every other"), (neither, "under neither"),
    ].filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) that finished \($0.1)" }
    return "times are compared over the \(NumberText.count(compared)) jobs that finished under "
      + "\(all)\(isReplicated ? " in \(comparison.replications.count) seeds" : ""), without \(list(others))"
  }

  /// Under which allocators a job has to finish for its time to be compared.
  private var all: String { comparison.allocators.count > 2 ? "every allocator" : "both" }

  private var everybody: String {
    comparison.allocators.count > 2
      ? "every allocator" : "both \(comparison.baseline) and \(challenger)"
  }

  private var isReplicated: Bool { comparison.replications.count > 1 }

  private var isSharingAgainstStatic: Bool {
    policy(comparison.baseline).hasPrefix("static") && !policy(challenger).hasPrefix("static")
  }

  private func policy(_ label: String) -> String {
    comparison.runs.first { $0.allocator == label }?.policy ?? label
  }

  private var challengerName: String {
    guard isSharingAgainstStatic else { return challenger }
    // Its schedulers see the whole state; nobody offers them anything.
    let kind =
      policy(challenger).hasPrefix("optimistic") ? "shared-state scheduling" : "offer-based sharing"
    return "\(kind) (\(challenger))"
  }

  private var baselineName: String {
    isSharingAgainstStatic ? "static partitioning" : comparison.baseline
  }

  private func sooner(_ speedup: Double) -> String {
    if speedup >= 1.5 { return "\(NumberText.factor(speedup))\(times) sooner" }
    return "in \(NumberText.fixed((1 - 1 / speedup) * 100, 0))% less time"
  }

  private func later(_ speedup: Double) -> String {
    let factor = 1 / max(speedup, 1e-9)
    if factor >= 1.5 { return "take \(NumberText.factor(factor))\(times) as long" }
    return "take \(NumberText.fixed((factor - 1) * 100, 0))% longer"
  }

  private func list(_ parts: [String]) -> String { parts.inWords }
}

extension [String] {
  /// The words as a list, such as `a, b and c`.
  var inWords: String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}

extension String {
  /// The name before what belongs to it, such as `sort's` or `builds'`.
  var possessive: String { hasSuffix("s") ? self + "'" : self + "'s" }
}
