// Part of mesosim. Apache-2.0, see LICENSE.
//
// The mixing of 64 bits that hashes, seeds and tests share. It stands with the clock because
// everything can import that; what a simulation draws comes from the kernel's named streams, never
// from here.

/// Sebastiano Vigna's generator of 64-bit numbers: the same numbers for a seed, everywhere.
@usableFromInline package struct SplitMix64: RandomNumberGenerator, Sendable {
  /// What the state grows by: 2⁶⁴ over the golden ratio, made odd.
  @inlinable package static var step: UInt64 { 0x9e37_79b9_7f4a_7c15 }

  @usableFromInline var state: UInt64

  @inlinable package init(seed: UInt64) { state = seed }

  @inlinable package mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mix(state)
  }

  /// A strong one-to-one mixing of 64 bits: David Stafford's variant 13.
  @inlinable @inline(__always) package static func mix(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

extension UInt64 {
  /// A number that has nothing in common with its neighbours': the first of the generator whose
  /// seed this is.
  @inlinable @inline(__always) package var scattered: UInt64 {
    SplitMix64.mix(self &+ SplitMix64.step)
  }
}
