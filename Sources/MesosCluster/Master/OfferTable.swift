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

  fileprivate var next: Int32 = -1
  fileprivate var previous: Int32 = -1

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

/// The ends of the list of one slave's open offers.
struct OfferList {
  fileprivate var first: Int32 = -1
  fileprivate var last: Int32 = -1
}

/// All open offers.
struct OfferTable {
  private var slots: [Int: Int32] = [:]
  /// Slots that are not in use hold nothing.
  private var records: [OpenOffer?] = []
  private var free: [Int32] = []
  /// When each offer times out, oldest first; answered ones are dropped when they are met.
  private var timeouts: Deque<(instant: Instant, number: Int)> = []

  var count: Int { slots.count }

  /// The offer of a number, if it is open.
  subscript(number: Int) -> OpenOffer? {
    slots[number].flatMap { records[Int($0)] }
  }

  /// The framework that an open offer was made to.
  func framework(of number: Int) -> FrameworkIndex? {
    slots[number].flatMap { records[Int($0)]?.framework }
  }

  mutating func add(_ offer: consuming OpenOffer, to list: inout OfferList) {
    offer.previous = list.last
    let number = offer.number
    let slot: Int32
    if let reused = free.popLast() {
      slot = reused
      records[Int(slot)] = offer
    } else {
      slot = Int32(records.count)
      records.append(offer)
    }
    if list.last >= 0 { records[Int(list.last)]?.next = slot } else { list.first = slot }
    list.last = slot
    slots[number] = slot
  }

  /// Takes out an offer if it is open; `list` gives its slave's list.
  mutating func remove(
    _ number: Int, from slaves: inout [SlaveRecord]
  ) -> OpenOffer? {
    guard let slot = slots.removeValue(forKey: number) else { return nil }
    guard let offer = records[Int(slot)].take() else { return nil }
    let slave = Int(offer.slave)
    if offer.previous >= 0 {
      records[Int(offer.previous)]?.next = offer.next
    } else {
      slaves[slave].openOffers.first = offer.next
    }
    if offer.next >= 0 {
      records[Int(offer.next)]?.previous = offer.previous
    } else {
      slaves[slave].openOffers.last = offer.previous
    }
    free.append(slot)
    return offer
  }

  /// The numbers of a slave's open offers, oldest first.
  func numbers(onSlave list: OfferList) -> [Int] {
    var numbers: [Int] = []
    var slot = list.first
    while slot >= 0, let offer = records[Int(slot)] {
      numbers.append(offer.number)
      slot = offer.next
    }
    return numbers
  }

  /// The numbers of all open offers that pass a test, oldest first.
  ///
  /// - Complexity: O(open offers).
  func numbers(where passes: (OpenOffer) -> Bool) -> [Int] {
    var numbers: [Int] = []
    for (number, slot) in slots {
      if let offer = records[Int(slot)], passes(offer) { numbers.append(number) }
    }
    return numbers.sorted()
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
      if slots[first.number] == nil {
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
    while let first = timeouts.first, slots[first.number] == nil { timeouts.removeFirst() }
  }
}
