// Part of mesosim. Apache-2.0, see LICENSE.
//
// Updates that come back after they were acknowledged.

import Mesos
import MesosTestKit
import Testing

@testable import MesosCluster

@Suite("Acknowledged updates never come back")
struct AcknowledgedUpdatesStayTests {
  /// A cluster in which one task has run and its last update is acknowledged, and that update.
  private func rig() throws -> (Rig, InvariantChecker, TaskStatus) {
    let rig = try Rig()
    let checker = InvariantChecker(watching: rig.cluster)
    rig.cluster.recorder.attach(checker)
    var last: TaskStatus?
    var launched = false
    rig.schedulers[0].onOffers = { driver, offers in
      for offer in offers {
        let tasks = launched ? [] : [sleeper("t", on: offer, seconds: 5)]
        launched = true
        driver.launchTasks([offer.id], tasks, filters: Filters(refuseSeconds: 1))
      }
    }
    rig.schedulers[0].onUpdate = { _, status in last = status }
    rig.run(until: 60)
    let status = try #require(last)
    #expect(status.state == .finished)
    return (rig, checker, status)
  }

  @Test("a run in which none does is not complained of")
  func silent() throws {
    let (rig, checker, _) = try rig()
    rig.run(until: 120)
    #expect(checker.violation == nil)
  }

  @Test("BUG: nobody listened on the wire, so that an update that came back went unnoticed")
  func resent() throws {
    let (rig, checker, status) = try rig()
    #expect(checker.violation == nil)
    rig.cluster.send(.statusUpdate(0, status, latest: .finished), from: 0, to: 0)
    rig.run(until: 120)
    #expect(checker.violation?.invariant == "acknowledged-updates-stay")
  }

  @Test("an acknowledgement that its slave does not wait for counts for nothing")
  func notAwaited() throws {
    let (rig, checker, status) = try rig()
    var other = status
    other.uuid = UpdateID(slave: 0, number: 99)
    rig.cluster.send(.statusUpdate(0, other, latest: .finished), from: 0, to: 0)
    // It is acknowledged meanwhile.
    rig.run(until: 90)
    rig.cluster.send(.statusUpdate(0, other, latest: .finished), from: 0, to: 0)
    rig.run(until: 120)
    #expect(checker.violation == nil)
  }
}
