// Part of mesosim. Apache-2.0, see LICENSE.
//
// The recorded cases, all of them.

import Foundation
import MesosConformance
import Testing

@Suite("Recorded cases")
struct ConformanceCasesTests {
  @Test(
    "every recorded case comes out as recorded",
    arguments: [
      ("resources", 229), ("resources-arithmetic", 85), ("attributes", 59), ("display", 27),
      ("marathon-constraint", 60), ("marathon-app", 60), ("marathon-backoff", 20),
      ("marathon-kill-selection", 23), ("marathon-ports", 30), ("marathon-upgrade", 27),
      ("thermos", 10), ("aurora-job", 10), ("aurora-transition", 10), ("aurora-instance", 10),
      ("aurora-backoff", 10), ("aurora-constraint", 10), ("aurora-quota", 10),
      ("aurora-preemption", 10), ("aurora-cron", 10), ("aurora-health", 10), ("aurora-update", 10),
      ("kafka-expression", 10), ("kafka-broker", 10), ("kafka-constraint", 10),
      ("kafka-failover", 10), ("kafka-offer", 10),
    ])
  func recorded(file: String, count: Int) throws {
    let folder = try #require(Bundle.module.url(forResource: "Cases", withExtension: nil))
    let report = ConformanceSuite().run(paths: [folder.path() + "/\(file).json"])
    #expect(report.lines == ["\(count) passed, 0 failed"])
  }

  @Test(
    "the master, a driver and a slave do what those of Mesos 1.11 did",
    arguments: [("master", 40), ("driver", 5), ("http", 13), ("agent", 19)])
  func recordedMaster(folder: String, count: Int) throws {
    let cases = try #require(Bundle.module.url(forResource: "Cases", withExtension: nil))
    let report = ConformanceSuite().run(paths: [cases.path() + "/" + folder])
    #expect(report.errorLines == [])
    #expect(report.lines.last == "\(count) passed, 0 failed", "\(report.lines)")
    #expect(report.subjects.map(\.total).reduce(0, +) == count)
  }
}
