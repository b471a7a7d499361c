// Part of mesosim. Apache-2.0, see LICENSE.
//
// Nothing is offered that somebody holds or, unless the allocator means to, that somebody else is
// offered.

import Mesos
import MesosAllocation

/// What is offered is free.
struct NoOfferOfTakenResources: Invariant {
  let name = "no-offer-of-taken-resources"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    guard case .offered(_, let slave, let resources) = fact else { return nil }
    let entry = ledger[slave]
    guard let total = entry.total else {
      return "\(resources) of slave \(slave) were offered, which is not there"
    }
    let taken = cluster.hasOverlappingOffers ? entry.used : entry.used + entry.offered
    if total.contains(taken + resources) { return nil }
    return "\(resources) of \(cluster.slaveName(slave)) were offered; of \(total), \(taken) "
      + "are taken"
  }
}
