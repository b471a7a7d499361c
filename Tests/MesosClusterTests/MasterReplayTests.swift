// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: a master is only its inputs: whatever it knows came in by `handle`.
// Method: what masters were told in random histories, failovers included, is told to others of the
// same settings with allocators of their own; they must want and state the same, word by word.

import Mesos
import MesosAllocation
import MesosTestKit
import Testing

@testable import MesosCluster

@Suite("A master is its inputs")
struct MasterReplayTests {
  @Test(
    "what went into masters, told to others, gives the same actions",
    arguments: ["drf", "optimistic", "static"])
  func replay(allocator: String) throws {
    for seed in 0..<MasterPropertyTests.sequences {
      let fuzz = try MasterFuzz(seed: seed, isHonest: seed % 2 == 0, allocator: allocator)
      for _ in 0..<400 { try fuzz.step() }
      for history in fuzz.histories {
        #expect(try answers(to: history, fuzz.settings, allocator) == history.answers)
      }
    }
  }

  @Test("the histories have failovers, offers and tasks in them")
  func histories() throws {
    let fuzz = try MasterFuzz(seed: 0, isHonest: true, allocator: "drf")
    for _ in 0..<400 { try fuzz.step() }
    let answers = fuzz.histories.flatMap(\.answers)
    #expect(fuzz.histories.count > 1)
    for text in ["offered to", "launched", "to successor"] {
      #expect(answers.contains { $0.contains(text) }, "\(text)")
    }
  }

  private func answers(
    to history: MasterHistory, _ settings: MasterSettings, _ allocator: String
  ) throws -> [String] {
    var master = Master(
      info: history.info, allocator: try AllocatorRegistry().make(allocator), settings: settings,
      pingsAll: history.pingsAll)
    var actions = ActionBuffer<MasterAction>()
    var answers: [String] = []
    for (instant, message) in history.inputs {
      master.handle(message, at: instant, into: &actions)
      while let fact = actions.nextFact() { answers.append(fact.transcriptText) }
      while let effect = actions.nextEffect() { answers.append(effect.transcriptText) }
    }
    return answers
  }
}
