// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import Testing
import VirtualTime

@testable import MesosMetrics

@Suite("Service objectives") struct ServiceObjectiveTests {
  private static let shape = Resources.cpus(1, mem: 1)

  /// Framework 0 has three tasks that wait 1, 2 and 9 s; framework 1 one that waits 4 s and two
  /// that have waited since 5 s, and a job that is not done.
  private var script: Script {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4, mem: 8)), .frameworkAdded(0), .frameworkAdded(1))
    script.at(0, .jobSubmitted(0, JobID(0)), .jobSubmitted(1, JobID(0)))
    script.at(0, .demand(0, shape: Self.shape, delta: 3), .demand(1, shape: Self.shape, delta: 1))
    for (end, framework) in [(1.0, 0), (2, 0), (4, 1), (9, 0)] {
      script.at(end, .demand(FrameworkIndex(framework), shape: Self.shape, delta: -1))
      script.at(
        end,
        .taskWaited(
          FrameworkIndex(framework), JobID(0), since: .start, until: .start + .rounded(seconds: end)
        ))
    }
    script.at(5, .demand(1, shape: Self.shape, delta: 2))
    script.at(10, .jobFinished(0, JobID(0)))
    return script
  }

  private func reading(
    _ objective: ServiceObjective, isCutOff: Bool = true
  ) -> ObjectiveReading? {
    let waits = WaitCollector()
    for (event, now) in script.facts { waits.record(event, at: now) }
    let run = script.measured(25, frameworks: ["a", "b"])
    return objective.reading(of: run, waits: waits, isCutOff: isCutOff)
  }

  @Test(
    "figures of one framework are those of its times",
    arguments: [
      (ServiceObjective.Statistic.mean, 4.0), (.percentile(50), 2), (.percentile(95), 9), (.max, 9),
    ])
  func one(statistic: ServiceObjective.Statistic, seconds: Double) {
    let objective = ServiceObjective(
      statistic, of: .taskWait, below: .seconds(60), framework: "a")
    #expect(reading(objective) == ObjectiveReading(framework: "a", seconds: seconds))
  }

  @Test("what still waits at a horizon counts with the time that has passed, else as endless")
  func open() {
    let objective = ServiceObjective(.max, of: .taskWait, below: .seconds(60))
    #expect(reading(objective) == ObjectiveReading(framework: "b", seconds: 20))
    #expect(
      reading(objective, isCutOff: false) == ObjectiveReading(framework: "b", seconds: nil))
    // One of three is over: the median is endless, a low percentile is not.
    for (percent, seconds) in [(50, nil), (33, 4)] as [(Int, Double?)] {
      let low = ServiceObjective(
        .percentile(percent), of: .taskWait, below: .seconds(60), framework: "b")
      #expect(reading(low, isCutOff: false)?.seconds == seconds)
    }
  }

  @Test("jobs that are not done count, too")
  func jobs() {
    let time = ServiceObjective(.mean, of: .jobTime, below: .seconds(60))
    #expect(reading(time) == ObjectiveReading(framework: "b", seconds: 25))
    #expect(reading(time, isCutOff: false) == ObjectiveReading(framework: "b", seconds: nil))
    let wait = ServiceObjective(.mean, of: .jobWait, below: .seconds(60), framework: "a")
    #expect(reading(wait)?.seconds == 1)
  }

  @Test("tasks that waited when their framework left wait no more; its jobs are endless")
  func left() throws {
    var script = script
    script.at(12, .frameworkLeft(1))
    let waits = WaitCollector()
    for (event, now) in script.facts { waits.record(event, at: now) }
    let run = script.measured(25, frameworks: ["a", "b"])
    func seconds(_ quantity: ServiceObjective.Quantity) throws -> Double? {
      let objective = ServiceObjective(.max, of: quantity, below: .seconds(60), framework: "b")
      return try #require(objective.reading(of: run, waits: waits, isCutOff: true)).seconds
    }
    #expect(try seconds(.taskWait) == 4)
    #expect(try seconds(.jobTime) == nil)
  }

  @Test("a framework that is not there has nothing to time")
  func nothing() {
    let objective = ServiceObjective(.mean, of: .jobTime, below: .seconds(1), framework: "c")
    #expect(reading(objective) == nil)
  }

  @Test("the limit itself meets an objective only when it says so")
  func limit() {
    var objective = ServiceObjective(.max, of: .jobTime, below: .seconds(2))
    #expect(!objective.isMet(by: 2))
    #expect(objective.isMet(by: 1.999_999_999))
    objective.includesLimit = true
    #expect(objective.isMet(by: 2))
    #expect(!objective.isMet(by: 2.000_000_001))
  }
}
