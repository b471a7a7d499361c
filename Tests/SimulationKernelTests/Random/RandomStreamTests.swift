// Part of mesosim. Apache-2.0, see LICENSE.
//
// The generator against the published algorithm, streams against each other, keyed draws.

import Testing

@testable import SimulationKernel

/// xoshiro256** written down once more from the paper, in another form than ours.
private struct PublishedXoshiro {
  var s: [UInt64]

  mutating func next() -> UInt64 {
    func rotl(_ x: UInt64, _ k: Int) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotl(s[1] &* 5, 7) &* 9
    let t = s[1] << 17
    s[2] = s[2] ^ s[0]
    s[3] = s[3] ^ s[1]
    s[1] = s[1] ^ s[2]
    s[0] = s[0] ^ s[3]
    s[2] = s[2] ^ t
    s[3] = rotl(s[3], 45)
    return result
  }
}

@Suite("Random streams") struct RandomStreamTests {
  @Test("gives the published algorithm's numbers")
  func publishedNumbers() {
    let stream = RandomStream(state: XoshiroState(s0: 1, s1: 2, s2: 3, s3: 4))
    let known: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
      607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
      10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
    ]
    #expect(known.map { _ in stream.bits() } == known)
  }

  @Test("follows a second implementation for long", arguments: ["a", "b", "workload/x"])
  func secondImplementation(name: String) {
    let key = Seeds(9).key(name)
    let stream = RandomStream(key: key)
    let state = key.state
    var published = PublishedXoshiro(s: [state.s0, state.s1, state.s2, state.s3])
    for _ in 0..<10_000 { #expect(stream.bits() == published.next()) }
  }

  @Test("the key is SHA-256 of the seed and the name, in every build")
  func knownKeys() {
    let key = Seeds(42).key("workload/batch/arrivals")
    let words: [UInt64] = [
      0x4c79_5273_c33a_3c29, 0xda20_d852_ef1b_c5ed, 0x60ce_dc2f_09e9_f69a, 0x8dc8_810c_5c7e_b1a7,
    ]
    #expect([key.state.s0, key.state.s1, key.state.s2, key.state.s3] == words)
    #expect(Seeds(.max).key("é").state.s3 == 0xf766_fc5e_7e56_0112)
  }

  @Test("the same seed and name give the same numbers, another seed or name others")
  func namedStreams() {
    func first(_ seed: UInt64, _ name: String) -> [UInt64] {
      let stream = Seeds(seed).stream(name)
      return (0..<4).map { _ in stream.bits() }
    }
    #expect(first(1, "a") == first(1, "a"))
    #expect(Set([first(1, "a"), first(1, "b"), first(2, "a"), first(1, "")]).count == 4)
  }

  @Test("a stream does not notice what others exist or are drawn from")
  func independence() {
    let seeds = Seeds(5)
    let alone = seeds.stream("arrivals")
    let expected = (0..<100).map { _ in alone.bits() }
    let arrivals = seeds.stream("arrivals")
    let other = seeds.stream("faults")
    var drawn: [UInt64] = []
    for _ in 0..<100 {
      _ = other.bits()
      drawn.append(arrivals.bits())
      _ = seeds.stream("late-comer").uniform()
    }
    #expect(drawn == expected)
  }

  @Test("uniform numbers lie in [0, 1) and fill it evenly")
  func uniform() {
    let stream = Seeds(1).stream("uniform")
    var counts = [Int](repeating: 0, count: 20)
    for _ in 0..<100_000 {
      let value = stream.uniform()
      #expect(value >= 0 && value < 1)
      counts[Int(value * 20)] += 1
    }
    #expect(chiSquare(counts) < 43.8, "19 degrees of freedom, 0.1 %")
  }

  @Test("the greatest and least bits give numbers within [0, 1)")
  func uniformLimits() {
    // The first output depends on s1 alone: this one gives all bits set.
    var published = XoshiroState(s0: 0, s1: 0, s2: 0, s3: 1)
    #expect(published.nextUniform() == 0)
    #expect(Double(UInt64.max >> 11) * 0x1p-53 < 1)
  }

  @Test("integers below a bound are even", arguments: [1, 2, 3, 7, 100])
  func integers(bound: Int) {
    let stream = Seeds(2).stream("integers")
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<50_000 { counts[stream.integer(below: bound)] += 1 }
    // The mean of chi-square is its degrees of freedom, its variance twice that.
    let freedom = Double(bound - 1)
    #expect(chiSquare(counts) <= freedom + 5 * (2 * freedom).squareRoot())
  }

  // Goal: no bias where the bound does not divide 2⁶⁴.
  // Method: below two fifths of it each number could be got in two or three ways, were it not for
  // the draws that are repeated: in the lower half odd ones in three, even ones in two.
  @Test("integers below a huge bound are not biased")
  func hugeBound() {
    let stream = Seeds(3).stream("huge")
    let bound = Int(UInt64.max / 5 * 2)
    let low = (0..<80_000).map { _ in stream.integer(below: bound) }.filter { $0 < bound / 2 }
    let odd = low.count { $0 % 2 == 1 }
    #expect(abs(low.count - 40_000) < 700)
    #expect(abs(odd - low.count / 2) < 500)
  }
}

