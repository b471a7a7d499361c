// Part of mesosim. Apache-2.0, see LICENSE.
//
// Liveness: some time after the last fault everything is as if nothing had happened. Looked at
// twice, a minute apart, since something is always under way: what is wrong both times is wrong.

import Mesos
import SimulationKernel
import VirtualTime

/// Whether a cluster has recovered from its last fault.
struct Convergence {
  /// How long after the last fault everything must be well: 10 min of back-off between updates,
  /// 10 min for slaves to come back, 75 s of pings, and something on top.
  static let patience: Duration = .seconds(25 * 60)
  /// The time between the two looks.
  static let distance: Duration = .seconds(60)

  /// When each framework was last offered something.
  var lastOffers: [FrameworkIndex: Instant] = [:]
  /// How many tasks each framework wants to launch, as far as it says.
  var demand: [FrameworkIndex: Int] = [:]

  mutating func fold(_ fact: ClusterEvent, at now: Instant) {
    switch fact {
    case .offered(let framework, _, _): lastOffers[framework] = now
    case .demand(let framework, _, let delta): demand[framework, default: 0] += delta
    case .demandEnded(let framework), .frameworkLeft(let framework): demand[framework] = nil
    default: break
    }
  }

  /// What is not well, each in a few words that are the same as long as it is not.
  func complaints(about cluster: Cluster, since lastFault: Instant) -> [String] {
    guard let process = cluster.leadingProcess else { return ["nobody leads"] }
    var complaints: [String] = []
    for index in cluster.slaves.indices {
      complaints += slaveComplaints(about: SlaveIndex(index), cluster, process.master)
    }
    for index in process.master.frameworks.indices
    where process.master.frameworks[index].state == .active {
      let framework = cluster.owners[index]
      guard demand[framework, default: 0] > 0 else { continue }
      if lastOffers[framework].map({ $0 < lastFault }) ?? true {
        complaints.append("\(cluster.frameworkName(framework)) wants offers and gets none")
      }
    }
    for index in cluster.schedulers.indices {
      let scheduler = cluster.schedulers[index]
      if scheduler.state == .running, scheduler.driver.status == .running,
        !scheduler.driver.isConnected
      {
        complaints.append("\(cluster.frameworkName(FrameworkIndex(index))) is not connected")
      }
    }
    return complaints
  }

  private func slaveComplaints(
    about slave: SlaveIndex, _ cluster: Cluster, _ master: borrowing Master
  ) -> [String] {
    let host = cluster.slaves[slave]
    let name = cluster.slaveName(slave)
    let record =
      master.slaves.has(slave) ? master.slaves[slave] : SlaveRecord()
    guard host.isResponding else {
      return record.state == .connected ? ["\(name) is down, and the master counts on it"] : []
    }
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
      let isHeard =
        master.isKnown(task.framework) && master.frameworks[task.framework].state.isConnected
      if task.state.isTerminal || !master.isKnown(task.framework) { continue }
      if isHeard, !known.contains(Name(framework: task.framework, id: task.task)) {
        complaints.append("\(name) runs task \(task.task), and the master does not know of it")
      }
    }
    for task in known.sorted() where !there.contains(task) {
      complaints.append("the master has task \(task.id) on \(name), which does not know of it")
    }
    for task in onSlave {
      guard let oldest = task.unacknowledged.first, master.isKnown(task.framework),
        master.frameworks[task.framework].state.isConnected,
        cluster.simulation.now - oldest.timestamp > Self.distance
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
