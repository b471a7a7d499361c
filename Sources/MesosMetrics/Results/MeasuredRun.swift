// Part of mesosim. Apache-2.0, see LICENSE.
//
// A run's result with the detail behind it: every job, and the levels over time.

public import VirtualTime

/// The result of a run, with what its tables and plots are made of.
public struct MeasuredRun: Sendable {
  /// The summary.
  public var result: RunResult
  /// The jobs of each framework, in the order of submission.
  public var jobs: [[JobOutcome]]
  /// The cluster's levels over time.
  public var series: LevelSeries
  /// What each framework used over time.
  public var frameworkSeries: [UseSeries]
  /// The same jobs when each framework has its part of the cluster for itself; `nil` where that was
  /// not run.
  public var aloneJobs: [[JobOutcome]]?
  /// Whether its jobs are those of the baseline, so that the two can be compared job by job.
  public var isPaired = true
}

/// The mean levels of the cluster, bucket by bucket.
///
/// Runs measured over the same window have the same buckets.
public struct LevelSeries: Sendable {
  /// How long each bucket is; the last one ends with the window.
  public let bucketWidth: Duration
  /// The buckets, in order, without a gap.
  public let points: [LevelPoint]
}

/// What a framework used on average, bucket by bucket of equal width, in order, without a gap.
public struct UseSeries: Sendable {
  /// At most 240 buckets; none for a framework of which nothing was heard.
  public let points: [UsePoint]
}

/// What a framework's tasks and executors held on average within one bucket.
public struct UsePoint: Equatable, Sendable {
  /// Where the bucket begins.
  public let start: Instant
  /// Where the bucket ends.
  public let end: Instant
  /// What they held.
  public let used: Amounts
}

/// The mean levels of the cluster within one bucket.
public struct LevelPoint: Equatable, Sendable {
  /// Where the bucket begins.
  public let start: Instant
  /// Where the bucket ends.
  public let end: Instant
  /// What registered slaves had.
  public let capacity: Amounts
  /// What was offered or used.
  public let allocated: Amounts
  /// What tasks held.
  public let used: Amounts
  /// What waiting tasks wanted.
  public let waiting: Amounts
}
