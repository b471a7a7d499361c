// Part of mesosim. Apache-2.0, see LICENSE.
//
// The answer in words, computed from the numbers; it says so when somebody loses, when nothing
// differs and when the numbers do not cover everything.

import MesosMetrics
import VirtualTime

/// Puts the result of a report into sentences.
struct Answer {
  let report: Report
  /// How "times" is written.
  var times = "x"

  /// The answer in one sentence, without a full stop.
  var sentence: String {
    if report.baseline.frameworks.isEmpty {
      return "no framework takes part, so nothing is asked of the cluster"
    }
    guard let comparison = report.comparison else { return runSentence }
    guard let challenger else {
      if let unpairedTimes { return unpairedTimes }
      return "only \(comparison.baseline) ran, so there is nothing to compare it with"
    }
    return choice + ComparisonWords(comparison, challenger, times: times).sentence
  }

  /// What else has to be known to judge the answer, one sentence each.
  var remarks: [String] {
    var remarks = services
    if let comparison = report.comparison, let challenger {
      let words = ComparisonWords(comparison, challenger, times: times)
      remarks += [words.waits(stillWaiting)].compactMap { $0 } + cutOffs
      remarks += [words.leftOut].compactMap { $0 } + slowdowns + fairness + heldOffers
    } else {
      // Of several runs with nothing to compare, none is spoken of.
      remarks += [report.results.count == 1 ? runWaits : nil].compactMap { $0 }
      remarks += cutOffs + fairness + heldOffers
    }
    return remarks + taskEndings + unpairedRemark
  }

  /// How far the figures can be trusted, for a place beside the answer; `nil` for a single run.
  var certainty: String? {
    guard report.results.count > 1, !report.baseline.frameworks.isEmpty else { return nil }
    let count = report.replications.count
    let covered =
      ["sentences", "speedups"] + (report.hasSlowdowns ? ["slowdowns"] : [])
      + (Ranking(report) == nil ? [] : ["ranking"])
    if count == 1 { return "one seed; --replications 10 gives confidence intervals" }
    return
      "\(covered.inWords) are over \(count) seeds; every other figure is of seed "
      + "\(report.baseline.seed), the first"
  }

  /// The allocator the answer speaks of: the first of the best but the baseline.
  var challenger: String? { best.first?.first }

  /// The allocators but the baseline of which none is better than the others, those with equal runs
  /// together.
  private var best: [[String]] {
    guard report.results.count > 1 else { return [] }
    let merit = Merit(
      report,
      among: report.results.indices.dropFirst().filter {
        !report.unpaired.contains(report.results[$0].allocator)
      })
    return merit.groups.first?.map { $0.map { report.results[$0].allocator } } ?? []
  }

  /// Which of several allocators is spoken of, and which are as good.
  private var choice: String {
    let others = report.results.dropFirst().map(\.allocator).filter {
      !report.unpaired.contains($0)
    }
    let best = best
    guard others.count > 1, let first = best.first?.first,
      report.baseline.frameworks.contains(where: { $0.jobs.submitted > 0 })
    else { return "" }
    let names = best.joined().map { $0 }
    let all = others.count > 5 ? "\(others.count) allocators" : others.inWords
    if names.count == 1 { return "of \(all), best is \(first): " }
    let reason =
      best.count == 1
      ? "whose runs are equal"
      : "which differ by less than "
        + (report.replications.count > 1 ? "the uncertainty" : "1%")
    let shown =
      names.count > 5 ? Array(names.prefix(3)) + ["\(names.count - 3) more"] : names
    return "of \(all), best are \(shown.inWords), \(reason): "
  }
}

// MARK: - What had other jobs

extension Answer {
  /// The mean job times, where nothing more can be said than these; `nil` where something can.
  private var unpairedTimes: String? {
    guard !report.unpaired.isEmpty else { return nil }
    let times = report.results.indices.map { place in
      let figures = Merit.Figures(report.replications.map { $0[place].result })
      let time = figures.meanSeconds.map { DurationText.text($0) } ?? "none finished"
      return "\(report.results[place].allocator) \(time)"
    }
    return "mean job times: " + times.inWords
  }

  /// Which allocators nothing is compared with job by job.
  private var unpairedRemark: [String] {
    guard !report.unpaired.isEmpty else { return [] }
    let baseline = report.baseline.allocator
    let verb = report.unpaired.count == 1 ? "has" : "have"
    return [
      "\(report.unpaired.inWords) \(verb) other jobs than \(baseline), so nothing is paired: there "
        + "are no speedups and no ranking, and the intervals of differences are those of "
        + "independent runs"
    ]
  }
}

// MARK: - What the end of a run leaves undone

extension Answer {
  /// The results of each variant, one for each seed.
  var resultsByVariant: [(variant: Variant, results: [RunResult])] {
    report.variants.map { variant in
      (variant, report.replications.map { $0[variant.place].result })
    }
  }

  private func total(_ results: [RunResult], _ count: (FrameworkResult) -> Int) -> Int {
    results.flatMap(\.frameworks).reduce(0) { $0 + count($1) }
  }

  /// Under which allocators, such as `under drf and fair`; empty for a single run.
  func under(_ variant: Variant) -> String {
    guard report.results.count > 1 else { return "" }
    let names = variant.names
    return "under "
      + (names.count <= 3 ? names.inWords : "\(names[0]) and \(names.count - 1) equal others")
  }

