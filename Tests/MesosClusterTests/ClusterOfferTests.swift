// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers and launches on a whole cluster (Rules 12.4, 12.8).

import Mesos
import MesosAllocation
import MesosCluster
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@Suite("Offers of a cluster")
struct ClusterOfferTests {
  @Test("ResourceOfferWithMultipleSlaves: ten slaves are offered, each whole")
  func manySlaves() throws {
    let rig = try Rig(slaves: 10, resources: Resources(cpus: 2, mem: 1024))
    var offers: [Offer] = []
    rig.schedulers[0].onOffers = { _, new in offers += new }
    rig.run(until: 5)
    #expect(offers.count == 10)
    #expect(Set(offers.map(\.slaveID)).count == 10)
    #expect(offers.allSatisfy { $0.resources == Resources(cpus: 2, mem: 1024) })
    // In the order of registration, within one message.
    #expect(offers.map(\.slaveID) == (0..<10).map { SlaveID("m1-S\($0)") })
  }

  @Test("ResourcesGetReofferedAfterFrameworkStops: to the second framework")
  func reofferedAfterStop() throws {
    let rig = try Rig(frameworks: 2)
    rig.schedulers[0].onOffers = { driver, _ in driver.stop(failover: false) }
    rig.schedulers[1].onOffers = { driver, _ in driver.suppressOffers() }
    rig.run(until: 30)
    #expect(rig.schedulers[1].notes(with: "offer m1-S0 cpus:4; mem:4096").count == 1)
  }

