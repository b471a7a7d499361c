// Part of mesosim. Apache-2.0, see LICENSE.
//
// The open offers of a master, by number and, for what happens to a slave, by slave.

import Mesos
import VirtualTime

/// An offer that has not been answered.
struct OpenOffer {
  let number: Int
  let framework: FrameworkIndex
  let slave: SlaveIndex
  let role: Role
  let resources: Resources
  /// The slave's version when the offer was made.
  let version: UInt32
  /// How many offers had been made when a launch on the same resources had this one rescinded;
  /// `nil` while it is open.
  var overtakenAt: Int?

  var isOpen: Bool { overtakenAt == nil }

  init(
    number: Int, framework: FrameworkIndex, slave: SlaveIndex, role: Role,
    resources: Resources, version: UInt32 = 0
  ) {
    self.number = number
    self.framework = framework
    self.slave = slave
    self.role = role
    self.resources = resources
    self.version = version
  }
}

/// All open offers, and those on which a launch may be on its way although another overtook it.
struct OfferTable: ~Copyable {
  /// Finds offers by their numbers.
  private var index = SlotIndex()
  private var records = SlotTable<OpenOffer>()
  /// The lists of slaves, by slot.
  private var links: [SlotLinks] = []
  /// When each offer times out, oldest first; answered ones are dropped when they are met.
  private var timeouts = Queue<(instant: Instant, number: Int)>()

  var count: Int { records.count }

  /// The offer of a number, if it is open or was overtaken.
  subscript(number: Int) -> OpenOffer? { slot(of: number).map { records[$0] } }

  /// The framework that an open offer was made to.
  func framework(of number: Int) -> FrameworkIndex? {
    slot(of: number).flatMap { records[$0].isOpen ? records[$0].framework : nil }
  }

  /// Scatters the numbers: in one row, all open offers would have to be looked at to remove one.
  private static func hash(_ number: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(bitPattern: Int64(number)) &* SplitMix64.step) >> 32)
  }

  private func slot(of number: Int) -> Int? {
    index.find(Self.hash(number)) { records[$0].number == number }
  }

  mutating func add(_ offer: consuming OpenOffer, to list: inout SlotList) {
    let hash = Self.hash(offer.number)
    let slot = records.insert(offer)
    if slot == links.count { links.append(SlotLinks()) }
    list.append(Int32(slot), &links)
    index.insert(hash, slot: slot)
  }

  /// Takes out an offer if it is there, and out of its slave's list.
  mutating func remove(
    _ number: Int, from slaves: inout [SlaveRecord]
  ) -> OpenOffer? {
    guard let slot = slot(of: number) else { return nil }
    let offer = records.take(slot)
    index.remove(Self.hash(number), slot: slot)
    if offer.isOpen {
      slaves[offer.slave].openOffers.remove(Int32(slot), &links)
    } else {
      slaves[offer.slave].overtakenOffers.remove(Int32(slot), &links)
    }
    return offer
  }

  /// The numbers of the offers in one of a slave's lists, oldest first.
  func numbers(onSlave list: SlotList) -> [Int] {
    list.slots(links).map { records[Int($0)].number }
  }

  /// The numbers of all offers that pass a test, overtaken ones included, oldest first.
  ///
  /// - Complexity: O(offers).
  func numbers(where passes: (OpenOffer) -> Bool) -> [Int] {
    records.usedSlots.filter { passes(records[$0]) }.map { records[$0].number }.sorted()
  }

  // MARK: Timeouts

  mutating func setTimeout(of number: Int, at instant: Instant) {
    timeouts.append((instant, number))
  }

  /// When the next open offer times out.
  var nextTimeout: Instant? { timeouts.first?.instant }

  /// Takes out the number of an offer that is due; `nil` when none is.
  mutating func popTimedOut(at now: Instant) -> Int? {
    while let first = timeouts.first {
      if slot(of: first.number) == nil {
        timeouts.removeFirst()
        continue
      }
      guard first.instant <= now else { return nil }
      timeouts.removeFirst()
      return first.number
    }
    return nil
  }

  /// Forgets the timeouts of offers that were answered, so that the next one is of an open offer.
  mutating func dropAnsweredTimeouts() {
    while let first = timeouts.first, slot(of: first.number) == nil { timeouts.removeFirst() }
  }
}
