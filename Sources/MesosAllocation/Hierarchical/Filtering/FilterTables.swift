// Part of mesosim. Apache-2.0, see LICENSE.
//
// The two tables behind the filters: from client and slave to their filters, and from equal
// resources to one copy of them.

import Mesos
import VirtualTime

/// Finds the first filter of a client and slave.
///
/// Open addressing over numbers of filters, four bytes a place; the filters hold the keys.
struct FilterIndex {
  private var places: [Int32] = []
  private var count = 0
  private var mask = -1

  private static let vacant: Int32 = -1

  private func home(_ client: Int32, _ slave: SlaveIndex) -> Int {
    let key = UInt64(UInt32(bitPattern: client)) << 32 | UInt64(UInt32(bitPattern: slave.rawValue))
    return Int(truncatingIfNeeded: key.scattered >> 16) & mask
  }

  /// Where the filter of a client and slave is, or would be put.
  private func place(of client: Int32, _ slave: SlaveIndex, in filters: [FilterEntry]) -> Int {
    var place = home(client, slave)
    while places[place] != FilterIndex.vacant {
      let filter = Int(places[place])
      if filters[filter].slave == slave && filters[filter].client == client { break }
      place = (place + 1) & mask
    }
    return place
  }

  /// The number of the first filter of a client and slave, negative when there is none.
  func first(_ client: Int32, _ slave: SlaveIndex, in filters: [FilterEntry]) -> Int32 {
    if count == 0 { return FilterIndex.vacant }
    return places[place(of: client, slave, in: filters)]
  }

  /// Puts a filter first among those of its client and slave.
  mutating func set(_ filter: Int32, in filters: [FilterEntry]) {
    if (count + 1) * 4 > places.count * 3 { grow(filters) }
    let entry = filters[Int(filter)]
    let place = place(of: entry.client, entry.slave, in: filters)
    if places[place] == FilterIndex.vacant { count += 1 }
    places[place] = filter
  }

  private mutating func grow(_ filters: [FilterEntry]) {
    let old = places
    places = Array(repeating: FilterIndex.vacant, count: max(16, old.count * 2))
    mask = places.count - 1
    for filter in old where filter != FilterIndex.vacant {
      let entry = filters[Int(filter)]
      places[place(of: entry.client, entry.slave, in: filters)] = filter
    }
  }

  /// Drops a client and slave, whose first filter still has its keys.
  ///
  /// Later entries of the run move forward, so that no search ends early and no mark stays behind.
  mutating func remove(_ client: Int32, _ slave: SlaveIndex, in filters: [FilterEntry]) {
    if count == 0 { return }
    var gap = place(of: client, slave, in: filters)
    if places[gap] == FilterIndex.vacant { return }
    count -= 1
    var place = gap
    while true {
      place = (place + 1) & mask
      if places[place] == FilterIndex.vacant { break }
      let entry = filters[Int(places[place])]
      let distance = (place - home(entry.client, entry.slave)) & mask
      if distance >= (place - gap) & mask {
        places[gap] = places[place]
        gap = place
      }
    }
    places[gap] = FilterIndex.vacant
  }
}

/// Resource lists, equal ones kept once.
///
/// Chains of places, in buckets by what the lists amount to: the hash of a dictionary would cost
/// more than all else that a refusal does.
struct ShapeTable {
  private struct Entry {
    var shape = Resources()
    var hash: UInt64 = 0
    var uses: Int32 = 0
    /// The next list of the same bucket, or the next vacant place.
    var next: Int32 = -1
  }

  private var entries: [Entry] = []
  private var firstVacant: Int32 = -1
  private var buckets = [Int32](repeating: -1, count: 16)

  subscript(number: Int32) -> Resources { entries[Int(number)].shape }

  /// The number of a list, with one more user.
  mutating func retain(_ resources: Resources) -> Int32 {
    let hash = ShapeTable.hash(resources)
    var number = buckets[bucket(of: hash)]
    while number >= 0 {
      if entries[Int(number)].hash == hash, entries[Int(number)].shape == resources {
        entries[Int(number)].uses += 1
        return number
      }
      number = entries[Int(number)].next
    }
    return add(Entry(shape: resources, hash: hash, uses: 1))
  }

  private mutating func add(_ entry: Entry) -> Int32 {
    let number: Int32
    if firstVacant >= 0 {
      number = firstVacant
      firstVacant = entries[Int(number)].next
      entries[Int(number)] = entry
    } else {
      number = Int32(entries.count)
      entries.append(entry)
      if entries.count > buckets.count { return grow(to: number) }
    }
    link(number)
    return number
  }

  private mutating func link(_ number: Int32) {
    let bucket = bucket(of: entries[Int(number)].hash)
    entries[Int(number)].next = buckets[bucket]
    buckets[bucket] = number
  }

  /// Doubles the buckets when every place is taken, the last one by a list not linked so far.
  private mutating func grow(to last: Int32) -> Int32 {
    buckets = Array(repeating: -1, count: buckets.count * 2)
    for number in 0...last { link(number) }
    return last
  }

  /// One user less; the list goes with the last.
  mutating func release(_ number: Int32) {
    entries[Int(number)].uses -= 1
    guard entries[Int(number)].uses == 0 else { return }
    let bucket = bucket(of: entries[Int(number)].hash)
    let next = entries[Int(number)].next
    if buckets[bucket] == number {
      buckets[bucket] = next
    } else {
      var before = Int(buckets[bucket])
      while entries[before].next != number { before = Int(entries[before].next) }
      entries[before].next = next
    }
    entries[Int(number)] = Entry(next: firstVacant)
    firstVacant = number
  }

  private func bucket(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash) & (buckets.count - 1)
  }

  /// Differs, nearly always, between lists that differ.
  private static func hash(_ resources: Resources) -> UInt64 {
    var hash: UInt64 = 0
    resources.forEachWord { hash = (hash ^ $0).scattered }
    return hash
  }
}
