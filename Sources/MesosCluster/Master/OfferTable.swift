// Part of mesosim. Apache-2.0, see LICENSE.
//
// The open offers of a master, by number and, for what happens to a slave, by slave.

import DequeModule
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

/// The neighbours of an offer among those of its slave.
private struct Links {
  var next: Int32 = -1
  var previous: Int32 = -1
}

/// The ends of the list of one slave's open offers.
struct OfferList {
  fileprivate var first: Int32 = -1
  fileprivate var last: Int32 = -1
}

/// All open offers.
struct OfferTable {
  /// Finds offers by their numbers.
  private var index = SlotIndex()
  /// Slots that are not in use hold nothing.
  private var records: [OpenOffer?] = []
  private var links: [Links] = []
  private var free: [Int32] = []
  /// When each offer times out, oldest first; answered ones are dropped when they are met.
  private var timeouts: Deque<(instant: Instant, number: Int)> = []

  var count: Int { records.count - free.count }

  /// The offer of a number, if it is open.
  subscript(number: Int) -> OpenOffer? { slot(of: number).flatMap { records[$0] } }

  /// The framework that an open offer was made to.
  func framework(of number: Int) -> FrameworkIndex? {
    slot(of: number).flatMap { records[$0]?.framework }
  }

  /// Scatters the numbers: in one row, all open offers would have to be looked at to remove one.
  private static func hash(_ number: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: (UInt64(bitPattern: Int64(number)) &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }

  private func slot(of number: Int) -> Int? {
    index.find(Self.hash(number)) { records[$0]?.number == number }
  }

  mutating func add(_ offer: consuming OpenOffer, to list: inout OfferList) {
    let hash = Self.hash(offer.number)
    let slot: Int
    if let reused = free.popLast() {
      slot = Int(reused)
      records[slot] = consume offer
    } else {
      slot = records.count
      records.append(consume offer)
      links.append(Links())
    }
    links[slot] = Links(next: -1, previous: list.last)
    if list.last >= 0 { links[Int(list.last)].next = Int32(slot) } else { list.first = Int32(slot) }
    list.last = Int32(slot)
    index.insert(hash, slot: slot)
  }

  /// Takes out an offer if it is open; `list` gives its slave's list.
  mutating func remove(
    _ number: Int, from slaves: inout [SlaveRecord]
  ) -> OpenOffer? {
    guard let slot = slot(of: number), let offer = records[slot].take() else { return nil }
    index.remove(Self.hash(number), slot: slot)
    let slave = Int(offer.slave)
    let own = links[slot]
    if own.previous >= 0 {
      links[Int(own.previous)].next = own.next
    } else {
      slaves[slave].openOffers.first = own.next
    }
    if own.next >= 0 {
      links[Int(own.next)].previous = own.previous
    } else {
      slaves[slave].openOffers.last = own.previous
    }
    free.append(Int32(slot))
    return offer
  }

  /// The numbers of a slave's open offers, oldest first.
  func numbers(onSlave list: OfferList) -> [Int] {
    var numbers: [Int] = []
    var slot = list.first
    while slot >= 0, let offer = records[Int(slot)] {
      numbers.append(offer.number)
      slot = links[Int(slot)].next
    }
    return numbers
  }

  /// The numbers of all open offers that pass a test, oldest first.
  ///
  /// - Complexity: O(open offers).
  func numbers(where passes: (OpenOffer) -> Bool) -> [Int] {
    records.compactMap { offer in offer.flatMap { passes($0) ? $0.number : nil } }.sorted()
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
