// Part of mesosim. Apache-2.0, see LICENSE.
//
// The few statistics that results are made of, each with its definition.

import CGSL

/// The statistics of a number of durations; sums and percentiles are exact.
///
/// What has not ended counts in percentiles as longer than anything, or those would be of the lucky
/// ones alone; sum and mean are of what has ended.
struct DurationStatistics {
  private let sorted: [Int64]
  private let sum: Int128
  private let endless: Int

  /// Takes durations in nanoseconds, in any order, and how many have not ended.
  init(_ nanoseconds: [Int64], endless: Int = 0) {
    self.endless = endless
    sorted = nanoseconds.sorted()
    sum = nanoseconds.reduce(into: Int128(0)) { $0 &+= Int128($1) }
  }

  var count: Int { sorted.count }
  var sumSeconds: Double { seconds(sum) }
  var meanSeconds: Double? { sorted.isEmpty ? nil : seconds(sum) / Double(sorted.count) }
  var maxSeconds: Double? { percentileSeconds(100) }

  /// The nearest-rank percentile: the smallest value that at least `percent` of 100 values stay at
  /// or below; `nil` when that has not ended.
  func percentileSeconds(_ percent: Int) -> Double? {
    let count = sorted.count + endless
    guard count > 0 else { return nil }
    let place = min(max((count * percent + 99) / 100, 1), count) - 1
    return place < sorted.count ? seconds(Int128(sorted[place])) : nil
  }

  var quantiles: Quantiles {
    Quantiles(
      mean: meanSeconds, p50: percentileSeconds(50), p95: percentileSeconds(95), max: maxSeconds)
  }

  var waitResult: WaitResult { WaitResult(count: count, endless: endless, times: quantiles) }

  private func seconds(_ nanoseconds: Int128) -> Double { Double(nanoseconds) / 1e9 }
}

package enum Statistics {
  /// Jain's fairness index: (Σx)² ÷ (n·Σx²), from 1/n (one has all) to 1 (all have the same).
  ///
  /// Here x is a framework's dominant share averaged over the window, and n counts every framework
  /// of the run, also one that had nothing to do.
  /// - Parameter shares: The shares, none negative.
  /// - Returns: The index, or `nil` when there are no shares or all are zero.
  static func jainIndex(_ shares: [Double]) -> Double? {
    let sum = shares.reduce(0, +)
    let squares = shares.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return nil }
    return sum * sum / (Double(shares.count) * squares)
  }

  package static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The 95% confidence interval of the mean of independent values, by Student's t.
  ///
  /// Paired figures (one for each seed, both runs of a pair drawing the same random numbers) are
  /// independent of one another, which is what the interval assumes.
  /// - Parameter values: One value for each replication.
  /// - Returns: The interval, or `nil` for fewer than two values.
  package static func confidenceInterval95(_ values: [Double]) -> Interval? {
    guard values.count >= 2, let mean = mean(values) else { return nil }
    let count = Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let half = gsl_cdf_tdist_Pinv(0.975, count - 1) * (variance / count).squareRoot()
    return Interval(low: mean - half, high: mean + half)
  }

  /// The 95% confidence interval of the difference of two means of independent values, by Welch.
  /// - Parameters:
  ///   - values: One value for each replication.
  ///   - others: The same of what is subtracted; not paired with `values`.
  /// - Returns: The interval, or `nil` for fewer than two values on either side.
  package static func confidenceInterval95(_ values: [Double], minus others: [Double]) -> Interval?
  {
    guard values.count >= 2, others.count >= 2, let mean = mean(values),
      let other = Statistics.mean(others)
    else { return nil }
    /// The variance of the mean.
    func variance(_ values: [Double], _ mean: Double) -> Double {
      let count = Double(values.count)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count
    }
    let (own, theirs) = (variance(values, mean), variance(others, other))
    let difference = mean - other
    guard own + theirs > 0 else { return Interval(low: difference, high: difference) }
    // Welch and Satterthwaite's degrees of freedom.
    let freedom =
      (own + theirs) * (own + theirs)
      / (own * own / Double(values.count - 1) + theirs * theirs / Double(others.count - 1))
    let half = gsl_cdf_tdist_Pinv(0.975, freedom) * (own + theirs).squareRoot()
    return Interval(low: difference - half, high: difference + half)
  }
}
