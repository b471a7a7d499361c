// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers are held until they are used or have been held long enough.

import Mesos

extension AuroraScheduler {
  /// How long what is declined, or left over, stays away.
  static let refusal = Filters(refuseSeconds: 5)

  func hold(_ offers: Offers, _ driver: any SchedulerDriver) {
    var declined: [Offer] = []
    for offer in offers {
      let host = host(of: offer)
      if !banned.isEmpty, banned.remove(offer.id) != nil { continue }
      if let other = host.offer {
        // Given back at once, both come again as one.
        pool.remove(other)
        declined.append(other.offer)
        declined.append(offer)
        continue
      }
      let held = AuroraOffer(
        offer, on: host, options.offerOrder, chance: chance.integer(below: 1 << 48))
      pool.add(held)
      let jitter = chance.integer(below: 60)
      returnLater(held, after: options.offerHold + .seconds(jitter))
    }
    if !declined.isEmpty { driver.declineOffers(Offers(declined), filters: Self.refusal) }
  }

  private func host(of offer: Offer) -> AuroraHost {
    guard let host = hosts[offer.slaveID] else {
      let host = AuroraHost(
        offer.slaveID, offer.hostname, offer.attributes, modes[offer.hostname] ?? .none)
      hosts[offer.slaveID] = host
      return host
    }
    guard host.source != offer.attributes else { return host }
    for row in host.rows { row.job.count(row, -1) }
    host.note(offer)
    for row in host.rows { row.job.count(row, 1) }
    if !host.rows.isEmpty { keep(host) }
    return host
  }

  /// Forgets an offer, also one that is still to come.
  func rescind(_ id: OfferID) {
    if let offer = pool[id] { return pool.remove(offer) }
    banned.insert(id)
    later(options.offerHold) { $0.banned.remove(id) }
  }

  func dropOffers() {
    pool.removeAll()
    banned = []
  }

  /// Holds an offer anew, in another place of the order.
  func reorder(_ host: AuroraHost) {
    guard let old = host.offer else { return }
    pool.remove(old)
    let offer = AuroraOffer(
      old.offer, on: host, options.offerOrder, chance: chance.integer(below: 1 << 48))
    pool.add(offer)
    returnLater(offer, after: options.offerHold)
  }

  // MARK: Giving back

  /// Offers that are due in the same second are given back together.
  private func returnLater(_ offer: AuroraOffer, after delay: Duration) {
    let second = Int((now + delay).seconds.rounded(.up))
    guard returns.add(offer, at: second) else { return }
    later(Instant.second(second) - now) { scheduler in
      let offers = scheduler.returns.take(second).filter(\.isOpen)
      for offer in offers { scheduler.pool.remove(offer) }
      if !offers.isEmpty {
        scheduler.driver?.declineOffers(Offers(offers.map(\.offer)), filters: Self.refusal)
      }
    }
  }
}

extension Instant {
  fileprivate static func second(_ number: Int) -> Instant { .start + .seconds(number) }
}

/// When which offers are given back, by the second.
struct AuroraReturns {
  private var bySecond: [Int: [AuroraOffer]] = [:]

  /// Adds an offer; true when it is the first of its second.
  mutating func add(_ offer: AuroraOffer, at second: Int) -> Bool {
    bySecond[second, default: []].append(offer)
    return bySecond[second]?.count == 1
  }

  mutating func take(_ second: Int) -> [AuroraOffer] {
    bySecond.removeValue(forKey: second) ?? []
  }
}
