// Part of mesosim. Apache-2.0, see LICENSE.
//
// Liveness: some time after the last fault everything is as if nothing had happened, but for what
// still is down or cut off. Looked at twice, a minute apart, since something is always under way:
// what is wrong both times is wrong.

import Mesos
import SimulationKernel
import VirtualTime

/// Whether a cluster has recovered from its last fault.
struct Convergence {
  /// The time between the two looks.
  static let distance: Duration = .seconds(60)

  /// How long after the last fault everything must be well: for updates to be sent again, slaves to
  /// come back, unanswered pings to be counted, lost slaves to be removed one after the other, and
  /// something on top.
  static func patience(with setup: ClusterSetup) -> Duration {
    let pings = setup.master.slavePingTimeout * setup.master.slavePingTimeoutsMax
    let removals = (setup.master.slaveRemovalInterval ?? .zero) * setup.slaves.count
    let waits =
      setup.slave.updateRetryMax + setup.master.slaveReregisterTimeout + pings + removals
    return max(waits, .seconds(1275)) + .seconds(225)
  }

  /// When each framework was last offered something, and each slave last offered to anybody.
  var lastOffers: [FrameworkIndex: Instant] = [:]
  private var lastOffered: [SlaveIndex: Instant] = [:]
  /// How many tasks each framework wants to launch, as far as it says.
  var demand: [FrameworkIndex: Int] = [:]
  /// What was not well at the first look, and when that was.
  private var firstLook: (complaints: [Complaint], instant: Instant)?

  /// What is not well, in words that are the same as long as it is not.
  private struct Complaint: Hashable {
    let text: String
    /// The process that it is about: one that is started again and again is another each time.
    var process: Incarnation = 0
  }

  mutating func fold(_ fact: ClusterEvent, at now: Instant) {
    switch fact {
    case .offered(let framework, let slave, _):
      lastOffers[framework] = now
      lastOffered[slave] = now
    case .demand(let framework, _, let delta): demand[framework, default: 0] += delta
    case .demandEnded(let framework), .frameworkLeft(let framework),
      .frameworkReplaced(let framework):
      demand[framework] = nil
    default: break
    }
  }

  /// Looks at a cluster.
  /// - Returns: What was not well at the look before, either, each in a few words; empty at the
  ///   first look.
  mutating func look(at cluster: Cluster, since lastFault: Instant, at now: Instant) -> [String] {
    let found = complaints(about: cluster, since: lastFault, at: now)
    defer { firstLook = firstLook ?? (found, now) }
    return found.filter { firstLook?.complaints.contains($0) == true }.map(\.text)
  }

  private func complaints(
    about cluster: Cluster, since lastFault: Instant, at now: Instant
  ) -> [Complaint] {
    // While any message may be lost, nothing can be expected.
    if cluster.network.canLose { return [] }
    guard let process = cluster.leadingProcess else {
      return cluster.masters.indices.contains { cluster.canLead(MasterIndex($0)) }
        ? [Complaint(text: "nobody leads")] : []
    }
    guard process.state == .running, !cluster.isBusy(.master(process.index), at: now) else {
      return []
    }
    var complaints: [Complaint] = []
    for index in cluster.slaves.indices {
      complaints += slaveComplaints(about: SlaveIndex(index), cluster, process.master, at: now)
        .map { Complaint(text: $0) }
    }
    for index in cluster.schedulers.indices.map({ FrameworkIndex($0) })
    where !cluster.isCutOff(.scheduler(index)) && !cluster.isBusy(.scheduler(index), at: now) {
      let (name, scheduler) = (cluster.frameworkName(index), cluster.schedulers[index])
      let state = process.master.state(of: scheduler.number)
      if let complaint = Self.complaint(about: scheduler, as: state) {
        complaints.append(
          Complaint(text: "\(name) \(complaint)", process: scheduler.incarnation))
      } else if state == .active, demand[index, default: 0] > 0,
        lastOffers[index].map({ $0 < lastFault }) ?? true
      {
        complaints += cluster.slavesDue(to: index, at: now).filter(isIdle).map {
          Complaint(text: "\(name) wants offers and gets none of \(cluster.slaveName($0))")
        }
      }
    }
    return complaints
  }

  /// Whether a slave has been offered to nobody since the first look.
  private func isIdle(_ slave: SlaveIndex) -> Bool {
    guard let firstLook, let offered = lastOffered[slave] else { return true }
    return offered < firstLook.instant
  }

  // MARK: Schedulers