@Suite("Keyed draws") struct KeyedDrawTests {
  let key = Seeds(7).key("durations")

  func draw(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    let stream = RandomStream(key: key)
    stream.rekey(key, a, b, c)
    return stream.bits()
  }

  @Test("depend on the numbers alone, not on what was drawn before")
  func orderDoesNotMatter() {
    let stream = Seeds(1).stream("any")
    stream.rekey(key, 1, 2, 3)
    let expected = (stream.bits(), stream.uniform(), stream.integer(below: 1000))
    for other in 0..<10 as Range<UInt64> {
      stream.rekey(key, other, other, other)
      for _ in 0..<other { _ = stream.bits() }
    }
    stream.rekey(key, 1, 2, 3)
    #expect((stream.bits(), stream.uniform(), stream.integer(below: 1000)) == expected)
  }

  @Test("are pinned, since recorded runs depend on them")
  func pinned() {
    #expect(draw(1, 2, 3) == 1_767_267_365_138_381_142)
  }

  @Test("differ between any numbers of jobs, tasks and attempts, and between keys")
  func distinct() {
    var states = Set<XoshiroState>()
    let other = Seeds(7).key("sizes")
    for a in 0..<40 as Range<UInt64> {
      for b in 0..<40 as Range<UInt64> {
        for c in 0..<10 as Range<UInt64> {
          states.insert(key.derived(a, b, c))
          states.insert(other.derived(a, b, c))
        }
      }
    }
    #expect(states.count == 2 * 40 * 40 * 10)
  }

  @Test("change half of their bits with any one bit of any number", arguments: 0..<3, 0..<3)
  func avalanche(position: Int, output: Int) {
    func outputs(_ numbers: [UInt64]) -> UInt64 {
      var state = key.derived(numbers[0], numbers[1], numbers[2])
      for _ in 0..<output { _ = state.next() }
      return state.next()
    }
    var changed = 0
    for base in [[0, 0, 0], [5, 17, 1], [1000, 3, 2]] as [[UInt64]] {
      for bit in 0..<64 as Range<UInt64> {
        var numbers = base
        numbers[position] ^= 1 << bit
        changed += (outputs(numbers) ^ outputs(base)).nonzeroBitCount
      }
    }
    // 3 × 64 flips of 64 bits: 6144 expected, standard deviation 55.
    #expect((5860...6430).contains(changed))
  }

  @Test("the first, second and third draws of consecutive tasks are uniform and uncorrelated")
  func consecutive() {
    let stream = RandomStream(key: key)
    for draws in 1...3 {
      var counts = [Int](repeating: 0, count: 50)
      var sum = 0.0
      var last = 0.5
      for task in 0..<50_000 as Range<UInt64> {
        stream.rekey(key, task / 100, task % 100, 0)
        var value = 0.0
        for _ in 0..<draws { value = stream.uniform() }
        counts[Int(value * 50)] += 1
        sum += (value - 0.5) * (last - 0.5)
        last = value
      }
      #expect(chiSquare(counts) < 85.4, "49 degrees of freedom, 0.1 %")
      // The product of two centred uniforms has a variance of 1/144.
      #expect(abs(sum) < 4 * (50_000.0 / 144).squareRoot())
    }
  }
}

/// How far counts are from being equal.
func chiSquare(_ counts: [Int]) -> Double {
  let expected = Double(counts.reduce(0, +)) / Double(counts.count)
  return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
}
