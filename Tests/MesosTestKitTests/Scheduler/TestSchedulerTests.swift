// Part of mesosim. Apache-2.0, see LICENSE.

import MesosTestKit
import Testing

@Suite("A scheduler in the hands of a test")
struct TestSchedulerTests {
  @Test("offers and updates in, calls out")
  func steps() throws {
    let web = TestScheduler { Keeper(1, $0) }
    #expect(web.info.failoverTimeoutSeconds == 600)
    #expect(web.register() == [.reconcileTasks([])])
    let calls = try web.offer("cpus:4;mem:512", on: "s7")
    #expect(calls.count == 1)
    #expect(web.tasks.map(\.slaveID) == ["s7"])
    #expect(web.offers.isEmpty)
    let task = web.tasks[0].taskID
    #expect(web.update(task, .running).isEmpty)
    #expect(web.history.updates.last?.slaveID == "s7")
    // What is of no use is declined for five seconds.
    #expect(
      try web.offer("cpus:0.1") == [.declineOffers([OfferID(master: "m", number: 1)], Filters())])
    web.update(task, .lost)
    try web.offer("cpus:1;mem:128", on: "s8")
    #expect(web.tasks.count == 2)
    #expect(
      web.history.contains(
        sequence: .registered, .reconcile, .offers, .launch, .update(.lost), .launch))
    #expect(throws: ResourceSyntaxError.self) { try web.offer("four") }
  }

  @Test("whatever else can be told, and time for its timers")
  func others() throws {
    final class Timed: Scheduler {
      let environment: any Environment
      init(_ environment: any Environment) { self.environment = environment }
      func registered(
        _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
      ) {
        let wait = 10 * (1 + environment.random(named: "wait").uniform())
        environment.startTimer(after: .seconds(wait)) { driver.suppressOffers() }
      }
      // It keeps them.
      func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {}
      func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) { driver.reviveOffers() }
      func disconnected(_ driver: any SchedulerDriver) { driver.abort() }
    }
    let timed = TestScheduler { Timed($0) }
    timed.environment.draws = [0.5]
    #expect(timed.register().isEmpty)
    #expect(timed.advance(by: .seconds(14)).isEmpty)
    #expect(timed.environment.timersPending == 1)
    #expect(timed.advance(by: .seconds(1)) == [.suppressOffers(nil)])
    #expect(timed.loseSlave("s0") == [.reviveOffers(nil)])
    try timed.offer("cpus:1")
    #expect(timed.rescind(try #require(timed.offers.first).id).isEmpty)
    #expect(timed.offers.isEmpty)
    timed.loseExecutor("e", on: "s0")
    timed.message([1], from: "e", on: "s0")
    timed.reregister()
    #expect(timed.disconnect() == [.abort])
    timed.fail("gone")
    #expect(timed.driver.status == .aborted)
    #expect(timed.history.events.suffix(2) == [.disconnected, .error("gone")])
  }
}
