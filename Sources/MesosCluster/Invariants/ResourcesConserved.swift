// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is used on a slave was there to be used, and what is given back was held.

import Mesos

/// On each slave, what tasks and executors hold is part of what there is, and nothing is given back
/// that was not held.
struct ResourcesConserved: Invariant {
  let name = "resources-conserved"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    switch fact {
    case .taskLaunched(_, let slave, let resources, _),
      .executorStarted(_, let slave, let resources):
      let entry = ledger[slave]
      guard let total = entry.total else { return "a task was launched on slave \(slave), gone" }
      let used = entry.used + resources
      if total.contains(used) { return nil }
      return "\(cluster.slaveName(slave)) holds \(used) of \(total)"
    case .taskEnded(_, let slave, let resources, _, _, _),
      .executorEnded(_, let slave, let resources):
      if ledger[slave].used.contains(resources) { return nil }
      return "\(resources) came back from \(cluster.slaveName(slave)), which held "
        + "\(ledger[slave].used)"
    case .offerEnded(_, let slave, let resources, _):
      let open = ledger[slave].offered
      // Of offers that overlap only amounts add up: a port in two of them is in the sum once.
      let wasOpen =
        cluster.hasOverlappingOffers
        ? open.scalarQuantities.contains(resources.scalarQuantities) : open.contains(resources)
      if wasOpen { return nil }
      return "an offer of \(resources) of \(cluster.slaveName(slave)) ended; open were "
        + "\(open)"
    case .slaveRemoved(let slave):
      let entry = ledger[slave]
      if entry.used.isEmpty { return nil }
      return "\(cluster.slaveName(slave)) went with \(entry.used) in use"
    default: return nil
    }
  }
}
