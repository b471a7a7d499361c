// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import Testing

@testable import MesosMetrics

@Suite("Figures by path") struct ResultFiguresTests {
  @Test("paths are those of summary.json, of the cluster and of a framework")
  func paths() {
    for path in [
      "tasks.lost", "offers.accepted", "utilization.cpus.usedMean", "utilization.gpus.blockedMean",
      "fairness.jainContended", "windowSeconds", "events", "slaves",
      "tasks.byReason.REASON_SLAVE_REMOVED",
    ] {
      #expect(ResultFigures.ofRun.contains(path), "\(path)")
    }
    for path in [
      "tasks.lost", "jobs.p95Seconds", "jobs.unfinished", "service.upFraction", "waitSeconds.p95",
      "service.secondsDown", "dominantShare.max", "resources.mem.waitingMean", "tasksWaitingAtEnd",
    ] {
      #expect(ResultFigures.ofFramework.contains(path), "\(path)")
    }
    #expect(!ResultFigures.ofRun.contains { $0.contains("sums") || $0.contains("frameworks") })
    #expect(!ResultFigures.ofRun.contains("partial"))
    #expect(ResultFigures.ofComparison.contains("speedup"))
    #expect(ResultFigures.ofComparison.contains("jobs.finished"))
    #expect(ResultFigures.ofComparedFramework.contains("speedup"))
    #expect(!ResultFigures.ofComparedFramework.contains { $0.hasPrefix("utilization") })
  }

  @Test("every path of a result that was measured is known, and leads to its figure")
  func values() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .taskLaunched(0, 0, .cpus(1), 0))
    script.at(0, .jobSubmitted(0, JobID(0)))
    script.at(10, .jobFinished(0, JobID(0)))
    let result = script.measured(100).result
    let name = try #require(result.frameworks.first?.name)
    #expect(result.figure("slaves") == 1)
    #expect(result.figure("tasks.launched") == 1)
    #expect(result.figure("utilization.cpus.usedMean") == 0.25)
    #expect(result.figure("jobs.meanSeconds", of: name) == 10)
    #expect(result.figure("tasks.byReason.REASON_SLAVE_REMOVED") == 0)
    #expect(result.figure("service.upFraction", of: name) == nil)
    #expect(result.figure("tasks.lost", of: "nobody") == nil)
    #expect(result.figure("tasks") == nil)
  }
}
