// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// No two instances may be on one host.
///
/// The mistake: which hosts are taken is not written down, so
/// that the next process knows its instances and not where they are.
final class ForgottenHosts: InstanceKeeper {
  private var hosts: [Int: String] = [:]

  override func accepts(_ offer: Offer) -> Bool {
    super.accepts(offer) && !hosts.values.contains(offer.hostname)
  }

  override func launch(_ slot: Int, on offer: Offer, _ driver: any SchedulerDriver) {
    hosts[slot] = offer.hostname
    super.launch(slot, on: offer, driver)
  }

  override func ended(_ slot: Int, _ driver: any SchedulerDriver) {
    hosts[slot] = nil
    super.ended(slot, driver)
  }

  override class var name: String { "forgotten-hosts" }
  override class var summary: String { "forgets at failover where its instances are" }
}
