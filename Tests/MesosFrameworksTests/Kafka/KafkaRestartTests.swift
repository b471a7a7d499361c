// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Kafka: rolling restarts, reconciliation and failover")
struct KafkaRestartTests {
  private func running(
    _ expression: String, _ count: Int, change: (inout KafkaOptions) -> Void = { _ in }
  ) throws -> KafkaStage {
    let stage = try KafkaStage(expression, change: change)
    for host in 0..<count { try stage.run(on: "h\(host)") }
    _ = stage.takeCalls()
    return stage
  }

  @Test("brokers are restarted one after the other, on their hosts")
  func restarts() throws {
    let stage = try running("0..1", 2)
    let command = try stage.api.restart("*")
    #expect(stage.takeCalls().filter { $0.hasPrefix("kill") } == ["kill kafka-0-1"])
    stage.update("kafka-0-1", .killed)
    try stage.run(on: "h0")
    #expect(stage.launched.last == "kafka-0-3")
    #expect(stage.takeCalls().filter { $0.hasPrefix("kill") } == ["kill kafka-1-2"])
    stage.update("kafka-1-2", .killed)
    try stage.run(on: "h1")
    #expect(stage.api.result(of: command) == "restarted")
    #expect(try stage.states == ["running", "running"])
  }

  @Test("the next one waits until all replicas are in sync, unless it is told not to")
  func replication() throws {
    for waits in [true, false] {
      let stage = try running("0..1", 2) {
        $0.catchUp = 0.5
        $0.dataSize = 1000
      }
      try stage.api.restart("*", waitsForReplication: waits)
      stage.environment.advance(toSecond: 20)
      stage.update("kafka-0-1", .killed)
      stage.environment.advance(toSecond: 40)
      try stage.run(on: "h0")
      // It has missed 20 s, and takes 10 s for these.
      stage.environment.advance(toSecond: 49)
      #expect(stage.takeCalls().contains("kill kafka-1-2") != waits)
      stage.environment.advance(toSecond: 50)
      #expect(stage.takeCalls().contains("kill kafka-1-2") == waits)
    }
  }

  @Test("what takes too long ends the command, and later brokers are not touched")
  func timeouts() throws {
    let stage = try running("0..1", 2)
    let first = try stage.api.restart("*", timeout: .seconds(100))
    stage.environment.advance(toSecond: 99)
    #expect(stage.api.result(of: first) == nil)
    stage.environment.advance(toSecond: 100)
    #expect(stage.api.result(of: first) == "broker 0 timeout on stop")
    stage.update("kafka-0-1", .killed)
    #expect(try stage.states == ["stopped", "running"])
    let second = try stage.api.restart("*")
    stage.environment.advance(toSecond: 400)
    #expect(stage.api.result(of: second) == "broker 0 timeout on start")
    #expect(!stage.takeCalls().contains("kill kafka-1-2"))
  }

  @Test("data that are lost are copied, and it is told how long brokers were missing")
  func outage() throws {
    let stage = try KafkaStage("0", [.stickinessPeriod: "0s"]) {
      $0.dataSize = 5000
      $0.copyRate = 100
    }
    try stage.run(on: "a")
    stage.update("kafka-0-1", .lost)
    stage.environment.advance(toSecond: 60)
    try stage.run(on: "b")
    let outage = try #require(stage.scheduler.outage)
    #expect(outage.lost == 1 && outage.kept == 0 && outage.outOfSync == [0])
    #expect(outage.runningAgain == .start + .seconds(60))
    stage.environment.advance(toSecond: 109)
    #expect(stage.scheduler.outage != nil)
    stage.environment.advance(toSecond: 110)
    #expect(stage.scheduler.outage == nil)
  }

  @Test("a new master is asked for every task; offers wait for its answers")
  func reconciles() throws {
    let stage = try running("0..1", 1)
    stage.scheduler.reregistered(
      stage.driver, masterInfo: MasterInfo(id: "n", hostname: "h"))
    #expect(stage.takeCalls() == ["reconcile 0", "revive"])
    #expect(try stage.states == ["reconciling", "starting"])
    #expect(try stage.offer() == ["decline m-O2 for 5.0 s"])
    stage.update("kafka-0-1", .running, reason: .reconciliation)
    #expect(try stage.states == ["running", "starting"])
    #expect(try stage.offer().first?.hasPrefix("launch") == true)
  }

