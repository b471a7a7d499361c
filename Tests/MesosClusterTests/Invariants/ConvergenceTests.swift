// Part of mesosim. Apache-2.0, see LICENSE.
//
// What recovers-from-faults complains of, and what it takes for the will of an operator, a policy
// or a framework. Method: a small cluster that is well is changed behind its back, or given a
// reason; nothing is simulated between the two looks unless a test says so.

import Mesos
import MesosAllocation
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("recovers-from-faults complains of what faults broke")
struct ConvergenceTests {
  private let half = Resources(cpus: 2, mem: 2048)

  /// A cluster with one framework that has said that it wants to launch a task, and that was last
  /// offered something before the last fault.
  private func rig(
    slaves: Int = 2, masters: Int = 1, allocator: String = "drf"
  ) throws -> (Rig, InvariantChecker) {
    let hosts = (0..<slaves).map {
      SlaveInfo(hostname: "host-\($0)", resources: Resources(cpus: 4, mem: 4096))
    }
    var info = FrameworkInfo(name: "f0")
    info.role = Role("a")
    let rig = try Rig(slaves: hosts, frameworks: [info], allocator: allocator) {
      $0.masters = masters
    }
    rig.run(until: 20)
    let checker = InvariantChecker(watching: rig.cluster)
    checker.record(.demand(0, shape: half, delta: 1), at: rig.simulation.now)
    return (rig, checker)
  }

  /// What is not well at both looks.
  private func complaint(
    _ rig: Rig, _ checker: InvariantChecker, between: () -> Void = {}
  ) -> String? {
    let now = rig.simulation.now
    checker.checkRecovery(lastFault: now, at: now + .seconds(1500))
    #expect(checker.violation == nil)
    between()
    checker.checkRecovery(lastFault: now, at: now + .seconds(1560))
    return checker.violation?.message
  }

  /// Has the allocator forget that the framework wants offers, and refusals end.
  private func suppressBehindItsBack(_ rig: Rig) {
    rig.cluster.masters[0].master.allocator.suppress(0, roles: [], at: rig.simulation.now)
    rig.run(until: rig.simulation.now.seconds + 10)
  }

  // MARK: Offers

