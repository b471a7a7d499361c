// Part of mesosim. Apache-2.0, see LICENSE.
//
// Ranges of unsigned numbers, such as ports: kept sorted and coalesced, so that equal sets of
// numbers are equal values.

/// Numbers from `begin` to `end`, both included.
public struct ValueRange: Hashable, Comparable, Sendable {
  /// The first number.
  public var begin: UInt64
  /// The last number.
  public var end: UInt64

  /// Makes a range; one whose `begin` is above its `end` is *inverted*, which no resource accepts.
  public init(_ begin: UInt64, _ end: UInt64) {
    self.begin = begin
    self.end = end
  }

  /// Orders ranges by their first, then their last number.
  public static func < (left: ValueRange, right: ValueRange) -> Bool {
    (left.begin, left.end) < (right.begin, right.end)
  }

  var isInverted: Bool { begin > end }

  /// Whether `other` begins within this range.
  func meets(_ other: ValueRange) -> Bool { begin <= other.begin && other.begin <= end }
}

/// A set of numbers as ranges, sorted; ranges that overlap or touch are one.
public struct ValueRanges: Hashable, Sendable {
  /// The ranges in ascending order.
  public private(set) var ranges: [ValueRange]

  /// No numbers.
  public init() { ranges = [] }

  /// Sorts and coalesces.
  ///
  /// A merged range ends at the larger of both ends, so that an inverted range within another
  /// vanishes and one that stands alone stays, as in Mesos.
  public init(_ ranges: [ValueRange]) {
    self.ranges = []
    for range in ranges.count > 1 ? ranges.sorted() : ranges { append(range) }
  }

  /// Whether there are no numbers.
  public var isEmpty: Bool { ranges.isEmpty }

  /// How many numbers there are; ends at the largest integer instead of overflowing.
  public var count: Int {
    var sum = 0
    for range in ranges where !range.isInverted {
      let (size, carry) = (range.end - range.begin).addingReportingOverflow(1)
      let (next, overflow) = sum.addingReportingOverflow(Int(clamping: carry ? .max : size))
      sum = overflow ? .max : next
    }
    return sum
  }

  /// Appends a range that begins no earlier than the last one.
  private mutating func append(_ range: ValueRange) {
    guard let last = ranges.last else { return ranges.append(range) }
    let (after, overflow) = last.end.addingReportingOverflow(1)
    if overflow || range.begin <= after {
      ranges[ranges.count - 1].end = max(last.end, range.end)
    } else {
      ranges.append(range)
    }
  }
}

extension ValueRanges {
  /// Every number of either.
  public static func + (left: ValueRanges, right: ValueRanges) -> ValueRanges {
    if right.isEmpty { return left }
    if left.isEmpty { return right }
    var sum = ValueRanges()
    sum.ranges.reserveCapacity(left.ranges.count + right.ranges.count)
    var next = 0
    for range in left.ranges {
      while next < right.ranges.count, right.ranges[next] < range {
        sum.append(right.ranges[next])
        next += 1
      }
      sum.append(range)
    }
    while next < right.ranges.count {
      sum.append(right.ranges[next])
      next += 1
    }
    return sum
  }

  /// The numbers of `left` that are not in `right`.
  public static func - (left: ValueRanges, right: ValueRanges) -> ValueRanges {
    if left.isEmpty || right.isEmpty { return left }
    var difference = ValueRanges()
    difference.ranges.reserveCapacity(left.ranges.count + right.ranges.count)
    var next = 0
    for range in left.ranges {
      while next < right.ranges.count, right.ranges[next].end < range.begin { next += 1 }
      difference.appendGaps(of: range, around: right.ranges[next...])
    }
    return difference
  }

  /// Appends what `holes`, none of which ends before it, leave of `range`.
  private mutating func appendGaps(of range: ValueRange, around holes: ArraySlice<ValueRange>) {
    var begin = range.begin
    for hole in holes {
      if hole.begin > range.end { break }
      if hole.begin > begin { ranges.append(ValueRange(begin, hole.begin - 1)) }
      if hole.end >= range.end { return }
      begin = hole.end + 1
    }
    ranges.append(ValueRange(begin, range.end))
  }

  /// Whether every number of `other` is here.
  public func contains(_ other: ValueRanges) -> Bool {
    var next = 0
    for wanted in other.ranges {
      while next < ranges.count, ranges[next].end < wanted.end { next += 1 }
      guard next < ranges.count, ranges[next].begin <= wanted.begin else { return false }
    }
    return true
  }
}

extension ValueRanges: CustomStringConvertible {
  /// The ranges in brackets, such as `[1-2, 5-6]`.
  public var description: String {
    "[" + ranges.map { "\($0.begin)-\($0.end)" }.joined(separator: ", ") + "]"
  }
}
