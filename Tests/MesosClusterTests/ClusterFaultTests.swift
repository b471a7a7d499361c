// Part of mesosim. Apache-2.0, see LICENSE.
//
// Faults on a whole cluster (Rules 8, 12.7).

import Mesos
import SimulationKernel
import MesosTestKit
import Testing
import VirtualTime

@testable import MesosCluster

/// An executor that runs whatever it is given, and notes what it is told.
final class RecordingExecutor: Executor {
  var notes: [String] = []
  private let environment: any Environment

  init(_ environment: any Environment) { self.environment = environment }

  private func note(_ text: String) { notes.append("\(environment.now) \(text)") }

  func registered(
    _ driver: any ExecutorDriver, executorInfo: ExecutorInfo, frameworkInfo: FrameworkInfo,
    slaveInfo: SlaveInfo
  ) {
    note("registered")
  }
  func reregistered(_ driver: any ExecutorDriver, slaveInfo: SlaveInfo) { note("reregistered") }
  func disconnected(_ driver: any ExecutorDriver) { note("disconnected") }
  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    note("launch \(task.taskID)")
    driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .running))
  }
  func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    note("kill \(taskID)")
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
  }
  func frameworkMessage(_ driver: any ExecutorDriver, data: [UInt8]) {
    note("message \(String(decoding: data, as: UTF8.self))")
    driver.sendFrameworkMessage(data.reversed())
  }
  func shutdown(_ driver: any ExecutorDriver) { note("shutdown") }
}

/// The executors of a rig, in the order in which they were started.
final class Executors {
  var list: [RecordingExecutor] = []
}

@Suite("Faults of a cluster")
struct ClusterFaultTests {
  /// A cluster whose only framework runs one task on its first offer.
  private func rig(
    _ info: FrameworkInfo = FrameworkInfo(
      name: "f0", failoverTimeoutSeconds: 3600, hasCheckpointing: true),
    slaves: Int = 1, seconds: Int = 100_000, executors: Executors? = nil,
    change: (inout ClusterSetup) -> Void = { _ in }
  ) throws -> Rig {
    let infos = (0..<slaves).map {
      SlaveInfo(hostname: "host-\($0)", resources: Resources(cpus: 4, mem: 4096))
    }
    let rig = try Rig(slaves: infos, frameworks: [info]) { setup in
      if let executors {
        setup.frameworks[0].makeExecutor = { _, environment in
          let executor = RecordingExecutor(environment)
          executors.list.append(executor)
          return executor
        }
      }
      change(&setup)
    }
    var hasLaunched = false
    rig.schedulers[0].onOffers = { driver, offers in
      guard !hasLaunched else { return driver.declineForADay(offers) }
      hasLaunched = true
      var task = sleeper("t", on: offers[0], seconds: seconds)
      if executors != nil {
        task.command = nil
        task.executor = ExecutorInfo("e", command: CommandInfo("./run"))
      }
      driver.launchTasks([offers[0].id], [task], filters: Filters(refuseSeconds: 100_000))
      driver.declineForADay(offers.dropFirst())
    }
    return rig
  }

  /// What a scheduler was told, but for offers: of those it declines each, and gets others.
  private func texts(_ scheduler: ScriptedScheduler) -> [String] {
    scheduler.notes.map { String($0.dropFirst(13)) }
      .filter { !$0.hasPrefix("offer ") && !$0.hasPrefix("rescinded ") }
  }

  @Test(
    "BUG: master and slave disagreed on the slave's id for good when an old registration came late",
    arguments: [false, true], [0.2, 0.5, 0.9])
  func overtakenRegistration(isLiteral: Bool, instant: Double) throws {
    let rig = try rig { $0.isLiteral = isLiteral }
    // A message takes a second: the answer to the old process reaches the new one.
    rig.run(until: instant)
    rig.cluster.inject(.kill(Parties(slaves: ["host-0"])))
    rig.run(until: instant + 0.05)
    rig.cluster.inject(.restart(Parties(slaves: ["host-0"])))
    rig.run(until: 60)
    let record = rig.cluster.masters[0].master.slaves[0]
    #expect(record.state == .connected)
    #expect(record.id == rig.cluster.slaves[0].slave.id)
  }

