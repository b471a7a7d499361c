// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("Stages that use less than they ask for")
struct StageUseTests {
  private func figures(_ keys: String) throws -> UtilizationResult {
    let run = try ScenarioText.run(ScenarioText.with("name: map,", "name: map, \(keys)"))
    return try #require(run.measured(window: run.window).result.utilization[.cpus])
  }

  @Test("what is idle is that part of what running tasks hold, and all else stays as it is")
  func idle() throws {
    let (all, some) = (try figures(""), try figures("uses: 0.25,"))
    #expect(all.idleMean == nil)
    #expect(some.sums == all.sums)
    // From the launch until they run, tasks are not yet said to leave anything idle.
    let (used, idle) = (try #require(some.usedMean), try #require(some.idleMean))
    #expect(idle < used * 0.75)
    #expect(idle > used * 0.7)
  }

  @Test("more than all is not used")
  func range() {
    #expect(
      ScenarioText.complaints(ScenarioText.with("name: map,", "name: map, uses: 1.5,")) == [
        "s.yaml:9:34: frameworks[0].workload.stages[0].uses: found 1.5; "
          + "expected a number from 0 to 1"
      ])
  }
}
