// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

@Suite("A cluster in the hands of a test")
struct TestClusterTests {
  @Test("outcomes come, and faults are lived through")
  func outlivesCrash() throws {
    let cluster = try TestCluster(slaves: 3, each: "cpus:4;mem:8192")
    let web = cluster.register("web") { Keeper(2, $0) }
    try web.expect(.running(2), within: .seconds(30))
    let struck = web.tasks[0].slave
    cluster.crash(struck)
    try web.expect(.lost(1), within: .seconds(120))
    try web.expect(.running(2), within: .seconds(30))
    #expect(web.tasks(.running).allSatisfy { $0.slave != struck })
    try web.always(.running(2), for: .seconds(600))
    try web.expect(.slavesInUse(2))
    try web.expectSequence(
      .registered, .offers, .launch, .update(.running), .update(.lost), .launch)
  }

  @Test("the same test runs the same")
  func repeats() throws {
    func run(_ seed: UInt64) throws -> String {
      let cluster = try TestCluster(slaves: 5, masters: 3, seed: seed)
      let web = cluster.register("web") { Keeper(3, $0) }
      try web.expect(.running(3), within: .seconds(30))
      cluster.failOverMaster()
      try cluster.run(for: .seconds(120))
      return cluster.digest
    }
    #expect(try run(1) == run(1))
  }

  @Test("a framework goes on after its own failover and its master's")
  func failsOver() throws {
    for masters in [1, 3] {
      let cluster = try TestCluster(slaves: 3, masters: masters)
      let web = cluster.register("web", FrameworkInfo(name: "", hasCheckpointing: true)) {
        Keeper(2, $0)
      }
      try web.expect(.running(2), within: .seconds(30))
      let before = web.tasks
      cluster.failOverMaster()
      try web.expect(.history(.disconnected), within: .seconds(60))
      try web.expect(.registered, within: .seconds(120))
      // Until the slaves are back the master knows of no tasks, and a new process would learn none.
      try cluster.run(for: .seconds(60))
      web.failOver()
      try web.expect(.history(.registered, atLeast: 2), within: .seconds(60))
      try web.always(.running(2), for: .seconds(300))
      #expect(web.tasks == before)
    }
  }

  @Test("an upgrade goes on with what the old version left")
  func upgrades() throws {
    let cluster = try TestCluster(slaves: 4)
    let web = cluster.register("web") { Keeper(1, $0) }
    try web.expect(.running(1), within: .seconds(30))
    web.replace { Keeper(3, $0) }
    try web.expect(.running(3), within: .seconds(60))
    #expect(web.scheduler(as: Keeper.self) != nil)
  }

  @Test("a party that stands still or is cut off is put right for just those whom it struck")
  func mends() throws {
    let cluster = try TestCluster(slaves: 2)
    let web = cluster.register("web") { Keeper(2, $0) }
    try web.expect(.running(2), within: .seconds(30))
    let pause = cluster.pause(cluster.slaves[0])
    let cut = cluster.partition(cluster.slaves[1], from: MasterHandle.all)
    try cluster.run(for: .seconds(20))
    pause.mend()
    cut.mend()
    // Both are back before the master gives them up.
    try web.always(.lost(0), for: .seconds(300))
    try web.expect(.running(2))
  }

