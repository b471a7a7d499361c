// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// The mistake: with nothing to launch it refuses offers for hours, and does not revive them when
/// there is something again.
final class ForgottenFilter: InstanceKeeper {
  override var refusal: Filters { Filters(refuseSeconds: free.isEmpty ? 4 * 3600 : 5) }

  override func resume(_ driver: any SchedulerDriver) {
    driver.reconcileTasks((0..<wanted).compactMap { tasks[$0].map { TaskQuery($0) } })
  }

  override func ended(_ slot: Int, _ driver: any SchedulerDriver) {
    tasks[slot] = nil
    environment.store.remove("\(slot)")
  }

  override class var name: String { "forgotten-filter" }
  override class var summary: String { "refuses for hours and forgets that it did" }
}