  @Test("a task of which a master says nothing is asked for five times more, and then killed")
  func givesUp() throws {
    let stage = try running("0", 1)
    stage.scheduler.reregistered(
      stage.driver, masterInfo: MasterInfo(id: "n", hostname: "h"))
    _ = stage.takeCalls()
    stage.environment.advance(toSecond: 1799)
    #expect(stage.takeCalls() == Array(repeating: "reconcile 1", count: 5))
    stage.environment.advance(toSecond: 1800)
    #expect(stage.takeCalls() == ["kill kafka-0-1"])
    stage.update("kafka-0-1", .lost)
    #expect(try stage.states == ["starting"])
  }

  @Test("a broker that was being stopped is told again when the master has changed")
  func stopsAgain() throws {
    let stage = try running("0..1", 2)
    try stage.api.stop("0")
    stage.scheduler.reregistered(
      stage.driver, masterInfo: MasterInfo(id: "n", hostname: "h"))
    try stage.api.stop("1")
    _ = stage.takeCalls()
    stage.update("kafka-0-1", .running, reason: .reconciliation)
    stage.update("kafka-1-2", .running, reason: .reconciliation)
    #expect(
      stage.takeCalls().filter { $0.hasPrefix("kill") } == ["kill kafka-0-1", "kill kafka-1-2"])
  }

  @Test("the next process goes on with brokers, failures, commands and acts")
  func nextProcess() throws {
    let store = MemoryStore()
    let first = try KafkaStage(
      "0..2", [.mem: "512", .constraints: "hostname=unique"], store: store)
    try first.run(on: "a", "rack:r1")
    try first.run(on: "b", "rack:r2")
    first.update("kafka-1-2", .failed)
    try first.api.restart("0", waitsForReplication: false)
    let second = try KafkaStage("0..9", store: store)
    #expect(second.takeCalls().first == "reconcile 0")
    #expect(
      try second.states == [
        "reconciling",
        "failed 1 1970-01-01T00:00:00.000Z, next start 1970-01-01T00:01:00.000Z", "starting",
      ])
    #expect(second.scheduler.outage?.down == [1])
    #expect(second.scheduler.brokers[0]?.attributes == ["hostname": "a", "rack": "r1"])
    #expect(second.scheduler.brokers.values.allSatisfy { $0.options.mem == 512 })
    // It was being stopped for its restart.
    second.update("kafka-0-1", .running, reason: .reconciliation)
    #expect(second.takeCalls().contains("kill kafka-0-1"))
    second.update("kafka-0-1", .killed)
    // No other broker may go where one is.
    try second.run(on: "a", "rack:r1")
    #expect(second.launched == ["kafka-0-3"])
    #expect(second.scheduler.commands.isEmpty)
  }

  @Test("the next process goes on with a restart where it is, and with those that are missing")
  func nextProcessAmidst() throws {
    let store = MemoryStore()
    let first = try KafkaStage("0..3", store: store)
    for host in 0..<4 { try first.run(on: "h\(host)") }
    try first.api.restart("0..1", waitsForReplication: false)
    first.update("kafka-0-1", .killed)
    try first.run(on: "h0")
    for task in ["kafka-2-3", "kafka-3-4"] { first.update(task, .lost) }
    first.environment.advance(toSecond: 60)
    try first.run(on: "h2")
    let second = try KafkaStage("0..3", store: store)
    #expect(second.scheduler.outage?.down == [3])
    #expect(second.scheduler.commands.map(\.current) == [1])
    // A broker that nobody wants any more is not missing, to later processes neither.
    try second.api.stop("3")
    let third = try KafkaStage("0..3", store: store)
    #expect(third.scheduler.outage?.down.contains(3) != true)
  }

  @Test("a restart waits for the replicas of every broker, as far as they are still there")
  func replicationOfAll() throws {
    let stage = try running("0..3", 4) {
      $0.catchUp = 1
      $0.dataSize = 1000
    }
    for task in ["kafka-2-3", "kafka-3-4"] { stage.update(task, .lost) }
    try stage.api.restart("0..1", timeout: .seconds(1000))
    stage.update("kafka-0-1", .killed)
    try stage.run(on: "h0")
    stage.environment.advance(toSecond: 60)
    try stage.run(on: "h2")
    // One has 60 s to catch up with, the other is not there.
    stage.environment.advance(toSecond: 180)
    #expect(!stage.takeCalls().contains("kill kafka-1-2"))
    try stage.api.stop("3")
    try stage.api.remove("3")
    stage.environment.advance(toSecond: 185)
    #expect(stage.takeCalls().contains("kill kafka-1-2"))
  }
}