  /// How many tasks waited when the run ended; no mean wait covers them.
  private var stillWaiting: String? {
    let counts = resultsByVariant.compactMap { variant, results -> String? in
      let waiting = total(results) { $0.tasksWaitingAtEnd ?? 0 }
      guard waiting > 0 else { return nil }
      return [NumberText.count(waiting), under(variant)].filter { !$0.isEmpty }
        .joined(separator: " ")
    }
    guard !counts.isEmpty else { return nil }
    return "\(counts.joined(separator: ", ")) still waited when the run ended"
  }

  /// Said of what is of one seed, where other sentences are over several.
  var firstSeed: String {
    report.replications.count > 1 ? " (seed \(report.baseline.seed))" : ""
  }

  /// The jobs that did not finish, allocator by allocator: cut off by the end of the run, or given
  /// up.
  private var cutOffs: [String] {
    let end = DurationText.text(report.baseline.windowSeconds)
    let abandoned = undone("were given up", \.jobs.abandoned)
    let unfinished = undone("had not finished when the run ended at \(end)", \.jobs.unfinished)
    // Of one run, what finished has been told, and that is all the others.
    if report.results.count == 1, abandoned == nil { return [] }
    return [unfinished, abandoned].compactMap { $0 }
  }

  private func undone(_ words: String, _ count: (FrameworkResult) -> Int) -> String? {
    let counts = resultsByVariant.map { variant, results in
      (
        place: under(variant), count: total(results, count),
        all: total(results, \.jobs.submitted)
      )
    }.filter { $0.count > 0 }
    guard let first = counts.first else { return nil }
    let isSame = counts.allSatisfy { $0.all == first.all }
    let parts = counts.enumerated().map { index, part in
      let all = isSame && index > 0 ? "" : "of \(NumberText.count(part.all)) jobs"
      return [NumberText.count(part.count), all, part.place].filter { !$0.isEmpty }
        .joined(separator: " ")
    }
    return parts.joined(separator: ", ") + " " + words
  }
}

// MARK: - What stood in offers

extension Answer {
  /// From which part on it is told; below it the offers are just on their way.
  private static var heldLeast: Double { 0.01 }

  /// For each allocator how much of the scarcest resource stood in open offers, and whose they
  /// were, if it was not little.
  private var heldOffers: [String] {
    guard let resource = report.scarcest else { return [] }
    return report.variants.compactMap { variant in
      let result = report.results[variant.place]
      guard let part = result.utilization[resource]?.offeredMean, part >= Self.heldLeast else {
        return nil
      }
      let place = under(variant)
      return (place.isEmpty ? "" : place + ", ")
        + "\(NumberText.percent(part)) of all \(resource.rawValue) stood in open offers: "
        + holders(result, resource) + firstSeed
    }
  }

  /// Who held offers, the most first; not more than three by name.
  private func holders(_ result: RunResult, _ resource: StandardResource) -> String {
    var parts: [(name: String, part: Double)] = result.frameworks.compactMap { framework in
      guard let use = framework.resources[resource], let all = use.allocatedMean,
        let used = use.usedMean, all - used >= 0.0005
      else { return nil }
      return (DisplayText.cut(framework.name, to: 20), all - used)
    }
    parts.sort { $0.part > $1.part }
    let others = parts.dropFirst(3).reduce(0) { $0 + $1.part }
    if others > 0 { parts = parts.prefix(3) + [("the rest", others)] }
    return parts.map { "\($0.name) \(NumberText.percent($0.part))" }.joined(separator: ", ")
  }
}

// MARK: - One run

extension Answer {
  private var runSentence: String {
    let frameworks = report.baseline.frameworks
    let submitted = frameworks.reduce(0) { $0 + $1.jobs.submitted }
    let finished = frameworks.reduce(0) { $0 + $1.jobs.finished }
    let window = DurationText.text(report.baseline.windowSeconds)
    if submitted == 0, frameworks.contains(where: { $0.service != nil }) {
      let services = frameworks.compactMap(\.service)
      let count = services.reduce(0) { $0 + $1.wanted }
      let up = services.reduce(0) { $0 + $1.up }
      return "\(NumberText.count(up)) of \(NumberText.count(count)) copies of services are up at "
        + "the end of \(window)"
    }
    if submitted == 0 {
      let tasks = report.baseline.tasks.finished
      return "no framework told of jobs; \(NumberText.count(tasks)) tasks finished in \(window)"
    }
    let jobs = report.runs[0].jobs.joined()
    let times = jobs.compactMap(\.jobTime).sorted()
    guard !times.isEmpty else {
      return "no job finished in \(window), of \(NumberText.count(submitted)) submitted"
    }
    let median = Double(times[(times.count - 1) / 2]) / 1e9
    let count = NumberText.count(submitted)
    let share =
      finished < submitted
      ? "\(NumberText.count(finished)) of \(count) jobs"
      : submitted == 1 ? "the only job" : submitted == 2 ? "both jobs" : "all \(count) jobs"
    // The window may reach far beyond the work.
    let isOver = jobs.allSatisfy { $0.fate != .unfinished }
    let last = jobs.compactMap(\.ended).max()?.seconds
    let span = isOver ? DurationText.text(last) : window
    if submitted == 1 { return "\(share) finished in \(span)" }
    return "\(share) finished in \(span); half of them took \(DurationText.text(median)) or less"
  }

  private var runWaits: String? {
    let waits = report.baseline.frameworks.map(\.waitSeconds)
    let count = waits.reduce(0) { $0 + $1.count }
    guard count > 0 else { return stillWaiting }
    let sum = waits.reduce(0) { $0 + ($1.times.mean ?? 0) * Double($1.count) }
    return "a task waits \(DurationText.text(sum / Double(count))) on average before it runs"
      + (stillWaiting.map { ", of the tasks that ran; " + $0 } ?? "")
  }
}
