// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import Testing

@testable import MesosAllocation

@Suite("Sets of slaves")
struct SlaveSetTests {
  /// Numbers that are the same in every run.
  private struct Congruential: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 32) | (state << 32)
    }
  }

  /// A set, and the same in the standard library's words.
  private struct Pair {
    var bits = SlaveSet()
    var plain: Set<Int> = []

    func check(_ what: String) {
      #expect(bits.members.map { Int($0) } == plain.sorted(), "\(what)")
      #expect(bits.count == plain.count, "\(what)")
      #expect(bits.isEmpty == plain.isEmpty, "\(what)")
    }
  }

  @Test("decide as the standard library's sets do", arguments: 1...20)
  func sameAsPlainSets(seed: UInt64) {
    var random = Congruential(state: seed)
    var pairs = [Pair(), Pair(), Pair()]
    // Sets that lie apart, within one another, and over the edge of a word.
    let range = [0..<70, 0..<400, 1000..<1100][Int(seed % 3)]
    for step in 0..<2000 {
      let (one, other) = (
        Int.random(in: 0..<3, using: &random), Int.random(in: 0..<3, using: &random)
      )
      let number = Int.random(in: range, using: &random) >> (one == 0 ? 0 : Int(seed % 2))
      let slave = SlaveIndex(number)
      switch Int.random(in: 0..<40, using: &random) {
      case 0:
        let second = pairs[other]
        pairs[one].bits.formUnion(second.bits)
        pairs[one].plain.formUnion(second.plain)
      case 1:
        let second = pairs[other]
        pairs[one].bits.subtract(second.bits)
        pairs[one].plain.subtract(second.plain)
      case 2:
        pairs[one].bits = pairs[one].bits.intersection(pairs[other].bits)
        pairs[one].plain.formIntersection(pairs[other].plain)
      case 3:
        var taken: [SlaveIndex] = []
        pairs[one].bits.takeAll { taken.append($0) }
        #expect(taken.map { Int($0) } == pairs[one].plain.sorted())
        pairs[one].plain = []
      case 4:
        pairs[one].bits = SlaveSet(ascending: pairs[one].bits.members[...])
      case 5..<20:
        pairs[one].bits.remove(slave)
        pairs[one].plain.remove(number)
      default:
        pairs[one].bits.insert(slave)
        pairs[one].plain.insert(number)
      }
      pairs[one].check("seed \(seed), step \(step)")
      let (left, right) = (pairs[one], pairs[other])
      #expect(left.bits.contains(slave) == left.plain.contains(number))
      #expect(left.bits.intersects(right.bits) == !left.plain.isDisjoint(with: right.plain))
      #expect(left.bits.isSubset(of: right.bits) == left.plain.isSubset(of: right.plain))
      #expect((left.bits == right.bits) == (left.plain == right.plain))
      let isEven = { (slave: SlaveIndex) in Int(slave) % 2 == 0 }
      #expect(left.bits.contains(where: isEven) == left.plain.contains { $0 % 2 == 0 })
    }
  }
}
