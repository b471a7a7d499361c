// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks say must always hold of themselves, does (`Journal.assure`).

import Mesos

/// No rule of a framework's own was broken.
struct FrameworkRulesKept: Invariant {
  let name = "framework-rules-kept"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    cluster.serviceNotes.brokenRule
  }
}
