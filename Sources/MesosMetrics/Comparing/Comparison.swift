// Part of mesosim. Apache-2.0, see LICENSE.
//
// The same workload under several allocators, side by side: the shape of `summary.json` of a
// comparison. Names here are a contract with scripts.

/// Several allocators on the same workload, the first being the baseline.
///
/// With more than one replication (seed), every figure is taken pair by pair: both runs of a pair
/// drew the same random numbers, so what differs within it is the allocator's doing.
public struct Comparison: Codable, Equatable, Sendable {
  /// The version of this shape.
  public var schema = 1
  /// The scenario's name.
  public var scenario: String
  /// The seed of the first replication.
  public var seed: UInt64
  /// The version of mesosim.
  public var version: String
  /// Whether it was stopped before all was run: within a run, or before the last seed.
  public var partial: Bool
  /// What a reader has to know to judge the comparison, one sentence each.
  public var warnings: [String]
  /// The allocator that the others are compared with.
  public var baseline: String
  /// The allocators, the baseline first.
  public var allocators: [String]
  /// Those of them that had other jobs than the baseline: nothing of theirs is compared job by job.
  public var unpaired: [String]
  /// The seed and the digests of each replication.
  public var replications: [Replication]
  /// The results of the first replication, in the order of `allocators`.
  public var runs: [RunResult]
  /// What differs: for each allocator but the baseline, each framework and each metric, a row.
  public var comparison: [ComparisonRow]
  /// Which jobs the comparison of job times rests on.
  public var jobsCompared: [JobsCompared]
  /// For each allocator, the baseline too, the slowdown of each framework; empty where nobody was
  /// run alone.
  public var slowdowns: [Slowdown]
  /// The frameworks that have no slowdown, and why.
  public var withoutSlowdown: [SlowdownOmission]
}

/// One seed, run under every allocator.
public struct Replication: Codable, Equatable, Sendable {
  /// The seed.
  public var seed: UInt64
  /// The digests of the runs, in the order of `allocators`.
  public var digests: [String]
}

/// One metric of one framework, or of the whole cluster, under an allocator and the baseline.
///
/// With several replications `baseline`, `value`, `ratio` and `difference` are means over the
/// replications in which both runs measured the metric, and the intervals are 95% confidence
/// intervals of the mean of the paired ratios and differences, by Student's t. One replication
/// gives no interval.
///
/// Where the allocator had other jobs than the baseline, nothing is paired: there is no speedup,
/// `ratio` is that of the means, without an interval, and that of the difference is Welch's.
public struct ComparisonRow: Codable, Equatable, Sendable {
  /// The allocator.
  public var allocator: String
  /// The framework; `null` stands for all of them.
  @Nullable public var framework: String?
  /// What is compared.
  public var metric: ComparisonMetric
  /// The figure under the baseline.
  @Measured public var baseline: Double?
  /// The figure under the allocator.
  @Measured public var value: Double?
  /// Value ÷ baseline; `null` where the baseline is 0.
  @Measured public var ratio: Double?
  /// The confidence interval of the ratio.
  @Nullable public var ci95: Interval?
  /// Value − baseline.
  @Measured public var difference: Double?
  /// The confidence interval of the difference.
  @Nullable public var differenceCi95: Interval?
  /// Which jobs `speedup` and `jobSeconds` rest on; `null` for what is no sum of job times.
  @Nullable public var jobs: ComparedJobs? = nil
}

/// Which jobs a comparison of job times rests on, over all replications.
public struct ComparedJobs: Codable, Equatable, Sendable {
  /// How many finished under every allocator of the comparison: those whose times are compared.
  public var compared: Int
  /// How many did not finish under the baseline.
  public var unfinishedInBaseline: Int
  /// How many did not finish under the allocator.
  public var unfinished: Int
}

/// What is compared: `speedup`, or the path of a figure in a result.
public struct ComparisonMetric: RawRepresentable, Codable, Hashable, Sendable {
  /// The name, as in JSON.
  public let rawValue: String
  /// Wraps a name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The baseline's sum of job times ÷ this allocator's, over the jobs that finished under every
  /// allocator of the comparison.
  public static let speedup = ComparisonMetric(rawValue: "speedup")
  /// The sum of job times over the jobs that finished under every allocator of the comparison.
  public static let jobSeconds = ComparisonMetric(rawValue: "jobSeconds")
  /// How many jobs finished.
  public static let jobsFinished = ComparisonMetric(rawValue: "jobs.finished")
  /// The mean wait of tasks.
  public static let meanWait = ComparisonMetric(rawValue: "waitSeconds.mean")
  /// The 95th percentile of the waits of tasks.
  public static let p95Wait = ComparisonMetric(rawValue: "waitSeconds.p95")
  /// The mean wait of jobs.
  public static let meanJobWait = ComparisonMetric(rawValue: "jobWaitSeconds.mean")
  /// Jain's index while frameworks compete.
  public static let jainContended = ComparisonMetric(rawValue: "fairness.jainContended")
  /// How long frameworks competed.
  public static let contendedSeconds = ComparisonMetric(rawValue: "fairness.contendedSeconds")
  /// Jain's index over dominant shares averaged over the whole window.
  public static let jain = ComparisonMetric(rawValue: "fairness.jainDominantShare")

  /// The used part of a resource.
  public static func used(_ resource: StandardResource) -> ComparisonMetric {
    ComparisonMetric(rawValue: "utilization.\(resource.rawValue).usedMean")
  }

  /// The part of a resource that stood in open offers.
  public static func offered(_ resource: StandardResource) -> ComparisonMetric {
    ComparisonMetric(rawValue: "utilization.\(resource.rawValue).offeredMean")
  }

  /// The part of a resource that was free while it was wanted.
  public static func blocked(_ resource: StandardResource) -> ComparisonMetric {
    ComparisonMetric(rawValue: "utilization.\(resource.rawValue).blockedMean")
  }

  /// The used part of what could have been used of a resource.
  public static func demandUtilization(_ resource: StandardResource) -> ComparisonMetric {
    ComparisonMetric(rawValue: "utilization.\(resource.rawValue).demandUtilization")
  }
}

/// How the jobs that were submitted under both allocators ended, summed over the replications.
///
/// A job that one of the runs did not finish (cut off at the horizon, or given up) has no time to
/// compare; sums of job times leave it out under every allocator, so that all speak of the same
/// jobs. Where many are left out, the
/// comparison covers the easy jobs only, so these counts belong beside it.
public struct JobsCompared: Codable, Equatable, Sendable {
  /// The allocator.
  public var allocator: String
  /// The framework.
  public var framework: String
  /// Finished under every allocator of the comparison: the jobs whose times are compared.
  public var finishedInAll = 0
  /// Finished under both.
  public var finishedInBoth = 0
  /// Finished under the baseline only.
  public var finishedOnlyInBaseline = 0
  /// Finished under this allocator only.
  public var finishedOnlyHere = 0
  /// Finished under neither.
  public var finishedInNeither = 0
}

extension Comparison {
  /// The row of a metric.
  /// - Parameters:
  ///   - metric: What is compared.
  ///   - framework: The framework's name; `nil` stands for all of them.
  ///   - allocator: The allocator.
  /// - Returns: The row, or `nil` when there is none.
  public func row(
    _ metric: ComparisonMetric, of framework: String? = nil, under allocator: String
  ) -> ComparisonRow? {
    comparison.first {
      $0.allocator == allocator && $0.metric == metric && $0.framework == framework
    }
  }
}
