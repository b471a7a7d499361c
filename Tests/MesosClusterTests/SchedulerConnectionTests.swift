// Part of mesosim. Apache-2.0, see LICENSE.
//
// What becomes of the connection between a scheduler and the master when a message on it is lost.

import Mesos
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Connections of schedulers")
struct SchedulerConnectionTests {
  private static let masters = Parties(masters: ["*"])
  private static let schedulers = Parties(schedulers: ["*"])

  /// One framework on one slave, all of which is offered to it again and again, with a failover
  /// timeout.
  private func rig(timeout: Double) throws -> Rig {
    let rig = try Rig(
      slaves: [SlaveInfo(hostname: "h", resources: Resources(cpus: 4, mem: 4096))],
      frameworks: [FrameworkInfo(name: "f", failoverTimeoutSeconds: timeout)])
    rig.schedulers[0].onOffers = { driver, offers in
      for offer in offers { driver.declineOffer(offer.id, filters: Filters(refuseSeconds: 0)) }
    }
    return rig
  }

  private func removals(_ rig: Rig) -> [String] {
    rig.facts.facts.compactMap {
      if case .frameworkRemoved = $0.fact { "\($0.instant)" } else { nil }
    }
  }

  /// Loses every message between two seconds.
  private func lose(from start: Double, to end: Double, _ rig: Rig) {
    rig.run(until: start)
    rig.cluster.inject(.network(NetworkConditions(loss: 1)))
    rig.run(until: end)
    rig.cluster.inject(.network(nil))
  }

  private func cut(
    _ sources: Parties, from targets: Parties, isOneWay: Bool, start: Double, end: Double,
    _ rig: Rig
  ) {
    rig.run(until: start)
    let fault = rig.cluster.inject(.partition(sources, from: targets, isOneWay: isOneWay))
    rig.run(until: end)
    rig.cluster.mend(fault)
  }

  // Goal: whatever is lost, the framework is offered everything again, with the same id.
  // Method: no timeout for offers, so that only the driver's new subscription ends them.
  @Test(
    "BUG: an offer, or the answer to it, that was lost stood open for ever",
    arguments: [0.0, 600], ["loss", "offers cut off", "answers cut off", "all cut off"])
  func lostOffers(timeout: Double, kind: String) throws {
    let rig = try rig(timeout: timeout)
    switch kind {
    case "loss": lose(from: 20, to: 26, rig)
    case "offers cut off":
      cut(Self.masters, from: Self.schedulers, isOneWay: true, start: 20, end: 40, rig)
    case "answers cut off":
      cut(Self.schedulers, from: Self.masters, isOneWay: true, start: 20, end: 40, rig)
    default: cut(Self.schedulers, from: Self.masters, isOneWay: false, start: 20, end: 40, rig)
    }
    let before = rig.schedulers[0].notes(with: "offer").count
    rig.run(until: 150)
    let scheduler = rig.schedulers[0]
    #expect(scheduler.notes(with: "disconnected").count == 1)
    #expect(scheduler.notes(with: "reregistered").count == 1)
    #expect(scheduler.notes(with: "offer").count > before + 10)
    #expect(scheduler.notes(with: "error").isEmpty)
    #expect(removals(rig).isEmpty)
  }

