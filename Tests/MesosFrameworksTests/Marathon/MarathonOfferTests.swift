// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosFrameworks

@Suite("Marathon: offers")
struct MarathonOfferTests {
  @Test("several instances go on one offer, five at most, and what is left comes again at once")
  func severalPerOffer() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w", "instances": 7}"#)
    #expect(try stage.offer() == ["launch m-O1: w.0.1 w.1.1 w.2.1 w.3.1 w.4.1"])
    #expect(try stage.offer(on: "b") == ["launch m-O2: w.5.1 w.6.1", "suppress"])
  }

  @Test("what nobody can use stays away for two minutes, and for 5 s where limits were in the way")
  func declines() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w", "instances": 3, "cpus": 4}"#) {
      $0.launchTokens = 1
    }
    #expect(try stage.offer("cpus:1;mem:8192") == ["decline m-O1 for 120.0 s"])
    #expect(
      try stage.offer("cpus:8;mem:8192;ports:[1-9]") == ["launch m-O2: w.0.1"])
    // No token is left.
    #expect(try stage.offer("cpus:8;mem:8192;ports:[1-9]") == ["decline m-O3 for 5.0 s"])
    stage.update("w.0.1", .running)
    #expect(try stage.offer("cpus:8;mem:8192;ports:[1-9]") == ["launch m-O4: w.1.1"])
  }

  @Test("tokens are refilled 30 s after the first was taken")
  func tokensRefilled() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w", "instances": 2}"#) {
      $0.launchTokens = 1
    }
    try stage.offer()
    #expect(try stage.offer() == ["decline m-O2 for 5.0 s"])
    stage.environment.advance(toSecond: 30)
    #expect(try stage.offer() == ["launch m-O3: w.1.1", "suppress"])
  }

  @Test("offers are asked for at most every 5 s, each time twice, and not when none is wanted")
  func revives() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w", "instances": 1, "cpus": 1}"#)
    #expect(stage.driver.takeTexts().filter { $0 == "revive" }.count == 1)
    try stage.api.create([try AppDefinition(parsing: #"{"id": "x", "cmd": "./x"}"#)])
    #expect(stage.driver.takeTexts().isEmpty)
    stage.environment.advance(toSecond: 5)
    #expect(stage.driver.takeTexts() == ["revive"])
    stage.environment.advance(toSecond: 10)
    #expect(stage.driver.takeTexts() == ["revive"])
    #expect(try stage.offer().last == "suppress")
    stage.environment.advance(toSecond: 60)
    #expect(stage.driver.takeTexts().isEmpty)
  }

  @Test("a task has its host, its ports and its app in its variables")
  func variables() throws {
    let stage = try MarathonStage(
      """
      {"id": "/shop/w", "cmd": "./yourScript \\"$HOST\\" \\"$PORT0\\" \\"$PORT1\\"", "ports": [0, 8080],
       "env": {"MINE": "1"}, "cpus": 0.5}
      """)
    try stage.offer("cpus:8;mem:8192;ports:[31000-31001]", on: "h1")
    let task = try #require(stage.driver.launched.first)
    let pairs = (task.command?.environment ?? []).map { ($0.name, $0.value ?? "") }
    let variables = Dictionary(pairs) { first, _ in first }
    #expect(task.name == "w.shop")
    #expect(variables["HOST"] == "h1")
    #expect(variables["PORT0"] == "31000")
    #expect(variables["PORT1"] == "31001")
    #expect(variables["PORT"] == "31000")
    #expect(variables["PORTS"] == "31000,31001")
    #expect(variables["PORT_8080"] == "31001")
    #expect(variables["MESOS_TASK_ID"] == "shop_w.0.1")
    #expect(variables["MARATHON_APP_ID"] == "/shop/w")
    #expect(variables["MARATHON_APP_RESOURCE_CPUS"] == "0.5")
    #expect(variables["MARATHON_APP_VERSION"] == "1970-01-01T00:00:00.000Z")
    #expect(variables["MINE"] == "1")
    #expect(task.resources.ports == ValueRanges([ValueRange(31000, 31001)]))
  }

  @Test("resources are taken of accepted roles, in the order of the offer, across roles if need be")
  func roles() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "cpus": 1.5, "mem": 100, "ports": []}"#,
      #"{"id": "free", "cmd": "./f", "cpus": 1, "mem": 1, "ports": [],"#
        + #" "acceptedResourceRoles": ["*"]}"#, roles: ["web"])
    try stage.offer("cpus(web):1;mem(web):200;cpus:0.5", role: "web")
    #expect(stage.launched == ["w.0.1"])
    let expected = try Resources(parsing: "cpus(web):1;cpus:0.5;mem(web):100")
    #expect(stage.driver.launched[0].resources == expected)
    try stage.offer("cpus(other):9;mem(other):900", on: "b", role: "web")
    #expect(stage.launched == ["w.0.1"])
    let tally = try #require(stage.scheduler.apps[AppPath("/free")]?.tally)
    #expect(tally.lastUnused?.reasons.list == [.unfulfilledRole])
  }

  @Test("the first reason against an offer is the one that counts, in Marathon's order")
  func reasons() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "cpus": 4, "mem": 999, "constraints": [["hostname", "LIKE", "a"]]}"#
    )
    func reason(_ resources: String, on host: String) throws -> [OfferRefusal]? {
      try stage.offer(resources, on: host)
      return stage.scheduler.apps[AppPath("/w")]?.tally.lastUnused?.reasons.list
    }
    #expect(try reason("cpus:1;mem:1", on: "b") == [.unfulfilledConstraint, .cpus, .memory])
    #expect(try reason("cpus:1;mem:1000", on: "a") == [.cpus])
    #expect(try reason("cpus:4;mem:1000", on: "a") == [.ports])
    #expect(try reason("cpus:4;mem:1000;gpus:1", on: "a") == [.scarce])
    let wait = stage.scheduler.apps[AppPath("/w")]?.tally.wait
    #expect(wait?.offers == 4)
    #expect(wait?.reasons.map(\.offers) == [1, 1, 1, 1])
  }

  @Test("a slave that is down for maintenance is not taken, before and after it is")
  func maintenance() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w"}"#)
    var offer = try stage.makeOffer("cpus:8;mem:8192;ports:[1-9]", "a")
    offer.unavailability = Unavailability(start: .start, duration: .seconds(60))
    stage.scheduler.resourceOffers(stage.driver, offers: [offer])
    #expect(stage.launched.isEmpty)
    stage.environment.advance(toSecond: 61)
    stage.scheduler.resourceOffers(stage.driver, offers: [offer])
    #expect(stage.launched == ["w.0.1"])
  }

  @Test("ports that are required are had or nothing is")
  func requiredPorts() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "ports": [80, 443], "requirePorts": true}"#)
    try stage.offer("cpus:8;mem:8192;ports:[80-100]")
    #expect(stage.launched.isEmpty)
    try stage.offer("cpus:8;mem:8192;ports:[80-80,443-443]")
    #expect(stage.driver.launched.first?.resources.ports.ranges.count == 2)
  }

  @Test("an app at rest costs an offer nothing: only what waits is looked at")
  func appsAtRest() throws {
    let stage = try MarathonStage(#"{"id": "w", "cmd": "./w"}"#, #"{"id": "x", "cmd": "./x"}"#)
    try stage.offer()
    #expect(stage.scheduler.queue.isEmpty)
    let before = stage.scheduler.apps[AppPath("/w")]?.tally.processed
    #expect(try stage.offer(on: "b") == ["decline m-O2 for 120.0 s"])
    #expect(stage.scheduler.apps[AppPath("/w")]?.tally.processed == before)
  }
}