  // Goal: on a connection nothing overtakes anything (Rules 8.9).
  @Test("BUG: who revived offers got none for good when an earlier suppression came late")
  func overtakenRevival() throws {
    let rig = try rig()
    rig.run(until: 20)
    let driver = try #require(rig.schedulers[0].driver)
    rig.schedulers[0].onOffers = { driver, offers in
      for offer in offers { driver.declineOffer(offer.id, filters: Filters()) }
    }
    rig.cluster.inject(.network(NetworkConditions(reordering: 1)))
    for round in 1...10 {
      driver.suppressOffers()
      driver.reviveOffers()
      // Both have been heard, and what was offered between them has been declined.
      rig.run(until: 100 * Double(round))
      let offers = rig.schedulers[0].notes(with: "offer ").count
      rig.run(until: 100 * Double(round) + 50)
      #expect(rig.schedulers[0].notes(with: "offer ").count > offers)
    }
  }

  @Test("MasterFailover: disconnected, then reregistered with the same id; the task goes on")
  func masterFailover() throws {
    let rig = try rig { $0.masters = 3 }
    let scheduler = rig.schedulers[0]
    rig.run(until: 20)
    rig.cluster.inject(.kill(theLeader))
    rig.run(until: 100)
    #expect(texts(scheduler).suffix(2) == ["disconnected", "reregistered with m2"])
    scheduler.driver?.reconcileTasks([TaskQuery("t")])
    rig.run(until: 110)
    #expect(texts(scheduler).last == "t TASK_RUNNING Reconciliation: latest task state")
  }

  @Test("MasterFailover as Mesos's own drivers have it: registered again, with the same id")
  func masterFailoverWithQuirks() throws {
    let rig = try rig {
      $0.masters = 2
      $0.master.answersFailoverWithRegistered = true
    }
    rig.run(until: 20)
    rig.cluster.inject(.kill(theLeader))
    rig.run(until: 100)
    #expect(texts(rig.schedulers[0]).suffix(2) == ["disconnected", "registered m1-0000"])
  }

  @Test("MasterLost: without another master the scheduler stays disconnected")
  func masterLost() throws {
    let rig = try rig()
    rig.run(until: 20)
    rig.cluster.inject(.kill(theLeader))
    rig.run(until: 100)
    #expect(texts(rig.schedulers[0]).last == "disconnected")
    rig.cluster.inject(.restart(Parties(masters: ["master-1"])))
    rig.run(until: 200)
    #expect(texts(rig.schedulers[0]).last == "reregistered with m2")
  }

  @Test("what waits for a scheduler that stands still goes when the scheduler is killed")
  func waitingMailOfAKilledScheduler() throws {
    let rig = try rig(seconds: 10)
    rig.run(until: 5)
    rig.cluster.inject(.pause(Parties(schedulers: ["f0"])))
    // Meanwhile the task ends, and its slave says so again and again.
    rig.run(until: 120)
    let process = rig.cluster.schedulers[0]
    let waiting = process.takeWaitingMessages()
    for slot in waiting { process.wait(for: slot) }
    #expect(waiting.count > 2)
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    #expect(process.takeWaitingMessages().isEmpty)
    let next = rig.cluster.messages.put(.toMaster(.deadline), MessageHeader(0))
    #expect(waiting.contains(next), "their slots are free for others")
    _ = rig.cluster.messages.take(next)
    rig.run(until: 200)
  }

  @Test("SlaveReregisterOnZKExpiration: a slave comes back to the same master after a blip")
  func leaderCutOffFromZooKeeper() throws {
    let rig = try rig { $0.masters = 2 }
    rig.run(until: 20)
    let cut = rig.cluster.inject(
      .partition(theLeader, from: Parties(zookeeper: true), isOneWay: false))
    rig.run(until: 60)
    rig.cluster.mend(cut)
    rig.run(until: 120)
    rig.schedulers[0].driver?.reconcileTasks([])
    rig.run(until: 130)
    #expect(texts(rig.schedulers[0]).last == "t TASK_RUNNING Reconciliation: latest task state")
    #expect(rig.schedulers[0].notes(with: "lost").isEmpty)
  }

