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
  /// - Parameter fault: What happens.
  /// - Returns: The number under which it is put right (`mend`).
  @discardableResult
  public func inject(_ fault: Fault) -> Int {
    let number = faultsNumbered
    faultsNumbered += 1
    carryOut(fault, number)
    return number
  }

  /// Puts right what a fault did.
  ///
  /// It is for just those whom it struck: they run again, unless another fault keeps them out.
  /// Nothing happens when that is done already.
  /// - Parameter number: The fault's number.
  public func mend(_ number: Int) {
    switch standingFaults.removeValue(forKey: number) {
    case .outage(let struck):
      for party in struck where outages.end(number, of: party) { goOn(party) }
    case .partition: mendPartition(number)
    case .network:
      networkFaults.removeAll { $0.number == number }
      conditionsChanged()
    case .messages(let rule): remove(rule)
    case nil: break
    }
  }

  /// Injects faults when their instants come, and puts them right when they are over.
  public func schedule(_ faults: [TimedFault]) {
    var steps: [(instant: Instant, step: FaultStep)] = []
    for fault in faults {
      steps.append((fault.instant, .begin(fault.fault, number: faultsNumbered)))
      if let end = fault.end { steps.append((end, .end(fault.fault, number: faultsNumbered))) }
      faultsNumbered += 1
    }
    for place in steps.indices.sorted(by: { (steps[$0].instant, $0) < (steps[$1].instant, $1) }) {
      let slot = UInt32(faultSteps.count)
      faultSteps.append(steps[place].step)
      schedule(.fault, 0, slot, at: steps[place].instant, priority: .timer)
    }
  }

  /// What happens at the instant of a scheduled fault, or of its end.
  enum FaultStep {
    case begin(Fault, number: Int)
    case end(Fault, number: Int)
  }

  /// What there is of a fault to be put right.
  enum StandingFault {
    /// These are kept from running.
    case outage([Party])
    case partition
    case network
    case messages(MessageRule)
  }

  func takeFaultStep(_ slot: UInt32) {
    recorder.record(.fault(Int32(slot)), at: simulation.now)
    switch faultSteps[Int(slot)] {
    case .begin(let fault, let number): carryOut(fault, number)
    case .end(_, let number): mend(number)
    }
  }

  private func carryOut(_ fault: Fault, _ number: Int) {
    switch fault {
    case .kill(let parties):
      takeOut(parties, .kill, number)
      killExecutors(parties)
    case .crash(let parties): takeOut(parties, .crash, number)
    case .pause(let parties): takeOut(parties, .pause, number)
    case .restart(let parties): restart(parties)
    case .resume(let parties): resume(parties)
    case .partition(let sources, let targets, let isOneWay):
      standingFaults[number] = .partition
      cut(sources, targets, isOneWay: isOneWay, number)
    case .reset(let parties): reset(parties)
    case .network(let conditions?):
      standingFaults[number] = .network
      worsen(conditions, number)
    case .network(nil):
      networkFaults = []
      conditionsChanged()
    case .messages(let fault):
      let rule = addRule(
        fault.kind, from: fault.from.isEmpty ? nil : fault.from,
        to: fault.to.isEmpty ? nil : fault.to, times: fault.times, fault.fate)
      standingFaults[number] = .messages(rule)
    }
  }

  // MARK: The network

  func side(of parties: Parties) -> FaultField.Side {
    FaultField.Side(
      masters: masterIndices(parties.masters), slaves: slaveIndices(parties.slaves),
      schedulers: schedulerIndices(parties.schedulers), hasZookeeper: parties.zookeeper)
  }

  private func cut(_ sources: Parties, _ targets: Parties, isOneWay: Bool, _ number: Int) {
    field.cut(number, sources: side(of: sources), targets: side(of: targets), isOneWay: isOneWay)
    reviseDisturbance()
    for slave in slaves.indices where isDisturbed(SlaveIndex(slave)) {
      beginPings(to: SlaveIndex(slave))
    }
    reviseContacts()
  }

  private func mendPartition(_ number: Int) {
    field.mend(number)
    reviseDisturbance()
    reviseContacts()
    notifyEverybodyOfLeader()
    // What was lost on a connection between master and slave that both hold for whole shows when
    // they speak again: the connection is reset (Rules 8.3).
    let exits = unseenExits
    unseenExits = []
    for (number, incarnation) in exits { schedulerStopped(number, incarnation) }
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

  /// Breaks connections that both sides hold for whole, as a quick reset of the network does (Rules
  /// 8.3, 8.7).
  ///
  /// The master that leads has connections to all others, another master has none.
  private func reset(_ parties: Parties) {
    var parties = parties
    if let leader, masterIndices(parties.masters).contains(leader) {
      (parties.slaves, parties.schedulers) = (["*"], ["*"])
    }
    for slave in slaveIndices(parties.slaves) where slaves[slave].isUp {
      // The slave learns of it from the next ping, which says that it is not connected.
      beginPings(to: slave)
      connectionBreaks(of: slave)
    }
    for scheduler in schedulerIndices(parties.schedulers)
    where schedulers[scheduler].state != .absent {
      schedulerStopped(schedulers[scheduler].number, schedulers[scheduler].incarnation)
    }
  }

  /// Adds conditions to those that there are.
  private func worsen(_ conditions: NetworkConditions, _ number: Int) {
    if conditions.canLose { beginPings() }
    networkFaults.append((number, conditions))
    conditionsChanged()
  }

  private func conditionsChanged() {
    network.conditions = networkFaults.map(\.conditions)
    for master in masters { tellOfPings(master) }
    reviseDisturbance()
  }

  private func reviseDisturbance() {
    isUndisturbed = field.isWhole && network.conditions.isEmpty
  }
}
