// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Kafka: commands and tasks")
struct KafkaBrokerTests {
  @Test("a broker starts, runs and is stopped; its states are shown as there")
  func life() throws {
    let stage = try KafkaStage()
    try stage.api.add("0")
    #expect(try stage.states == ["stopped"])
    let start = try stage.api.start("0")
    #expect(try stage.states == ["starting"])
    try stage.offer()
    #expect(try stage.states == ["pending"])
    stage.update("kafka-0-1", .starting)
    #expect(try stage.states == ["starting"])
    #expect(stage.api.result(of: start) == nil)
    stage.update("kafka-0-1", .running)
    #expect(try stage.states == ["running"])
    #expect(stage.api.result(of: start) == "started")
    try stage.api.update("0", BrokerChange().setting(.heap, to: "2048"))
    #expect(try stage.states == ["running (modified, needs restart)"])
    let stop = try stage.api.stop("0")
    #expect(try stage.states == ["stopping (modified, needs restart)"])
    #expect(stage.takeCalls().contains("kill kafka-0-1"))
    stage.update("kafka-0-1", .killed)
    #expect(try stage.states == ["stopped"])
    #expect(stage.api.result(of: stop) == "stopped")
  }

  @Test("failures are counted, waited for ever longer, and end in inactivity")
  func failures() throws {
    let stage = try KafkaStage("0", [.failoverDelay: "30s", .failoverMaxTries: "3"])
    var waits: [Int] = []
    for launch in 1...3 {
      while stage.launched.count < launch {
        try stage.offer()
        if stage.launched.count < launch { stage.environment.advance(by: .seconds(1)) }
      }
      waits.append(Int(stage.environment.now.seconds))
      stage.update("kafka-0-\(launch)", .starting, .failed)
    }
    // 30 s, 60 s, and no more.
    #expect(waits == [0, 30, 90])
    #expect(try stage.states == ["stopped"])
    try stage.api.start("0")
    #expect(try stage.states == ["starting"])
  }

  @Test("what failed says when it starts next")
  func failedState() throws {
    let stage = try KafkaStage("0", [.failoverDelay: "30s", .failoverMaxTries: "3"])
    try stage.run(on: "a")
    stage.update("kafka-0-1", .lost)
    #expect(
      try stage.states
        == ["failed 1/3 1970-01-01T00:00:00.000Z, next start 1970-01-01T00:00:30.000Z"])
    stage.environment.advance(toSecond: 30)
    #expect(try stage.states == ["starting 2/3, failed 1970-01-01T00:00:00.000Z"])
  }

  @Test("a broker that is stopped before it runs goes on until it is stopped again")
  func stoppedEarly() throws {
    let stage = try KafkaStage("0")
    try stage.offer()
    let stop = try stage.api.stop("0")
    #expect(!stage.takeCalls().contains("kill kafka-0-1"))
    stage.update("kafka-0-1", .starting, .running)
    #expect(try stage.states == ["running"])
    stage.environment.advance(toSecond: 60)
    #expect(stage.api.result(of: stop) == "timeout")
    try stage.api.stop("0")
    #expect(stage.takeCalls().contains("kill kafka-0-1"))
  }

  @Test("a forced stop is a message to the executor")
  func forced() throws {
    let stage = try KafkaStage("0")
    try stage.run(on: "a")
    try stage.api.stop("0", isForced: true)
    #expect(stage.takeCalls().contains("message to kafka-0-1 on a"))
    stage.update("kafka-0-1", .lost)
    #expect(try stage.states == ["stopped"])
  }

  @Test("a task that was given up for lost is taken back, an older one is killed")
  func reattached() throws {
    let stage = try KafkaStage("0", [.stickinessPeriod: "0s"])
    try stage.run(on: "a")
    stage.update("kafka-0-1", .lost)
    stage.update("kafka-0-1", .running)
    #expect(try stage.states == ["running"])
    stage.update("kafka-0-1", .lost)
    stage.environment.advance(toSecond: 60)
    try stage.run(on: "b")
    _ = stage.takeCalls()
    stage.update("kafka-0-1", .running)
    stage.update("kafka-9-1", .running)
    stage.update("strange", .running)
    #expect(stage.takeCalls() == ["kill kafka-0-1", "kill kafka-9-1", "kill strange"])
    #expect(stage.launched == ["kafka-0-1", "kafka-0-2"])
  }

  @Test("commands are refused by the words of the real one")
  func refusals() throws {
    let stage = try KafkaStage("0..1")
    func message(_ call: (KafkaAPI) throws(KafkaRefusal) -> Void) -> String {
      do throws(KafkaRefusal) {
        try call(stage.api)
        return ""
      } catch { return error.description }
    }
    #expect(
      message { api throws(KafkaRefusal) in try api.add("1..2") }
        == "400 Broker 1 already exists")
    #expect(message { api throws(KafkaRefusal) in try api.start("2") } == "400 broker 2 not found")
    #expect(
      message { api throws(KafkaRefusal) in try api.remove("1") } == "400 broker 1 is active.")
    #expect(
      message { api throws(KafkaRefusal) in try api.update("3", BrokerChange()) }
        == "400 Broker 3 not found")
    #expect(
      message { api throws(KafkaRefusal) in try api.clone("0..2", from: "1") }
        == "400 broker(s) 0,1 already exist.")
    #expect(
      message { api throws(KafkaRefusal) in try api.clone("4", from: "*") }
        == "400 source must be 1 broker")
    #expect(message { api throws(KafkaRefusal) in try api.stop("x") }.hasPrefix("400 broker exp"))
  }

  @Test(
    "options that make no sense are refused",
    arguments: [
      (BrokerOptions.Key.cpus, "0"), (.cpus, "many"), (.mem, "1.5"), (.heap, "-1"),
      (.port, "9..1"), (.port, "70000"), (.port, "1..2..3"), (.constraints, "rack"),
      (.constraints, "rack=near"), (.constraints, "a=unique,a=unique"), (.stickinessPeriod, "10"),
      (.failoverDelay, "-1s"), (.failoverMaxTries, "0"), (.failoverMaxTries, "1.5"),
      (.syslog, "yes"), (.options, "a\nb"),
    ])
  func options(key: BrokerOptions.Key, text: String) {
    #expect(throws: KafkaRefusal.self) { try BrokerChange().setting(key, to: text) }
  }

  @Test("an empty text takes an option back, and a clone has the options of its source")
  func clones() throws {
    let stage = try KafkaStage("0", [.port: "9092", .volume: "v-{id}", .mem: "512"])
    try stage.api.clone("1..2", from: "0")
    try stage.api.update("2", BrokerChange().setting(.port, to: "").setting(.mem, to: ""))
    let brokers = try [0, 1, 2].map { try #require(stage.scheduler.brokers[$0]) }
    #expect(brokers.map(\.options.mem) == [512, 512, 2048])
    #expect(brokers.map(\.options.ports) == [9092...9092, 9092...9092, nil])
    #expect(brokers.map(\.volume) == ["v-0", "v-1", "v-2"])
  }

  @Test("a removed broker's task is killed when it still runs")
  func removes() throws {
    let stage = try KafkaStage("0")
    try stage.offer()
    try stage.api.stop("0")
    try stage.api.remove("0")
    #expect(stage.takeCalls().contains("kill kafka-0-1"))
    stage.update("kafka-0-1", .starting)
    #expect(stage.takeCalls() == ["kill kafka-0-1"])
    try stage.api.add("0")
    try stage.api.start("0")
    try stage.offer()
    #expect(stage.launched == ["kafka-0-1", "kafka-0-2"])
  }
}
