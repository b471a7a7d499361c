// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// The mistake: after a failover it goes on with the instances that it had written down, and does
/// not ask what became of them meanwhile.
final class NoReconciliation: InstanceKeeper {
  override func resume(_ driver: any SchedulerDriver) { driver.reviveOffers() }

  override class var name: String { "no-reconciliation" }
  override class var summary: String { "does not ask what became of its tasks" }
}
