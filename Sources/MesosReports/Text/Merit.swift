// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which allocators are better than others, and which are not by more than chance.

import MesosMetrics

/// Allocators by merit: by jobs finished, then by mean job time.
struct Merit {
  /// Allocators whose runs are equal, by their places in the report.
  typealias Equals = [Int]

  /// What one allocator came to, seed by seed.
  struct Figures {
    let jobsFinished: [Double]
    /// The mean time of all jobs that finished, where one did.
    let jobSeconds: [Double?]

    var meanFinished: Double { Statistics.mean(jobsFinished) ?? 0 }
    var meanSeconds: Double? { Statistics.mean(jobSeconds.compactMap(\.self)) }

    init(_ results: [RunResult]) {
      jobsFinished = results.map { Double($0.frameworks.reduce(0) { $0 + $1.jobs.finished }) }
      jobSeconds = results.map { result in
        let finished = result.frameworks.reduce(0) { $0 + $1.jobs.finished }
        let sum = result.frameworks.reduce(0) { $0 + ($1.jobs.sumSeconds ?? 0) }
        return finished > 0 ? sum / Double(finished) : nil
      }
    }
  }

  /// The best first; those of a group differ from the first of it by no more than chance.
  let groups: [[Equals]]

  /// Orders some of the allocators of a report, by their places.
  init(_ report: Report, among places: some Sequence<Int>) {
    let classes = report.equalRuns(among: places)
    let figures = report.results.indices.map { place in
      Figures(report.replications.map { $0[place].result })
    }
    func figure(_ equals: Equals) -> Figures { figures[equals[0]] }
    let byCount = Merit.grouped(
      classes, isBefore: { figure($0).meanFinished > figure($1).meanFinished },
      isTie: { Merit.isSameCount(figure($0), figure($1)) })
    groups = byCount.flatMap { tied in
      Merit.grouped(
        tied,
        isBefore: {
          figure($0).meanSeconds ?? .infinity < figure($1).meanSeconds ?? .infinity
        },
        isTie: { Merit.isSameTime(figure($0), figure($1)) })
    }
  }

  /// Groups of those that tie with the first of their group.
  private static func grouped(
    _ classes: [Equals], isBefore: (Equals, Equals) -> Bool, isTie: (Equals, Equals) -> Bool
  ) -> [[Equals]] {
    let order = classes.indices.sorted { left, right in
      if isBefore(classes[left], classes[right]) { return true }
      return !isBefore(classes[right], classes[left]) && left < right
    }
    var groups: [[Equals]] = []
    for place in order {
      if let first = groups.last?.first, isTie(first, classes[place]) {
        groups[groups.count - 1].append(classes[place])
      } else {
        groups.append([classes[place]])
      }
    }
    return groups
  }

  private static func isSameCount(_ own: Figures, _ other: Figures) -> Bool {
    let differences = zip(own.jobsFinished, other.jobsFinished).map { $0 - $1 }
    return Statistics.confidenceInterval95(differences)?.contains(0)
      ?? differences.allSatisfy { $0 == 0 }
  }

  private static func isSameTime(_ own: Figures, _ other: Figures) -> Bool {
    let ratios = zip(own.jobSeconds, other.jobSeconds).compactMap { own, other in
      own.flatMap { own in other.flatMap { $0 > 0 ? own / $0 : nil } }
    }
    guard let ratio = Statistics.mean(ratios) else {
      return own.meanSeconds == other.meanSeconds
    }
    return Verdict.isNone(ratio, Statistics.confidenceInterval95(ratios))
  }
}
