// Part of mesosim. Apache-2.0, see LICENSE.
//
// An update whose acknowledgement has reached its slave is never sent again.

import Mesos

/// Listens to updates and acknowledgements on the wire.
struct AcknowledgementTap {
  private var acknowledged: Set<UpdateID> = []
  private(set) var resent: UpdateID?

  mutating func acknowledgementArrived(_ update: UpdateID) { acknowledged.insert(update) }

  mutating func updateSent(_ update: UpdateID) {
    if acknowledged.contains(update) { resent = resent ?? update }
  }
}

/// Acknowledged updates never come back.
struct AcknowledgedUpdatesStay: Invariant {
  let name = "acknowledged-updates-stay"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    guard let update = cluster.wireTap?.resent else { return nil }
    return
      "update \(update.number) of \(cluster.slaveName(update.slave)) was acknowledged and sent "
      + "again"
  }
}
