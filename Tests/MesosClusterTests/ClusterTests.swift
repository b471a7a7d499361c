// Part of mesosim. Apache-2.0, see LICENSE.
//
// The whole cluster on the kernel: schedulers that know only `Mesos`, run through offers.

import Mesos
import MesosAllocation
import MesosCluster
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@Suite("Cluster")
struct ClusterTests {
  @Test("a task's life crosses the wire step by step")
  func lifeOfATask() throws {
    let rig = try Rig()
    let scheduler = try #require(rig.schedulers.first)
    scheduler.onOffers = { driver, offers in
      guard let offer = offers.first, offer.resources.cpus == 4 else { return }
      let task = TaskInfo(
        name: "t", taskID: "t", slaveID: offer.slaveID, resources: Resources(cpus: 1, mem: 1024),
        command: CommandInfo("sleep 10"))
      driver.launchTasks([offer.id], [task], filters: Filters(refuseSeconds: 60))
      driver.suppressOffers()
    }
    rig.run(until: 100)
    #expect(
      scheduler.notes == [
        "00:00:02.000 registered m1-0000",
        "00:00:02.000 offer m1-S0 cpus:4; mem:4096",
        "00:00:06.000 t TASK_RUNNING ",
        "00:00:16.000 t TASK_FINISHED Command exited with status 0",
      ])
  }

  @Test("once all is done, nothing happens any more: no ticks, no pings")
  func quiet() throws {
    let rig = try Rig(slaves: 3)
    rig.schedulers.first?.onOffers = { driver, offers in
      driver.declineOffer(offers[0].id, filters: Filters())
      driver.suppressOffers()
    }
    rig.run(until: 1000)
    let handled = rig.simulation.eventsHandled
    rig.simulation.run(until: .start + .seconds(1_000_000))
    #expect(rig.simulation.eventsHandled == handled)
  }

  @Test("a declined offer comes back when its filter has expired, at the next interval")
  func declineComesBack() throws {
    let rig = try Rig()
    rig.run(until: 14)
    // Declined at 2, known to the master at 3, filtered until 8, offered at that tick, there at 9.
    #expect(
      rig.schedulers[0].notes.dropFirst(2) == ["00:00:09.000 offer m1-S0 cpus:4; mem:4096"])
  }

  @Test("a kill ends a running command early; its simulated end is called off")
  func kill() throws {
    let rig = try Rig()
    let scheduler = rig.schedulers[0]
    scheduler.onOffers = { driver, offers in
      let task = TaskInfo(
        name: "t", taskID: "t", slaveID: offers[0].slaveID, resources: offers[0].resources,
        command: CommandInfo("sleep 1000"))
      driver.launchTasks(offers[0].id, [task])
      driver.suppressOffers()
    }
    scheduler.onUpdate = { driver, status in
      if status.state == .running { driver.killTask(status.taskID) }
    }
    rig.run(until: 2000)
    #expect(
      scheduler.notes.suffix(2) == [
        "00:00:06.000 t TASK_RUNNING ",
        "00:00:10.000 t TASK_KILLED Command terminated with signal Terminated",
      ])
  }

  @Test("a command without a simulated duration fails and says what to write")
  func unknownCommand() throws {
    let rig = try Rig()
    let scheduler = rig.schedulers[0]
    scheduler.onOffers = { driver, offers in
      let task = TaskInfo(
        name: "t", taskID: "t", slaveID: offers[0].slaveID, resources: offers[0].resources,
        command: CommandInfo("./server --port 80"))
      driver.launchTasks(offers[0].id, [task])
      driver.suppressOffers()
    }
    rig.run(until: 100)
    #expect(scheduler.notes.last?.contains("TASK_FAILED") == true)
    #expect(scheduler.notes.last?.contains("use 'sleep SECONDS'") == true)
  }

  @Test("nothing is called after stop has returned, and the master lets the framework go")
  func stop() throws {
    let rig = try Rig(frameworks: 2)
    rig.schedulers[0].onOffers = { driver, _ in
      #expect(driver.stop(failover: false) == .stopped)
      #expect(driver.stop(failover: false) == .stopped)
      #expect(driver.reviveOffers() == .stopped)
    }
    rig.schedulers[1].onOffers = { driver, _ in driver.suppressOffers() }
    rig.run(until: 100)
    #expect(rig.schedulers[0].notes.count == 2)
    #expect(rig.schedulers[1].notes.count == 2)
  }

  @Test("timers fire in order, can be taken back, and a reused slot does not confuse them")
  func timers() throws {
    let rig = try Rig()
    let scheduler = rig.schedulers[0]
    let environment = scheduler.environment
    let late = environment.startTimer(after: .seconds(5)) { scheduler.note("late") }
    environment.startTimer(after: .seconds(3)) { scheduler.note("early") }
    environment.cancelTimer(late)
    environment.startTimer(after: .seconds(4)) { scheduler.note("other") }
    environment.cancelTimer(late)
    rig.simulation.run(until: .start + .seconds(10))
    #expect(scheduler.notes == ["00:00:03.000 early", "00:00:04.000 other"])
  }

  @Test("the same seed gives the same facts; a sink more changes nothing")
  func sameSeed() throws {
    func digest(isListening: Bool) throws -> String {
      let rig = try Rig(slaves: 5, frameworks: 3, isListening: isListening)
      rig.run(until: 50)
      return rig.digest
    }
    let digests = try [digest(isListening: true), digest(isListening: false)]
    #expect(digests[0] == digests[1])
    #expect(digests[0].count == 32)
  }

  @Test("resources of every fact add up to nothing more than a slave has")
  func conservation() throws {
    let rig = try Rig(slaves: 2, frameworks: 2)
    for scheduler in rig.schedulers {
      scheduler.onOffers = { driver, offers in
        for offer in offers {
          let task = TaskInfo(
            name: "t", taskID: TaskID("\(offer.id)"), slaveID: offer.slaveID,
            resources: Resources(cpus: 1, mem: 512), command: CommandInfo("sleep 2.5"))
          driver.launchTasks(offer.id, [task])
        }
      }
    }
    rig.run(until: 60)
    var allocated = [Resources(), Resources()]
    for (instant, fact) in rig.facts.facts {
      switch fact {
      case .offered(_, let slave, let resources), .taskLaunched(_, let slave, let resources, _):
        allocated[slave] += resources
      case .offerEnded(_, let slave, let resources, _),
        .taskEnded(_, let slave, let resources, _, _, _):
        #expect(allocated[slave].contains(resources), "at \(instant)")
        allocated[slave] -= resources
      default: continue
      }
      let room = Resources(cpus: 4, mem: 4096)
      #expect(allocated.allSatisfy { room.contains($0) }, "at \(instant)")
    }
    #expect(rig.facts.facts.count > 100)
  }
}
