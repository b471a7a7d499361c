// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Marathon: instances")
struct MarathonInstanceTests {
  @Test("what fails is launched again as the same instance, after its delay")
  func backOff() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "backoffSeconds": 10, "backoffFactor": 2}"#)
    try stage.offer()
    stage.update("w.0.1", .failed)
    #expect(try stage.offer() == ["decline m-O2 for 120.0 s"])
    stage.environment.advance(toSecond: 10)
    #expect(stage.driver.takeTexts().contains("revive"))
    try stage.offer()
    #expect(stage.launched == ["w.0.1", "w.0.2"])
    stage.update("w.0.2", .failed)
    stage.environment.advance(toSecond: 29)
    try stage.offer()
    #expect(stage.launched.count == 2)
    stage.environment.advance(toSecond: 30)
    try stage.offer()
    #expect(stage.launched.last == "w.0.3")
  }

  @Test("what is killed on request is launched again at once")
  func killedOnRequest() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w", "backoffSeconds": 60}"#)
    try stage.offer()
    stage.runAll()
    try stage.api.kill(["w.0.1"], of: AppPath("/w"))
    #expect(stage.takeKills() == ["kill w.0.1"])
    stage.update("w.0.1", .killed)
    try stage.offer()
    #expect(stage.launched.last == "w.0.2")
  }

  @Test("a slave's draining ends a delay")
  func draining() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "instances": 2, "backoffSeconds": 60}"#)
    try stage.offer()
    stage.runAll()
    stage.update("w.0.1", .failed)
    stage.update("w.1.1", .killed, reason: .slaveDraining)
    try stage.offer()
    #expect(stage.launched == ["w.0.1", "w.1.1", "w.0.2", "w.1.2"])
  }

  @Test("what is lost with its slave is replaced at once, and killed when it comes back")
  func replacedAtOnce() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w"}"#)
    try stage.offer()
    stage.runAll()
    stage.update("w.0.1", .lost, reason: .slaveRemoved)
    try stage.offer(on: "b")
    #expect(stage.launched.last == "w.1.1")
    _ = stage.driver.takeTexts()
    stage.update("w.0.1", .running)
    #expect(stage.takeKills() == ["kill w.0.1"])
  }

  @Test("an unreachable instance is replaced when it is inactive, and forgotten after that")
  func inactive() throws {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w",
       "unreachableStrategy": {"inactiveAfterSeconds": 60, "expungeAfterSeconds": 200}}
      """)
    try stage.offer()
    stage.runAll()
    stage.update("w.0.1", .unreachable)
    stage.environment.advance(toSecond: 59)
    #expect(stage.scheduler.queue.isEmpty)
    stage.environment.advance(toSecond: 60)
    try stage.offer(on: "b")
    #expect(stage.launched.last == "w.1.1")
    #expect(stage.scheduler.apps[AppPath("/w")]?.instances.count == 2)
    stage.environment.advance(toSecond: 200)
    #expect(stage.scheduler.apps[AppPath("/w")]?.instances.count == 1)
  }

  @Test("one that comes back in time makes one too many, of which the youngest goes")
  func comesBack() throws {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w",
       "unreachableStrategy": {"inactiveAfterSeconds": 60, "expungeAfterSeconds": 200}}
      """)
    try stage.offer()
    stage.runAll()
    stage.update("w.0.1", .unreachable)
    stage.environment.advance(toSecond: 60)
    try stage.offer(on: "b")
    stage.environment.advance(toSecond: 70)
    stage.update("w.1.1", .running)
    stage.environment.advance(toSecond: 80)
    _ = stage.driver.takeTexts()
    stage.update("w.0.1", .running)
    #expect(stage.takeKills() == ["kill w.0.1"])
  }

  @Test("with the strategy disabled, an unreachable instance is waited for")
  func waitedFor() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "unreachableStrategy": "disabled"}"#)
    try stage.offer()
    stage.runAll()
    stage.update("w.0.1", .unreachable)
    stage.environment.advance(toSecond: 3600)
    try stage.offer(on: "b")
    #expect(stage.launched.count == 1)
  }

  @Test("a launch of which nothing is heard is killed after 300 s, again every 30 s")
  func overdue() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w"}"#)
    try stage.offer()
    stage.environment.advance(toSecond: 299)
    #expect(stage.takeKills() == [])
    stage.environment.advance(toSecond: 300)
    #expect(stage.takeKills() == ["kill w.0.1"])
    stage.environment.advance(toSecond: 330)
    #expect(stage.takeKills() == ["kill w.0.1"])
    stage.update("w.0.1", .lost, reason: .taskUnknown)
    stage.environment.advance(toSecond: 600)
    #expect(stage.takeKills() == [])
  }

  @Test("at most 100 kills are under way at a time")
  func killsAtOnce() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "instances": 150, "cpus": 0.1, "mem": 1, "ports": []}"#
    ) { $0.launchTokens = 1000 }
    for _ in 0..<30 { try stage.offer() }
    stage.runAll()
    try stage.api.scale(AppPath("/w"), to: 0)
    let kills = stage.takeKills()
    #expect(kills.count == 100)
    stage.update(String(kills[0].dropFirst(5)), .killed)
    #expect(stage.takeKills().count == 1)
  }

  @Test("Marathon's own check kills after one more failure than it tolerates, and only in its time")
  func healthCheck() throws {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w", "healthChecks": [{"gracePeriodSeconds": 30, "intervalSeconds": 10,
       "maxConsecutiveFailures": 2}]}
      """)
    try stage.offer()
    stage.update("w.0.1", .running)
    #expect(stage.driver.launched[0].check?.kind == .http)
    _ = stage.driver.takeTexts()
    stage.check("w.0.1", status: 500)
    // At 0, 10 and 20 s it has its time; failures at 30, 40 and 50 s count.
    stage.environment.advance(toSecond: 49)
    #expect(stage.takeKills() == [])
    stage.environment.advance(toSecond: 50)
    #expect(stage.takeKills() == ["kill w.0.1"])
    stage.update("w.0.1", .killed)
    try stage.offer()
    #expect(stage.launched.last == "w.0.2")
  }

  @Test("a success starts the count of failures anew")
  func recovery() throws {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w", "healthChecks": [{"gracePeriodSeconds": 0, "intervalSeconds": 10,
       "maxConsecutiveFailures": 1}]}
      """)
    try stage.offer()
    stage.update("w.0.1", .running)
    _ = stage.driver.takeTexts()
    stage.check("w.0.1", status: 500)
    stage.environment.advance(toSecond: 9)
    stage.check("w.0.1", status: 204)
    stage.environment.advance(toSecond: 100)
    #expect(stage.takeKills() == [])
    stage.check("w.0.1", status: 500)
    stage.environment.advance(toSecond: 110)
    #expect(stage.takeKills() == ["kill w.0.1"])
  }

  @Test("checks of Mesos's own are the executor's business")
  func nativeCheck() throws {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w", "healthChecks": [{"protocol": "MESOS_TCP",
       "maxConsecutiveFailures": 0}]}
      """)
    try stage.offer()
    let check = try #require(stage.driver.launched[0].healthCheck)
    #expect(check.kind == .tcp)
    #expect(check.tcp?.port == UInt32(stage.driver.launched[0].resources.ports.ranges[0].begin))
    #expect(check.consecutiveFailures == .max)
  }
}

extension MarathonStage {
  /// Says what a task's check has seen.
  func check(_ task: String, status seen: UInt32?) {
    var status = TaskStatus(
      taskID: TaskID(task), state: .running, timestamp: .start, source: .executor,
      reason: .taskCheckStatusUpdated)
    status.checkStatus = .http(status: seen)
    scheduler.statusUpdate(driver, status: status)
  }
}
