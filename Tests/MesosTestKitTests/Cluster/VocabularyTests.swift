// Part of mesosim. Apache-2.0, see LICENSE.
//
// For each word of the vocabulary what holds and what does not, with the first line of the report.

import MesosTestKit
import Testing

/// A word, an outcome with it that holds, and one that does not.
struct WordCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let holds: Outcome
  let fails: Outcome
  let text: String

  init(_ word: String, _ holds: Outcome, fails: Outcome, _ text: String) {
    testDescription = word
    self.holds = holds
    self.fails = fails
    self.text = text
  }
}

@Suite("The vocabulary of outcomes")
struct VocabularyTests {
  /// On node-0 two servers in one rack with node-1, where a job has finished; on node-2 one that
  /// failed, one that was killed, and one of which nothing is heard.
  private static func stage() throws -> (cluster: TestCluster, web: FrameworkHandle) {
    let cluster = try TestCluster(
      slaves: 3, attributes: { "rack:r\($0 / 2)" },
      commands: [
        CommandRule("serve", runsFor: nil, healthyAfter: .seconds(3)),
        CommandRule("fail", runsFor: .seconds(1), exitCode: 1),
      ])
    let web = cluster.register("web") { ScriptedScheduler($0) }
    let scheduler = try #require(web.scheduler(as: ScriptedScheduler.self))
    scheduler.onOffers = { driver, offers in
      for offer in offers {
        let tasks = Self.tasks(on: offer)
        if tasks.isEmpty {
          driver.declineOffer(offer.id)
        } else {
          driver.launchTasks(offer.id, tasks)
        }
      }
      scheduler.onOffers = { driver, offers in
        for offer in offers { driver.declineOffer(offer.id, filters: Filters(refuseSeconds: 60)) }
      }
    }
    _ = cluster.hold(.statusUpdate, from: MasterHandle.all) { $0.status?.taskID == "silent" }
    try cluster.run(for: .seconds(20))
    return (cluster, try act(web, scheduler, cluster))
  }

  private static func act(
    _ web: FrameworkHandle, _ scheduler: ScriptedScheduler, _ cluster: TestCluster
  ) throws -> FrameworkHandle {
    let driver = try #require(scheduler.driver)
    driver.killTask("stopped")
    driver.reconcileTasks([])
    driver.reconcileTasks([TaskQuery("server-0")])
    driver.suppressOffers()
    driver.reviveOffers()
    driver.suppressOffers()
    try scheduler.environment.store.write("server-0 server-1", for: "plan")
    try cluster.run(for: .seconds(5))
    return web
  }

  private static func tasks(on offer: Offer) -> [TaskInfo] {
    func task(_ name: String, _ line: String) -> TaskInfo {
      TaskInfo(
        name: name, taskID: TaskID(name), slaveID: offer.slaveID,
        resources: Resources(cpus: 1, mem: 64), command: CommandInfo(line))
    }
    switch offer.hostname {
    case "node-0":
      var first = task("server-0", "serve")
      first.command?.environment = [EnvironmentVariable(name: "ROLE", value: "leader")]
      first.healthCheck = .tcp(port: 80)
      return [first, task("server-1", "serve")]
    case "node-1": return [task("job", "sleep 3")]
    default: return [task("broken", "fail"), task("stopped", "serve"), task("silent", "serve")]
    }
  }

