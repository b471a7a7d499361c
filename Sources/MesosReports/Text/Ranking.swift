// Part of mesosim. Apache-2.0, see LICENSE.
//
// More than two allocators in order of merit, by a criterion that is said.

import MesosMetrics

/// Allocators in order of merit.
struct Ranking {
  /// What one allocator came to, or several whose runs are equal; means over the seeds.
  struct Row {
    /// How many are better, and one.
    let rank: Int
    /// Those whose runs are equal.
    let allocators: [String]
    let jobsFinished: Double
    /// Of all jobs that finished.
    let jobSeconds: Double?
    /// Of the framework whose tasks wait longest.
    let waitP95: Double?
    let competition: CompetitionFigures
    /// The framework whose mean job time is furthest above the best that any of the allocators
    /// gives it, and how far; `nil` for none, a factor of `nil` when it finishes no job here.
    let furthest: (framework: String, factor: Double?)?
  }

  /// By what the allocators are ranked, in words.
  static let criterion =
    "ranked by jobs finished, then by mean job time over all frameworks; 'p95 wait' is that of the "
    + "framework whose tasks wait longest, 'contended' how long two frameworks or more want more "
    + "than they have, 'fairness' Jain's index of shares by weight in that time (1 is even), "
    + "'furthest behind' the framework whose mean job time is furthest above the best that any of "
    + "these allocators gives it; allocators whose runs are equal share a line, and those that "
    + "differ from the first of a rank by less than 1% or than the uncertainty share that rank"

  /// The allocators, the best first; at equal figures in the order in which they were named.
  let rows: [Row]

  /// Ranks the allocators of a report; `nil` when there are not more than two, or when they had
  /// different jobs to finish.
  init?(_ report: Report) {
    guard report.results.count > 2, report.unpaired.isEmpty else { return nil }
    let results = report.results.indices.map { place in report.replications.map { $0[place].result }
    }
    let times = results.map(Ranking.jobTimes)
    var rank = 1
    var rows: [Row] = []
    for group in Merit(report, among: results.indices).groups {
      for equals in group {
        let own = results[equals[0]]
        let figures = Merit.Figures(own)
        rows.append(
          Row(
            rank: rank, allocators: equals.map { results[$0][0].allocator },
            jobsFinished: figures.meanFinished, jobSeconds: figures.meanSeconds,
            waitP95: Statistics.mean(
              own.compactMap { $0.frameworks.compactMap(\.waitSeconds.times.p95).max() }),
            competition: CompetitionFigures(own),
            furthest: Ranking.furthest(
              equals[0], times, report.baseline.frameworks.map(\.name))))
      }
      rank += group.joined().count
    }
    self.rows = rows
  }

  /// The mean job time of each framework.
  private static func jobTimes(_ results: [RunResult]) -> [Double?] {
    results[0].frameworks.indices.map { index in
      Statistics.mean(results.compactMap { $0.frameworks[index].jobs.times.mean })
    }
  }

  private static func furthest(
    _ place: Int, _ times: [[Double?]], _ names: [String]
  ) -> (framework: String, factor: Double?)? {
    var worst: (framework: String, factor: Double?)?
    for (index, name) in names.enumerated() {
      guard let best = times.compactMap({ $0[index] }).min(), best > 0 else { continue }
      guard let own = times[place][index] else { return (name, nil) }
      let least = worst?.factor ?? 1 + Verdict.threshold
      if own / best > least { worst = (name, own / best) }
    }
    return worst
  }

  /// The texts of a row, in the order of `columns`.
  func texts(_ place: Int, times: String) -> [String] {
    let row = rows[place]
    let behind = row.furthest.map { furthest in
      let factor = furthest.factor.map { NumberText.factor($0) + times } ?? "none done"
      return "\(furthest.framework) \(factor)"
    }
    let jobs = NumberText.fixed(
      row.jobsFinished, row.jobsFinished.rounded() == row.jobsFinished ? 0 : 1)
    return [
      String(row.rank), row.allocators.joined(separator: " = "), jobs,
      DurationText.text(row.jobSeconds),
      DurationText.text(row.waitP95),
      DurationText.text(row.competition.seconds), NumberText.index(row.competition.index),
      behind ?? "nobody",
    ]
  }

  /// The heads of the columns.
  static let columns = [
    "rank", "allocator", "jobs done", "job time", "p95 wait", "contended", "fairness",
    "furthest behind",
  ]

  /// The ranking as a table for a terminal.
  var table: TextTable {
    // Long names, as those of variants are, differ at their ends: fairness makes room for them.
    let names = rows.flatMap(\.allocators).map { DisplayText.width($0) }
    let isFair = names.max() ?? 0 <= 16
    func shown<Item>(_ items: [Item]) -> [Item] {
      isFair ? items : items.enumerated().filter { ![5, 6].contains($0.offset) }.map(\.element)
    }
    var table = TextTable(
      shown([.figure, .name] + [.figure, .figure, .figure, .figure, .figure, .name]))
    table.add(shown(Ranking.columns).map { .init($0, .faint) })
    for place in rows.indices {
      let tone: Style.Tone = rows[place].rank == 1 ? .strong : .normal
      // On a terminal names stand below each other, where nothing cuts them.
      var texts = texts(place, times: "x")
      texts[1] = rows[place].allocators[0]
      table.add(shown(texts).map { .init($0, tone) })
      for name in rows[place].allocators.dropFirst() { table.add([.init(""), .init(name, tone)]) }
    }
    return table
  }
}

/// The ranking as the page shows it.
struct RankingSection {
  /// One allocator.
  struct Line {
    let rank: String
    let allocator: String
    let jobs: String
    let jobTime: String
    let wait: String
    let contended: String
    let fairness: String
    let furthest: String
  }

  let lead: String
  let lines: [Line]

  init?(_ report: Report) {
    guard let ranking = Ranking(report) else { return nil }
    lead = Ranking.criterion.sentenceCased + "."
    lines = ranking.rows.indices.map { place in
      let texts = ranking.texts(place, times: "×").map { DisplayText.harmless($0) }
      return Line(
        rank: texts[0], allocator: texts[1], jobs: texts[2], jobTime: texts[3], wait: texts[4],
        contended: texts[5], fairness: texts[6], furthest: texts[7])
    }
  }
}
