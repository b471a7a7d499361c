// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks that come late, are admitted while the cluster runs, leave and come back.

import Mesos
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosCluster

@Suite("Frameworks that come and go")
struct PresenceTests {
  private static let everybody = Parties(schedulers: ["*"])

  /// A cluster with one framework for each presence, each of which declines what it is offered.
  private func rig(
    _ presences: [ClusterSetup.Presence], slaves: Int = 1,
    change: (inout ClusterSetup) -> Void = { _ in }
  ) throws -> Rig {
    try Rig(slaves: slaves, frameworks: presences.count) { setup in
      for (place, presence) in presences.enumerated() {
        setup.frameworks[place].presence = presence
      }
      change(&setup)
    }
  }

  private func presence(
    start: Int = 0, leave: Int? = nil, comeBack: Int? = nil
  ) -> ClusterSetup.Presence {
    var presence = ClusterSetup.Presence()
    presence.start = .seconds(start)
    presence.leave = leave.map { .seconds($0) }
    presence.comeBack = comeBack.map { .seconds($0) }
    return presence
  }

  /// Has a scheduler launch one task, which is `t`.
  private func launchOnce(_ scheduler: ScriptedScheduler, seconds: Int = 100_000) {
    var hasLaunched = false
    scheduler.onOffers = { driver, offers in
      guard !hasLaunched else { return driver.declineForADay(offers) }
      hasLaunched = true
      driver.launchTasks(offers[0].id, [sleeper("t", on: offers[0], seconds: seconds)])
      driver.declineForADay(offers.dropFirst())
    }
  }

  private func count(_ rig: Rig, _ isMeant: (ClusterEvent) -> Bool) -> Int {
    rig.facts.facts.count { isMeant($0.fact) }
  }

  @Test("a late framework's scheduler is made and registers when it starts, not before")
  func late() throws {
    let rig = try rig([presence(), presence(start: 50)])
    rig.run(until: 49)
    #expect(rig.schedulers.count == 1)
    rig.run(until: 60)
    #expect(rig.schedulers.count == 2)
    #expect(rig.schedulers[1].notes.first == "00:00:52.000 registered m1-0001")
  }

  @Test("a framework admitted while the cluster runs fares as one that was there from the start")
  func admitted() throws {
    // Goal: which way a framework came is seen nowhere but in what it was told.
    // Method: the hash over all facts, and the notes, of a late and of an admitted framework, with
    // two masters of which one fails later, and parties that are busy with each message.
    func change(_ setup: inout ClusterSetup) {
      setup.masters = 2
      setup.serviceTimes.scheduler[.registered] = .milliseconds(300)
    }
    let late = try rig([presence(), presence(start: 50)], change: change)
    late.run(until: 50)
    let other = try rig([presence()], change: change)
    other.run(until: 50)
    let notes = ScriptedScheduler.Box()
    let index = other.cluster.admit(
      ClusterSetup.Framework(info: FrameworkInfo(name: "f1")) { environment in
        notes.made(ScriptedScheduler(environment))
      })
    #expect(index == 1)
    #expect(other.cluster.frameworkName(1) == "f1")
    for rig in [late, other] {
      rig.run(until: 100)
      rig.cluster.inject(.kill(theLeader))
      rig.run(until: 300)
    }
    #expect(late.digest == other.digest)
    #expect(notes.scheduler?.notes == late.schedulers[1].notes)
    #expect(notes.scheduler?.notes(with: "reregistered").count == 1)
  }

  @Test("a framework admitted before the start starts with the others")
  func admittedBefore() throws {
    let rig = try rig([presence()])
    var names: [String] = []
    rig.cluster.admit(
      ClusterSetup.Framework(info: FrameworkInfo(name: "f1")) { environment in
        names.append("made at \(environment.now)")
        return ScriptedScheduler(environment)
      })
    rig.run(until: 20)
    #expect(names == ["made at 00:00:00.000"])
    #expect(count(rig) { if case .frameworkAdded = $0 { true } else { false } } == 2)
  }

  @Test("a partition that names schedulers by a pattern does not cut off one that comes later")
  func admittedBehindAPartition() throws {
    let rig = try rig([presence()])
    rig.run(until: 20)
    rig.cluster.inject(
      .partition(Self.everybody, from: Parties(masters: ["*"]), isOneWay: false))
    let notes = ScriptedScheduler.Box()
    rig.cluster.admit(
      ClusterSetup.Framework(info: FrameworkInfo(name: "f1")) { environment in
        notes.made(ScriptedScheduler(environment))
      })
    rig.run(until: 60)
    #expect(notes.scheduler?.notes.first?.contains("registered m1-0001") == true)
  }

