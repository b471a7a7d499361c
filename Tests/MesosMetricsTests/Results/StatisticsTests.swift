// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosMetrics

@Suite("Statistics") struct StatisticsTests {
  @Test(
    "a percentile is the smallest value that enough values stay at or below",
    arguments: [(50, 5.0), (51, 6), (95, 10), (90, 9), (1, 1), (100, 10)])
  func percentile(percent: Int, seconds: Double) {
    let values = (1...10).map { Int64($0) * 1_000_000_000 }
    #expect(DurationStatistics(values.reversed()).percentileSeconds(percent) == seconds)
  }

  @Test("what has not ended is longer than anything in percentiles, and not in sum and mean")
  func endless() {
    let times = DurationStatistics((1...9).map { Int64($0) * 1_000_000_000 }, endless: 1)
    #expect(times.percentileSeconds(50) == 5)
    #expect(times.percentileSeconds(90) == 9)
    #expect(times.percentileSeconds(95) == nil)
    #expect(times.maxSeconds == nil)
    #expect(times.meanSeconds == 5)
    #expect(times.sumSeconds == 45)
    #expect(times.waitResult.endless == 1)
    #expect(DurationStatistics([], endless: 3).percentileSeconds(1) == nil)
  }

  @Test("statistics of nothing are unknown, but its sum is zero")
  func nothing() {
    let none = DurationStatistics([])
    #expect(none.percentileSeconds(50) == nil)
    #expect(none.meanSeconds == nil)
    #expect(none.sumSeconds == 0)
  }

  @Test("Jain's index is 1 for equal shares and 1/n when one has all")
  func jain() {
    #expect(Statistics.jainIndex([0.2, 0.2, 0.2]) == 1)
    #expect(Statistics.jainIndex([0.5, 0, 0, 0]) == 0.25)
    #expect(Statistics.jainIndex([0, 0]) == nil)
    #expect(Statistics.jainIndex([]) == nil)
  }

  @Test("the confidence interval is Student's: mean ± t·s/√n")
  func interval() throws {
    // Mean 3, s² = 2.5, t(0.975; 4) = 2.776445.
    let interval = try #require(Statistics.confidenceInterval95([1, 2, 3, 4, 5]))
    #expect(abs(interval.low - (3 - 1.963_243)) < 1e-6)
    #expect(abs(interval.high - (3 + 1.963_243)) < 1e-6)
    #expect(interval.contains(3) && !interval.contains(5))
  }

  @Test("one value has no interval, equal values an empty one")
  func degenerate() {
    #expect(Statistics.confidenceInterval95([2]) == nil)
    #expect(Statistics.confidenceInterval95([2, 2]) == Interval(low: 2, high: 2))
  }

  @Test(
    "figures are rounded to six decimals, and what is no number is nothing",
    arguments: [
      (0.1234564, 0.123456), (0.1234566, 0.123457), (-0.0000001, 0), (1e300, 1e300),
      (.nan, nil), (.infinity, nil), (nil, nil),
    ] as [(Double?, Double?)])
  func rounding(value: Double?, rounded: Double?) {
    #expect(Measured(wrappedValue: value).wrappedValue == rounded)
  }

  @Test("two lots of values that are not paired differ by Welch's interval")
  func welch() throws {
    let interval = try #require(
      Statistics.confidenceInterval95([2, 4, 6], minus: [1, 2, 3].map(Double.init)))
    let variance = 4.0 / 3 + 1.0 / 3
    #expect(abs((interval.low + interval.high) / 2 - 2) < 1e-9)
    // t for (5/3)² ÷ ((4/3)² ÷ 2 + (1/3)² ÷ 2) = 2.941 degrees of freedom.
    #expect(abs((interval.high - interval.low) / 2 / variance.squareRoot() - 3.218759) < 1e-5)
    #expect(Statistics.confidenceInterval95([1, 2], minus: [1]) == nil)
    #expect(
      Statistics.confidenceInterval95([5, 5], minus: [2, 2]) == Interval(low: 3, high: 3))
  }
}
