// Part of mesosim. Apache-2.0, see LICENSE.
//
// Refused resources, by framework, role and slave (mesos/src/master/allocator/mesos/
// hierarchical.cpp, RefusedOfferFilter). A filter takes under 64 bytes: equal resources are kept
// once, and filters that end at the same tick hang on one list.

import Mesos
import VirtualTime

/// One filter: 40 bytes.
struct FilterEntry {
  var expiry = Instant.start
  var client: Int32 = -1
  var slave: SlaveIndex = -1
  /// What is refused, by its number among all such lists.
  var resources: Int32 = -1
  /// The next filter of the same client and slave, or the next free place.
  var next: Int32 = -1
  var nextOfClient: Int32 = -1
  var previousOfClient: Int32 = -1
  var nextOfTick: Int32 = -1
  var previousOfTick: Int32 = -1
}

/// All filters of an allocator; clients and slaves are dense numbers.
struct FilterStore {
  private var filters: [FilterEntry] = []
  private var firstFree: Int32 = -1
  private var index = FilterIndex()
  private var firstOfClient: [Int32] = []
  private var counts: [Int32] = []
  private var countsOfClients: [Int32] = []
  /// The ticks at which filters end, ascending, each with the first of its filters.
  private var ticks: [(tick: Instant, first: Int32)] = []
  private var shapes = ShapeTable()
  /// The slaves on which filters were set one by one.
  private(set) var singles = SlaveSet()
  /// Those that were set many at a time.
  private var runs = RunFilters()

  /// The number of filters in force that were set one by one.
  private(set) var count = 0

  /// How many filters of a client are in force.
  func count(client: Int32) -> Int {
    let singles = Int(client) < countsOfClients.count ? Int(countsOfClients[Int(client)]) : 0
    return singles + runs.count(client: client)
  }

  /// Whether a filter is in force on a slave.
  func has(anyOn slave: SlaveIndex) -> Bool {
    singles.contains(slave) || runs.has(anyOn: slave)
  }

  /// The earliest tick that finds a filter ended.
  var nextTick: Instant? {
    guard let run = runs.nextTick else { return ticks.first?.tick }
    return min(run, ticks.first?.tick ?? run)
  }

  /// Keeps `resources` of a slave from a client until `expiry`.
  ///
  /// `tick` is the first one that finds the filter ended, at `expiry` or later.
  mutating func add(
    _ resources: Resources, client: Int32, slave: SlaveIndex, expiry: Instant, tick: Instant
  ) {
    let index = take()
    filters[Int(index)].expiry = expiry
    filters[Int(index)].client = client
    filters[Int(index)].slave = slave
    filters[Int(index)].resources = shapes.retain(resources)
    filters[Int(index)].next = self.index.first(client, slave, in: filters)
    self.index.set(index, in: filters)
    linkToClient(index)
    linkToTick(index, tick)
    while counts.count <= Int(slave) { counts.append(0) }
    counts[slave] += 1
    if counts[slave] == 1 { singles.insert(slave) }
    countsOfClients[Int(client)] += 1
    count += 1
  }

  /// Whether one filter refuses all of `offer`, a part of what a slave has free.
  ///
  /// At a tick, filters that end at the same instant but after it still hold.
  func refuses(
    _ offer: Resources, client: Int32, slave: SlaveIndex, at now: Instant, isTick: Bool
  ) -> Bool {
    if !runs.isEmpty, runs.refuses(client: client, slave: slave, at: now, isTick: isTick) {
      return true
    }
    return refusesSingly(offer, client: client, slave: slave, at: now, isTick: isTick)
  }

  /// The same of filters that were set one by one.
  func refusesSingly(
    _ offer: Resources, client: Int32, slave: SlaveIndex, at now: Instant, isTick: Bool
  ) -> Bool {
    var next = index.first(client, slave, in: filters)
    while next >= 0 {
      let filter = filters[Int(next)]
      // A filter still here at a tick has not ended by it: those that had were taken out before.
      let isInForce = filter.expiry > now || isTick
      if isInForce && shapes[filter.resources].contains(offer) { return true }
      next = filter.next
    }
    return false
  }

