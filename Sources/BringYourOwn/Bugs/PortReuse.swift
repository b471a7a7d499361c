// Part of mesosim. Apache-2.0, see LICENSE.

import MesosimKit

/// The mistake: the port that was picked from an offer is remembered for its slave, also when the
/// offer is rescinded; by the next offer of that slave somebody else may have it.
final class PortReuse: InstanceKeeper {
  private var picked: [String: UInt64] = [:]
  private var held: [Offer] = []

  /// Offers are used after a moment, in which more of them may come.
  override func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    held += offers
    for offer in offers where picked[offer.hostname] == nil {
      picked[offer.hostname] = offer.resources.ports.ranges.first?.begin
    }
    environment.startTimer(after: .seconds(5)) { [weak self] in self?.use(driver) }
  }

  private func use(_ driver: any SchedulerDriver) {
    for offer in held {
      if let slot = free.first, accepts(offer), picked[offer.hostname] != nil {
        launch(slot, on: offer, driver)
      } else {
        driver.declineOffer(offer.id)
      }
      picked[offer.hostname] = nil
    }
    held = []
  }

  override func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    held.removeAll { $0.id == offerID }
  }

  override func disconnected(_ driver: any SchedulerDriver) { held = [] }

  override func resources(from offer: Offer) -> Resources {
    let port = picked[offer.hostname].map { [ValueRange($0, $0)] } ?? []
    return Self.shape + Resources([Resource("ports", .ranges(ValueRanges(port)))])
  }

  override class var name: String { "port-reuse" }
  override class var summary: String { "keeps a port in mind that it was offered once" }
}
