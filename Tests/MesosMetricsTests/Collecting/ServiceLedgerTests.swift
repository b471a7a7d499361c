// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@Suite("Up-time of services")
struct ServiceLedgerTests {
  private func end(_ task: TaskNumber) -> ClusterEvent {
    .taskEnded(0, 0, .cpus(1), .lost, task)
  }

  private func result(_ script: Script, window: Double = 100) throws -> ServiceResult {
    try #require(script.measured(window).result.frameworks[0].service)
  }

  @Test("a framework that wants nothing up has no such figures, and its JSON no such key")
  func none() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .frameworkAdded(0))
    let run = script.measured(10)
    #expect(run.result.frameworks[0].service == nil)
    let text = String(decoding: try ResultJSON.data(run.result), as: UTF8.self)
    #expect(!text.contains("service"))
  }

  @Test("up-time, time below and at none, restarts")
  func figures() throws {
    var script = Script()
    script.at(
      0, .slaveAdded(0, .cpus(4)), .frameworkAdded(0), .tasksWanted(0, GroupID(0), count: 2))
    script.at(10, .taskUp(0, GroupID(0), 0))
    script.at(20, .taskUp(0, GroupID(0), 1), .taskUp(0, GroupID(0), 1))
    script.at(50, end(0))
    script.at(60, end(1), end(7))
    script.at(70, .taskUp(0, GroupID(0), 2))
    script.at(75, .taskUp(0, GroupID(0), 3))
    let result = try result(script)
    // Two for 30 + 25 s, one for 10 + 10 + 5 s, of two for 100 s.
    #expect(result.upFraction == (110.0 + 25) / 200)
    #expect(result.secondsBelow == 45)
    #expect(result.longestSecondsBelow == 25)
    #expect(result.secondsDown == 20)
    #expect(result.restarts == 2)
    #expect([result.groups, result.wanted, result.up] == [1, 2, 2])
  }

  @Test("more than are wanted do not make up for other groups, and scaling down is no restart")
  func groups() throws {
    var script = Script()
    script.at(
      0, .slaveAdded(0, .cpus(4)), .tasksWanted(0, GroupID(0), count: 2),
      .tasksWanted(0, GroupID(1), count: 1))
    script.at(0, .taskUp(0, GroupID(0), 0), .taskUp(0, GroupID(0), 1), .taskUp(0, GroupID(9), 5))
    script.at(40, .tasksWanted(0, GroupID(0), count: 1))
    script.at(50, end(0))
    script.at(60, .tasksWanted(0, GroupID(0), count: 2), .taskUp(0, GroupID(0), 2))
    let result = try result(script)
    #expect(result.restarts == 0)
    #expect(result.secondsBelow == 100)
    // 2 for 40 s, 1 for 20 s, 2 for 40 s; of these and 1 for 100 s.
    #expect(result.upFraction == 0.642857)
    #expect(result.secondsDown == 0)
  }

  @Test("a framework that has left wants nothing any more")
  func left() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .tasksWanted(0, GroupID(0), count: 1))
    script.at(10, .taskUp(0, GroupID(0), 0))
    script.at(20, .frameworkLeft(0))
    script.at(21, end(0))
    let result = try result(script)
    #expect(result.upFraction == 0.5)
    #expect([result.wanted, result.up, result.restarts] == [0, 0, 0])
    #expect(result.secondsBelow == 10)
  }

  @Test("what is below at the end is below until then")
  func below() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .tasksWanted(0, GroupID(0), count: 1))
    #expect(try result(script).longestSecondsBelow == 100)
    #expect(try result(script).upFraction == 0)
  }
}
