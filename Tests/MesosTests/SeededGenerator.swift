// Part of mesosim. Apache-2.0, see LICENSE.
//
// Random numbers for tests: the same seed gives the same numbers everywhere (SplitMix64).

struct SeededGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, not including, `bound`.
  mutating func integer(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// True once in `odds` times.
  mutating func oneIn(_ odds: Int) -> Bool { integer(below: odds) == 0 }

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[integer(below: choices.count)]
  }
}
