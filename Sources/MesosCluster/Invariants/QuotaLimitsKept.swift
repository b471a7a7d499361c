// Part of mesosim. Apache-2.0, see LICENSE.
//
// No framework is offered more than the limit of its role allows.

import Mesos
import MesosAllocation

/// An offer keeps to the quota limit of its role.
struct QuotaLimitsKept: Invariant {
  let name = "quota-limits-kept"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    guard case .offered(let framework, _, let resources) = fact,
      let process = cluster.leadingProcess, !process.master.registry.quotas.isEmpty,
      !resources.governed.isEmpty
    else { return nil }
    // Limits look at a framework's own role (Rules 5.9, a quirk).
    let roles = process.master.frameworks[framework].info.effectiveRoles
    for config in process.master.registry.quotas
    where roles == [config.role] && !config.quota.limits.isEmpty {
      let (role, quota) = (config.role, config.quota)
      let held = process.master.consumption(of: role) + process.master.offered(to: role)
      for entry in resources.governed.scalarQuantities.entries {
        guard let limit = quota.limits[entry.name], held[entry.name] > limit else { continue }
        return "role '\(role)' holds \(held), its limit is \(quota.limits)"
      }
    }
    return nil
  }
}