  /// When the last filter that refuses all of `offer` ends, and the first tick that finds it so.
  ///
  /// `tickAfter` gives the first tick at or after an instant, which settles nearly all.
  ///
  /// - Complexity: O(1); O(filters that end at the same tick) for one that ends at a tick.
  func end(
    refusing offer: Resources, client: Int32, slave: SlaveIndex, tickAfter: (Instant) -> Instant
  ) -> (expiry: Instant, tick: Instant)? {
    var last = runs.end(client: client, slave: slave)
    var next = index.first(client, slave, in: filters)
    while next >= 0 {
      let filter = filters[Int(next)]
      if shapes[filter.resources].contains(offer),
        last.map({ $0.expiry <= filter.expiry }) ?? true
      {
        let tick = tickAfter(filter.expiry)
        last = (filter.expiry, tick > filter.expiry ? tick : self.tick(of: next) ?? tick)
      }
      next = filter.next
    }
    return last
  }

  private func tick(of index: Int32) -> Instant? {
    var first = index
    while filters[Int(first)].previousOfTick >= 0 { first = filters[Int(first)].previousOfTick }
    return ticks.first { $0.first == first }?.tick
  }

  /// Ends the filters due by a tick and calls back with their slaves.
  mutating func expire(
    by tick: Instant, _ body: (SlaveIndex) -> Void, many: (SlaveSet) -> Void
  ) {
    var ended = 0
    while ended < ticks.count, ticks[ended].tick <= tick {
      var index = ticks[ended].first
      while index >= 0 {
        let next = filters[Int(index)].nextOfTick
        body(filters[Int(index)].slave)
        unlinkFromPair(index)
        unlinkFromClient(index)
        free(index)
        index = next
      }
      ended += 1
    }
    if ended > 0 { ticks.removeFirst(ended) }
    runs.expire(by: tick, many)
  }

  /// Drops all filters of a client.
  mutating func removeAll(client: Int32) {
    if !runs.isEmpty { runs.removeAll(client: client) }
    guard Int(client) < firstOfClient.count else { return }
    while firstOfClient[Int(client)] >= 0 { remove(firstOfClient[Int(client)]) }
  }

  /// Drops all filters of a client on one slave.
  mutating func removeAll(client: Int32, slave: SlaveIndex) {
    if !runs.isEmpty { _ = runs.remove(client: client, slave: slave) }
    while true {
      let first = index.first(client, slave, in: filters)
      if first < 0 { return }
      remove(first)
    }
  }

  private mutating func remove(_ index: Int32) {
    unlinkFromPair(index)
    unlinkFromClient(index)
    unlinkFromTick(index)
    free(index)
  }
}

// MARK: - Many at a time

extension FilterStore {
  /// Keeps all that some slaves have free from a client until `expiry`; `tick` is the first one
  /// that finds that ended.
  ///
  /// The slaves ascend; each has to be unfolded before what it has free changes.
  mutating func add(
    _ slaves: ArraySlice<SlaveIndex>, client: Int32, expiry: Instant, tick: Instant
  ) {
    runs.add(slaves, client: client, expiry: expiry, tick: tick)
  }

  /// Whether something of a slave may have been refused together with other slaves.
  @inline(__always)
  func isBulk(_ slave: SlaveIndex) -> Bool { runs.mayHave(slave) }

  /// Makes filters of its own from what was refused of a slave, all that it has free, together with
  /// other slaves.
  mutating func unfold(_ slave: SlaveIndex, refusing free: Resources) {
    var found: [(client: Int32, expiry: Instant, tick: Instant)] = []
    runs.takeOut(slave) { found.append(($0, $1, $2)) }
    for (client, expiry, tick) in found {
      add(free, client: client, slave: slave, expiry: expiry, tick: tick)
    }
  }

