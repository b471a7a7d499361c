// Part of mesosim. Apache-2.0, see LICENSE.
//
// The integrals of the cluster's levels, bucket by bucket of equal width, in bounded memory. How
// long a run lasts is known only at its end, so the width grows as the run does.

/// A time series of level integrals with at most `bucketCount` buckets.
///
/// The width is the smallest of a fixed ladder of round durations with which the time covered fits
/// into the buckets. Each rung divides the next, so full buckets merge exactly when the width
/// grows, and the width depends on the time covered alone: runs measured over the same window have
/// the same buckets.
struct BucketedSums {
  /// How many buckets there are at most; every step of the ladder divides it.
  static let bucketCount = 1200

  /// Widths in nanoseconds: 1 ms to a day in round steps of 2, 3 or 5, then doubling days.
  static let ladder: [Int64] = {
    var widths: [Int64] = []
    var width: Int64 = 1_000_000
    let steps: [Int64] = [1, 2, 5, 2, 5, 2, 5, 2, 5, 2, 3, 2, 5, 2, 3, 2, 3, 2, 2]
    for step in steps {
      width *= step
      widths.append(width)
    }
    while width < Int64.max / Int64(bucketCount) {
      width *= 2
      widths.append(width)
    }
    return widths
  }()

  private(set) var buckets = [LevelSums](repeating: LevelSums(), count: bucketCount)
  private(set) var width = ladder[0]
  /// How far the series reaches, in nanoseconds.
  private(set) var end: Int64 = 0
  private var rung = 0
  private var current = 0
  private var currentEnd = ladder[0]

  /// The buckets that hold any time, the last one perhaps not full.
  var filled: ArraySlice<LevelSums> { buckets[..<(end == 0 ? 0 : current + 1)] }

  /// The integrals over the whole time covered.
  var total: LevelSums { filled.reduce(into: LevelSums()) { $0 += $1 } }

  /// Extends the series to an instant, with these levels all the way.
  mutating func extend(to instant: Int64, at levels: Levels) {
    while instant > currentEnd {
      buckets[current].add(levels, for: currentEnd &- end)
      end = currentEnd
      current += 1
      if current == BucketedSums.bucketCount { widen() }
      let (next, overflow) = end.addingReportingOverflow(width)
      currentEnd = overflow ? .max : next
    }
    guard instant > end else { return }
    buckets[current].add(levels, for: instant &- end)
    end = instant
  }

  /// Merges full buckets into those of the next rung.
  private mutating func widen() {
    let factor = Int(BucketedSums.ladder[rung + 1] / width)
    rung += 1
    width = BucketedSums.ladder[rung]
    current = BucketedSums.bucketCount / factor
    for index in 0..<current {
      var sums = LevelSums()
      for part in 0..<factor { sums += buckets[index * factor + part] }
      buckets[index] = sums
    }
    for index in current..<BucketedSums.bucketCount { buckets[index] = LevelSums() }
  }
}