  private static let states: [WordCase] = [
    WordCase("launched", .launched(6), fails: .launched(5), "5 tasks launched"),
    WordCase(
      "launched, by name", .launched(2, named: "server-*"),
      fails: .launched(in: 3..., named: "job"),
      "at least 3 tasks 'job' launched"),
    WordCase(
      "staging", .staging(1, named: "silent"), fails: .staging(in: 2...3), "2 to 3 tasks staging"),
    WordCase("running", .running(2), fails: .running(atLeast: 3), "at least 3 tasks running"),
    WordCase(
      "running, at most", .running(in: ...2), fails: .running(in: ...1), "at most 1 tasks running"),
    WordCase(
      "healthy", .healthy(1, named: "server-0"), fails: .healthy(2), "2 tasks healthy"),
    WordCase("live", .live(3), fails: .live(2), "2 tasks live"),
    WordCase(
      "finished", .finished(1), fails: .finished(1, named: "server-?"),
      "1 tasks 'server-?' finished"),
    WordCase("failed", .failed(1), fails: .failed(0), "0 tasks failed"),
    WordCase("killed", .killed(1), fails: .killed(in: 2..<4), "2 to 3 tasks killed"),
    WordCase("lost", .lost(0), fails: .lost(1), "1 tasks lost"),
  ]

  private static let requests: [WordCase] = [
    WordCase(
      "revived n", .revivals(1), fails: .revivals(2), "2 times 'revive' in its history"),
    WordCase(
      "suppressed n", .suppressions(2), fails: .suppressions(1),
      "1 times 'suppress' in its history"),
    WordCase(
      "reconciled explicitly", .reconciled(.explicit), fails: .reconciled(.explicit, atLeast: 2),
      "at least 2 times 'reconcile explicitly' in its history"),
    WordCase(
      "reconciled implicitly", .reconciled(.implicit), fails: .reconciled(.implicit, atLeast: 2),
      "at least 2 times 'reconcile implicitly' in its history"),
    WordCase(
      "acknowledged", .acknowledged(0), fails: .acknowledged(1),
      "1 times 'acknowledge' in its history"),
    WordCase(
      "declined", .declined(in: 1..., seconds: 60...60), fails: .declined(in: 0...0),
      "0 offers declined"),
    WordCase(
      "declined, for how long", .declined(in: 0...0, seconds: 0...5),
      fails: .declined(in: 1..., seconds: 0...5), "at least 1 offers declined for 0.0 to 5.0 s"),
    WordCase(
      "declined the last offer", .declinedLastOffer, fails: .history(.decline, ...0),
      "0 times 'decline' in its history"),
    WordCase(
      "task of a name killed n", .killsAsked(1, named: "stop*"),
      fails: .killsAsked(1, named: "server-*"), "1 tasks 'server-*' that it had killed"),
    WordCase(
      "task of a name not killed", .killsAsked(0, named: "server-*"),
      fails: .killsAsked(0, named: "stop*"), "0 tasks 'stop*' that it had killed"),
    WordCase(
      "task of an id killed", .killsAsked(of: "stopped"), fails: .killsAsked(of: "job"),
      "1 times 'kill of job' in its history"),
    WordCase(
      "unreserved", .unreserved(0), fails: .unreserved(1), "1 times 'unreserve' in its history"),
    WordCase(
      "a variable of the environment", .launched(1, environment: "ROLE", "leader"),
      fails: .launched(2, environment: "ROLE", "leader"), "2 tasks launched with ROLE=leader"),
    WordCase(
      "known tasks", .known("server-0", "server-1", "silent"), fails: .known("server-0"),
      "1 tasks live and named as one of server-0"),
    WordCase(
      "stored", .stored("plan", containing: "server-1"), fails: .stored("plan", containing: "job"),
      "1 texts 'job' stored for plan"),
    WordCase(
      "status of a plan", .scheduler(as: ScriptedScheduler.self, "plans complete") { $0.keepsID },
      fails: .scheduler(as: ScriptedScheduler.self, "steps done", in: 2...) { _ in 1 },
      "at least 2 steps done"),
  ]

  private static let places: [WordCase] = [
    WordCase("slaves in use", .slavesInUse(1), fails: .slavesInUse(2), "2 slaves in use"),
    WordCase(
      "same pod", .sameSlave(named: "server-*"), fails: .sameSlave(named: "job"),
      "at least 2 tasks 'job' running, all on one slave,"),
    WordCase(
      "on distinct slaves", .distinct(named: "server-1"), fails: .distinct(named: "server-*"),
      "0 tasks 'server-*' running where another does"),
    WordCase(
      "on distinct racks", .distinct({ "\($0.attributes)" }, named: "server-0"),
      fails: .distinct { "\($0.attributes)" }, "0 tasks '*' running where another does"),
  ]

