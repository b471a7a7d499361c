// Part of mesosim. Apache-2.0, see LICENSE.
//
// Masters that end, start, lose and win the leadership, and how everybody learns who leads
// (Rules 8.8).

package import Mesos
import MesosAllocation
import SimulationKernel
import VirtualTime

extension Cluster {
  /// Whether a master leads and lives: others do not answer.
  func isLeading(_ index: MasterIndex) -> Bool {
    guard leader == index else { return false }
    let process = masters[index]
    return process.incarnation == leaderIncarnation && process.state != .dead
  }

  func killMaster(_ index: MasterIndex) {
    guard masters[index].state != .dead else { return }
    endMaster(index)
    losesContact(index)
  }

  /// Ends a master's process; if it led, all that it knew beyond the registry is lost.
  private func endMaster(_ index: MasterIndex) {
    abdicate(index)
    masters[index].state = .dead
    masters[index].waiting = []
    if let deadline = masters[index].deadline { _ = simulation.cancel(deadline.token) }
    masters[index].deadline = nil
  }

  /// A master leads no longer, if it did.
  private func abdicate(_ index: MasterIndex) {
    guard isLeading(index) else { return }
    beginPings()
    masters[index].master.handle(.abdicate, at: simulation.now, into: &masterActions)
    masterActions.record(.masterLost(index))
    perform(of: masters[index])
  }

  /// Starts a master that ended: a new process, which knows nothing and contends behind others.
  func startMaster(_ index: MasterIndex) {
    guard masters[index].state == .dead else { return }
    let incarnation = masters[index].incarnation.next
    mastersStarted += 1
    masters[index] = MasterProcess(
      index: index, incarnation: incarnation, number: mastersStarted, setup: setup,
      allocator: allocatorAtStart)
    masters[index].master.isWatched = masterWatch != nil
    masters[index].master.statesPasses = statesPasses
    tellOfPings(masters[index])
    reviseContacts()
  }

  func pauseMaster(_ index: MasterIndex) {
    guard masters[index].state == .running else { return }
    if isLeading(index) { beginPings() }
    masters[index].state = .paused
    losesContact(index)
  }

  func resumeMaster(_ index: MasterIndex) {
    guard masters[index].state == .paused else { return }
    masters[index].state = .running
    reviseContacts()
    guard masters[index].state == .running else { return }
    let waiting = masters[index].waiting
    masters[index].waiting = []
    for message in waiting { handOver(message, to: masters[index]) }
    if isLeading(index) { rearm(masters[index]) }
  }

  // MARK: Contact with ZooKeeper

  private func losesContact(_ index: MasterIndex) {
    let incarnation = masters[index].incarnation
    guard let expiry = election.loseContact(index, incarnation, at: simulation.now) else { return }
    schedule(.sessionExpiry, index, 0, at: expiry, priority: .timer)
  }

  /// After a change of processes or the network: who has lost ZooKeeper, and who has found it.
  func reviseContacts() {
    for index in masters.indices.map({ MasterIndex($0) }) {
      let (state, incarnation) = (masters[index].state, masters[index].incarnation)
      if state == .dead { continue }
      guard state == .running, field.isWhole || !isBlocked(.master(index), .zookeeper) else {
        losesContact(index)
        continue
      }
      if election.hasSession(index, incarnation) {
        election.regainContact(index, incarnation)
      } else if masters[index].hasContended {
        // Its session ended while it could not hear of that: it ends, and is started again.
        loseLeadership(index)
      } else {
        masters[index].hasContended = true
        election.contend(index, incarnation)
      }
    }
    elect()
  }

  func sessionExpired(_ index: MasterIndex) {
    for incarnation in election.expire(index, at: simulation.now)
    where masters[index].incarnation == incarnation
      && masters[index].state == .running
    {
      // By its own clock, too, its session is over: it ends itself.
      loseLeadership(index)
    }
    elect()
  }

  /// A master without a session ends; its supervisor starts it again.
  private func loseLeadership(_ index: MasterIndex) {
    endMaster(index)
    schedule(
      .masterRestart, index, 0, at: simulation.now + Self.masterRestartDelay, priority: .timer)
  }

  /// How long it takes a master's supervisor to start it again after it ended itself.
  private static var masterRestartDelay: Duration { .seconds(5) }

  // MARK: Leadership

  private func elect() {
    let next = election.leader
    guard next?.master != leader || next?.incarnation != leaderIncarnation else { return }
    // It stands still, and does not know yet that it is no longer in charge; when it goes on, it
    // finds its session over.
    if let leader { abdicate(leader) }
    leader = next?.master
    leaderIncarnation = next?.incarnation ?? 0
    electionNumber += 1
    if let leader, isLeading(leader) {
      if let succession {
        masters[leader].master.handle(
          .succeed(succession), at: simulation.now, into: &masterActions)
      }
      masterActions.record(.masterElected(leader))
      perform(of: masters[leader])
    }
    notifyEverybodyOfLeader()
  }

  // MARK: Detection

  func notifyEverybodyOfLeader() {
    for slave in slaves.indices where toldElections.slaves[slave] != electionNumber {
      notifyOfLeader(slave: SlaveIndex(slave))
    }
    for scheduler in schedulers.indices
    where schedulers[scheduler].state != .absent
      && toldElections.schedulers[scheduler] != electionNumber
    {
      notifyOfLeader(scheduler: FrameworkIndex(scheduler))
    }
  }

  /// Tells a slave who leads, when the news reaches it.
  func notifyOfLeader(slave: SlaveIndex) {
    let news = network.probeDelivery(
      on: link(slave: slave, 0, isUp: false), sentAt: simulation.now)
    schedule(.newsToSlave, slave, 0, at: news)
  }

  /// Tells a scheduler who leads, when the news reaches it.
  package func notifyOfLeader(scheduler: FrameworkIndex) {
    let news = network.probeDelivery(
      on: link(scheduler: scheduler, 0, isUp: false), sentAt: simulation.now)
    schedule(.newsToScheduler, scheduler, 0, at: news)
  }

  func newsArrives(atSlave slave: SlaveIndex) {
    guard toldElections.slaves[slave] != electionNumber,
      field.isWhole || !isBlocked(.zookeeper, .slave(slave)),
      slaves[slave].isResponding
    else { return }
    toldElections.slaves[slave] = electionNumber
    slaves[slave].detect(leader)
  }

  func newsArrives(atScheduler scheduler: FrameworkIndex) {
    guard toldElections.schedulers[scheduler] != electionNumber,
      field.isWhole || !isBlocked(.zookeeper, .scheduler(scheduler)),
      schedulers[scheduler].state == .running
    else { return }
    // What broke before the driver connects, it finds out as soon as it has.
    if isConnectionBroken(scheduler), let leader,
      schedulers[scheduler].driver.isSubscribing(to: leader)
    {
      return
    }
    toldElections.schedulers[scheduler] = electionNumber
    schedulers[scheduler].detect(leader)
  }
}
