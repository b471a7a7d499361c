// Part of mesosim. Apache-2.0, see LICENSE.
//
// An update whose acknowledgement has reached its slave is never sent again.

import Mesos

/// Listens to updates and acknowledgements on the wire.
struct AcknowledgementTap {
  private var acknowledged: Set<UpdateID> = []
  private(set) var resent: UpdateID?

  mutating func acknowledged(_ update: UpdateID) { acknowledged.insert(update) }

  mutating func updateSent(_ update: TaskStatus) {
    guard resent == nil, let name = update.uuid, acknowledged.contains(name) else { return }
    resent = name
  }
}

extension Cluster {
  /// Hands an acknowledgement to its slave, and notes whether the slave has taken it.
  ///
  /// One from a master that no longer leads, or to a process that is down, counts for nothing. One
  /// that waits for a stopped process to go on is not noted, either.
  func acknowledgementArrives(
    _ update: Acknowledgement, of framework: FrameworkIndex, from master: MasterIndex,
    at slave: SlaveIndex
  ) {
    let host = slaves[slave]
    let wasAwaited = host.slave.awaits(update, framework)
    host.receive(.acknowledge(framework, update), from: master)
    if wasAwaited, !host.slave.awaits(update, framework) {
      wireTap?.acknowledged(update.uuid)
    }
  }
}

/// Acknowledged updates never come back.
struct AcknowledgedUpdatesStay: Invariant {
  let name = "acknowledged-updates-stay"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    guard let update = cluster.wireTap?.resent else { return nil }
    return "update \(update) was acknowledged and sent again"
  }
}