  @Test("what does not come is reported with the nearest miss, the last events and the state")
  func reports() throws {
    let cluster = try TestCluster(slaves: 3)
    let web = cluster.register("web") { Keeper(2, $0, isBroken: true) }
    try web.expect(.running(2), within: .seconds(30))
    cluster.crash(web.tasks[0].slave)
    try cluster.run(for: .seconds(100))
    let failure = try #require(throws: TestFailure.self) {
      try web.expect(.running(2), within: .seconds(30))
    }
    let lines = failure.description.split(separator: "\n").map(String.init)
    #expect(lines.count <= 40)
    #expect(
      lines[0].hasPrefix("'web' was expected to have 2 tasks running within 30 s from 00:01:4"))
    #expect(lines[1].hasPrefix("  nearest: 1 tasks running at 00:01:4"))
    #expect(lines.contains("    web: connected; 1 TASK_RUNNING, 1 TASK_LOST"))
    #expect(lines.contains { $0.hasSuffix("test: crash node-0") })
    #expect(lines.contains { $0.contains("web <- offers") && $0.contains(" on node-1") })
    #expect(lines.contains { $0.contains("web -> decline") })
  }

  @Test("what a test's author gets wrong is a failure with advice")
  func advises() throws {
    let cluster = try TestCluster(slaves: 1)
    let web = cluster.register("web") { Keeper(1, $0) }
    try web.expect(.running(1), within: .seconds(30))
    let isThere = try #require(throws: TestFailure.self) {
      try cluster.run(until: !web.tasks.isEmpty, within: .seconds(5), "a task")
    }
    #expect(isThere.description.contains("a task was awaited, and is so from the start\n  advice:"))
    let missing = try #require(throws: TestFailure.self) {
      try web.expectSequence(.launch, .kill)
    }
    #expect(missing.description.hasPrefix("'web' was expected to have 'kill' in its history after"))
    let broken = try #require(throws: TestFailure.self) {
      cluster.crash(web.tasks[0].slave)
      try web.always(.running(1), for: .seconds(600))
    }
    #expect(broken.description.contains("for 600 s from"))
    #expect(throws: ResourceSyntaxError.self) { try TestCluster(each: "cpus:four") }
  }

  @Test("a launch that crosses a rescind on the wire is tried again, not lost")
  func launchCrossingRescind() throws {
    let cluster = try TestCluster(slaves: 2)
    let launches = cluster.hold(.acceptOffers)
    let web = cluster.register("web") { Keeper(1, $0) }
    try cluster.run(until: launches.heldCount == 1, within: .seconds(30))
    cluster.crash(web.tasks[0].slave)
    try web.expect(.history(.rescinded), within: .seconds(120))
    try launches.remove()
    try web.expect(.running(1), within: .seconds(30))
    try web.expectSequence(.launch, .rescinded, .update(.lost), .launch, .update(.running))
  }

  @Test("lost, late and doubled messages")
  func messages() throws {
    let cluster = try TestCluster(slaves: 1)
    let web = cluster.register("web") { Keeper(1, $0) }
    let lost = cluster.lose(.statusUpdate, to: web, times: 2)
    // The slave says again what nobody acknowledges, after 10 s and after 20 s more.
    try web.expect(.running(1), within: .seconds(40))
    #expect(cluster.now > .start + .seconds(30))
    #expect(lost.count == 2)
    try lost.remove()
    let late = cluster.delay(.declineOffers, by: .seconds(60), from: web)
    let twice = cluster.duplicate(.resourceOffers, to: web, times: 1)
    try cluster.run(for: .seconds(30))
    #expect(late.count > 0)
    #expect(web.history.count { EntryPattern.offers.matches($0) } > twice.count)
    try late.remove()
  }

  @Test("a launch that is lost breaks the connection, as with TCP")
  func lostLaunch() throws {
    let cluster = try TestCluster(slaves: 1)
    let lost = cluster.lose(.acceptOffers, times: 1)
    let web = cluster.register("web") { Keeper(1, $0) }
    try web.expect(.history(.reregistered), within: .seconds(30))
    #expect(lost.count == 1)
  }

  @Test("a rule that never matched is a failure with advice")
  func idleRule() throws {
    let cluster = try TestCluster(slaves: 1)
    let web = cluster.register("web") { Keeper(1, $0) }
    let kills = cluster.hold(.killTask, from: web)
    try cluster.run(for: .seconds(60))
    let failure = try #require(throws: TestFailure.self) { try kills.remove() }
    #expect(
      failure.description.hasPrefix("the rule 'hold killTask from web' never matched\n  advice:"))
  }

  @Test("a framework outlives the name of its cluster")
  func lifetime() throws {
    let web = try TestCluster(slaves: 1).register("web") { Keeper(1, $0) }
    try web.expect(.running(1), within: .seconds(30))
  }
}