  @Test("a word holds or fails with its text", arguments: states + requests + places)
  func word(_ word: WordCase) throws {
    let (cluster, web) = try Self.stage()
    try web.expect(word.holds)
    let failure = try #require(throws: TestFailure.self) { try web.expect(word.fails) }
    let line = failure.description.prefix { $0 != "\n" }
    #expect(line == "'web' was expected to have \(word.text)")
    _ = cluster
  }

  @Test("never and always, to a limit or until something else")
  func overTime() throws {
    let (cluster, web) = try Self.stage()
    try web.never(.lost(in: 1...), for: .seconds(60))
    let start = cluster.now
    cluster.crash(cluster.slaves[0])
    try web.always(.running(2), until: .lost(in: 1...), within: .seconds(200))
    #expect(cluster.now > start + .seconds(60))
    func line(_ body: () throws -> Void) throws -> String {
      let failure = try #require(throws: TestFailure.self, performing: body)
      return String(failure.description.prefix { $0 != "\n" })
    }
    #expect(
      try line { try web.never(.lost(in: 1...), for: .seconds(5)) }
        == "'web' was never to have at least 1 tasks lost for 5 s from \(cluster.now) on")
    let now = cluster.now
    #expect(
      try line { try web.always(.lost(2), until: .running(9), within: .seconds(5)) }
        == "'web' was expected to have 2 tasks lost until it has 9 tasks running, within 5 s from"
        + " \(now) on")
  }
}

@Suite("The history of a framework as a value")
struct HistoryTests {
  private func web() throws -> FrameworkHandle {
    let cluster = try TestCluster(slaves: 1)
    let web = cluster.register("web") { Keeper(1, $0) }
    try web.expect(.running(1), within: .seconds(30))
    return web
  }

  @Test("events, calls, updates and kinds of them")
  func parts() throws {
    let history = try web().history
    #expect(history.calls.first == .reconcileTasks([]))
    #expect(history.events.count == 3)
    #expect(history.updates.map(\.state) == [.running])
    #expect(history.count(.launch) == 1)
    #expect(history.entries(.offers).map(\.instant) == [.start + .milliseconds(2)])
    #expect(history.since(.start + .milliseconds(3)).count == 1)
    #expect(history == History(history))
  }

  @Test("a sequence lets others stand between, and exactly does not")
  func sequences() throws {
    let web = try web()
    #expect(web.history.contains(sequence: .registered, .launch, .update(.running)))
    #expect(!web.history.contains(sequence: .launch, .registered))
    #expect(
      web.history.is(exactly: .registered, .reconcile, .offers, .launch, .update(.running)))
    #expect(!web.history.is(exactly: .registered, .reconcile, .offers, .launch))
    try web.expectSequence(.registered, .launch, .update(.running, of: web.tasks[0].id))
    try web.expectExactly(.registered, .reconcile, .offers, .launch, .update(.running))
    try web.expectExactly(.update(.running), since: .start + .milliseconds(3))
    func lines(_ body: () throws -> Void) throws -> [Substring] {
      let failure = try #require(throws: TestFailure.self, performing: body)
      return failure.description.split(separator: "\n").prefix(2).map { $0 }
    }
    #expect(
      try lines { try web.expectExactly(.registered, .offers) } == [
        "'web' was expected to have 'offers' at place 2 of its history",
        "  nearest: reconcile at 00:00:00.002",
      ])
    #expect(
      try lines {
        try web.expectExactly(.update(.running), .kill, since: .start + .milliseconds(3))
      }
        == [
          "'web' was expected to have 'kill' at place 2 of its history since 00:00:00.003",
          "  nearest: nothing more",
        ])
    #expect(
      try lines { try web.expectExactly(.registered) }.first
        == "'web' was expected to have nothing more at place 2 of its history")
  }
}
