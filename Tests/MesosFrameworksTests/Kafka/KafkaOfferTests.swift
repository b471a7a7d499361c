// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Kafka: offers")
struct KafkaOfferTests {
  @Test("one broker goes on each offer, with the lowest port, and what nobody needs is declined")
  func onePerOffer() throws {
    let stage = try KafkaStage("0..1")
    #expect(try stage.offer() == ["launch m-O1: kafka-0-1"])
    #expect(try stage.offer(on: "b") == ["launch m-O2: kafka-1-2"])
    #expect(stage.driver.launched[0].resources.ports.description == "[31000-31000]")
    #expect(stage.driver.launched[0].resources.cpus == 1)
    #expect(stage.driver.launched[0].resources.mem == 2048)
    #expect(try stage.offer(on: "c") == ["decline m-O3 for 3600.0 s"])
  }

  @Test("an offer of nothing but everybody's looks the same as where some is of a role")
  func plainOffers() throws {
    func sight(_ resources: String) throws -> BrokerOffer {
      try BrokerOffer(
        Offer(
          id: OfferID(master: "m", number: 1), frameworkID: "f", slaveID: "s", hostname: "h",
          resources: try Resources(parsing: resources),
          attributes: try Attributes(parsing: "rack:r1;level:3;rack:r2")))
    }
    let shared = "cpus:2;mem:512;disk:100;ports:[7-9,70000-70001,3-5]"
    let plain = try sight(shared)
    for seen in [plain, try sight("cpus(logs):1;" + shared)] {
      #expect(seen.attributes == ["rack": "r2"])
      #expect(seen.value("rack") == "r2" && seen.value("level") == nil)
      #expect(seen.value("hostname") == "h")
      #expect(seen.cpus.shared == 2 && seen.mem.shared == 512 && seen.freeDisk == 100)
      #expect(seen.port(in: nil)?.port == 3 && seen.port(in: 6...9)?.port == 7)
      #expect(seen.port(in: 10...65_535) == nil)
    }
    #expect(plain.role == nil)
  }

  @Test("an offer that is too small stays away for an hour, more or less by chance")
  func jitter() throws {
    let stage = try KafkaStage("0")
    #expect(try stage.offer("cpus:0.5;mem:8192") == ["decline m-O1 for 3600.0 s"])
    stage.environment.draws = [0, 0.75]
    #expect(try stage.offer("cpus:1;mem:2048") == ["decline m-O2 for 3000.0 s"])
    #expect(try stage.offer("cpus:1;mem:2047;ports:[1-9]") == ["decline m-O3 for 3900.0 s"])
  }

  @Test("it asks for no offers when all run, and for some when one is to run again")
  func suppresses() throws {
    let stage = try KafkaStage("0")
    #expect(stage.takeCalls().last == "revive")
    try stage.offer()
    stage.update("kafka-0-1", .starting)
    #expect(stage.takeCalls() == [])
    stage.update("kafka-0-1", .running)
    #expect(stage.takeCalls() == ["suppress"])
    stage.update("kafka-0-1", .failed)
    #expect(stage.takeCalls() == ["revive"])
    try stage.api.start("0")
    #expect(stage.takeCalls() == ["revive"])
  }

  @Test("a broker stays with its host for a while, and waits after a failure")
  func sticky() throws {
    let stage = try KafkaStage("0", [.stickinessPeriod: "10m", .failoverDelay: "30s"])
    try stage.run(on: "a")
    stage.update("kafka-0-1", .failed)
    #expect(try stage.offer(on: "b") == ["decline m-O2 for 600.0 s"])
    #expect(try stage.offer(on: "a") == ["decline m-O3 for 30.0 s"])
    stage.environment.advance(toSecond: 30)
    #expect(try stage.offer(on: "b") == ["decline m-O4 for 570.0 s"])
    #expect(try stage.offer(on: "a") == ["launch m-O5: kafka-0-2"])
    // The window began with the first failure of the series.
    stage.update("kafka-0-2", .failed)
    stage.environment.advance(toSecond: 600)
    #expect(try stage.offer(on: "b") == ["launch m-O6: kafka-0-3"])
  }

