// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

@Suite("What a test's author gets wrong is a failure with advice")
struct AuthorErrorTests {
  private func cluster() throws -> (TestCluster, FrameworkHandle) {
    let cluster = try TestCluster(slaves: 2)
    let web = cluster.register("web") { Keeper(1, $0) }
    try web.expect(.running(1), within: .seconds(30))
    return (cluster, web)
  }

  /// The first lines of the failure that comes.
  private func failure(_ body: () throws -> Void) throws -> String {
    try #require(throws: TestFailure.self) { try body() }.description
  }

  @Test("a fault that strikes nobody")
  func faults() throws {
    let (cluster, web) = try cluster()
    cluster.crash(web.tasks[0].slave)
    cluster.kill(web.tasks[0].slave)
    let down = try failure { try cluster.run(for: .seconds(1)) }
    #expect(
      down.hasPrefix(
        "'kill node-0' strikes nobody: slaves node-0 not running\n  advice: restart it first"))
    cluster.restart(cluster.slaves[1])
    let up = try failure { try web.expect(.running(0), line: 7) }
    #expect(up.contains("\n  expected in AuthorErrorTests.swift:7\n"))
    #expect(up.hasPrefix("'restart node-1' starts nobody: all run\n  advice: end somebody first"))
    // Handles of another cluster.
    let other = try TestCluster(slaves: 9)
    cluster.pause(other.slaves[8])
    let unknown = try failure { try web.always(.running(0), for: .seconds(1)) }
    #expect(unknown.hasPrefix("'pause node-8' strikes nobody: there is no slaves node-8"))
    // Each is told once.
    try cluster.run(for: .seconds(1))
  }

  @Test("a fault that is mended twice, and a rule about nobody")
  func mendsAndRules() throws {
    let (cluster, _) = try cluster()
    let pause = cluster.pause(cluster.slaves[0])
    pause.mend()
    pause.mend()
    #expect(
      try failure { try cluster.run(for: .seconds(1)) }.hasPrefix("'pause node-0' was mended twice")
    )
    cluster.lose(.statusUpdate, from: try TestCluster(slaves: 5).slaves[4])
    #expect(
      try failure { try cluster.run(for: .seconds(1)) }.hasPrefix(
        "the rule 'lose statusUpdate from node-4' is about nobody"))
  }

  @Test("something expected after the end, before the start, or where nothing is offered")
  func neverComes() throws {
    final class Quitter: Scheduler {
      func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
        driver.stop(failover: false)
      }
    }
    let cluster = try TestCluster(slaves: 1)
    let quitter = cluster.register("quitter") { _ in Quitter() }
    try cluster.run(for: .seconds(10))
    #expect(quitter.hasEnded)
    let ended = try failure { try quitter.expect(.running(1), within: .seconds(10)) }
    #expect(ended.contains("\n  advice: its driver has ended at 00:00:00.00"))
    let late = cluster.register("late") { Keeper(1, $0) }
    #expect(try failure { try late.expect(.running(1)) }.contains("it was never registered"))
    let empty = try TestCluster(slaves: 0)
    let poor = empty.register("poor") { Keeper(1, $0) }
    #expect(
      try failure { try poor.expect(.running(1), within: .seconds(60)) }.contains(
        "it was never offered anything"))
  }

  @Test("time that would go back, a name that is taken, what is not so from the start")
  func others() throws {
    let (cluster, web) = try cluster()
    #expect(
      try failure { try cluster.run(for: .seconds(-1)) }.contains("advice: time only goes on"))
    // No time at all is a look at the present.
    #expect(throws: TestFailure.self) { try web.expect(.running(2), within: .seconds(-5)) }
    #expect(
      try failure { try web.always(.running(2), for: .seconds(5)) }.contains(
        "advice: it was not so from the start"))
    cluster.register("web") { Keeper(1, $0) }
    #expect(
      try failure { try cluster.run(for: .seconds(1)) }.hasPrefix(
        "a second framework was registered as 'web'"))
    let kind = try failure {
      try web.replace(saving: { (_: ObservedByNobody) -> Int in 0 }) {
        Keeper($0, $1)
      }
    }
    #expect(kind.contains("advice: it is a Keeper"))
  }

  private final class ObservedByNobody: Scheduler {}

  @Test("a failure says where it was expected, how to have it again, and keeps the whole log")
  func place() throws {
    let (cluster, web) = try cluster()
    let failure = try #require(throws: TestFailure.self) {
      try web.expect(.running(2), within: .seconds(5), line: 103)
    }
    #expect(failure.place?.line == 103)
    #expect(failure.place?.file == #filePath)
    #expect(failure.description.contains("\n  expected in AuthorErrorTests.swift:103\n"))
    #expect(failure.description.hasSuffix("\n    swift test --filter AuthorErrorTests"))
    #expect(failure.log.hasPrefix("00:00:00.002  web <- registered as m1-0000"))
    _ = cluster
  }

  @Test("a new version takes over what the old one had in memory")
  func handsOn() throws {
    final class Counter: Scheduler {
      var offers: Int
      init(_ offers: Int) { self.offers = offers }
      func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
        self.offers += offers.count
      }
    }
    let cluster = try TestCluster(slaves: 3)
    let counter = cluster.register("counter") { _ in Counter(0) }
    try counter.expect(.history(.offers), within: .seconds(10))
    try counter.replace(saving: \Counter.offers) { offers, _ in Counter(offers + 100) }
    #expect(counter.scheduler(as: Counter.self)?.offers == 103)
  }
}
