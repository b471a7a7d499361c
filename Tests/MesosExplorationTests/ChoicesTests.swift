// Part of mesosim. Apache-2.0, see LICENSE.
//
// Named choices: the same name and seed give the same value whatever else is asked, and a plan says
// all of what is not trivial.

import Testing

@testable import MesosExploration

@Suite("Named choices")
struct ChoicesTests {
  @Test("a choice depends on the seed and its name alone")
  func stable() {
    let one = Chooser(Choices(seed: 7))
    let other = Chooser(Choices(seed: 7))
    _ = other["slaves", 1].integer("count", 1...100)
    _ = other["slaves", 0].flag("exists", chance: 0.5)
    #expect(
      one["slaves", 2].integer("count", 1...100) == other["slaves", 2].integer("count", 1...100))
    let values = Set(
      (0..<50).map { Chooser(Choices(seed: $0))["slaves", 2].integer("count", 1...100) })
    #expect(values.count > 20)
  }

  @Test("without a seed everything is trivial but what is given")
  func trivial() {
    let chooser = Chooser(Choices(plan: ["b/word": .word("second"), "number": .integer(4)]))
    #expect(chooser["a"].word("word", ["first", "second"]) == "first")
    #expect(chooser["b"].word("word", ["first", "second"]) == "second")
    #expect(chooser.integer("number", 1...9) == 4)
    #expect(!chooser.flag("flag", chance: 1))
    #expect(chooser.optional("optional", ["some"], chance: 1) == nil)
    #expect(chooser.instant("at", upTo: 100_000, trivial: 60_000) == 60_000)
    #expect(chooser.plan == ["b/word": .word("second"), "number": .integer(4)])
  }

  @Test("a given value that the choice cannot have is passed over")
  func stale() {
    let plan: Plan = ["word": .word("gone"), "number": .integer(10), "flag": .word("yes")]
    let chooser = Chooser(Choices(plan: plan))
    #expect(chooser.word("word", ["first", "second"]) == "first")
    #expect(chooser.integer("number", 1...9) == 1)
    #expect(!chooser.flag("flag", chance: 0.5))
    #expect(chooser.plan.isEmpty)
  }

  @Test("round instants come as often as odd ones")
  func instants() {
    let drawn = (0..<2000).map {
      Chooser(Choices(seed: $0)).instant("at", upTo: 1_500_000, trivial: 0)
    }
    let round = drawn.count { $0 % 5000 == 0 }
    #expect((800...1200).contains(round))
    #expect(drawn.count { $0 % 15_000 == 0 } > 250)
    #expect(drawn.count { $0 % 60_000 == 0 } > 250)
    #expect(drawn.allSatisfy { (0...1_500_000).contains($0) })
  }

  // Goal: faults come that are over before the partition or the pause in which they happened.
  @Test("a length may end before others do")
  func nestedLengths() {
    func short(within rests: [Int]) -> Int {
      (0..<1000).count { seed in
        let chooser = Chooser(Choices(seed: UInt64(seed)))
        let length = chooser.length(
          "for", [60_000], upTo: 900_000, trivial: 30_000, within: rests)
        return (1...9000).contains(length)
      }
    }
    #expect(short(within: []) < 250)
    #expect(short(within: [9000]) > 400)
  }

  @Test("a time is written exactly", arguments: [(0, "0s"), (1500, "1500ms"), (75_000, "75s")])
  func times(_ milliseconds: Int, _ text: String) {
    #expect(Chooser.text(milliseconds: milliseconds) == text)
    #expect(Chooser.text(milliseconds: 120_000) == "2m")
  }
}
