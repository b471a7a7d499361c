// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long the cluster was how full: time-weighted percentiles of utilization.

/// The time spent at each used share of the capacity, in steps of a tenth of a percent.
struct ShareHistogram {
  /// Steps from 0 to 100 percent; fuller than full counts as full.
  static let steps = 1000

  /// Nanoseconds per step, resource after resource.
  private var times = [Int64](repeating: 0, count: 4 * (steps + 1))

  /// Adds shares (0...1) of the four resources, held for some time.
  mutating func add(_ shares: SIMD4<Double>, for nanoseconds: Int64) {
    let top = Double(ShareHistogram.steps)
    let scaled = (shares * top).clamped(lowerBound: .zero, upperBound: SIMD4(repeating: top))
    for lane in 0..<4 {
      let step = Int(scaled[lane].roundedSmall)
      times[lane * (ShareHistogram.steps + 1) + step] &+= nanoseconds
    }
  }

  /// The smallest share at or below which the resource's use stayed for this part of the time.
  /// - Parameters:
  ///   - fraction: The part of the time, in (0, 1].
  ///   - resource: The resource.
  /// - Returns: A share in 0...1, a multiple of 0.001; `nil` when no time has passed.
  func percentile(_ fraction: Double, of resource: StandardResource) -> Double? {
    let first = resource.lane * (ShareHistogram.steps + 1)
    let own = times[first...(first + ShareHistogram.steps)]
    let total = own.reduce(0, &+)
    guard total > 0 else { return nil }
    let target = Double(total) * fraction
    var passed: Int64 = 0
    for (step, time) in own.enumerated() {
      passed &+= time
      if time > 0, Double(passed) >= target { return Double(step) / Double(ShareHistogram.steps) }
    }
    return 1
  }
}