  @Test("SchedulerExit: the resources of a scheduler that died are offered to others")
  func reofferedAfterExit() throws {
    let rig = try Rig(frameworks: 2)
    rig.schedulers[0].onOffers = { driver, offers in
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0], cpus: 4)])
    }
    rig.schedulers[1].onOffers = { driver, offers in
      driver.declineOffer(offers[0].id, filters: Filters(refuseSeconds: 1000))
    }
    rig.run(until: 10)
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    rig.run(until: 60)
    #expect(rig.schedulers[1].notes.last?.contains("offer m1-S0 cpus:4; mem:4096") == true)
  }

  @Test("ResourcesGetReofferedAfterTaskInfoError: what a bad task asked for goes to the next")
  func reofferedAfterError() throws {
    let rig = try Rig(frameworks: 2)
    rig.schedulers[0].onOffers = { driver, offers in
      driver.launchTasks(
        [offers[0].id], [sleeper("", on: offers[0])], filters: Filters(refuseSeconds: 600))
    }
    rig.schedulers[1].onOffers = { driver, _ in driver.suppressOffers() }
    rig.run(until: 30)
    #expect(rig.schedulers[0].notes.last?.contains("TASK_ERROR task id is empty") == true)
    #expect(rig.schedulers[1].notes(with: "offer m1-S0 cpus:4; mem:4096").count == 1)
  }

  @Test("WhitelistSlave: only slaves on listed hosts are offered")
  func whitelist() throws {
    let rig = try Rig(slaves: 3)
    var offered: [String] = []
    rig.schedulers[0].onOffers = { driver, offers in
      for offer in offers {
        offered.append(offer.hostname)
        driver.declineOffer(offer.id, filters: Filters(refuseSeconds: 0))
      }
    }
    #expect(rig.cluster.operate(.updateWhitelist(["host-1"])) == .done)
    rig.run(until: 10)
    #expect(!offered.isEmpty)
    #expect(offered.allSatisfy { $0 == "host-1" })
    #expect(rig.cluster.operate(.updateWhitelist(nil)) == .done)
    rig.run(until: 20)
    #expect(Set(offered).count == 3)
  }

  @Test("an operator is told what the allocator does not support, and nothing is done")
  func unsupported() throws {
    let rig = try Rig(allocator: "static")
    rig.run(until: 5)
    let role: Role = "a"
    let amounts = Resources(cpus: 1)
    let quota = Quota(limits: try Limits(parsing: "cpus:1"))
    let refusals: [(call: OperatorCall, what: String)] = [
      (.updateWeights([WeightInfo(role, 2)]), "this allocator has no weights"),
      (.setQuota(role, guarantee: amounts, isForced: true), "this allocator has no quotas"),
      (.updateQuotas([QuotaConfig(role, quota)], isForced: true), "this allocator has no quotas"),
      (.updateWhitelist(["host-0"]), "this allocator has no whitelist"),
    ]
    for refusal in refusals {
      #expect(rig.cluster.operate(refusal.call) == .badRequest(refusal.what))
    }
    let optimistic = try Rig(allocator: "optimistic")
    optimistic.run(until: 5)
    let reserve = OperatorCall.reserve(0, amounts.pushing(Reservation(.dynamic, role: role)))
    #expect(
      optimistic.cluster.operate(reserve) == .badRequest("this allocator knows no reservations"))
  }

  @Test("OfferTimeout: an offer that nobody answers is rescinded and made anew, without a filter")
  func offerTimeout() throws {
    let rig = try Rig { $0.master.offerTimeout = .seconds(10) }
    rig.schedulers[0].onOffers = { _, _ in }
    rig.run(until: 14)
    #expect(
      rig.schedulers[0].notes.dropFirst() == [
        "00:00:02.000 offer m1-S0 cpus:4; mem:4096", "00:00:12.000 rescinded m1-O0",
        "00:00:12.000 offer m1-S0 cpus:4; mem:4096",
      ])
  }

  @Test("ImplicitRoleStaticReservation: reserved resources go to their role, the rest to anybody")
  func staticReservation() throws {
    let resources = try Resources(parsing: "cpus(a):3;cpus:1;mem(a):512;mem:512")
    let rig = try Rig(
      slaves: [SlaveInfo(hostname: "h", resources: resources)],
      frameworks: [FrameworkInfo(name: "other"), FrameworkInfo(name: "a", role: "a")])
    var seen: [String] = []
    for (scheduler, name) in zip(rig.schedulers, ["other", "a"]) {
      scheduler.onOffers = { driver, offers in
        seen.append("\(name): \(offers[0].resources)")
        driver.suppressOffers()
      }
    }
    rig.run(until: 10)
    #expect(seen.sorted() == ["a: cpus(a):3; mem(a):512", "other: cpus:1; mem:512"])
  }

  @Test("ReserveShareWithinRole: what one framework reserves is offered to others of its role")
  func reserveWithinRole() throws {
    let rig = try Rig(
      slaves: [SlaveInfo(hostname: "h", resources: Resources(cpus: 4, mem: 4096))],
      frameworks: [
        FrameworkInfo(name: "a1", role: "a"), FrameworkInfo(name: "a2", role: "a"),
        FrameworkInfo(name: "b", role: "b"),
      ])
    let reserved = Resources(cpus: 4, mem: 4096)
      .pushing(Reservation(.dynamic, role: "a"))
    for scheduler in rig.schedulers {
      scheduler.onOffers = { driver, offers in
        guard offers[0].resources != reserved else { return }
        guard offers[0].role == "a" else { return }
        driver.acceptOffers([offers[0].id], [.reserve(reserved)], filters: Filters())
        driver.suppressOffers()
      }
    }
    rig.run(until: 30)
    let offers = rig.schedulers.map { $0.notes(with: "(DYNAMIC,a)").count }
    #expect(offers.reduce(0, +) == 1)
    #expect(offers[2] == 0)
    // MasterFailover (reservation): the next master has it from the slave.
  }

  @Test("AccessPersistentVolume: made, used, kept after the task, destroyed, unreserved")
  func volume() throws {
    let rig = try Rig(
      slaves: [
        SlaveInfo(hostname: "h", resources: try Resources(parsing: "cpus:4;mem:4096;disk:1024"))
      ], frameworks: [FrameworkInfo(name: "a", role: "a")])
    let scheduler = rig.schedulers[0]
    let reservation = Reservation(.dynamic, role: "a")
    let disk = Resources(disk: 512).pushing(reservation)
    let volume = Resources([
      Resource(
        "disk", .scalar(Scalar(thousandths: 512_000)), reservations: [reservation],
        disk: DiskInfo(persistenceID: "vol1", containerPath: "data"))
    ])
    var steps = 0
    scheduler.onOffers = { driver, offers in
      let offer = offers[0]
      let filters = Filters(refuseSeconds: 0)
      steps += 1
      switch steps {
      case 1:
        #expect(offer.resources.persistentVolumes.isEmpty)
        var task = sleeper("t1", on: offer, seconds: 1)
        task.resources += volume
        driver.acceptOffers(
          [offer.id], [.reserve(disk), .create(volume), .launch([task])], filters: filters)
      case 2 where offer.resources.persistentVolumes.isEmpty:
        driver.declineOffer(offer.id, filters: filters)
        steps = 1
      case 2:
        #expect(offer.resources.persistentVolumes == volume)
        driver.acceptOffers(
          [offer.id], [.destroy(volume), .unreserve(disk)], filters: filters)
      default:
        #expect(offer.resources.disk == 1024)
        #expect(offer.resources == (try? Resources(parsing: "cpus:4;mem:4096;disk:1024")))
        driver.suppressOffers()
      }
    }
    rig.run(until: 60)
    #expect(steps == 3)
    #expect(scheduler.notes(with: "TASK_FINISHED").count == 1)
  }

  @Test("offers declined together are declined like one by one, and the declines travel together")
  func declinedTogether() throws {
    let rig = try Rig(slaves: 6)
    var statuses: [DriverStatus] = []
    rig.schedulers[0].onOffers = { driver, offers in
      statuses.append(driver.declineOffers([]))
      statuses.append(driver.declineOffer(offers[0].id))
      statuses.append(driver.declineOffers(offers[1..<3]))
      statuses.append(driver.declineOffers(offers[3...], filters: Filters(refuseSeconds: 3600)))
      _ = driver.stop(failover: true)
      statuses.append(driver.declineOffers(offers))
    }
    rig.run(until: 60)
    #expect(statuses == [.running, .running, .running, .running, .stopped])
    let declined = rig.facts.facts.filter { _, fact in
      if case .offerEnded(_, _, _, .declined) = fact { true } else { false }
    }
    #expect(declined.count == 6)
    #expect(Set(declined.map(\.instant)).count == 1)
  }
}