  @Test("a framework that leaves is torn down: its tasks end, and others get what it had")
  func leaves() throws {
    let rig = try rig([presence(leave: 100), presence(start: 50)])
    launchOnce(rig.schedulers[0])
    rig.run(until: 99)
    #expect(rig.schedulers[0].notes(with: "TASK_RUNNING").count == 1)
    rig.run(until: 200)
    #expect(count(rig) { if case .frameworkLeft(0) = $0 { true } else { false } } == 1)
    #expect(count(rig) { if case .frameworkRemoved(0) = $0 { true } else { false } } == 1)
    #expect(
      count(rig) { if case .taskEnded(0, _, _, .killed, _, _) = $0 { true } else { false } } == 1)
    #expect(rig.schedulers[1].notes.last?.hasSuffix("cpus:4; mem:4096") == true)
    let after = rig.schedulers[0].notes.filter { $0 > "00:01:40" }
    #expect(after.isEmpty, "nothing reaches it any more")
  }

  @Test("a framework that comes back is a new process and a new framework")
  func comesBack() throws {
    let rig = try rig([presence(leave: 100, comeBack: 150)])
    launchOnce(rig.schedulers[0])
    rig.run(until: 200)
    #expect(rig.schedulers.count == 2)
    #expect(rig.schedulers[0].notes.first?.contains("registered m1-0000") == true)
    #expect(rig.schedulers[1].notes.first == "00:02:32.000 registered m1-0001")
    #expect(rig.schedulers[1].notes.last?.hasSuffix("cpus:4; mem:4096") == true)
  }

  @Test("a framework that comes back at once runs tasks of the same names as before")
  func comesBackAtOnce() throws {
    // Goal: what is still under way of the first stay is not taken for the second's.
    // Method: the second process launches a task under the id of one that is being killed.
    let rig = try rig([presence(leave: 100)])
    let checker = InvariantChecker(watching: rig.cluster)
    rig.cluster.recorder.attach(checker)
    launchOnce(rig.schedulers[0])
    rig.run(until: 100)
    rig.cluster.readmit(0)
    launchOnce(rig.schedulers[1], seconds: 30)
    rig.run(until: 400)
    #expect(rig.schedulers[1].notes(with: "TASK_FINISHED").count == 1)
    #expect(checker.violation == nil)
  }

  @Test("one that stopped by itself leaves without a word, and can come back")
  func stoppedBefore() throws {
    let rig = try rig([presence(leave: 100, comeBack: 150)])
    rig.run(until: 50)
    rig.schedulers[0].driver?.stop(failover: false)
    rig.run(until: 200)
    #expect(count(rig) { if case .frameworkLeft = $0 { true } else { false } } == 0)
    #expect(rig.schedulers.count == 2)
  }

  @Test("who is dead when it leaves is not started again, and its tasks end with the timeout")
  func deadWhenLeaving() throws {
    let infos = [SlaveInfo(hostname: "host-0", resources: Resources(cpus: 4, mem: 4096))]
    let rig = try Rig(
      slaves: infos, frameworks: [FrameworkInfo(name: "f0", failoverTimeoutSeconds: 300)]
    ) { setup in
      setup.frameworks[0].restartDelay = .seconds(60)
      setup.frameworks[0].presence = presence(leave: 100)
    }
    launchOnce(rig.schedulers[0])
    rig.run(until: 90)
    rig.cluster.inject(.kill(Self.everybody))
    rig.run(until: 300)
    #expect(rig.schedulers.count == 1)
    #expect(count(rig) { if case .frameworkRemoved = $0 { true } else { false } } == 0)
    rig.run(until: 400)
    #expect(count(rig) { if case .frameworkRemoved = $0 { true } else { false } } == 1)
  }

  @Test(
    "faults on a framework that has not come yet, or has left, change nothing",
    arguments: [
      Fault.kill(everybody), .pause(everybody), .resume(everybody), .restart(everybody),
      .reset(everybody),
    ])
  func faults(fault: Fault) throws {
    func digest(_ fault: Fault?) throws -> String {
      let rig = try rig([presence(start: 50, leave: 100, comeBack: 200)])
      for second in [20.0, 150] {
        rig.run(until: second)
        if let fault { rig.cluster.inject(fault) }
      }
      rig.run(until: 300)
      #expect(rig.schedulers.count == 2)
      #expect(rig.schedulers[1].notes.first == "00:03:22.000 registered m1-0001")
      return rig.digest
    }
    #expect(try digest(fault) == digest(nil))
  }

  @Test("a partition from before its start keeps a late framework out until it is mended")
  func partitionedBefore() throws {
    let rig = try rig([presence(start: 50)])
    rig.run(until: 20)
    let cut = rig.cluster.inject(
      .partition(Self.everybody, from: Parties(masters: ["*"]), isOneWay: false))
    rig.run(until: 90)
    #expect(rig.schedulers[0].notes.isEmpty)
    rig.cluster.mend(cut)
    rig.run(until: 200)
    #expect(rig.schedulers[0].notes.first?.contains("registered") == true)
  }
}

extension ScriptedScheduler {
  /// Holds a scheduler that is made later.
  fileprivate final class Box {
    private(set) var scheduler: ScriptedScheduler?

    func made(_ scheduler: ScriptedScheduler) -> ScriptedScheduler {
      self.scheduler = scheduler
      return scheduler
    }
  }
}
