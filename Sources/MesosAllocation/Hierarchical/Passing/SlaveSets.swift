// Part of mesosim. Apache-2.0, see LICENSE.
//
// Sets of slaves by their dense numbers, a few bytes a slave. All are walked in a fixed order: what
// is walked reaches decisions.

import Mesos

/// A set of slaves, taken out in order of insertion.
struct MarkList {
  private var entries: [SlaveIndex] = []
  private var isMember: [Bool] = []
  /// The number of members; entries whose slave was removed meanwhile stay in the list.
  private(set) var count = 0

  /// Whether a slave is there.
  func contains(_ slave: SlaveIndex) -> Bool { Int(slave) < isMember.count && isMember[slave] }

  /// Adds a slave unless it is there.
  mutating func insert(_ slave: SlaveIndex) {
    while isMember.count <= Int(slave) { isMember.append(false) }
    if isMember[slave] { return }
    isMember[slave] = true
    entries.append(slave)
    count += 1
  }

  /// Takes a slave out.
  mutating func remove(_ slave: SlaveIndex) {
    guard Int(slave) < isMember.count, isMember[slave] else { return }
    isMember[slave] = false
    count -= 1
    if count == 0 { entries.removeAll(keepingCapacity: true) }
  }

  /// Takes all slaves out.
  mutating func takeAll(_ body: (SlaveIndex) -> Void) {
    if count > 0 {
      for slave in entries where isMember[slave] {
        isMember[slave] = false
        body(slave)
      }
    }
    entries.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Takes all slaves out.
  mutating func removeAll() { takeAll { _ in } }
}

/// A set of slaves in no particular order, without duplicates in its list.
struct SlaveSet {
  private(set) var members: [SlaveIndex] = []
  private var places: [Int32] = []

  /// Whether a slave is there.
  func contains(_ slave: SlaveIndex) -> Bool {
    Int(slave) < places.count && places[slave] >= 0
  }

  /// Adds a slave unless it is there.
  mutating func insert(_ slave: SlaveIndex) {
    while places.count <= Int(slave) { places.append(-1) }
    if places[slave] >= 0 { return }
    places[slave] = Int32(members.count)
    members.append(slave)
  }

  /// Takes a slave out.
  mutating func remove(_ slave: SlaveIndex) {
    guard contains(slave), let last = members.last else { return }
    let place = places[slave]
    members[Int(place)] = last
    places[Int(last)] = place
    members.removeLast()
    places[slave] = -1
  }
}
