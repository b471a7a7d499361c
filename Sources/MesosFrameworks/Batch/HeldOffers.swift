// Part of mesosim. Apache-2.0, see LICENSE.
//
// The offers that wait, with a gang, for more of them.

import Mesos

/// Offers kept back until there is room for a gang.
struct HeldOffers {
  private var offers: [(offer: Offer, room: Int)] = []
  /// How many tasks of the gang fit in all; its constraints may allow for fewer.
  private(set) var room = 0
  /// For whom the room was counted: gangs differ in shape and size.
  private var gang: (job: ActiveJob, needed: Int)?

  var isEmpty: Bool { offers.isEmpty }

  /// Sees to it that room is counted for `job` as it is now.
  /// - Returns: The offers in which no task of it fits, which are held no more.
  mutating func count(for job: ActiveJob) -> [Offer] {
    if let gang, gang.job === job, gang.needed == job.runnableCount { return [] }
    gang = (job, job.runnableCount)
    return takeAll().filter { !add($0) }
  }

  /// Holds an offer; `false` when no task of the gang fits.
  mutating func add(_ offer: Offer) -> Bool {
    guard let gang else { return false }
    guard gang.job.mayUse(offer) else { return false }
    let room = gang.job.need.count(in: offer.resources, max: gang.needed)
    guard room > 0 else { return false }
    offers.append((offer, room))
    self.room += room
    return true
  }

  /// For how many tasks of a need there is enough in all, constraints aside.
  func count(of need: TaskNeed) -> Int {
    offers.reduce(0) { $0 + need.count(in: $1.offer.resources, max: .max - $0) }
  }

  /// Holds an offer in which no task of the gang fits, for those behind it.
  mutating func keep(_ offer: Offer) { offers.append((offer, 0)) }

  mutating func remove(_ id: OfferID) {
    guard let position = offers.firstIndex(where: { $0.offer.id == id }) else { return }
    room -= offers.remove(at: position).room
  }

  /// Takes as many offers, the longest held first, as a gang needs to start, with how many of its
  /// tasks each is for; `nil`, and nothing is taken, when they do not suffice.
  mutating func take(toStart job: ActiveJob) -> [(offer: Offer, tasks: Int)]? {
    guard let dealt = job.deal(over: offers.map(\.offer)) else { return nil }
    var taken: [(offer: Offer, tasks: Int)] = []
    var rest: [(offer: Offer, room: Int)] = []
    for (held, tasks) in zip(offers, dealt) {
      if tasks > 0 { taken.append((held.offer, tasks)) } else { rest.append(held) }
    }
    offers = rest
    room = rest.reduce(0) { $0 + $1.room }
    return taken
  }

  mutating func takeAll() -> [Offer] {
    defer {
      offers = []
      room = 0
    }
    return offers.map(\.offer)
  }
}
