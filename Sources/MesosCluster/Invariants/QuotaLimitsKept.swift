// Part of mesosim. Apache-2.0, see LICENSE.
//
// No framework is offered more than the limit of its role allows.

import Mesos
import MesosAllocation

/// An offer keeps to the quota limit of its role.
///
/// What frameworks in a role below hold counts when an allocation begins. What the same allocation
/// gives them is not stopped by the limit, nor held against it (Rules 5.9).
struct QuotaLimitsKept: Invariant {
  let name = "quota-limits-kept"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    guard case .offered(let framework, let slave, let resources) = fact,
      let process = cluster.leadingProcess, !process.master.registry.quotas.isEmpty,
      !resources.governed.isEmpty
    else { return nil }
    let roles = process.master.allocations
      .filter {
        cluster.owners[$0.framework] == framework && $0.slave == slave && $0.resources == resources
      }
      .map(\.role)
    for config in process.master.registry.quotas
    where roles.contains(config.role) && !config.quota.limits.isEmpty {
      let (role, limits) = (config.role, config.quota.limits)
      var held = process.master.consumption(of: role) + process.master.offered(to: role)
      for given in process.master.allocations where role.isAncestor(of: given.role) {
        held -= given.resources.governed.scalarQuantities
      }
      for entry in resources.governed.scalarQuantities.entries {
        guard let limit = limits[entry.name], held[entry.name] > limit else { continue }
        return "role '\(role)' holds \(held), its limit is \(limits)"
      }
    }
    return nil
  }
}
