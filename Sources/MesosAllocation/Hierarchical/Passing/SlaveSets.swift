// Part of mesosim. Apache-2.0, see LICENSE.
//
// Sets of slaves by their dense numbers, a bit each, so that what concerns a whole cluster is done
// for 64 slaves at once. All are walked in one order: what is walked reaches decisions.

package import Mesos

/// A set of slaves.
package struct SlaveSet: Equatable, Sendable {
  /// A bit for each slave; words that are not there are zero.
  private var words: [UInt64] = []
  /// How many slaves there are in it.
  package private(set) var count = 0

  /// Makes an empty set.
  package init() {}

  /// Collects slaves.
  init(_ slaves: some Sequence<SlaveIndex>) { for slave in slaves { insert(slave) } }

  /// Collects slaves that ascend, each once.
  ///
  /// - Complexity: O(slaves + the number of the last one ÷ 64).
  init(ascending slaves: ArraySlice<SlaveIndex>) {
    guard let last = slaves.last else { return }
    words = Array(repeating: 0, count: Int(last) / 64 + 1)
    words.withUnsafeMutableBufferPointer { words in
      slaves.withUnsafeBufferPointer { slaves in
        for slave in slaves {
          words[Int(truncatingIfNeeded: slave.rawValue >> 6)] |= 1 << UInt64(slave.rawValue & 63)
        }
      }
    }
    count = slaves.count
  }

  /// Whether there is none.
  @inline(__always) package var isEmpty: Bool { count == 0 }

  /// Whether a slave is in it.
  @inline(__always)
  package func contains(_ slave: SlaveIndex) -> Bool {
    let word = Int(slave) >> 6
    return word < words.count && words[word] >> UInt64(slave.rawValue & 63) & 1 != 0
  }

  /// Adds a slave.
  @inline(__always)
  mutating func insert(_ slave: SlaveIndex) {
    let word = Int(slave) >> 6
    if word >= words.count { grow(to: word + 1) }
    let bit = UInt64(1) << UInt64(slave.rawValue & 63)
    if words[word] & bit != 0 { return }
    words[word] |= bit
    count += 1
  }

  /// Takes a slave out.
  @inline(__always)
  mutating func remove(_ slave: SlaveIndex) {
    let word = Int(slave) >> 6
    let bit = UInt64(1) << UInt64(slave.rawValue & 63)
    guard word < words.count, words[word] & bit != 0 else { return }
    words[word] &= ~bit
    count -= 1
  }

  @inline(never)
  private mutating func grow(to size: Int) {
    words += repeatElement(0, count: max(size, words.count + words.count / 2) - words.count)
  }

  /// Takes all slaves out.
  mutating func removeAll() {
    if count == 0 { return }
    for place in words.indices { words[place] = 0 }
    count = 0
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
  package func forEach(_ body: (SlaveIndex) throws -> Void) rethrows {
    for place in words.indices {
      var word = words[place]
      let first = Int32(truncatingIfNeeded: place << 6)
      while word != 0 {
        try body(SlaveIndex(rawValue: first &+ Int32(truncatingIfNeeded: word.trailingZeroBitCount)))
        word &= word &- 1
      }
    }
  }

  /// Whether some slave passes a test.
  func contains(where passes: (SlaveIndex) -> Bool) -> Bool {
    for place in words.indices {
      var word = words[place]
      while word != 0 {
        if passes(SlaveIndex(place << 6 + word.trailingZeroBitCount)) { return true }
        word &= word &- 1
      }
    }
    return false
  }

  /// All slaves, ascending.
  package var members: [SlaveIndex] {
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
  /// Adds all slaves of another set.
  mutating func formUnion(_ other: SlaveSet) {
    if other.count == 0 { return }
    if words.count < other.words.count { grow(to: other.words.count) }
    combine(with: other, upTo: other.words.count) { $0 | $1 }
  }

  /// Takes out all slaves of another set.
  mutating func subtract(_ other: SlaveSet) {
    if count == 0 || other.count == 0 { return }
    combine(with: other, upTo: min(words.count, other.words.count)) { $0 & ~$1 }
  }

  /// Keeps only slaves that are in another set as well.
  mutating func formIntersection(_ other: SlaveSet) {
    if count == 0 { return }
    if other.count == 0 { return removeAll() }
    for place in words.indices.dropFirst(other.words.count) where words[place] != 0 {
      count -= words[place].nonzeroBitCount
      words[place] = 0
    }
    combine(with: other, upTo: min(words.count, other.words.count)) { $0 & $1 }
  }

  /// The slaves that are in both.
  func intersection(_ other: SlaveSet) -> SlaveSet {
    if count == 0 || other.count == 0 { return SlaveSet() }
    var both = self
    both.formIntersection(other)
    return both
  }

  /// Whether some slave is in both.
  func intersects(_ other: SlaveSet) -> Bool {
    for place in 0..<min(words.count, other.words.count)
    where words[place] & other.words[place] != 0 {
      return true
    }
    return false
  }

  /// Whether all slaves are in another set as well.
  func isSubset(of other: SlaveSet) -> Bool {
    for place in words.indices {
      let others = place < other.words.count ? other.words[place] : 0
      if words[place] & ~others != 0 { return false }
    }
    return true
  }

  /// Replaces words and counts what comes and goes.
  @inline(__always)
  private mutating func combine(
    with other: SlaveSet, upTo end: Int, _ operation: (UInt64, UInt64) -> UInt64
  ) {
    var change = 0
    words.withUnsafeMutableBufferPointer { words in
      other.words.withUnsafeBufferPointer { others in
        for place in 0..<end {
          let old = words[place]
          let new = operation(old, others[place])
          if new == old { continue }
          words[place] = new
          change += new.nonzeroBitCount - old.nonzeroBitCount
        }
      }
    }
    count += change
  }

  /// Whether both hold the same slaves.
  package static func == (left: SlaveSet, right: SlaveSet) -> Bool {
    left.count == right.count && left.isSubset(of: right)
  }
}
