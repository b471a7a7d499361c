// Part of mesosim. Apache-2.0, see LICENSE.
//
// Faults, carried out: processes end and start, messages get lost, and those who would notice do.

import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

extension Cluster {
  /// Makes something go wrong, or right again, at the present instant; between two steps of the
  /// simulation or in a callback of a scheduler.
  public func inject(_ fault: Fault) {
    switch fault {
    case .kill(let parties): kill(parties)
    case .crash(let parties): forEachSlave(parties) { crashMachine(of: $0) }
    case .restart(let parties): restart(parties)
    case .pause(let parties): pause(parties)
    case .resume(let parties): resume(parties)
    case .partition(let sources, let targets, let isOneWay, let number):
      cut(sources, targets, isOneWay: isOneWay, number: number)
    case .mend(let number): mend(number)
    case .reset(let parties): reset(parties)
    case .network(let conditions): setConditions(conditions)
    }
  }

  /// Injects faults when their instants come.
  public func schedule(_ faults: [TimedFault]) {
    for fault in faults {
      let slot = UInt32(pendingFaults.count)
      pendingFaults.append(fault.fault)
      schedule(.fault, 0, slot, at: fault.instant, priority: .timer)
    }
  }

  // MARK: Who

  private func forEachSlave(_ parties: Parties, _ body: (SlaveIndex) -> Void) {
    for index in slaveIndices(parties) { body(index) }
  }

  private func slaveIndices(_ parties: Parties) -> [SlaveIndex] {
    if parties.slaves.isEmpty { return [] }
    return setup.slaves.indices.filter { index in
      parties.slaves.contains { Glob.matches(setup.slaves[index].hostname, $0) }
    }.map { SlaveIndex($0) }
  }

  private func schedulerIndices(_ parties: Parties) -> [FrameworkIndex] {
    if parties.schedulers.isEmpty { return [] }
    return schedulers.indices.filter { index in
      parties.schedulers.contains { Glob.matches(schedulers[index].setup.info.name, $0) }
    }.map { FrameworkIndex($0) }
  }

  private func masterIndices(_ parties: Parties) -> [MasterIndex] {
    if parties.masters.isEmpty { return [] }
    return masters.indices.filter { index in
      parties.masters.contains {
        Glob.matches("master-\(index + 1)", $0)
          || $0 == "leader" && leader == MasterIndex(index)
      }
    }.map { MasterIndex($0) }
  }

  // MARK: Ends and beginnings

  private func kill(_ parties: Parties) {
    for master in masterIndices(parties) { killMaster(master) }
    for slave in slaveIndices(parties) where slaves[slave].isUp {
      let before = disturbanceBegins(slave)
      slaves[slave].crashProcess()
      disturbanceBegan(slave, before)
      connectionBreaks(of: slave)
    }
    for scheduler in schedulerIndices(parties) { killScheduler(scheduler) }
    killExecutors(parties)
  }

  private func crashMachine(of slave: SlaveIndex) {
    let before = disturbanceBegins(slave)
    // A machine that fails sends no good-bye: only pings tell.
    slaves[slave].crashMachine()
    crashedMachines.insert(slave)
    disturbanceBegan(slave, before)
  }

  private func killExecutors(_ parties: Parties) {
    for pattern in parties.executors {
      let halves = pattern.split(separator: "@", maxSplits: 1).map(String.init)
      let host = halves.count > 1 ? halves[1] : "*"
      for slave in slaves.indices
      where Glob.matches(setup.slaves[slave].hostname, host) {
        for key in slaves[slave].executors {
          let name = "\(frameworkName(key.framework))/\(key.executor)"
          if Glob.matches(name, halves[0]) { _ = slaves[slave].killExecutor(key) }
        }
      }
    }
  }

  private func restart(_ parties: Parties) {
    for master in masterIndices(parties) { startMaster(master) }
    forEachSlave(parties) { restartSlave($0) }
    for scheduler in schedulerIndices(parties) { startScheduler(scheduler) }
  }

  private func pause(_ parties: Parties) {
    for master in masterIndices(parties) where masters[master].state == .running {
      if isLeading(master) {
        for slave in setup.slaves.indices.map({ SlaveIndex($0) }) {
          disturbanceBegan(slave, disturbanceBegins(slave))
        }
      }
      pauseMaster(master)
    }
    for slave in slaveIndices(parties) where slaves[slave].isUp {
      let before = disturbanceBegins(slave)
      slaves[slave].pause()
      disturbanceBegan(slave, before)
    }
    for scheduler in schedulerIndices(parties)
    where schedulers[scheduler].state == .running {
      schedulers[scheduler].state = .paused
    }
  }

  private func resume(_ parties: Parties) {
    for master in masterIndices(parties) { resumeMaster(master) }
    for slave in slaveIndices(parties) where slaves[slave].isUp {
      slaves[slave].resume()
      notifyOfLeader(slave: slave)
    }
    for scheduler in schedulerIndices(parties) { resumeScheduler(scheduler) }
  }

  // MARK: The network

  private func side(of parties: Parties) -> FaultField.Side {
    FaultField.Side(
      masters: masterIndices(parties), slaves: slaveIndices(parties),
      schedulers: schedulerIndices(parties), hasZookeeper: parties.zookeeper)
  }

  private func cut(_ sources: Parties, _ targets: Parties, isOneWay: Bool, number: Int) {
    let before = slaves.indices.map { disturbanceBegins(SlaveIndex($0)) }
    field.cut(number, sources: side(of: sources), targets: side(of: targets), isOneWay: isOneWay)
    isUndisturbed = false
    for slave in slaves.indices where isDisturbed(SlaveIndex(slave)) {
      disturbanceBegan(SlaveIndex(slave), before[slave])
    }
    reviseContacts()
  }

  private func mend(_ number: Int) {
    field.mend(number)
    isUndisturbed = field.isWhole && network.conditions == nil
    reviseContacts()
    notifyEverybodyOfLeader()
    // What was lost on a connection between master and slave that both hold for whole shows when
    // they speak again: the connection is reset (Rules 8.3).
    let exits = unseenExits
    unseenExits = []
    for (framework, incarnation) in exits { schedulerStopped(framework, incarnation) }
    let broken = brokenConnections
    brokenConnections = []
    for (slave, master) in broken {
      if isBlocked(.slave(slave), .master(master)) || isBlocked(.master(master), .slave(slave)) {
        brokenConnections.append((slave, master))
      } else {
        connectionBreaks(of: slave)
      }
    }
  }

  /// Breaks connections that both sides hold for whole: a quick reset of the network (Rules 8.3,
  /// 8.7).
  private func reset(_ parties: Parties) {
    for slave in slaveIndices(parties) where slaves[slave].isUp {
      // The slave learns of it from the next ping, which says that it is not connected.
      disturbanceBegan(slave, disturbanceBegins(slave))
      connectionBreaks(of: slave)
    }
    for scheduler in schedulerIndices(parties) where schedulers[scheduler].state != .absent {
      schedulerStopped(scheduler, schedulers[scheduler].incarnation)
    }
  }

  private func setConditions(_ conditions: NetworkConditions?) {
    if conditions?.canLose == true {
      for slave in slaves.indices {
        disturbanceBegan(SlaveIndex(slave), disturbanceBegins(SlaveIndex(slave)))
      }
    }
    network.conditions = conditions
    for master in masters { tellOfPings(master) }
    isUndisturbed = field.isWhole && network.conditions == nil
  }
}