  @Test("PartitionedSlave: lost 75 to 90 s later; when it is back it is told to end, and is new")
  func partitionedSlave() throws {
    let rig = try rig()
    rig.run(until: 20)
    let cut = rig.cluster.inject(
      .partition(
        Parties(slaves: ["host-0"]), from: Parties(masters: ["*"]), isOneWay: false))
    rig.run(until: 300)
    let lost = rig.schedulers[0].notes.suffix(2)
    #expect(
      lost.map { String($0.dropFirst(13)) } == [
        "t TASK_LOST slave is unreachable", "lost m1-S0",
      ])
    let instant = try #require(
      rig.facts.facts.last { if case .slaveRemoved = $0.fact { true } else { false } }?.instant)
    #expect((95.0...110).contains(instant.seconds))
    rig.cluster.mend(cut)
    rig.schedulers[0].driver?.reviveOffers()
    rig.run(until: 500)
    #expect(rig.schedulers[0].notes.last?.contains("offer m1-S1 cpus:4; mem:4096") == true)
  }

  @Test("a short partition is nothing to anybody", arguments: [5.0, 40, 70])
  func shortPartition(seconds: Double) throws {
    let rig = try rig()
    rig.run(until: 20)
    let cut = rig.cluster.inject(
      .partition(Parties(slaves: ["*"]), from: Parties(masters: ["*"]), isOneWay: false))
    rig.run(until: 20 + seconds)
    rig.cluster.mend(cut)
    rig.run(until: 400)
    rig.schedulers[0].driver?.reconcileTasks([])
    rig.run(until: 410)
    #expect(rig.schedulers[0].notes(with: "lost").isEmpty)
    #expect(texts(rig.schedulers[0]).last == "t TASK_RUNNING Reconciliation: latest task state")
  }

  @Test("NonCheckpointingFramework: a slave restarts; its task is LOST, the slave is back")
  func nonCheckpointing() throws {
    let rig = try rig(FrameworkInfo(name: "f0"))
    rig.run(until: 20)
    rig.cluster.inject(.kill(Parties(slaves: ["host-0"])))
    rig.run(until: 25)
    #expect(texts(rig.schedulers[0]).last == "t TASK_LOST slave has disconnected")
    rig.cluster.inject(.restart(Parties(slaves: ["host-0"])))
    rig.schedulers[0].driver?.reviveOffers()
    rig.run(until: 60)
    #expect(rig.schedulers[0].notes.last?.contains("offer m1-S0 cpus:4; mem:4096") == true)
    #expect(rig.schedulers[0].notes(with: "lost").isEmpty)
  }

  @Test("ReconnectExecutor: what happened while the slave was down is told when it is back")
  func reconnectExecutor() throws {
    let executors = Executors()
    let rig = try rig(executors: executors)
    rig.run(until: 20)
    rig.cluster.inject(.kill(Parties(slaves: ["host-0"])))
    rig.run(until: 30)
    rig.cluster.inject(.restart(Parties(slaves: ["host-0"])))
    rig.run(until: 60)
    #expect(
      executors.list.first?.notes.map { String($0.dropFirst(13)) } == [
        "registered", "launch t", "disconnected", "reregistered",
      ])
    #expect(rig.schedulers[0].notes(with: "LOST").isEmpty)
    rig.schedulers[0].driver?.killTask("t")
    rig.run(until: 80)
    #expect(texts(rig.schedulers[0]).last == "t TASK_KILLED ")
  }

  @Test("a command that ends while its slave is down is FINISHED when the slave is back")
  func commandEndsMeanwhile() throws {
    let rig = try rig(seconds: 30)
    rig.run(until: 20)
    rig.cluster.inject(.kill(Parties(slaves: ["host-0"])))
    rig.run(until: 60)
    rig.cluster.inject(.restart(Parties(slaves: ["host-0"])))
    rig.run(until: 120)
    #expect(texts(rig.schedulers[0]).last?.hasPrefix("t TASK_FINISHED") == true)
  }

  @Test("Reboot: nothing survives on the machine; its slave is a new one")
  func reboot() throws {
    let rig = try rig()
    rig.run(until: 20)
    rig.cluster.inject(.crash(Parties(slaves: ["host-0"])))
    rig.run(until: 40)
    rig.cluster.inject(.restart(Parties(slaves: ["host-0"])))
    rig.schedulers[0].driver?.reviveOffers()
    rig.run(until: 200)
    #expect(rig.schedulers[0].notes(with: "TASK_LOST").count == 1)
    #expect(rig.schedulers[0].notes(with: "lost m1-S0").count == 1)
    #expect(rig.schedulers[0].notes.last?.contains("offer m1-S1 cpus:4; mem:4096") == true)
  }

  @Test("SchedulerFailover: a scheduler that is started again takes its framework over")
  func schedulerFailover() throws {
    let rig = try rig { $0.frameworks[0].restartDelay = .seconds(10) }
    rig.run(until: 20)
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    rig.run(until: 60)
    #expect(rig.schedulers.count == 2)
    #expect(rig.schedulers[1].notes.first?.contains("registered m1-0000") == true)
    rig.schedulers[1].driver?.reconcileTasks([])
    rig.run(until: 70)
    #expect(texts(rig.schedulers[1]).last == "t TASK_RUNNING Reconciliation: latest task state")
  }

  @Test("a scheduler that never wrote its id down is another framework after a restart")
  func forgottenID() throws {
    let info = FrameworkInfo(name: "f0", failoverTimeoutSeconds: 600)
    let rig = try rig(info) { $0.frameworks[0].restartDelay = .seconds(10) }
    rig.schedulers[0].keepsID = false
    rig.run(until: 60)
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    rig.run(until: 100)
    #expect(rig.schedulers[1].notes.first?.contains("registered m1-0001") == true)
    rig.schedulers[1].driver?.reconcileTasks([])
    rig.run(until: 110)
    #expect(rig.schedulers[1].notes(with: "TASK").isEmpty)
  }

  @Test("an executor finds what the one before it wrote on its slave")
  func executorStore() throws {
    final class Writer: Executor {
      let environment: any Environment
      init(_ environment: any Environment) { self.environment = environment }
      func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
        let lives = (Int(environment.store.text(for: "lives") ?? "") ?? 0) + 1
        try? environment.store.write(String(lives), for: "lives")
        driver.sendStatusUpdate(
          TaskStatus(taskID: task.taskID, state: .finished, message: "life \(lives)"))
        driver.stop()
      }
      func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {}
    }
    let rig = try Rig(slaves: 2) { setup in
      setup.frameworks[0].makeExecutor = { Writer($1) }
    }
    var launched = 0
    rig.schedulers[0].onOffers = { driver, offers in
      for offer in offers {
        let executor = ExecutorInfo("e", command: CommandInfo("./e"))
        let task = TaskInfo(
          name: "t", taskID: TaskID("t\(launched)"), slaveID: offer.slaveID,
          resources: Resources(cpus: 1, mem: 64), executor: executor)
        launched += 1
        driver.launchTasks([offer.id], [task], filters: Filters(refuseSeconds: 0))
      }
    }
    rig.run(until: 40)
    let texts = rig.schedulers[0].notes(with: "TASK_FINISHED").map { $0.suffix(6) }
    // Two slaves: each executor counts by itself.
    #expect(texts.prefix(4) == ["life 1", "life 1", "life 2", "life 2"])
  }

  @Test("SchedulerReregisterAfterFailoverTimeout: error, and then a new framework")
  func schedulerTooLate() throws {
    let info = FrameworkInfo(name: "f0", failoverTimeoutSeconds: 5)
    let rig = try rig(info) { $0.frameworks[0].restartDelay = .seconds(30) }
    rig.run(until: 20)
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    rig.run(until: 200)
    #expect(rig.schedulers.count == 3)
    #expect(texts(rig.schedulers[1]).last?.hasPrefix("error framework 'm1-0000' has been") == true)
    #expect(rig.schedulers[2].notes.first?.contains("registered m1-0001") == true)
  }

  @Test("SchedulerFailoverFrameworkToExecutorMessage: messages go both ways after a failover")
  func messagesAfterFailover() throws {
    let executors = Executors()
    let rig = try rig(executors: executors) { $0.frameworks[0].restartDelay = .seconds(5) }
    rig.run(until: 20)
    rig.schedulers[0].driver?.sendFrameworkMessage("e", "m1-S0", Array("abc".utf8))
    rig.run(until: 25)
    #expect(texts(rig.schedulers[0]).last == "message of e on m1-S0: cba")
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    rig.run(until: 60)
    rig.schedulers[1].driver?.sendFrameworkMessage("e", "m1-S0", Array("def".utf8))
    rig.run(until: 70)
    #expect(texts(rig.schedulers[1]).last == "message of e on m1-S0: fed")
    #expect(executors.list.first?.notes.count == 4)
  }

  @Test("DisconnectedFramework: who is away while a slave is lost learns of it by reconciling")
  func disconnectedFramework() throws {
    let rig = try rig { $0.frameworks[0].restartDelay = .seconds(200) }
    rig.run(until: 20)
    rig.cluster.inject(.kill(Parties(schedulers: ["f0"])))
    rig.cluster.inject(.crash(Parties(slaves: ["host-0"])))
    rig.run(until: 300)
    #expect(rig.schedulers[1].notes.count == 1)
    rig.schedulers[1].driver?.reconcileTasks([TaskQuery("t", on: "m1-S0")])
    rig.run(until: 310)
    #expect(texts(rig.schedulers[1]).last?.contains("TASK_LOST") == true)
  }

  @Test("the executor's end is told before those of its tasks")
  func executorLost() throws {
    let executors = Executors()
    let rig = try rig(executors: executors)
    rig.run(until: 20)
    rig.cluster.inject(.kill(Parties(executors: ["f0/e"])))
    rig.run(until: 40)
    let last = texts(rig.schedulers[0]).suffix(2)
    #expect(last.first == "lost e on m1-S0, 9")
    #expect(last.last?.hasPrefix("t TASK_LOST") == true)
  }

  @Test("a quick reset of the network heals within a ping and a second, nothing is lost")
  func reset() throws {
    let rig = try rig()
    rig.run(until: 20)
    rig.cluster.inject(.reset(Parties(slaves: ["host-0"])))
    rig.run(until: 45)
    let texts = rig.facts.facts.compactMap { fact -> String? in
      switch fact.fact {
      case .slaveDisconnected: "disconnected"
      case .slaveReconnected: "reconnected"
      case .slaveRemoved: "removed"
      default: nil
      }
    }
    #expect(texts == ["disconnected", "reconnected"])
    #expect(rig.schedulers[0].notes(with: "LOST").isEmpty)
  }

  @Test("a scheduler whose connection breaks though it lives is out, with an error")
  func schedulerReset() throws {
    let rig = try rig()
    rig.run(until: 20)
    rig.cluster.inject(.reset(Parties(schedulers: ["f0"])))
    rig.run(until: 40)
    #expect(texts(rig.schedulers[0]).last == "error Framework disconnected")
    #expect(rig.schedulers[0].driver?.status == .aborted)
  }

  @Test("invariants hold through a storm of faults", arguments: [1, 2, 3, 4])
  func storm(variant: Int) throws {
    let rig = try Rig(slaves: 4, frameworks: 2) { setup in
      setup.masters = 3
      for index in setup.frameworks.indices {
        setup.frameworks[index].restartDelay = .seconds(20)
        setup.frameworks[index].info.failoverTimeoutSeconds = 120
        setup.frameworks[index].info.hasCheckpointing = index == 0
      }
      setup.master.readmitsLostSlaves = variant % 2 == 0
    }
    let checker = InvariantChecker(watching: rig.cluster)
    rig.cluster.recorder.attach(checker)
    for scheduler in rig.schedulers {
      scheduler.onOffers = { driver, offers in
        for offer in offers {
          let task = sleeper(TaskID("\(offer.id)"), on: offer, seconds: 7 * variant)
          driver.launchTasks([offer.id], [task], filters: Filters(refuseSeconds: 1))
        }
      }
    }
    let slaves = Parties(slaves: ["host-\(variant % 4)"])
    rig.cluster.schedule([
      TimedFault(at: .start + .seconds(20), .kill(slaves)),
      TimedFault(at: .start + .seconds(50), .restart(slaves)),
      TimedFault(at: .start + .seconds(60), .kill(theLeader)),
      TimedFault(at: .start + .seconds(64), .kill(Parties(schedulers: ["f1"]))),
      TimedFault(
        at: .start + .seconds(90),
        .partition(
          Parties(slaves: ["host-1", "host-2"]), from: Parties(masters: ["*"]),
          isOneWay: variant > 2), until: .start + .seconds(220)),
      TimedFault(
        at: .start + .seconds(230), .network(NetworkConditions(loss: 0.1, duplication: 0.1))),
      TimedFault(at: .start + .seconds(260), .crash(Parties(slaves: ["host-3"]))),
      TimedFault(at: .start + .seconds(290), .reset(Parties(slaves: ["*"]))),
      TimedFault(at: .start + .seconds(300), .network(nil)),
      TimedFault(at: .start + .seconds(301), .restart(Parties(masters: ["*"], slaves: ["*"]))),
    ])
    rig.run(until: 1500)
    #expect(checker.violation == nil)
    #expect(rig.facts.facts.count > 500)
  }
}

extension SchedulerDriver {
  /// Declines everything for a day.
  func declineForADay(_ offers: Offers) {
    declineOffers(offers, filters: Filters(refuseSeconds: 86_400))
  }
}
