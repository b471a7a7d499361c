// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosAllocation
import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("Scenarios in lock step") struct LockstepRunTests {
  private func result(_ leader: String, _ follower: String) throws -> LockstepResult {
    let loaded = try loadSmall()
    let run = try LockstepRun(
      PreparedScenario(loaded), leader: loaded.allocatorEntry(leader),
      follower: loaded.allocatorEntry(follower))
    return run.run()
  }

  @Test("an allocator never parts from itself", arguments: ["static", "drf"])
  func itself(name: String) throws {
    let result = try result(name, name)
    #expect(result.divergence == nil)
    #expect(!result.partial)
    #expect(result.agreedDecisions > 400)
  }

  @Test("static and drf part early, whoever leads, and the same way each time")
  func parting() throws {
    let first = try result("static", "drf")
    let divergence = try #require(first.divergence)
    #expect(first.agreedDecisions < 10)
    #expect(!divergence.shares.isEmpty)
    let second = try #require(try result("drf", "static").divergence)
    #expect(second.seconds == divergence.seconds)
    #expect(second.event == divergence.event)
    #expect(second.decisions == divergence.decisions.reversed())
    #expect(try result("static", "drf") == first)
  }
}
