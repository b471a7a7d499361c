// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// Waits a moment for more offers, to choose among them.
///
/// The mistake: an offer that was rescinded
/// meanwhile is still one of them.
final class StaleOffer: InstanceKeeper {
  private var held: [Offer] = []

  override func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    held += offers
    environment.startTimer(after: .seconds(20)) { [weak self] in self?.use(driver) }
  }

  private func use(_ driver: any SchedulerDriver) {
    let offers = held
    held = []
    for offer in offers {
      guard let slot = free.first, accepts(offer) else {
        driver.declineOffer(offer.id)
        continue
      }
      launch(slot, on: offer, driver)
    }
  }

  override func disconnected(_ driver: any SchedulerDriver) { held = [] }

  override class var name: String { "stale-offer" }
  override class var summary: String { "launches on offers that were rescinded" }
}