@Suite("Marathon: constraints at launch")
struct MarathonConstraintTests {
  /// The hosts on which instances are launched when each of these is offered, in turn, until
  /// nothing more is.
  private func hosts(
    _ constraint: String, instances: Int, on slaves: [(String, String)]
  ) throws -> [String] {
    let stage = try MarathonStage(
      """
      {"id": "w", "cmd": "./w", "cpus": 1, "mem": 1, "ports": [], "instances": \(instances),
       "constraints": [\(constraint)]}
      """)
    for _ in 0..<3 {
      for (host, attributes) in slaves { try stage.offer("cpus:1;mem:10", on: host, attributes) }
    }
    return stage.hosts
  }

  private let racks = [("a", "rack:r1"), ("b", "rack:r1"), ("c", "rack:r2"), ("d", "")]

  @Test("UNIQUE puts no two instances on one host")
  func unique() throws {
    #expect(
      try hosts(#"["hostname", "UNIQUE"]"#, instances: 6, on: racks) == ["a", "b", "c", "d"])
  }

  @Test("CLUSTER keeps instances where the first is, or where its value says")
  func cluster() throws {
    let first = try hosts(#"["rack", "CLUSTER"]"#, instances: 4, on: racks)
    #expect(first == ["a", "b", "a", "b"])
    #expect(
      try hosts(#"["rack", "CLUSTER", "r2"]"#, instances: 2, on: racks) == ["c", "c"])
  }

  @Test("GROUP_BY launches where the fewest are, once there are enough groups")
  func groupBy() throws {
    #expect(
      try hosts(#"["rack", "GROUP_BY", "2"]"#, instances: 4, on: racks) == ["a", "c", "a", "c"])
    #expect(try hosts(#"["rack", "GROUP_BY", "3"]"#, instances: 4, on: racks) == ["a", "c"])
  }

  @Test("LIKE wants the whole value to match")
  func like() throws {
    #expect(
      try hosts(#"["hostname", "LIKE", "[bc]"]"#, instances: 3, on: racks) == ["b", "c", "b"])
    #expect(try hosts(#"["rack", "LIKE", "r"]"#, instances: 3, on: racks).isEmpty)
  }

  @Test("UNLIKE wants the value not to match, and takes slaves without one")
  func unlike() throws {
    #expect(
      try hosts(#"["rack", "UNLIKE", "r1"]"#, instances: 3, on: racks) == ["c", "d", "c"])
  }

  @Test("MAX_PER limits how many have one value")
  func maxPer() throws {
    #expect(
      try hosts(#"["rack", "MAX_PER", "1"]"#, instances: 4, on: racks) == ["a", "c"])
  }

  @Test("IS wants just this value")
  func equality() throws {
    #expect(try hosts(#"["rack", "IS", "r2"]"#, instances: 2, on: racks) == ["c", "c"])
  }

  @Test("instances of an older configuration do not count: a new one may go beside an old one")
  func olderConfiguration() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "constraints": [["hostname", "UNIQUE"]]}"#)
    try stage.offer()
    stage.runAll()
    try stage.api.update(AppPath("/w"), with: #"{"cmd": "./v2"}"#)
    try stage.offer()
    #expect(stage.hosts == ["a", "a"])
  }

  @Test("an instance that was lost with its slave counts no longer")
  func lostInstance() throws {
    let stage = try MarathonStage(
      #"{"id": "w", "cmd": "./w", "constraints": [["hostname", "UNIQUE"]]}"#)
    try stage.offer()
    stage.update("w.0.1", .lost, reason: .slaveRemoved)
    try stage.offer()
    #expect(stage.hosts == ["a", "a"])
  }
}
