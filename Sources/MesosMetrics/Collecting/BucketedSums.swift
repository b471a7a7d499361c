// Part of mesosim. Apache-2.0, see LICENSE.
//
// The integrals of levels, bucket by bucket of equal width, in bounded memory. How long a run lasts
// is known only at its end, so the width grows as the run does.

/// What adds up levels over time.
protocol LevelIntegral {
  associatedtype Level
  /// Nothing yet.
  init()
  /// Adds a level held for some time.
  mutating func add(_ level: Level, for nanoseconds: Int64)
  static func += (left: inout Self, right: Self)
}

extension LevelSums: LevelIntegral {}
extension Integral: LevelIntegral {}

/// The widths that buckets can have.
enum BucketLadder {
  /// The fewest buckets a series may have; every step of the ladder divides it.
  static let bucketsMin = 240

  /// Widths in nanoseconds: 1 ms to a day in round steps of 2, 3 or 5, then doubling days.
  static let widths: [Int64] = {
    var widths: [Int64] = []
    var width: Int64 = 1_000_000
    let steps: [Int64] = [1, 2, 5, 2, 5, 2, 5, 2, 5, 2, 3, 2, 5, 2, 3, 2, 3, 2, 2]
    for step in steps {
      width *= step
      widths.append(width)
    }
    while width < Int64.max / Int64(bucketsMin) {
      width *= 2
      widths.append(width)
    }
    return widths
  }()
}

/// A time series of level integrals with a bounded number of buckets.
///
/// The width is the smallest of a fixed ladder of round durations with which the time covered fits
/// into the buckets. Each rung divides the next, so full buckets merge exactly when the width
/// grows, and the width depends on the time covered alone: runs measured over the same window have
/// the same buckets.
struct BucketedSums<Sums: LevelIntegral> {
  private(set) var buckets: [Sums]
  private(set) var width = BucketLadder.widths[0]
  /// How far the series reaches, in nanoseconds.
  private(set) var end: Int64 = 0
  private var rung = 0
  private var current = 0
  private var currentEnd = BucketLadder.widths[0]

  /// Starts an empty series.
  /// - Parameter count: How many buckets there are at most, a multiple of `bucketsMin`.
  init(count: Int) { buckets = Array(repeating: Sums(), count: count) }

  /// The buckets that hold any time, the last one perhaps not full.
  var filled: ArraySlice<Sums> { buckets[..<(end == 0 ? 0 : current + 1)] }

  /// The integrals over the whole time covered.
  var total: Sums { filled.reduce(into: Sums()) { $0 += $1 } }

  /// Extends the series to an instant, with these levels all the way.
  mutating func extend(to instant: Int64, at levels: Sums.Level) {
    while instant > currentEnd {
      buckets[current].add(levels, for: currentEnd &- end)
      end = currentEnd
      current += 1
      if current == buckets.count { widen() }
      let (next, overflow) = end.addingReportingOverflow(width)
      currentEnd = overflow ? .max : next
    }
    guard instant > end else { return }
    buckets[current].add(levels, for: instant &- end)
    end = instant
  }

  /// Merges full buckets into those of the next rung.
  private mutating func widen() {
    let factor = Int(BucketLadder.widths[rung + 1] / width)
    rung += 1
    width = BucketLadder.widths[rung]
    current = buckets.count / factor
    for index in 0..<current {
      var sums = Sums()
      for part in 0..<factor { sums += buckets[index * factor + part] }
      buckets[index] = sums
    }
    for index in current..<buckets.count { buckets[index] = Sums() }
  }
}

extension BucketedSums {
  /// Each bucket that holds any time: from when to when, and what there is in it.
  var spans: [(start: Int64, end: Int64, sums: Sums)] {
    filled.enumerated().map { index, sums in
      let start = Int64(index) * width
      // Compared by difference: the end of the last bucket may lie past the last instant.
      return (start, width < end - start ? start + width : end, sums)
    }
  }
}
