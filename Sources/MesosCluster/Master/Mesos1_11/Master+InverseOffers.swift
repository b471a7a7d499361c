// Part of mesosim. Apache-2.0, see LICENSE.
//
// Wishes that frameworks leave slaves before their maintenance, as the v1 API has them.

import Mesos
import MesosAllocation
import VirtualTime

/// A wish that has not been answered.
struct OpenInverseOffer: Sendable {
  let number: Int
  let framework: FrameworkIndex
  let slave: SlaveIndex
}

extension Master {
  /// Sends what the allocator wished; their numbers are drawn with those of offers.
  mutating func makeInverseOffers() {
    let wishes = allocator.takeInverseOffers()
    guard settings.followsMesos1_11, !wishes.isEmpty else { return }
    var first = 0
    let sorted = wishes.sorted { ($0.framework, $0.slave) < ($1.framework, $1.slave) }
    while first < sorted.count {
      let framework = sorted[first].framework
      var list: [Offer.Inverse] = []
      while first < sorted.count, sorted[first].framework == framework {
        if let offer = inverseOffer(sorted[first]) { list.append(offer) }
        first += 1
      }
      if !list.isEmpty { send(.inverseOffers(list), to: framework) }
    }
  }

  private mutating func inverseOffer(_ wish: InverseOffer) -> Offer.Inverse? {
    guard isKnown(wish.framework), frameworks[wish.framework].state == .active,
      slaves.has(wish.slave), slaves[wish.slave].state == .connected,
      let window = slaves[wish.slave].unavailability
    else { return nil }
    let number = offersMade
    offersMade += 1
    inverseOffers.append(
      OpenInverseOffer(number: number, framework: wish.framework, slave: wish.slave))
    return Offer.Inverse(
      id: OfferID(master: info.id, number: number), frameworkID: frameworks[wish.framework].id,
      slaveID: slaves[wish.slave].id, unavailability: window)
  }

  mutating func answerInverseOffers(
    _ ids: [OfferID], accepts: Bool, _ filters: Filters, for framework: FrameworkIndex
  ) {
    for id in ids where id.master == info.id {
      guard let place = inverseOffers.firstIndex(where: { $0.number == id.number }) else {
        continue
      }
      let offer = inverseOffers.remove(at: place)
      allocator.inverseOfferEnded(
        of: offer.framework, on: offer.slave, accepted: accepts, refusal: filters, at: now)
    }
  }

  /// Takes back the wishes about a slave.
  mutating func rescindInverseOffers(of slave: SlaveIndex) {
    if inverseOffers.isEmpty { return }
    let ended = inverseOffers.filter { $0.slave == slave }
    inverseOffers.removeAll { $0.slave == slave }
    for offer in ended {
      allocator.inverseOfferEnded(
        of: offer.framework, on: offer.slave, accepted: nil, refusal: nil, at: now)
      send(
        .rescindInverseOffer(OfferID(master: info.id, number: offer.number)), to: offer.framework)
    }
  }
}