  /// The same for what one client refused of some slaves, where it has something else to refuse:
  /// what has ended and waits for its tick goes on by itself.
  mutating func unfold(
    _ slaves: SlaveSet, client: Int32, refusing free: (SlaveIndex) -> Resources
  ) {
    runs.common(slaves, client: client).forEach { slave in
      guard let end = runs.remove(client: client, slave: slave) else { return }
      add(free(slave), client: client, slave: slave, expiry: end.expiry, tick: end.tick)
    }
  }

  /// Takes out of some slaves those that a client refuses together.
  func subtractBulk(from slaves: inout SlaveSet, client: Int32, at now: Instant, isTick: Bool) {
    runs.subtract(from: &slaves, client: client, at: now, isTick: isTick)
  }
}

// MARK: - Places

extension FilterStore {
  private mutating func take() -> Int32 {
    guard firstFree >= 0 else {
      // By a quarter, where an array on its own would double.
      if filters.count == filters.capacity {
        filters.reserveCapacity(filters.count + filters.count / 4 + 16)
      }
      filters.append(FilterEntry())
      return Int32(filters.count - 1)
    }
    let index = firstFree
    firstFree = filters[Int(index)].next
    return index
  }

  private mutating func free(_ index: Int32) {
    shapes.release(filters[Int(index)].resources)
    let slave = filters[Int(index)].slave
    counts[slave] -= 1
    if counts[slave] == 0 { singles.remove(slave) }
    countsOfClients[Int(filters[Int(index)].client)] -= 1
    filters[Int(index)] = FilterEntry()
    filters[Int(index)].next = firstFree
    firstFree = index
    count -= 1
  }
}

// MARK: - Lists

extension FilterStore {
  private mutating func unlinkFromPair(_ index: Int32) {
    let filter = filters[Int(index)]
    var current = self.index.first(filter.client, filter.slave, in: filters)
    if current == index {
      if filter.next >= 0 {
        self.index.set(filter.next, in: filters)
      } else {
        self.index.remove(filter.client, filter.slave, in: filters)
      }
      return
    }
    while current >= 0, filters[Int(current)].next != index { current = filters[Int(current)].next }
    if current >= 0 { filters[Int(current)].next = filter.next }
  }

  private mutating func linkToClient(_ index: Int32) {
    let client = Int(filters[Int(index)].client)
    while firstOfClient.count <= client {
      firstOfClient.append(-1)
      countsOfClients.append(0)
    }
    let first = firstOfClient[client]
    filters[Int(index)].nextOfClient = first
    if first >= 0 { filters[Int(first)].previousOfClient = index }
    firstOfClient[client] = index
  }

  private mutating func unlinkFromClient(_ index: Int32) {
    let filter = filters[Int(index)]
    if filter.previousOfClient >= 0 {
      filters[Int(filter.previousOfClient)].nextOfClient = filter.nextOfClient
    } else {
      firstOfClient[Int(filter.client)] = filter.nextOfClient
    }
    if filter.nextOfClient >= 0 {
      filters[Int(filter.nextOfClient)].previousOfClient = filter.previousOfClient
    }
  }

  private mutating func linkToTick(_ index: Int32, _ tick: Instant) {
    var place = ticks.count
    while place > 0, ticks[place - 1].tick >= tick { place -= 1 }
    guard place < ticks.count, ticks[place].tick == tick else {
      ticks.insert((tick, index), at: place)
      return
    }
    let first = ticks[place].first
    filters[Int(index)].nextOfTick = first
    filters[Int(first)].previousOfTick = index
    ticks[place].first = index
  }

  private mutating func unlinkFromTick(_ index: Int32) {
    let filter = filters[Int(index)]
    if filter.nextOfTick >= 0 {
      filters[Int(filter.nextOfTick)].previousOfTick = filter.previousOfTick
    }
    if filter.previousOfTick >= 0 {
      filters[Int(filter.previousOfTick)].nextOfTick = filter.nextOfTick
    } else if let place = ticks.firstIndex(where: { $0.first == index }) {
      if filter.nextOfTick >= 0 {
        ticks[place].first = filter.nextOfTick
      } else {
        ticks.remove(at: place)
      }
    }
  }
}
