// Part of mesosim. Apache-2.0, see LICENSE.
//
// Random numbers for tests: the same seed gives the same numbers everywhere.

import VirtualTime

struct SeededGenerator {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func next() -> UInt64 { generator.next() }

  /// A number from 0 up to, not including, `bound`.
  mutating func integer(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// True once in `odds` times.
  mutating func oneIn(_ odds: Int) -> Bool { integer(below: odds) == 0 }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[integer(below: choices.count)]
  }
}
