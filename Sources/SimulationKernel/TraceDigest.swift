// Part of mesosim. Apache-2.0, see LICENSE.
//
// The identity of a run: a fast 128-bit hash over its stream of events. Two lanes of multiply and
// fold, each word going into both. Not for secrets; `SHA256` names files.

import VirtualTime

/// A hash over a stream of words, which depends on their order and number.
@usableFromInline package struct TraceDigest: Hashable, Sendable {
  @usableFromInline var low: UInt64 = 0x243f_6a88_85a3_08d3
  @usableFromInline var high: UInt64 = 0x1319_8a2e_0370_7344
  /// How many words were absorbed.
  @usableFromInline package internal(set) var count: UInt64 = 0

  package init() {}

  /// Adds a word.
  @inlinable @inline(__always) package mutating func absorb(_ word: UInt64) {
    low = Self.fold(low ^ word, 0xa076_1d64_78bd_642f)
    high = Self.fold(high &+ word, 0xe703_7ed1_a0b4_28db)
    count &+= 1
  }

  /// The digest so far as one word, for a part of what another digest is made of.
  @inlinable package var word: UInt64 { low ^ high }

  /// The digest so far as 32 lower-case hexadecimal digits.
  package var hex: String {
    let first = SplitMix64.mix(low &+ count)
    let second = SplitMix64.mix(high ^ rotate(low, 32) ^ count)
    return Self.hex(first) + Self.hex(second)
  }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// The two halves of the product, folded together: every bit of the result depends on every
  /// bit of `word`.
  @inlinable @inline(__always) static func fold(_ word: UInt64, _ factor: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: factor)
    return product.low ^ product.high
  }
}
