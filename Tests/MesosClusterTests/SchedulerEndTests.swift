// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scheduler's process ends, who is started again, and as which framework.

import Mesos
import MesosCluster
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@Suite("Ends of schedulers")
struct SchedulerEndTests {
  private static let scheduler = Parties(schedulers: ["f0"])

  private func rig(_ change: (inout ClusterSetup) -> Void = { _ in }) throws -> Rig {
    let infos = [SlaveInfo(hostname: "host-0", resources: Resources(cpus: 4, mem: 4096))]
    return try Rig(
      slaves: infos, frameworks: [FrameworkInfo(name: "f0", failoverTimeoutSeconds: 300)],
      change: change)
  }

  private func instants(_ rig: Rig, _ isMeant: (ClusterEvent) -> Bool) -> [Int] {
    rig.facts.facts.filter { isMeant($0.fact) }.map { Int($0.instant.seconds) }
  }

  private func removals(_ rig: Rig) -> [Int] {
    instants(rig) { if case .frameworkRemoved(0) = $0 { true } else { false } }
  }

  private func launch(_ scheduler: ScriptedScheduler, seconds: Int = 10_000) {
    scheduler.onOffers = { driver, offers in
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0], seconds: seconds)])
      driver.suppressOffers()
    }
  }

  @Test("BUG: a process lived on after its driver was aborted, and its framework without end")
  func abort() throws {
    let rig = try rig()
    rig.schedulers[0].onOffers = { driver, _ in driver.abort() }
    rig.run(until: 1000)
    let lost = instants(rig) { if case .frameworkDisconnected(0) = $0 { true } else { false } }
    #expect(lost.count == 1)
    #expect(removals(rig) == lost.map { $0 + 300 })
  }

  @Test("a framework is removed whether its word of farewell arrives or not")
  func lostFarewell() throws {
    let rig = try rig()
    rig.run(until: 50)
    rig.cluster.inject(.network(NetworkConditions(loss: 1)))
    rig.schedulers[0].driver?.stop(failover: false)
    rig.run(until: 1000)
    #expect(removals(rig) == [351])
  }

  @Test("BUG: some ends of a supervised scheduler were final, and those of a finished one were not")
  func restarts() throws {
    func lives(_ end: (Rig) -> Void) throws -> Int {
      let rig = try rig { $0.frameworks[0].restartDelay = .seconds(60) }
      rig.run(until: 50)
      end(rig)
      rig.run(until: 250)
      return rig.schedulers.count
    }
    #expect(try lives { $0.schedulers[0].driver?.abort() } == 2)
    #expect(try lives { $0.schedulers[0].driver?.stop(failover: true) } == 2)
    #expect(try lives { $0.cluster.inject(.kill(Self.scheduler)) } == 2)
    #expect(try lives { $0.cluster.inject(.reset(Self.scheduler)) } == 2)
    #expect(try lives { $0.schedulers[0].driver?.stop(failover: false) } == 1)
    for fault in [Fault.kill(Self.scheduler), .restart(Self.scheduler)] {
      let count = try lives {
        $0.schedulers[0].driver?.stop(failover: false)
        $0.cluster.inject(fault)
      }
      #expect(count == 1, "\(fault)")
    }
  }

  @Test("a restart that was planned for an earlier end does not come")
  func plannedRestart() throws {
    let rig = try rig { $0.frameworks[0].restartDelay = .seconds(60) }
    rig.run(until: 50)
    rig.cluster.inject(.kill(Self.scheduler))
    rig.run(until: 60)
    rig.cluster.inject(.restart(Self.scheduler))
    rig.run(until: 100)
    rig.cluster.inject(.kill(Self.scheduler))
    rig.run(until: 155)
    #expect(rig.schedulers.count == 2)
    rig.run(until: 165)
    #expect(rig.schedulers.count == 3)
  }

  @Test("BUG: a scheduler that came back without its id ended what the framework before it ran")
  func twoFrameworks() throws {
    let rig = try rig { $0.frameworks[0].restartDelay = .seconds(20) }
    let checker = InvariantChecker(watching: rig.cluster)
    rig.cluster.recorder.attach(checker)
    rig.schedulers[0].keepsID = false
    launch(rig.schedulers[0])
    rig.run(until: 50)
    rig.cluster.inject(.kill(Self.scheduler))
    rig.run(until: 71)
    // A task of the same name, of another framework.
    rig.schedulers[1].keepsID = false
    launch(rig.schedulers[1], seconds: 30)
    rig.run(until: 1000)
    #expect(rig.schedulers[1].notes.first?.contains("registered m1-0001") == true)
    #expect(rig.schedulers[1].notes(with: "t TASK_FINISHED").count == 1)
    #expect(removals(rig) == [351])
    let killed = instants(rig) {
      if case .taskEnded(0, _, _, .killed, _, _) = $0 { true } else { false }
    }
    #expect(killed == [351])
    #expect(checker.violation == nil)
  }

  @Test("what is named by the framework's index reaches the process that there is")
  func namedByIndex() throws {
    let rig = try rig { $0.frameworks[0].restartDelay = .seconds(20) }
    rig.schedulers[0].keepsID = false
    rig.run(until: 50)
    rig.cluster.inject(.kill(Self.scheduler))
    rig.run(until: 80)
    rig.schedulers[1].keepsID = false
    // One that comes now has an index of its own, and is called by it.
    let late = rig.cluster.admit(
      ClusterSetup.Framework(info: FrameworkInfo(name: "late")) { ScriptedScheduler($0) })
    #expect(late == 1)
    rig.run(until: 90)
    #expect(
      instants(rig) { if case .frameworkAdded(1) = $0 { true } else { false } }.count == 1)
    #expect(rig.cluster.operate(.teardown(0)) == .done)
    #expect(removals(rig) == [90])
    rig.cluster.dismiss(late)
    rig.run(until: 100)
    #expect(
      instants(rig) { if case .frameworkRemoved(1) = $0 { true } else { false } }.count == 1)
  }
}