  /// What is wrong between a scheduler and the master that holds it for this.
  private static func complaint(
    about scheduler: SchedulerProcess, as state: FrameworkRecord.State
  ) -> String? {
    switch (scheduler.state, scheduler.driver.status) {
    case (.paused, _), (_, .notStarted): return nil
    case (.running, .running):
      if !scheduler.driver.isConnected { return "is not connected" }
      // One that the master has removed, as an operator can ask it to, is not told.
      return [.active, .removed].contains(state)
        ? nil : "is connected, and the master does not count on it"
    case (.running, .aborted):
      return state == .active ? "wants no offers, and the master does not know" : nil
    case (.absent, _), (.dead, _), (.done, _), (_, .stopped):
      return state.isConnected ? "is gone, and the master counts on it" : nil
    }
  }

  /// Whether updates to a framework are acknowledged: its scheduler is well, has handled what has
  /// arrived, and does not leave it to chance.
  private func acknowledges(
    _ number: FrameworkIndex, _ cluster: Cluster, at now: Instant
  ) -> Bool {
    let framework = cluster.owners[number]
    let scheduler = cluster.schedulers[framework]
    return scheduler.number == number
      && scheduler.state == .running && scheduler.driver.status == .running
      && !scheduler.setup.acknowledgesExplicitly && !cluster.isCutOff(.scheduler(framework))
      && !cluster.isBusy(.scheduler(framework), at: now)
  }

  // MARK: Slaves

  private func slaveComplaints(
    about slave: SlaveIndex, _ cluster: Cluster, _ master: borrowing Master, at now: Instant
  ) -> [String] {
    let host = cluster.slaves[slave]
    let name = cluster.slaveName(slave)
    let record =
      master.slaves.has(slave) ? master.slaves[slave] : SlaveRecord()
    guard host.isResponding else {
      return record.state == .connected ? ["\(name) is down, and the master counts on it"] : []
    }
    if cluster.isCutOff(.slave(slave)) || cluster.isBusy(.slave(slave), at: now) { return [] }
    guard record.state == .connected, record.id == host.slave.id else {
      return ["\(name) is up, and the master does not count on it"]
    }
    var complaints: [String] = []
    let onSlave = host.tasks
    var known: Set<Name> = []
    for slot in master.tasks.slots(onSlave: record.tasks)
    where !master.tasks[slot].state.isTerminal {
      known.insert(
        Name(framework: master.tasks[slot].framework, id: master.tasks[slot].id))
    }
    var there: Set<Name> = []
    for task in onSlave {
      there.insert(Name(framework: task.framework, id: task.task))
      if task.state.isTerminal || !master.state(of: task.framework).isConnected { continue }
      if !known.contains(Name(framework: task.framework, id: task.task)) {
        complaints.append("\(name) runs task \(task.task), and the master does not know of it")
      }
    }
    for task in known.sorted() where !there.contains(task) {
      complaints.append("the master has task \(task.id) on \(name), which does not know of it")
    }
    for task in onSlave {
      guard let oldest = task.unacknowledged.first,
        master.state(of: task.framework).isConnected,
        acknowledges(task.framework, cluster, at: now),
        now - oldest.timestamp > Self.distance
      else { continue }
      complaints.append("\(oldest.state) of task \(task.task) on \(name) is not acknowledged")
    }
    return complaints
  }

  private struct Name: Hashable, Comparable {
    let framework: FrameworkIndex
    let id: TaskID
    static func < (left: Name, right: Name) -> Bool {
      (left.framework, left.id) < (right.framework, right.id)
    }
  }
}

extension Master {
  /// A framework as this master has it.
  fileprivate func state(of framework: FrameworkIndex) -> FrameworkRecord.State {
    frameworks.has(framework) ? frameworks[framework].state : .unknown
  }
}

extension Cluster {
  /// Whether a party is behind with what has arrived: of that it cannot know yet.
  fileprivate func isBusy(_ party: Party, at now: Instant) -> Bool {
    if setup.serviceTimes.areZero { return false }
    return switch party {
    case .master(let index): mailboxes.masters[index].isBusy(at: now)
    case .slave(let index): mailboxes.slaves[index].isBusy(at: now)
    case .scheduler(let index): mailboxes.schedulers[index].isBusy(at: now)
    case .zookeeper: false
    }
  }

  /// Whether a master could lead: it lives, and reaches ZooKeeper.
  fileprivate func canLead(_ master: MasterIndex) -> Bool {
    masters[master].state == .running && !isBlocked(.master(master), .zookeeper)
  }

  /// Whether a partition keeps the leader and a party from hearing one another, or the party from
  /// hearing who leads.
  fileprivate func isCutOff(_ party: Party) -> Bool {
    guard !field.isWhole, let leader else { return false }
    return isBlocked(party, .master(leader)) || isBlocked(.master(leader), party)
      || isBlocked(.zookeeper, party)
  }
}
