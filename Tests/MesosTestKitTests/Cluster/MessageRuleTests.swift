// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

@Suite("Rules about messages")
struct MessageRuleTests {
  /// A cluster on which messages take a second.
  private func slow(_ slaves: Int = 1) throws -> TestCluster {
    try TestCluster(slaves: slaves, latency: .seconds(1))
  }

  @Test("a rule is, or is not, for what is under way when it is made", arguments: [true, false])
  func inFlight(includes: Bool) throws {
    let cluster = try slow()
    let web = cluster.register("web") { Keeper(1, $0) }
    try web.expect(.history(.launch), within: .seconds(30))
    // The launch is on its way for a second.
    try cluster.run(for: .milliseconds(500))
    let held = cluster.hold(.acceptOffers, from: web, includingInFlight: includes)
    try cluster.run(for: .seconds(20))
    #expect(held.heldCount == (includes ? 1 : 0))
    try web.expect(.running(includes ? 0 : 1))
    if includes {
      try held.remove()
      try web.expect(.running(1), within: .seconds(5))
    }
  }

  @Test("what is under way is lost, late or doubled, too")
  func inFlightFates() throws {
    for what in ["lose", "delay", "duplicate"] {
      let cluster = try slow()
      let web = cluster.register("web") { Keeper(1, $0) }
      try web.expect(.history(.launch), within: .seconds(30))
      let updates = cluster.watch(.statusUpdate, to: web)
      try updates.expectMatches(within: .seconds(10))
      let rule =
        switch what {
        case "lose": cluster.lose(.statusUpdate, to: web, times: 1)
        case "delay": cluster.delay(.statusUpdate, by: .seconds(5), to: web, times: 1)
        default: cluster.duplicate(.statusUpdate, to: web, times: 1)
        }
      #expect(rule.count == 1)
      try cluster.run(for: .seconds(2))
      #expect(
        web.history.count { EntryPattern.update(.running).matches($0) }
          == (what == "duplicate" ? 2 : 0))
      try web.expect(.running(1), within: .seconds(20))
    }
  }

  @Test("messages of a group arrive in reverse, and a rest of it as it came")
  func reorders() throws {
    func updates(_ change: (TestCluster) -> TestRule?) throws -> [TaskID] {
      let cluster = try TestCluster(slaves: 3)
      let rule = change(cluster)
      let web = cluster.register("web") { Keeper(3, $0) }
      try cluster.run(for: .seconds(5))
      try rule?.remove()
      try web.expect(.running(3), within: .seconds(5))
      return web.history.compactMap {
        guard case .event(.statusUpdate(let status)) = $0.content else { return nil }
        return status.taskID
      }
    }
    let plain = try updates { _ in nil }
    let reversed = try updates { $0.reorder(.statusUpdate, groupsOf: 3, from: MasterHandle.all) }
    #expect(reversed == plain.reversed())
    // Two change places, the third waits until the rule ends.
    #expect(
      try updates { $0.reorder(.statusUpdate, from: MasterHandle.all) } == [
        plain[1], plain[0], plain[2],
      ])
  }

  @Test("a dropped message is only missed, and said again")
  func drops() throws {
    let cluster = try TestCluster(slaves: 1)
    let dropped = cluster.drop(next: .registered)
    let web = cluster.register("web") { Keeper(1, $0) }
    try dropped.expectMatches(within: .seconds(1))
    #expect(!web.isRegistered)
    try web.expect(.registered, within: .seconds(60))
    try web.expect(.running(1), within: .seconds(60))
    // A dropped launch takes nothing along: nobody learns of it.
    let other = cluster.register("other") { Keeper(1, $0) }
    try cluster.with(cluster.drop(next: .acceptOffers, from: other)) { launches in
      try launches.expectMatches(within: .seconds(60))
      try other.always(.running(0), for: .seconds(60))
    }
  }

  @Test("a rule ends with its scope, and must have matched by then")
  func scopes() throws {
    let cluster = try TestCluster(slaves: 1)
    let web = cluster.register("web") { Keeper(1, $0) }
    let count = try cluster.with(cluster.hold(.acceptOffers, from: web)) { launches in
      try launches.expectMatches(within: .seconds(30))
      try web.always(.running(0), for: .seconds(30))
      return launches.heldCount
    }
    #expect(count == 1)
    try web.expect(.running(1), within: .seconds(5))
    let idle = try #require(throws: TestFailure.self) {
      try cluster.with(cluster.lose(.killTask)) { _ in try cluster.run(for: .seconds(5)) }
    }
    #expect(idle.description.hasPrefix("the rule 'lose killTask' never matched\n  advice:"))
    // What fails in the scope is told, not that the rule had no time to match.
    let other = try #require(throws: TestFailure.self) {
      try cluster.with(cluster.lose(.killTask)) { _ in try web.expect(.running(7)) }
    }
    #expect(other.description.hasPrefix("'web' was expected to have 7 tasks running"))
  }

  @Test("a rule can ask for the content, and has what it was for")
  func content() throws {
    let cluster = try TestCluster(slaves: 1)
    let late = cluster.hold(.statusUpdate) { $0.status?.state == .lost }
    let seen = cluster.watch(.runTask)
    let web = cluster.register("web") { Keeper(1, $0) }
    try web.expect(.running(1), within: .seconds(30))
    #expect(seen.messages.flatMap(\.tasks).map(\.taskID) == web.tasks.map(\.id))
    cluster.crash(web.tasks[0].slave)
    try late.expectMatches(within: .seconds(120))
    #expect(late.messages.compactMap(\.status).map(\.taskID) == [web.tasks[0].id])
    try web.expect(.lost(0))
    late.release()
    try web.expect(.lost(1), within: .seconds(1))
  }

  @Test("what comes too seldom is reported with how often it came")
  func tooSeldom() throws {
    let cluster = try TestCluster(slaves: 1)
    let web = cluster.register("web") { Keeper(1, $0) }
    let launches = cluster.watch(.acceptOffers, from: web)
    let failure = try #require(throws: TestFailure.self) {
      try launches.expectMatches(2, within: .seconds(30))
    }
    let lines = failure.description.split(separator: "\n")
    #expect(
      lines[0] == "the rule 'watch acceptOffers from web' was expected to match 2 messages"
        + " within 30 s from 00:00:00.000 on")
    #expect(lines[1] == "  nearest: 1 messages")
  }

  @Test("a rule in force that never matched is a failure at the end")
  func idleAtEnd() throws {
    let cluster = try TestCluster(slaves: 1)
    let updates = cluster.lose(.killTask)
    let failure = try #require(throws: TestFailure.self) {
      try cluster.runToEnd(within: .seconds(5))
    }
    #expect(failure.description.hasPrefix("the rule 'lose killTask' never matched"))
    #expect(updates.count == 0)
  }
}
