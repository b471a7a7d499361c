// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reserved resources go to the role that they are reserved for, and to roles below it.

import Mesos

/// No framework is offered, or uses, what is reserved for another role.
struct ReservationsKept: Invariant {
  let name = "reservations-kept"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    switch fact {
    case .offered(let framework, let slave, let resources),
      .taskLaunched(let framework, let slave, let resources, _),
      .executorStarted(let framework, let slave, let resources):
      if resources.isPlain { return nil }
      guard cluster.leadingProcess != nil else { return nil }
      let roles = cluster.roles(of: framework)
      for reserved in resources.reservationRoles
      where !roles.contains(where: { $0 == reserved || reserved.isAncestor(of: $0) }) {
        return "'\(cluster.frameworkName(framework))' has \(resources) of "
          + "\(cluster.slaveName(slave)), reserved for '\(reserved)'"
      }
      return nil
    default: return nil
    }
  }
}
