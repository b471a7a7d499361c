// Part of mesosim. Apache-2.0, see LICENSE.
//
// What sharing costs each framework, or gains it: its job times against those that it has alone on
// its part of the cluster. Names here are a contract with scripts.

/// The job times of one framework under one allocator ÷ those of the same jobs when it has its part
/// of the cluster for itself: below 1 it gains by sharing, above 1 it would be better off alone.
///
/// Its part is the one that `static` deals it without settings, where nobody meets anybody. Only
/// jobs that finished in both count. With several seeds the figures are means over those in which
/// there are such jobs, and the interval is a 95% confidence interval by Student's t.
public struct Slowdown: Codable, Equatable, Sendable {
  /// The allocator.
  public var allocator: String
  /// The framework.
  public var framework: String
  /// How many jobs finished in both, over all seeds: those whose times are compared.
  public var jobs = 0
  /// How many jobs did not finish under the allocator, over all seeds.
  public var unfinished = 0
  /// How many jobs did not finish alone, over all seeds.
  public var unfinishedAlone = 0
  /// The sum of their times under the allocator.
  @Measured public var jobSeconds: Double? = nil
  /// The sum of their times alone.
  @Measured public var aloneJobSeconds: Double? = nil
  /// The former ÷ the latter; `null` where no job finished in both.
  @Measured public var slowdown: Double? = nil
  /// The confidence interval of the slowdown.
  @Nullable public var ci95: Interval? = nil
}

/// A framework of which no slowdown can be told.
public struct SlowdownOmission: Codable, Equatable, Sendable {
  /// Why there is none.
  public enum Reason: String, Codable, Sendable {
    /// It told of no job.
    case noJobs
    /// Alone it finished no job: it has no part, none that its tasks fit on, or too small a part.
    case noneFinishedAlone
  }

  /// The framework.
  public var framework: String
  /// Why there is none.
  public var reason: Reason
}

extension Comparison {
  /// The slowdown of a framework.
  /// - Parameters:
  ///   - framework: The framework's name.
  ///   - allocator: The allocator.
  /// - Returns: The row, or `nil` when there is none.
  public func slowdown(of framework: String, under allocator: String) -> Slowdown? {
    slowdowns.first { $0.allocator == allocator && $0.framework == framework }
  }
}

/// Makes the rows of slowdowns.
struct SlowdownRows {
  private(set) var rows: [Slowdown] = []
  private(set) var omissions: [SlowdownOmission] = []

  /// - Parameter seeds: For each seed the runs under all allocators, in the same order each time.
  init(_ seeds: [[MeasuredRun]]) {
    guard let first = seeds.first, seeds.allSatisfy({ $0.allSatisfy { $0.aloneJobs != nil } }),
      let frameworks = first.first?.result.frameworks
    else { return }
    for (index, framework) in frameworks.enumerated() {
      if let reason = SlowdownRows.obstacle(index, seeds) {
        omissions.append(SlowdownOmission(framework: framework.name, reason: reason))
      }
    }
    for place in first.indices {
      for (index, framework) in frameworks.enumerated()
      where !omissions.contains(where: { $0.framework == framework.name }) {
        rows.append(
          SlowdownRows.row(
            first[place].result.allocator, framework.name, seeds.map { $0[place] }, index))
      }
    }
  }

  private static func obstacle(
    _ index: Int, _ seeds: [[MeasuredRun]]
  ) -> SlowdownOmission.Reason? {
    let apart = seeds.flatMap { alone($0[0], index) }
    let together = seeds.flatMap { $0.flatMap { shared($0, index) } }
    if apart.isEmpty && together.isEmpty { return .noJobs }
    return apart.contains { $0.jobTime != nil } ? nil : .noneFinishedAlone
  }

  private static func row(
    _ allocator: String, _ framework: String, _ runs: [MeasuredRun], _ index: Int
  ) -> Slowdown {
    var row = Slowdown(allocator: allocator, framework: framework)
    var times: [(own: Double, alone: Double)] = []
    for run in runs {
      let matched = MatchedJobs([shared(run, index), alone(run, index)])
      let finished = matched.finishedInAll
      row.jobs += finished.count
      row.unfinished += matched.unfinished(in: 0)
      row.unfinishedAlone += matched.unfinished(in: 1)
      guard finished.count > 0 else { continue }
      times.append((Double(finished.sums[0]) / 1e9, Double(finished.sums[1]) / 1e9))
    }
    let ratios = times.filter { $0.alone > 0 }.map { $0.own / $0.alone }
    row.jobSeconds = Statistics.mean(times.map(\.own))
    row.aloneJobSeconds = Statistics.mean(times.map(\.alone))
    row.slowdown = Statistics.mean(ratios)
    row.ci95 = Statistics.confidenceInterval95(ratios)
    return row
  }

  private static func shared(_ run: MeasuredRun, _ index: Int) -> [JobOutcome] {
    run.jobs.indices.contains(index) ? run.jobs[index] : []
  }

  private static func alone(_ run: MeasuredRun, _ index: Int) -> [JobOutcome] {
    guard let jobs = run.aloneJobs, jobs.indices.contains(index) else { return [] }
    return jobs[index]
  }
}
