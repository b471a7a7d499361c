// Part of mesosim. Apache-2.0, see LICENSE.
//
// The answer in words, computed from the numbers; it says so when somebody loses, when nothing
// differs and when the numbers do not cover everything.

import MesosMetrics

/// Puts the result of a report into sentences.
struct Answer {
  let report: Report
  /// How "times" is written.
  var times = "x"

  /// The answer in one sentence, without a full stop.
  var sentence: String {
    guard let comparison = report.comparison else { return runSentence }
    guard let challenger = challenger(of: comparison) else {
      return "only \(comparison.baseline) ran, so there is nothing to compare it with"
    }
    return ComparisonWords(comparison, challenger, times: times).sentence
  }

  /// What else has to be known to judge the answer, one sentence each.
  var remarks: [String] {
    var remarks: [String] = []
    if let comparison = report.comparison, let challenger = challenger(of: comparison) {
      let words = ComparisonWords(comparison, challenger, times: times)
      remarks += [words.waits, words.leftOut].compactMap { $0 }
    } else if let waits = runWaits {
      remarks.append(waits)
    }
    if report.replications.joined().contains(where: \.result.partial) {
      remarks.append("the simulation was stopped by hand, so this covers a part of it only")
    }
    return remarks
  }

  /// The allocator the answer speaks of: the one that shortens job times most.
  var challenger: String? { report.comparison.flatMap(challenger) }

  private func challenger(of comparison: Comparison) -> String? {
    func speedup(_ allocator: String) -> Double {
      comparison.row(.speedup, under: allocator)?.ratio ?? 0
    }
    return comparison.allocators.dropFirst().max { speedup($0) < speedup($1) }
  }
}

// MARK: - One run

extension Answer {
  private var runSentence: String {
    let frameworks = report.baseline.frameworks
    let submitted = frameworks.reduce(0) { $0 + $1.jobs.submitted }
    let finished = frameworks.reduce(0) { $0 + $1.jobs.finished }
    let window = DurationText.text(report.baseline.windowSeconds)
    if submitted == 0 {
      let tasks = report.baseline.tasks.finished
      return "no framework told of jobs; \(NumberText.count(tasks)) tasks finished in \(window)"
    }
    let times = report.runs[0].jobs.joined().compactMap(\.jobTime).sorted()
    guard !times.isEmpty else {
      return "no job finished in \(window), of \(NumberText.count(submitted)) submitted"
    }
    let median = Double(times[(times.count - 1) / 2]) / 1e9
    let count = NumberText.count(submitted)
    let share = finished == submitted ? "all \(count)" : "\(NumberText.count(finished)) of \(count)"
    return "\(share) jobs finished in \(window); half of them took "
      + "\(DurationText.text(median)) or less"
  }

  private var runWaits: String? {
    let waits = report.baseline.frameworks.map(\.waitSeconds)
    let count = waits.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let sum = waits.reduce(0) { $0 + ($1.mean ?? 0) * Double($1.count) }
    return "a task waits \(DurationText.text(sum / Double(count))) on average before it runs"
  }
}

// MARK: - Two allocators

/// Compares one allocator with the baseline in words.
private struct ComparisonWords {
  let comparison: Comparison
  let challenger: String
  let times: String
  /// (name, speedup, verdict) of each framework.
  private let frameworks: [(name: String, speedup: Double, verdict: Verdict)]

  init(_ comparison: Comparison, _ challenger: String, times: String) {
    self.comparison = comparison
    self.challenger = challenger
    self.times = times
    frameworks = comparison.runs[0].frameworks.map { framework in
      let row = comparison.row(.speedup, of: framework.name, under: challenger)
      return (framework.name, row?.ratio ?? 1, Verdict(row))
    }
  }

