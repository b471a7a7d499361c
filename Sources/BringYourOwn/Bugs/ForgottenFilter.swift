// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// It does not go back to a host that it has lost an instance on.
///
/// The mistake: with nothing to launch it refuses offers for hours, and does not revive them when
/// there is something again.
final class ForgottenFilter: InstanceKeeper {
  private var hosts: [Int: String] = [:]
  private var bad: Set<String> = []

  override var refusal: Filters { Filters(refuseSeconds: free.isEmpty ? 4 * 3600 : 5) }
  override func accepts(_ offer: Offer) -> Bool {
    super.accepts(offer) && !bad.contains(offer.hostname)
  }

  override func resume(_ driver: any SchedulerDriver) {
    driver.reconcileTasks((0..<wanted).compactMap { tasks[$0].map { TaskQuery($0) } })
  }

  override func launch(_ slot: Int, on offer: Offer, _ driver: any SchedulerDriver) {
    hosts[slot] = offer.hostname
    super.launch(slot, on: offer, driver)
  }

  override func ended(_ slot: Int, _ driver: any SchedulerDriver) {
    hosts[slot].map { _ = bad.insert($0) }
    // All that is bad is as good as none.
    if bad.count > 2 { bad = [] }
    tasks[slot] = nil
    environment.store.remove("\(slot)")
  }

  override class var name: String { "forgotten-filter" }
  override class var summary: String { "refuses for hours and forgets that it did" }
}
