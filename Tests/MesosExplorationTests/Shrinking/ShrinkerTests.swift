// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: the shrinker reaches the known smallest choices of made-up failures, in a bounded number of
// runs, and the same each time.
// Method: worlds that ask for choices and fail by a predicate on them.

import Testing

@testable import MesosExploration

@Suite("Making choices small")
struct ShrinkerTests {
  /// Twelve faults with a time each, and two numbers.
  private struct World {
    var predicate: ([Int: Int], _ a: Int, _ b: Int, _ word: String) -> String?

    func trial(_ choices: Choices) -> Trial {
      let chooser = Chooser(choices)
      var faults: [Int: Int] = [:]
      for place in 0..<12 {
        let fault = chooser["faults", place]
        guard fault.flag("exists", chance: 0.7) else { continue }
        faults[place] = fault.instant("at", upTo: 1_800_000, trivial: 0)
      }
      let a = chooser.integer("a", 0...1000)
      let b = chooser.integer("b", 0...1000)
      let word = chooser.word("kind", ["reset", "kill", "crash", "pause"])
      let message = predicate(faults, a, b, word)
      return Trial(
        chooser.asked, failure: message.map { ExploredFailure(rule: "rule", message: $0) })
    }

    /// Shrinks what the first seed that fails has chosen.
    func shrink() throws -> Shrinker {
      let found = (UInt64(0)..<200).lazy.map { trial(Choices(seed: $0)) }
        .first { $0.failure != nil }
      var shrinker = Shrinker(try #require(found)) { trial(Choices(plan: $0)) }
      shrinker.shrink()
      #expect(shrinker.isDone)
      return shrinker
    }
  }

  @Test("a subset of the faults is found")
  func subset() throws {
    let world = World { faults, _, _, _ in
      Set(faults.keys).isSuperset(of: [2, 5, 9]) ? "three faults" : nil
    }
    let shrinker = try world.shrink()
    #expect(
      shrinker.best.plan == [
        "faults/2/exists": .flag(true), "faults/5/exists": .flag(true),
        "faults/9/exists": .flag(true),
      ])
    #expect(shrinker.runs < 60)
  }

  @Test("one of two faults is enough where either is")
  func either() throws {
    let world = World { faults, _, _, _ in
      faults[3] != nil || faults[8] != nil ? "one" : nil
    }
    let plan = try world.shrink().best.plan
    #expect(plan == ["faults/3/exists": .flag(true)] || plan == ["faults/8/exists": .flag(true)])
  }

  @Test("a number goes down to its threshold")
  func threshold() throws {
    let world = World { _, a, _, _ in a >= 137 ? "much" : nil }
    let shrinker = try world.shrink()
    #expect(shrinker.best.plan == ["a": .integer(137)])
    #expect(shrinker.runs < 60)
  }

  @Test("numbers that must be equal go down together")
  func equality() throws {
    let world = World { _, a, b, _ in
      a >= 10 && b >= 10 && a - 9 <= b * 3 && b - 9 <= a ? "pair" : nil
    }
    #expect(try world.shrink().best.plan == ["a": .integer(10), "b": .integer(10)])
    // Exactly equal ones are met by no seed: the choices are given.
    let equal = World { _, a, b, _ in a == b && a > 4 ? "equal" : nil }
    var shrinker = Shrinker(equal.trial(Choices(plan: ["a": .integer(700), "b": .integer(700)]))) {
      equal.trial(Choices(plan: $0))
    }
    shrinker.shrink()
    #expect(shrinker.best.plan == ["a": .integer(5), "b": .integer(5)])
  }

  @Test("of two times the order stays, and both are round")
  func order() throws {
    let world = World { faults, _, _, _ in
      guard let first = faults[1], let second = faults[4], first < second else { return nil }
      return "in order"
    }
    let plan = try world.shrink().best.plan
    #expect(
      plan == [
        "faults/1/exists": .flag(true), "faults/4/exists": .flag(true),
        "faults/4/at": .integer(60_000),
      ])
  }

  @Test("a time is as round as it can be")
  func round() throws {
    let world = World { faults, _, _, _ in
      faults[0].map { (123_456...187_000).contains($0) } == true ? "in time" : nil
    }
    #expect(try world.shrink().best.plan["faults/0/at"] == .integer(180_000))
  }

  @Test("a word is the simplest that fails")
  func words() throws {
    let world = World { _, _, _, word in word != "reset" && word != "kill" ? "word" : nil }
    #expect(try world.shrink().best.plan == ["kind": .word("crash")])
  }

  @Test("another failure that is met is kept, and not taken for this one")
  func slippage() throws {
    let world = World { faults, _, _, _ in
      if faults[6] != nil { return "first" }
      return faults.isEmpty ? nil : "second"
    }
    let shrinker = try world.shrink()
    #expect(shrinker.best.plan == ["faults/6/exists": .flag(true)])
    #expect(shrinker.others.map { $0.failure?.message } == ["second"])
  }

  @Test("what could as well be otherwise is named")
  func free() throws {
    let world = World { faults, a, _, _ in faults[0].map { $0 >= 30_000 } == true ? "\(a)" : nil }
    var shrinker = try world.shrink()
    #expect(shrinker.best.plan["faults/0/at"] == .integer(60_000))
    // Half of a minute fails, too.
    #expect(shrinker.freeChoices() == ["faults/0/at"])
    let exact = World { faults, _, _, _ in faults[0] == 60_000 ? "exactly" : nil }
    var other = Shrinker(
      exact.trial(
        Choices(plan: ["faults/0/exists": .flag(true), "faults/0/at": .integer(60_000)]))
    ) { exact.trial(Choices(plan: $0)) }
    other.shrink()
    #expect(other.freeChoices() == [])
  }

  @Test("what was stopped goes on from its last improvement")
  func resumption() throws {
    let world = World { faults, a, _, _ in faults.count > 3 && a > 100 ? "both" : nil }
    let found = try #require(
      (UInt64(0)..<200).lazy.map { world.trial(Choices(seed: $0)) }.first { $0.failure != nil })
    var kept: [Trial] = []
    var stopped = Shrinker(found, runsMax: 7, improved: { kept.append($0) }) {
      world.trial(Choices(plan: $0))
    }
    stopped.shrink()
    #expect(!stopped.isDone)
    var resumed = Shrinker(try #require(kept.last)) { world.trial(Choices(plan: $0)) }
    resumed.shrink()
    #expect(resumed.best.plan.count == 5)
    #expect(resumed.best.plan["a"] == .integer(101))
  }

  @Test("messages are the same failure but for their numbers")
  func identity() {
    func identity(_ message: String) -> String {
      ExploredFailure(rule: "law", message: message).identity
    }
    #expect(identity("web-0 on node-3 at 00:02:07.500") == identity("web-1 on node-12 at 1.5"))
    #expect(identity("launches 11.0.2") == identity("launches 3"))
    #expect(identity("node-1 is up, and 2 more") == identity("node-2 is up"))
    #expect(identity("web is up") != identity("api is up"))
    let failure = ExploredFailure(rule: "a b", message: "x")
    #expect(failure.fileName.hasPrefix("a-b-"))
    #expect(failure.text == "'a b' broken: x")
  }
}
