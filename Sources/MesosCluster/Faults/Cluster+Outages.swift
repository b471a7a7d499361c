// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whom a fault strikes, how it takes them out, and how they run again when the last fault that
// keeps them out is over.

import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

extension Cluster {
  // MARK: Who

  func slaveIndices(_ patterns: [String]) -> [SlaveIndex] {
    var found: [SlaveIndex] = []
    for pattern in patterns {
      // A plan by chance names thousands of slaves; each is not to be compared with all there are.
      let places =
        Glob.isLiteral(pattern) ? slavesByName[pattern] ?? [] : Array(setup.slaves.indices)
      for place in places where Glob.matches(setup.name(ofSlave: place), pattern) {
        found.append(SlaveIndex(place))
      }
    }
    return patterns.count > 1 ? Set(found).sorted() : found
  }

  func schedulerIndices(_ patterns: [String]) -> [FrameworkIndex] {
    schedulers.indices.filter { index in
      patterns.contains { Glob.matches(schedulers[index].setup.info.name, $0) }
    }.map { FrameworkIndex($0) }
  }

  func masterIndices(_ patterns: [String]) -> [MasterIndex] {
    masters.indices.filter { index in
      patterns.contains {
        Glob.matches("master-\(index + 1)", $0)
          || $0 == "leader" && leader == MasterIndex(index)
      }
    }.map { MasterIndex($0) }
  }

  /// Those that have processes, in the order in which they are struck.
  private func processes(_ parties: Parties) -> [Party] {
    masterIndices(parties.masters).map { .master($0) }
      + slaveIndices(parties.slaves).map { .slave($0) }
      + schedulerIndices(parties.schedulers).map { .scheduler($0) }
  }

  /// How many there are of some parties, and how many of those have not ended.
  package func standing(of parties: Parties) -> (named: Int, alive: Int) {
    let named = processes(parties)
    return (named.count, named.count(where: isAlive))
  }

  /// Those that are to run again: with `leader` the one that led when it was struck is meant.
  private func processesStruck(_ parties: Parties) -> [Party] {
    var parties = parties
    if parties.masters.contains("leader") {
      for index in masters.indices where outages.struckAsLeader(MasterIndex(index)) {
        parties.masters.append("master-\(index + 1)")
      }
    }
    return processes(parties)
  }

  // MARK: Ends

  func takeOut(_ parties: Parties, _ kind: Outages.Kind, _ fault: Int) {
    let struck = processes(parties).filter { canStrike($0, kind) }
    for party in struck {
      var hitLeader = false
      if case .master(let master) = party { hitLeader = leader == master }
      outages.begin(fault, kind, of: party, hitLeader: hitLeader)
      switch party {
      case .master(let master): takeOut(master, kind)
      case .slave(let slave): takeOut(slave, kind)
      case .scheduler(let framework): takeOut(framework, kind)
      case .zookeeper: break
      }
    }
    standingFaults[fault] = .outage(struck)
  }

  /// Whether a fault concerns a party: who is not there has no process, and what has
  /// ended of itself cannot stand still.
  private func canStrike(_ party: Party, _ kind: Outages.Kind) -> Bool {
    if case .scheduler(let index) = party, schedulers[index].state == .absent { return false }
    if case .slave(let index) = party, absentSlaves.contains(index) { return false }
    return kind != .pause || isAlive(party) || outages.isOut(party)
  }

  private func isAlive(_ party: Party) -> Bool {
    switch party {
    case .master(let index): masters[index].state != .dead
    case .slave(let index): slaves[index].isUp
    case .scheduler(let index): schedulers[index].state.isAlive
    case .zookeeper: true
    }
  }

  private func takeOut(_ master: MasterIndex, _ kind: Outages.Kind) {
    // To others it is the same whether a process or its machine fails: ZooKeeper tells them.
    guard kind == .pause else { return killMaster(master) }
    pauseMaster(master)
  }

  private func takeOut(_ slave: SlaveIndex, _ kind: Outages.Kind) {
    guard kind == .crash || slaves[slave].isUp else { return }
    switch kind {
    case .kill: slaves[slave].crashProcess()
    case .pause: slaves[slave].pause()
    case .crash:
      // A machine that fails sends no good-bye: only pings tell.
      slaves[slave].crashMachine()
      crashedMachines.insert(.slave(slave))
    }
    beginPings(to: slave)
    if kind == .kill { connectionBreaks(of: slave) }
  }

  private func takeOut(_ framework: FrameworkIndex, _ kind: Outages.Kind) {
    switch kind {
    case .kill: killScheduler(framework)
    case .crash: crashScheduler(framework)
    case .pause:
      if schedulers[framework].state == .running { schedulers[framework].state = .paused }
    }
  }

  func killExecutors(_ parties: Parties) {
    for pattern in parties.executors {
      let halves = pattern.split(separator: "@", maxSplits: 1).map(String.init)
      let host = halves.count > 1 ? halves[1] : "*"
      for slave in slaves.indices
      where Glob.matches(setup.name(ofSlave: slave), host) {
        for key in slaves[slave].executors {
          let name = "\(frameworkName(owners[key.framework]))/\(key.executor)"
          if Glob.matches(name, halves[0]) { _ = slaves[slave].killExecutor(key) }
        }
      }
    }
  }

  // MARK: Beginnings

  /// Has a party run again that nothing keeps out any more: it is started, or goes on.
  func goOn(_ party: Party) {
    switch party {
    case .master(let master):
      startMaster(master)
      resumeMaster(master)
    case .slave(let slave):
      restartSlave(slave)
      if slaves[slave].isPaused {
        slaves[slave].resume()
        notifyOfLeader(slave: slave)
      }
    case .scheduler(let framework):
      startScheduler(framework)
      resumeScheduler(framework)
    case .zookeeper: break
    }
  }

  func restart(_ parties: Parties) {
    for party in processesStruck(parties) where !isAlive(party) {
      outages.endAll(of: party)
      goOn(party)
    }
  }

  func resume(_ parties: Parties) {
    for party in processesStruck(parties) where outages.endAll(.pause, of: party) { goOn(party) }
  }

  // MARK: Supervisors

  /// The supervisor of a process that ended itself starts it again, unless a fault keeps it out: at
  /// the end of that it is started anyway.
  func supervisorStarts(_ party: Party) {
    // A scheduler that is declared to be started again is so whatever ended its process.
    if case .scheduler = party { outages.endAll(.kill, of: party) }
    if !outages.isOut(party) { goOn(party) }
  }
}
