// Part of mesosim. Apache-2.0, see LICENSE.
//
// A set of slaves by their dense numbers, a bit each, so that what concerns a whole cluster is done
// for 64 slaves at once. It is walked in one order: what is walked reaches decisions.

import Mesos

/// A set of slaves.
struct SlaveSet: Equatable, Sendable {
  /// A bit for each slave from the first to the last that are or were in it: what concerns a few of
  /// a hundred thousand slaves is small.
  private var words: [UInt64] = []
  /// The number of the first word, in 64 slaves.
  private var start = 0
  /// How many slaves there are in it.
  private(set) var count = 0

  /// Makes an empty set.
  init() {}

  /// Collects slaves.
  init(_ slaves: some Sequence<SlaveIndex>) { for slave in slaves { insert(slave) } }

  /// Collects slaves that ascend, each once.
  ///
  /// - Complexity: O(slaves + what lies between the first and the last ÷ 64).
  init(ascending slaves: ArraySlice<SlaveIndex>) {
    guard let first = slaves.first, let last = slaves.last else { return }
    start = Int(first) >> 6
    words = Array(repeating: 0, count: Int(last) >> 6 - start + 1)
    words.withUnsafeMutableBufferPointer { words in
      slaves.withUnsafeBufferPointer { slaves in
        for slave in slaves { words[Int(slave) >> 6 - start] |= Self.bit(of: slave) }
      }
    }
    count = slaves.count
  }

  @inline(__always)
  private static func bit(of slave: SlaveIndex) -> UInt64 {
    1 &<< UInt64(truncatingIfNeeded: slave.rawValue)
  }

  /// The place of a slave's word; outside of the list when there is none.
  @inline(__always)
  private func place(of slave: SlaveIndex) -> Int { Int(slave) >> 6 &- start }

  @inline(__always)
  private func has(_ place: Int) -> Bool { UInt(bitPattern: place) < UInt(words.count) }

  /// Whether there is none.
  @inline(__always) var isEmpty: Bool { count == 0 }

  /// Whether a slave is in it.
  @inline(__always)
  func contains(_ slave: SlaveIndex) -> Bool {
    let place = place(of: slave)
    return has(place) && words[place] & Self.bit(of: slave) != 0
  }

  /// Adds a slave.
  @inline(__always)
  mutating func insert(_ slave: SlaveIndex) {
    if !has(place(of: slave)) { reach(Int(slave) >> 6..<Int(slave) >> 6 + 1) }
    let place = place(of: slave)
    if words[place] & Self.bit(of: slave) != 0 { return }
    words[place] |= Self.bit(of: slave)
    count += 1
  }

  /// Takes a slave out.
  @inline(__always)
  mutating func remove(_ slave: SlaveIndex) {
    let place = place(of: slave)
    guard has(place), words[place] & Self.bit(of: slave) != 0 else { return }
    words[place] &= ~Self.bit(of: slave)
    count -= 1
  }

  /// Makes room for more words; in front as at the end, for as many again as there are.
  @inline(never)
  private mutating func reach(_ range: Range<Int>) {
    if words.isEmpty {
      start = range.lowerBound
      words = Array(repeating: 0, count: range.count)
      return
    }
    if range.lowerBound < start {
      let first = max(0, min(range.lowerBound, start - words.count))
      words.insert(contentsOf: repeatElement(0, count: start - first), at: 0)
      start = first
    }
    let missing = range.upperBound - start - words.count
    if missing > 0 { words += repeatElement(0, count: missing) }
  }

  /// Takes all slaves out.
  mutating func removeAll() {
    if !words.isEmpty { self = SlaveSet() }
  }

  /// Takes all slaves out and hands each over.
  mutating func takeAll(_ body: (SlaveIndex) -> Void) {
    if count == 0 { return }
    var taken = SlaveSet()
    swap(&taken, &self)
    taken.forEach(body)
  }
}

// MARK: - Walking

extension SlaveSet {
  /// Hands over each slave, ascending.
  @inline(__always)
  func forEach(_ body: (SlaveIndex) throws -> Void) rethrows {
    for place in words.indices {
      var word = words[place]
      let first = Int32(truncatingIfNeeded: (start &+ place) << 6)
      while word != 0 {
        try body(
          SlaveIndex(rawValue: first &+ Int32(truncatingIfNeeded: word.trailingZeroBitCount)))
        word &= word &- 1
      }
    }
  }

  /// Whether some slave passes a test.
  func contains(where passes: (SlaveIndex) -> Bool) -> Bool {
    for place in words.indices {
      var word = words[place]
      while word != 0 {
        if passes(SlaveIndex((start + place) << 6 + word.trailingZeroBitCount)) { return true }
        word &= word &- 1
      }
    }
    return false
  }

  /// All slaves, ascending.
  var members: [SlaveIndex] {
    if count == 0 { return [] }
    return Array(unsafeUninitializedCapacity: count) { buffer, filled in
      forEach { slave in
        buffer.initializeElement(at: filled, to: slave)
        filled += 1
      }
    }
  }
}

// MARK: - Many at once

extension SlaveSet {
  private var range: Range<Int> { start..<start + words.count }

  /// Adds all slaves of another set.
  mutating func formUnion(_ other: SlaveSet) {
    if other.count == 0 { return }
    if words.isEmpty {
      self = other
      return
    }
    reach(other.range)
    combine(with: other) { $0 | $1 }
  }

  /// Takes out all slaves of another set.
  mutating func subtract(_ other: SlaveSet) {
    if count > 0, other.count > 0 { combine(with: other) { $0 & ~$1 } }
  }

  /// Keeps only slaves that are in another set as well.
  mutating func formIntersection(_ other: SlaveSet) {
    if count == 0 { return }
    let common = range.clamped(to: other.range)
    if common.isEmpty || other.count == 0 { return removeAll() }
    for number in range where !common.contains(number) && words[number - start] != 0 {
      count -= words[number - start].nonzeroBitCount
      words[number - start] = 0
    }
    combine(with: other) { $0 & $1 }
  }

  /// The slaves that are in both.
  func intersection(_ other: SlaveSet) -> SlaveSet {
    if count == 0 || other.count == 0 { return SlaveSet() }
    var both = words.count <= other.words.count ? self : other
    both.formIntersection(words.count <= other.words.count ? other : self)
    return both
  }

  /// Whether some slave is in both.
  func intersects(_ other: SlaveSet) -> Bool {
    range.clamped(to: other.range).contains {
      words[$0 - start] & other.words[$0 - other.start] != 0
    }
  }

  /// Whether all slaves are in another set as well.
  func isSubset(of other: SlaveSet) -> Bool {
    range.allSatisfy { number in
      let others = other.range.contains(number) ? other.words[number - other.start] : 0
      return words[number - start] & ~others == 0
    }
  }

  /// Replaces the words that both have, and counts what comes and goes.
  @inline(__always)
  private mutating func combine(
    with other: SlaveSet, _ operation: (UInt64, UInt64) -> UInt64
  ) {
    let common = range.clamped(to: other.range)
    var change = 0
    words.withUnsafeMutableBufferPointer { words in
      other.words.withUnsafeBufferPointer { others in
        for number in common {
          let old = words[number - start]
          let new = operation(old, others[number - other.start])
          if new == old { continue }
          words[number - start] = new
          change += new.nonzeroBitCount - old.nonzeroBitCount
        }
      }
    }
    count += change
  }

  /// Whether both hold the same slaves.
  static func == (left: SlaveSet, right: SlaveSet) -> Bool {
    left.count == right.count && left.isSubset(of: right)
  }
}
