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
  /// Offers that were made many at a time.
  var runs = OpenRuns()

  /// The offer of a number, if it is open or was overtaken.
  subscript(number: Int) -> OpenOffer? {
    if let slot = slot(of: number) { return records[slot] }
    return runs.isEmpty ? nil : runs.offer(number)
  }

  /// The framework that an open offer was made to.
  func framework(of number: Int) -> FrameworkIndex? {
    if let slot = slot(of: number) {
      return records[slot].isOpen ? records[slot].framework : nil
    }
    return runs.isEmpty ? nil : runs.framework(of: number)
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
    guard let slot = slot(of: number) else { return runs.isEmpty ? nil : runs.take(number) }
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
    let single = records.usedSlots.filter { passes(records[$0]) }.map { records[$0].number }
    return (single + runs.numbers(where: passes)).sorted()
  }

  // MARK: Timeouts

  /// Has an offer time out, or with the number of the first of a run all that are in it.
  mutating func setTimeout(of number: Int, at instant: Instant) {
    timeouts.append((instant, number))
  }

  /// When the next open offer times out.
  var nextTimeout: Instant? { timeouts.first?.instant }

  /// Takes out the number of an offer that is due; `nil` when none is.
  mutating func popTimedOut(at now: Instant) -> Int? {
    dropAnsweredTimeouts()
    guard let first = timeouts.first, first.instant <= now else { return nil }
    if slot(of: first.number) != nil { timeouts.removeFirst() }
    return firstOpen(of: first.number)
  }

  /// Forgets the timeouts of offers that were answered, so that the next one is of an open offer.
  mutating func dropAnsweredTimeouts() {
    while let first = timeouts.first, firstOpen(of: first.number) == nil { timeouts.removeFirst() }
  }

  /// The offer of a number or, when it is the first of a run, the first that is open there.
  private mutating func firstOpen(of number: Int) -> Int? {
    if slot(of: number) != nil { return number }
    return runs.isEmpty ? nil : runs.firstOpen(ofRunFrom: number)
  }
}