  @Test("what waits for its host asks for it again when that is over, or never as the real one")
  func asksAgain() throws {
    for askAgain: Duration? in [.seconds(10), nil] {
      let stage = try KafkaStage("0..1", [.stickinessPeriod: "10m"]) { $0.askAgain = askAgain }
      try stage.run(on: "a")
      stage.update("kafka-0-1", .failed)
      // The other one is too large for this offer, and masks the sticky one.
      try stage.api.update("1", BrokerChange().setting(.cpus, to: "9"))
      _ = stage.takeCalls()
      let revived = askAgain == nil ? [] : ["revive"]
      stage.environment.advance(toSecond: 60)
      // Its delay is over.
      #expect(stage.takeCalls().suffix(1) == revived[...])
      #expect(try stage.offer(on: "b") == ["decline m-O2 for 3600.0 s"])
      stage.environment.advance(toSecond: 599)
      #expect(stage.takeCalls() == [])
      stage.environment.advance(toSecond: 601)
      #expect(stage.takeCalls() == revived)
    }
  }

  @Test("places are chosen by where the other brokers are")
  func constraints() throws {
    let stage = try KafkaStage("0..3", [.constraints: "rack=groupBy:2,hostname=unique"])
    try stage.run(on: "a", "rack:r1")
    #expect(try stage.offer(on: "b", "rack:r1") == ["decline m-O2 for 3600.0 s"])
    #expect(try stage.offer(on: "c") == ["decline m-O3 for 3600.0 s"])
    try stage.run(on: "d", "rack:r2")
    try stage.run(on: "d", "rack:r1")
    #expect(stage.hosts == ["a", "d"])
    // Others are elsewhere now, and what was declined may do.
    _ = stage.takeCalls()
    stage.environment.advance(toSecond: 10)
    #expect(stage.takeCalls() == ["revive"])
    try stage.run(on: "b", "rack:r1")
    #expect(stage.hosts == ["a", "d", "b"])
  }

  @Test("what is reserved for its role is taken first, what was reserved meanwhile is left alone")
  func roles() throws {
    let stage = try KafkaStage("0..1", [.cpus: "3"], roles: ["logs"])
    try stage.offer(
      "cpus(logs):2;cpus:4;mem:4096;ports(logs):[9000-9001];ports:[80-81]", role: "logs")
    let task = try #require(stage.driver.launched.first)
    let expected = try Resources(parsing: "cpus(logs):2;cpus:1;mem:2048;ports(logs):[9000-9000]")
    #expect(task.resources == expected)
  }

  @Test("a range of ports is kept to, and the tasks learn their ports")
  func ports() throws {
    let stage = try KafkaStage("7", [.port: "31500..31600", .jvmOptions: "-server"])
    try stage.offer()
    let data = String(decoding: try #require(stage.driver.launched.first).data, as: UTF8.self)
    #expect(data == "broker.id=7\nport=31500\nheap=1024\njvmOptions=-server")
  }

  @Test("a volume is made where there is room, and its broker goes nowhere else from then on")
  func volumes() throws {
    let stage = try KafkaStage(
      "3", [.volume: "data-{id}", .stickinessPeriod: "0s"], roles: ["logs"]
    ) {
      $0.volumeSize = 100
    }
    let room = "cpus:8;mem:8192;disk:1000;ports:[31000-31999]"
    #expect(try stage.offer("cpus:8;mem:8192;disk:99;ports:[1-9]", role: "logs").count == 1)
    #expect(stage.launched.isEmpty)
    let calls = try stage.offer(room, role: "logs")
    #expect(calls.count == 1 && calls[0].contains("reserve") && calls[0].contains("launch"))
    stage.update("kafka-3-1", .starting, .running, .failed)
    stage.environment.advance(toSecond: 60)
    #expect(try stage.offer(room, on: "b", role: "logs") == ["decline m-O3 for 3600.0 s"])
    let made = try #require(stage.driver.launched.first).resources
    let whole = made + (try Resources(parsing: "cpus:1;mem:10"))
    let offer = Offer(
      id: OfferID(master: "m", number: 9), frameworkID: "f", slaveID: "a", hostname: "a",
      role: "logs", resources: whole)
    stage.scheduler.resourceOffers(stage.driver, offers: [offer])
    #expect(stage.launched == ["kafka-3-1", "kafka-3-2"])
    #expect(stage.driver.launched[1].resources.persistentVolumes == made.persistentVolumes)
  }

  @Test("a volume whose task never was is made anew elsewhere")
  func volumeThatNeverWas() throws {
    let stage = try KafkaStage("0", [.volume: "data-{id}"], roles: ["logs"]) { $0.volumeSize = 100 }
    let room = "cpus:8;mem:8192;disk:1000;ports:[31000-31999]"
    try stage.offer(room, role: "logs")
    stage.update("kafka-0-1", .lost)
    stage.environment.advance(toSecond: 60)
    try stage.offer(room, on: "b", role: "logs")
    #expect(stage.hosts == ["a", "b"])
  }
}