  var sentence: String {
    let known = frameworks.filter { $0.verdict != .unknown }
    guard comparison.runs[0].frameworks.contains(where: { $0.jobs.submitted > 0 }) else {
      return "no framework told of jobs, so there are no job times to compare"
    }
    guard !known.isEmpty else {
      return "no job finished under both \(comparison.baseline) and \(challenger), "
        + "so their job times cannot be compared"
    }
    let winners = known.filter { $0.verdict == .sooner }.sorted { $0.speedup > $1.speedup }
    let losers = known.filter { $0.verdict == .later }.sorted { $0.speedup < $1.speedup }
    guard let first = winners.first else { return sentence(losers: losers) }
    var gains = ["\(first.name)'s jobs \(sooner(first.speedup)) than \(baselineName)"]
    gains += winners.dropFirst().prefix(2).map { "\($0.name)'s \(sooner($0.speedup))" }
    let more = winners.count - gains.count
    if more > 0 { gains.append("\(more) more \(more == 1 ? "framework's" : "frameworks'") too") }
    return "\(choice)\(challengerName) finishes \(list(gains)); \(ending(losers))"
  }

  private func sentence(losers: [(name: String, speedup: Double, verdict: Verdict)]) -> String {
    guard !losers.isEmpty else {
      return "\(choice)\(challengerName) and \(baselineName) differ by less than "
        + "\(isReplicated ? "the uncertainty" : "1%") in every framework's job times"
    }
    let losses = list(losers.prefix(3).map { "\($0.name)'s jobs \(later($0.speedup))" })
    return "\(choice)\(challengerName) gains nothing over \(baselineName): \(losses)"
  }

  private func ending(
    _ losers: [(name: String, speedup: Double, verdict: Verdict)]
  ) -> String {
    if losers.isEmpty, uncompared.isEmpty { return "nobody loses" }
    if losers.isEmpty {
      return "nobody else is seen to lose, but no job of \(list(uncompared)) finished under both"
    }
    var losses = losers.prefix(3).map { "\($0.name)'s jobs \(later($0.speedup))" }
    let more = losers.count - losses.count
    if more > 0 {
      losses.append("\(more) more \(more == 1 ? "framework loses" : "frameworks lose")")
    }
    return "but \(list(losses))"
  }

  /// The frameworks that had jobs of which none finished under both.
  private var uncompared: [String] {
    zip(frameworks, comparison.runs[0].frameworks).filter {
      $0.verdict == .unknown && $1.jobs.submitted > 0
    }.map(\.0.name)
  }

  /// How long tasks wait under both.
  var waits: String? {
    guard let row = comparison.row(.meanWait, under: challenger), let own = row.value,
      let before = row.baseline
    else { return nil }
    if own == 0, before == 0 { return "no task waits under either" }
    return "a task waits \(DurationText.text(own)) on average under \(challenger), "
      + "\(DurationText.text(before)) under \(comparison.baseline)"
  }

  /// Which jobs the comparison leaves out.
  var leftOut: String? {
    let jobs = comparison.jobsCompared.filter { $0.allocator == challenger }
    let before = jobs.reduce(0) { $0 + $1.finishedOnlyInBaseline }
    let own = jobs.reduce(0) { $0 + $1.finishedOnlyHere }
    let neither = jobs.reduce(0) { $0 + $1.finishedInNeither }
    guard before + own + neither > 0 else { return nil }
    let both = jobs.reduce(0) { $0 + $1.finishedInBoth }
    let others = [
      (own, "under \(challenger) only"), (before, "under \(comparison.baseline) only"),
      (neither, "under neither"),
    ].filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) that finished \($0.1)" }
    return "times are compared over the \(NumberText.count(both)) jobs that finished under both, "
      + "without \(list(others))"
  }

  private var isReplicated: Bool { comparison.replications.count > 1 }

  /// Which of several allocators is spoken of.
  private var choice: String {
    let others = comparison.allocators.dropFirst()
    return others.count > 1 ? "of \(list(Array(others))), best is \(challenger): " : ""
  }

  private var isSharingAgainstStatic: Bool {
    comparison.baseline.hasPrefix("static") && !challenger.hasPrefix("static")
  }

  private var challengerName: String {
    isSharingAgainstStatic ? "offer-based sharing (\(challenger))" : challenger
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

  private func list(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }
}
