// Part of mesosim. Apache-2.0, see LICENSE.
//
// The digest must tell runs apart and stay the same from build to build.

import SimulationKernel
import Testing

@Suite("Trace digest") struct TraceDigestTests {
  func digest(_ words: [UInt64]) -> String {
    var digest = TraceDigest()
    for word in words { digest.absorb(word) }
    return digest.hex
  }

  @Test("is the same in every build, since recorded digests are compared with it")
  func pinned() {
    #expect(digest([]) == "e9e0033e3badaf361923f526afee7e46")
    #expect(digest([1, 2, 3]) == "b66b77d1cddec4c38c45756bc19f8117")
  }

  @Test("depends on the order, the number and each word")
  func distinguishes() {
    var streams: [[UInt64]] = [[]]
    for count in 1...16 { streams.append([UInt64](repeating: 0, count: count)) }
    let base: [UInt64] = [1, 2, 3, 4, 5, 6]
    streams.append(base)
    for first in base.indices {
      for second in base.indices where first < second {
        var swapped = base
        swapped.swapAt(first, second)
        streams.append(swapped)
      }
    }
    #expect(Set(streams.map(digest)).count == streams.count)
  }

  @Test("changes half of its bits with any one bit of any word", arguments: 0..<3)
  func avalanche(position: Int) {
    let base: [UInt64] = [7, 0, .max]
    for half in 0..<2 {
      let before = bits(digest(base), half)
      var changed = 0
      for bit in 0..<64 {
        var words = base
        words[position] ^= 1 << UInt64(bit)
        changed += (bits(digest(words), half) ^ before).nonzeroBitCount
      }
      // 64 flips of 64 bits: 2048 expected, standard deviation 32.
      #expect((1850...2250).contains(changed))
    }
  }

  @Test("does not collide among many similar streams")
  func collisions() {
    var seen = Set<String>()
    for first in 0..<UInt64(200) {
      for second in 0..<UInt64(200) { seen.insert(digest([first, second, 0])) }
    }
    #expect(seen.count == 40_000)
  }

  private func bits(_ hex: String, _ half: Int) -> UInt64 {
    UInt64(hex.dropFirst(16 * half).prefix(16), radix: 16) ?? 0
  }
}
