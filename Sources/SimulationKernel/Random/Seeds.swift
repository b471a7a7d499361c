// Part of mesosim. Apache-2.0, see LICENSE.
//
// Named streams of random numbers. A stream depends on the seed and its name alone, so that adding
// a component disturbs no other, and the same workload meets every allocator.

import VirtualTime

/// Where named streams of random numbers come from.
///
///     let arrivals = seeds.stream("workload/batch/arrivals")
public struct Seeds: Hashable, Sendable {
  /// What all streams derive from.
  public let seed: UInt64

  /// Makes the streams of a seed available.
  public init(_ seed: UInt64) { self.seed = seed }

  /// A new stream of this name, at its beginning; asking again gives the same numbers again.
  public func stream(_ name: String) -> RandomStream { RandomStream(key: key(name)) }

  /// The key of this name: SHA-256 of the seed (eight bytes, most significant first) and the name.
  public func key(_ name: String) -> StreamKey {
    var hash = SHA256()
    hash.update((0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * $0)) })
    hash.update(name.utf8)
    let digest = hash.finalize()
    func word(_ index: Int) -> UInt64 {
      digest[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    return StreamKey(XoshiroState(s0: word(0), s1: word(1), s2: word(2), s3: word(3)))
  }
}

/// The 256 bits from which one stream, or a family of keyed draws, begins.
public struct StreamKey: Hashable, Sendable {
  let state: XoshiroState

  init(_ state: XoshiroState) {
    var state = state
    state.avoidZero()
    self.state = state
  }

  /// The state for what belongs to three numbers, such as a job, a task and an attempt.
  ///
  /// One-to-one for a given key: with u, v, w scrambled in turn, (u, v, w) can be recovered from
  /// the state, so that no two triples share one. The generator's first output depends on `s1`
  /// alone, which therefore is the word that all three numbers have gone into.
  @inline(__always)
  func derived(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> XoshiroState {
    let u = SplitMix64.mix(first ^ state.s0)
    let v = SplitMix64.mix(second ^ state.s1)
    let w = SplitMix64.mix((third ^ state.s2) &+ u &+ rotate(v, 32))
    var derived = XoshiroState(s0: u &+ w, s1: w, s2: v ^ w, s3: state.s3 ^ rotate(w, 17))
    derived.avoidZero()
    return derived
  }
}