  @Test(
    "an allocator that has forgotten that a framework wants offers", arguments: ["drf", "fifo"])
  func forgotten(_ allocator: String) throws {
    let (rig, checker) = try rig(allocator: allocator)
    suppressBehindItsBack(rig)
    #expect(
      complaint(rig, checker) == "f0 wants offers and gets none of host-0, and 1 more")
  }

  @Test("an allocator that counts as taken what nobody has")
  func leaked() throws {
    let (rig, checker) = try rig(slaves: 1)
    let now = rig.simulation.now
    rig.cluster.masters[0].master.allocator.removeSlave(0, at: now)
    #expect(complaint(rig, checker) == "f0 wants offers and gets none of host-0")
  }

  @Test("not of a slave that was offered to somebody between the looks")
  func served() throws {
    let (rig, checker) = try rig(slaves: 1)
    suppressBehindItsBack(rig)
    checker.record(.slaveAdded(0, half), at: rig.simulation.now)
    let complaint = complaint(rig, checker) {
      checker.record(.offered(0, 0, half), at: rig.simulation.now + .seconds(1501))
    }
    #expect(complaint == nil)
  }

  /// What keeps a framework from offers without anything being wrong.
  private enum Reason: CaseIterable {
    case drained, whitelisted, limited, suppressed, hoarded, full, disconnected
  }

  @Test("BUG: not when there is nothing that it may be offered", arguments: Reason.allCases)
  private func reason(_ reason: Reason) throws {
    let (rig, checker) = try rig()
    let now = rig.simulation.now
    switch reason {
    case .drained:
      for slave in 0..<2 as Range<Int32> {
        _ = rig.cluster.operate(.drain(SlaveIndex(rawValue: slave)))
      }
    case .whitelisted: _ = rig.cluster.operate(.updateWhitelist([]))
    case .limited:
      let quota = Quota(limits: try Limits(parsing: "cpus:0;mem:0"))
      rig.cluster.masters[0].master.allocator.updateQuota(quota, of: Role("a"), at: now)
    case .suppressed: rig.schedulers[0].driver?.suppressOffers(roles: nil)
    case .hoarded:
      rig.schedulers[0].onOffers = { _, _ in }
      rig.run(until: 40)
    case .full:
      rig.schedulers[0].onOffers = { driver, offers in
        for offer in offers {
          var whole = sleeper(TaskID("t\(offer.id)"), on: offer, seconds: 9999)
          whole.resources = offer.resources
          driver.launchTasks([offer.id], [whole], filters: Filters())
        }
      }
      rig.run(until: 40)
    case .disconnected: rig.cluster.inject(.kill(Parties(schedulers: ["*"])))
    }
    rig.run(until: 60)
    suppressBehindItsBack(rig)
    #expect(complaint(rig, checker) == nil)
  }

  // Goal: what an allocator does with the news that a slave drains is not asked; the master offers
  // it to nobody.
  @Test(
    "BUG: not of slaves that drain, whatever the allocator",
    arguments: AllocatorRegistry().descriptors.map(\.name))
  func draining(_ allocator: String) throws {
    let (rig, checker) = try rig(allocator: allocator)
    for slave in 0..<2 as Range<Int32> {
      _ = rig.cluster.operate(.drain(SlaveIndex(rawValue: slave)))
    }
    rig.run(until: 30)
    rig.cluster.inject(.restart(Parties(slaves: ["*"])))
    rig.run(until: 60)
    suppressBehindItsBack(rig)
    #expect(complaint(rig, checker) == nil)
  }

  @Test("BUG: not of updates that a scheduler that is behind has yet to handle")
  func behind() throws {
    let rig = try Rig { $0.serviceTimes.scheduler = [.statusUpdate: .seconds(10_000)] }
    rig.schedulers[0].onOffers = { driver, offers in
      driver.launchTasks(
        [offers[0].id], [sleeper("t", on: offers[0], seconds: 60)], filters: Filters())
    }
    rig.run(until: 100)
    #expect(rig.schedulers[0].notes(with: "TASK_").isEmpty)
    #expect(complaint(rig, InvariantChecker(watching: rig.cluster)) == nil)
  }

  @Test("looking changes nothing", arguments: ["drf", "lottery", "random", "static", "optimistic"])
  func innocent(_ allocator: String) throws {
    func facts(looks: Bool) throws -> [String] {
      let (rig, checker) = try rig(allocator: allocator)
      if looks { _ = complaint(rig, checker) }
      rig.run(until: 120)
      return rig.facts.facts.map { "\($0)" }
    }
    #expect(try facts(looks: true) == facts(looks: false))
  }

  // MARK: What stands

  @Test("BUG: not of what is down or cut off for ever")
  func standing() throws {
    let faults: [Fault] = [
      .kill(Parties(masters: ["*"])), .pause(Parties(masters: ["*"])),
      .partition(
        Parties(masters: ["*"]), from: Parties(zookeeper: true), isOneWay: false),
      .partition(
        Parties(slaves: ["host-0"]), from: Parties(masters: ["*"], zookeeper: true),
        isOneWay: true),
      .partition(
        Parties(schedulers: ["*"]), from: Parties(masters: ["*"]), isOneWay: false),
      .crash(Parties(slaves: ["*"])), .pause(Parties(slaves: ["*"])),
      .kill(Parties(schedulers: ["*"])), .pause(Parties(schedulers: ["*"])),
      .network(NetworkConditions(loss: 0.5)),
    ]
    for fault in faults {
      let (rig, checker) = try rig()
      rig.cluster.inject(fault)
      rig.run(until: 1600)
      #expect(complaint(rig, checker) == nil, "\(fault)")
    }
  }

  @Test("of a slave that is down and still counted on, when it should be lost by now")
  func down() throws {
    let (rig, checker) = try rig()
    rig.cluster.inject(.crash(Parties(slaves: ["host-1"])))
    #expect(complaint(rig, checker) == "host-1 is down, and the master counts on it")
  }

  @Test("of a scheduler and a master that take one another for something else")
  func schedulers() throws {
    let states: [(FrameworkRecord.State, String?)] = [
      (.active, nil), (.removed, nil),
      (.inactive, "f0 is connected, and the master does not count on it"),
      (.disconnected, "f0 is connected, and the master does not count on it"),
    ]
    for (state, expected) in states {
      let (rig, checker) = try rig()
      rig.cluster.masters[0].master.frameworks[0].state = state
      #expect(complaint(rig, checker) == expected)
    }
    let (rig, checker) = try rig()
    rig.cluster.schedulers[0].state = .dead
    #expect(complaint(rig, checker) == "f0 is gone, and the master counts on it")
  }

  @Test("when nobody leads although somebody could")
  func leaderless() throws {
    let (rig, checker) = try rig(masters: 2)
    rig.cluster.leader = nil
    #expect(complaint(rig, checker) == "nobody leads")
  }

  // MARK: Time

  @Test("BUG: a cluster has the time that its settings let it take")
  func patience() throws {
    func patience(_ change: (inout ClusterSetup) -> Void) throws -> Duration {
      let rig = try Rig(slaves: 2, change: change)
      let checker = InvariantChecker(watching: rig.cluster)
      return checker.recoveryDeadline(lastFault: .start) - .start
    }
    #expect(try patience { _ in } == .seconds(1500))
    #expect(try patience { $0.master.slavePingTimeout = .seconds(1) } == .seconds(1500))
    let slow = try patience {
      $0.master.slavePingTimeout = .seconds(120)
      $0.master.slavePingTimeoutsMax = 20
      $0.master.slaveReregisterTimeout = .seconds(1200)
      $0.master.slaveRemovalInterval = .seconds(600)
    }
    #expect(slow == .seconds(600 + 2400 + 1200 + 2 * 600 + 225))
  }
}
