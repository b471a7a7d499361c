// Part of mesosim. Apache-2.0, see LICENSE.
//
// The scheduler driver on a real cluster (Rules 3.4, 12.5).

import Mesos
import MesosCluster
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

/// A task that runs `sleep` on one cpu.
func sleeper(_ id: TaskID, on offer: Offer, seconds: Int = 1000, cpus: Double = 1) -> TaskInfo {
  TaskInfo(
    name: id.value, taskID: id, slaveID: offer.slaveID, resources: Resources(cpus: cpus, mem: 64),
    command: CommandInfo("sleep \(seconds)"))
}

/// The master that leads.
let theLeader = Parties(masters: ["leader"])

@Suite("Scheduler driver")
struct DriverTests {
  @Test("DeactivateFrameworkOnAbort: what an aborted driver was offered goes to others")
  func deactivateOnAbort() throws {
    let rig = try Rig(frameworks: 2)
    rig.schedulers[0].onOffers = { driver, _ in #expect(driver.abort() == .aborted) }
    rig.schedulers[1].onOffers = { driver, _ in driver.suppressOffers() }
    rig.run(until: 60)
    #expect(rig.schedulers[0].notes(with: "offer").count == 1)
    #expect(rig.schedulers[1].notes(with: "offer").count == 1)
  }

  @Test("DisallowSchedulerCallbacksOnAbort: nothing is called after abort, whatever arrives")
  func noCallbacksAfterAbort() throws {
    let rig = try Rig(slaves: 2) { $0.master.offerTimeout = .seconds(10) }
    let scheduler = rig.schedulers[0]
    scheduler.onOffers = { driver, offers in
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0], seconds: 5)])
    }
    scheduler.onUpdate = { driver, _ in driver.abort() }
    rig.run(until: 100)
    #expect(scheduler.notes.last?.contains("t TASK_RUNNING") == true)
    #expect(scheduler.notes(with: "rescinded").isEmpty)
    #expect(scheduler.driver?.status == .aborted)
  }

  @Test("an abort within statusUpdate leaves the update unacknowledged")
  func abortInUpdate() throws {
    let rig = try Rig { $0.frameworks[0].restartDelay = .seconds(1) }
    let scheduler = rig.schedulers[0]
    scheduler.onOffers = { driver, offers in
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0])])
    }
    scheduler.onUpdate = { driver, _ in driver.abort() }
    rig.run(until: 10)
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    rig.run(until: 100)
    #expect(scheduler.notes(with: "TASK_RUNNING").count == 1)
  }

  @Test("ExplicitAcknowledgements: an update comes again until the scheduler acknowledges it")
  func explicitAcknowledgements() throws {
    let rig = try Rig { $0.frameworks[0].acknowledgesExplicitly = true }
    let scheduler = rig.schedulers[0]
    scheduler.onOffers = { driver, offers in
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0])])
      driver.suppressOffers()
    }
    scheduler.onUpdate = { [unowned scheduler] driver, status in
      if scheduler.notes(with: "TASK_RUNNING").count == 3 {
        driver.acknowledgeStatusUpdate(status)
      }
    }
    rig.run(until: 500)
    // RetryStatusUpdate: 10 s after the first sending, 20 s after the second.
    #expect(
      scheduler.notes(with: "TASK_RUNNING") == [
        "00:00:06.000 t TASK_RUNNING ", "00:00:16.000 t TASK_RUNNING ",
        "00:00:36.000 t TASK_RUNNING ",
      ])
  }

  @Test("ExplicitAcknowledgementsMasterGeneratedUpdate: there is nothing to acknowledge")
  func explicitAcknowledgementOfMasters() throws {
    let rig = try Rig { $0.frameworks[0].acknowledgesExplicitly = true }
    let scheduler = rig.schedulers[0]
    scheduler.onOffers = { driver, offers in
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0], cpus: 99)])
      driver.suppressOffers()
    }
    scheduler.onUpdate = { driver, status in
      #expect(status.uuid == nil)
      #expect(driver.acknowledgeStatusUpdate(status) == .running)
    }
    rig.run(until: 100)
    #expect(scheduler.notes(with: "TASK_ERROR").count == 1)
  }

  @Test(
    "RegistrationWithZeroFailoverTime: whatever the failover timeout, registration is repeated",
    arguments: [0.0, 1, 600])
  func registrationIsRepeated(failoverTimeout: Double) throws {
    let rig = try Rig(
      slaves: [], frameworks: [FrameworkInfo(name: "f", failoverTimeoutSeconds: failoverTimeout)])
    rig.cluster.inject(.network(NetworkConditions(loss: 1)))
    rig.run(until: 40)
    #expect(rig.schedulers[0].notes.isEmpty)
    rig.cluster.inject(.network(nil))
    rig.run(until: 120)
    #expect(rig.schedulers[0].notes(with: "registered").count == 1)
  }

  @Test("ReregisterAfterSuppress: what is suppressed stays so with the next master")
  func reregisterAfterSuppress() throws {
    let rig = try Rig(
      slaves: [SlaveInfo(hostname: "h", resources: Resources(cpus: 4, mem: 4096))],
      frameworks: [
        FrameworkInfo(
          name: "f", failoverTimeoutSeconds: 600, capabilities: .multiRole, roles: ["a", "b"])
      ]
    ) { $0.masters = 2 }
    let scheduler = rig.schedulers[0]
    var roles: [Role] = []
    scheduler.onRegistered = { driver in driver.suppressOffers(roles: ["a", "b"]) }
    scheduler.onOffers = { driver, offers in
      roles += offers.map(\.role)
      for offer in offers { driver.declineOffer(offer.id, filters: Filters(refuseSeconds: 0)) }
    }
    rig.run(until: 20)
    let before = roles.count
    scheduler.onRegistered = { _ in }
    rig.cluster.inject(.kill(theLeader))
    rig.run(until: 100)
    #expect(scheduler.notes(with: "reregistered").count == 1)
    #expect(roles.count == before)
    // SuppressSingleRole: revived in one role, offers come in that role only.
    scheduler.driver?.reviveOffers(roles: ["b"])
    rig.run(until: 120)
    #expect(roles.count > before)
    #expect(roles.dropFirst(before).allSatisfy { $0 == "b" })
  }

  @Test("a suppression while there is no master reaches the next one")
  func suppressWhileDisconnected() throws {
    let rig = try Rig(
      slaves: [SlaveInfo(hostname: "h", resources: Resources(cpus: 4, mem: 4096))],
      frameworks: [
        FrameworkInfo(
          name: "f", failoverTimeoutSeconds: 600, capabilities: .multiRole, roles: ["a", "b"])
      ]
    ) { $0.masters = 2 }
    let scheduler = rig.schedulers[0]
    scheduler.onDisconnected = { driver in
      // After the subscription is under way, too: a driver that is connected says so once more.
      scheduler.environment.startTimer(after: .milliseconds(100)) {
        #expect(driver.suppressOffers(roles: ["a", "b"]) == .running)
      }
    }
    rig.run(until: 20)
    rig.cluster.inject(.kill(theLeader))
    rig.run(until: 40)
    let before = scheduler.notes(with: "offer").count
    rig.run(until: 200)
    #expect(scheduler.notes(with: "reregistered").count == 1)
    #expect(scheduler.notes(with: "offer").count <= before + 1)
  }

  @Test("DisconnectedSchedulerLaunchLost: a launch without a master is lost here and now")
  func launchWhileDisconnected() throws {
    let rig = try Rig()
    let scheduler = rig.schedulers[0]
    var offer: Offer?
    scheduler.onOffers = { _, offers in offer = offers[0] }
    scheduler.onDisconnected = { driver in
      guard let offer else { return }
      driver.launchTasks(offer.id, [sleeper("t1", on: offer), sleeper("t2", on: offer)])
      // Nothing else is answered.
      driver.acceptOffers(
        [offer.id], [.reserve(Resources(cpus: 1)), .launch([sleeper("t3", on: offer)])],
        filters: Filters())
      driver.killTask("t1")
      driver.reconcileTasks([])
      driver.declineOffer(offer.id)
    }
    scheduler.onUpdate = { _, status in
      #expect(status.reason == .masterDisconnected)
      #expect(status.source == .master)
      #expect(status.uuid == nil)
    }
    rig.run(until: 5)
    rig.cluster.inject(.kill(theLeader))
    rig.run(until: 60)
    #expect(
      scheduler.notes.map { String($0.dropFirst(13)) }.suffix(4) == [
        "disconnected", "t1 TASK_LOST Master disconnected", "t2 TASK_LOST Master disconnected",
        "t3 TASK_LOST Master disconnected",
      ])
  }

  @Test("every call returns the state of the driver, and does nothing in the wrong one")
  func states() throws {
    let rig = try Rig(frameworks: 2)
    rig.schedulers[0].onRegistered = { driver in
      #expect(driver.start() == .running)
      #expect(driver.abort() == .aborted)
      #expect(driver.abort() == .aborted)
      #expect(driver.start() == .aborted)
      #expect(driver.reviveOffers() == .aborted)
      #expect(driver.suppressOffers() == .aborted)
      #expect(driver.killTask("t") == .aborted)
      #expect(driver.reconcileTasks([]) == .aborted)
      #expect(driver.requestResources([]) == .aborted)
      #expect(driver.launchTasks([], [], filters: Filters()) == .aborted)
      #expect(driver.sendFrameworkMessage("e", "m1-S0", [1]) == .aborted)
      #expect(driver.stop(failover: false) == .aborted)
      #expect(driver.status == .stopped)
      #expect(driver.stop(failover: false) == .stopped)
    }
    rig.schedulers[1].onRegistered = { driver in
      #expect(driver.stop(failover: true) == .stopped)
      #expect(driver.abort() == .stopped)
    }
    rig.run(until: 100)
    // The first tore its framework down on its way out, the second's timed out.
    let removed = rig.facts.facts.filter {
      if case .frameworkRemoved = $0.fact { true } else { false }
    }
    #expect(removed.count == 2)
  }

  @Test("updateFramework: roles change; before the registration or with another id it is an abort")
  func update() throws {
    let info = FrameworkInfo(
      name: "f", failoverTimeoutSeconds: 600, capabilities: .multiRole, roles: ["a", "b"])
    let rig = try Rig(
      slaves: [SlaveInfo(hostname: "h", resources: Resources(cpus: 4, mem: 4096))],
      frameworks: [info])
    let scheduler = rig.schedulers[0]
    var roles: [Role] = []
    scheduler.onRegistered = { driver in
      var new = info
      new.id = "m1-0000"
      new.roles = ["c"]
      #expect(driver.updateFramework(new, suppressedRoles: []) == .running)
    }
    scheduler.onOffers = { driver, offers in
      roles += offers.map(\.role)
      for offer in offers { driver.declineOffer(offer.id, filters: Filters(refuseSeconds: 0)) }
    }
    rig.run(until: 30)
    #expect(roles.last == "c")
    var other = info
    other.id = "m1-0007"
    #expect(scheduler.driver?.updateFramework(other, suppressedRoles: []) == .aborted)
    rig.run(until: 40)
    #expect(scheduler.notes.last?.contains("error updateFramework with id 'm1-0007'") == true)
  }

  @Test("a driver that was refused lets the master know that it takes no more offers")
  func errorDeactivates() throws {
    let rig = try Rig(frameworks: 2)
    rig.schedulers[0].onOffers = { driver, _ in
      // The user must not change.
      driver.updateFramework(
        FrameworkInfo(user: "other", name: "f0", id: "m1-0000"), suppressedRoles: [])
    }
    rig.schedulers[1].onOffers = { driver, _ in driver.suppressOffers() }
    rig.run(until: 60)
    #expect(rig.schedulers[0].notes.last?.contains("error framework's user may not") == true)
    #expect(rig.schedulers[0].driver?.status == .aborted)
    #expect(rig.schedulers[1].notes(with: "offer").count == 1)
  }
}