  @Test("what is repeated breaks no connection: updates, their acknowledgements, registrations")
  func repeatedMessages() throws {
    let rig = try rig(timeout: 0)
    let scheduler = rig.schedulers[0]
    scheduler.onOffers = { driver, offers in
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0], seconds: 20)])
      driver.suppressOffers()
    }
    // The task's end and what follows from it are lost.
    lose(from: 15, to: 60, rig)
    rig.run(until: 200)
    #expect(scheduler.notes(with: "TASK_FINISHED").count == 1)
    #expect(scheduler.notes(with: "disconnected").isEmpty)
  }

  // Goal: a framework that ended is gone in the end, though the master was told nothing.
  // Method: the driver's last words are lost; the failover timeout is counted from the instant at
  // which the master sees that the connection broke.
  @Test(
    "BUG: a framework whose teardown was lost stood for ever",
    arguments: [0.0, 30], ["loss", "cut off"])
  func lostTeardown(timeout: Double, kind: String) throws {
    let rig = try rig(timeout: timeout)
    rig.schedulers[0].onOffers = { _, _ in }
    rig.run(until: 20)
    let fault = rig.cluster.inject(
      kind == "loss"
        ? .network(NetworkConditions(loss: 1))
        : .partition(Self.schedulers, from: Self.masters, isOneWay: false))
    #expect(rig.schedulers[0].driver?.stop(failover: false) == .stopped)
    rig.run(until: 25)
    rig.cluster.mend(fault)
    rig.run(until: 100)
    // A second after the end, or after the end of the partition, and then the timeout.
    let seen = (kind == "loss" ? 21 : 26) + timeout
    #expect(removals(rig) == ["\(Instant.start + .seconds(Int(seen)))"])
  }

  @Test(
    "BUG: a driver that was stopped before it was registered stood for ever as a framework",
    arguments: [true, false])
  func stoppedEarly(isAborted: Bool) throws {
    let rig = try rig(timeout: 0)
    rig.run(until: 1.5)
    let driver = rig.cluster.schedulers[0].driver
    if isAborted { _ = driver.abort() }
    _ = driver.stop(failover: false)
    rig.run(until: 60)
    #expect(removals(rig).count == 1)
  }

  @Test("a driver whose abort was lost is held for disconnected, and gone after its timeout")
  func lostAbort() throws {
    let rig = try rig(timeout: 30)
    rig.run(until: 20)
    rig.cluster.inject(.network(NetworkConditions(loss: 1)))
    _ = rig.schedulers[0].driver?.abort()
    rig.cluster.inject(.network(nil))
    rig.run(until: 100)
    #expect(removals(rig) == ["00:00:51.000"])
  }

  @Test("BUG: a scheduler that stood still when it was to subscribe again never did")
  func pausedWhileSubscribing() throws {
    let rig = try Rig()
    rig.cluster.inject(.network(NetworkConditions(loss: 1)))
    rig.run(until: 0.5)
    rig.cluster.inject(.pause(Self.schedulers))
    rig.run(until: 60)
    rig.cluster.inject(.network(nil))
    rig.cluster.inject(.resume(Self.schedulers))
    rig.run(until: 120)
    #expect(rig.schedulers[0].notes(with: "registered").count == 1)
  }

  // MARK: Demand

  private func demand(_ rig: Rig) -> Int {
    rig.facts.facts.reduce(0) { sum, fact in
      switch fact.fact {
      case .demand(_, _, let delta): sum + delta
      case .demandEnded: 0
      default: sum
      }
    }
  }

  @Test(
    "BUG: what a process said to wait did so after its end, and twice with the next one",
    arguments: ["kill", "stop", "abort", "teardown", "reset"])
  func demandOfTheDead(end: String) throws {
    let rig = try rig(timeout: 0)
    let shape = Resources(cpus: 1)
    rig.schedulers[0].keepsID = false
    rig.run(until: 10)
    rig.schedulers[0].environment.journal.demand(shape, delta: 3)
    rig.run(until: 20)
    #expect(demand(rig) == 3)
    switch end {
    case "kill": rig.cluster.inject(.kill(Self.schedulers))
    case "stop": _ = rig.schedulers[0].driver?.stop(failover: true)
    case "abort": _ = rig.schedulers[0].driver?.abort()
    case "teardown": #expect(rig.cluster.operate(.teardown(0)) == .done)
    default: rig.cluster.inject(.reset(Self.schedulers))
    }
    rig.run(until: 30)
    #expect(demand(rig) == 0)
    // Its timers may still run where only the driver has ended.
    rig.schedulers[0].environment.journal.demand(shape, delta: 2)
    #expect(demand(rig) == 0)
    rig.cluster.inject(.kill(Self.schedulers))
    rig.cluster.inject(.restart(Self.schedulers))
    rig.run(until: 40)
    rig.schedulers[1].environment.journal.demand(shape, delta: 3)
    #expect(demand(rig) == 3)
  }
}
