// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@Suite("What tasks hold and leave idle")
struct IdleLedgerTests {
  @Test("where no framework says so there is no such figure, and no such key")
  func none() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .frameworkAdded(0), .taskLaunched(0, 0, .cpus(2), 0))
    let result = script.measured(10).result
    #expect(result.utilization[.cpus]?.idleMean == nil)
    let text = String(decoding: try ResultJSON.data(result), as: UTF8.self)
    #expect(!text.contains("idleMean"))
  }

  @Test("a task leaves idle what was last said of it, until it ends")
  func figures() throws {
    var script = Script()
    script.at(
      0, .slaveAdded(0, .cpus(4)), .taskLaunched(0, 0, .cpus(2), 0),
      .taskLaunched(1, 0, .cpus(1), 1))
    script.at(10, .taskIdle(0, 0, .cpus(2)))
    script.at(20, .taskIdle(0, 0, .cpus(1)))
    script.at(30, .taskEnded(1, 0, .cpus(1), .finished, 1))
    script.at(40, .taskEnded(0, 0, .cpus(2), .finished, 0))
    let result = script.measured(50).result
    // 2 cpus for 10 s and 1 for 20 s, of 4 for 50 s.
    #expect(result.utilization[.cpus]?.idleMean == 0.2)
    #expect(result.utilization[.cpus]?.usedMean == 0.55)
    #expect(result.frameworks[0].resources[.cpus]?.idleMean == 0.2)
    #expect(result.frameworks[1].resources[.cpus]?.idleMean == nil)
    #expect(result.figure("utilization.cpus.idleMean") == 0.2)
  }
}
