// Part of mesosim. Apache-2.0, see LICENSE.
//
// Chance for the laws: a seed names a case, on every machine. Not for simulations, which have named
// streams.

import VirtualTime

/// Random numbers, the same for the same seed.
struct RandomSource {
  private var generator: SplitMix64
  init(seed: UInt64) { generator = SplitMix64(seed: seed &* 0x2545_f491_4f6c_dd1d &+ 1) }

  mutating func next() -> UInt64 { generator.next() }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}
