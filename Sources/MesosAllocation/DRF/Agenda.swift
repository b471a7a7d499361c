// Part of mesosim. Apache-2.0, see LICENSE.
//
// Which slaves the next allocation visits, and when it is due (mesos/src/master/allocator/mesos/
// hierarchical.cpp, generateOffers). Events are answered at once; what changed without an event
// waits for the next multiple of the interval. Without either there is nothing to do, ever.

import Mesos
import VirtualTime

/// The slaves to visit and the instants to do so.
struct Agenda {
  private let interval: Int64
  private let isLiteral: Bool
  private var isAllRequested = false
  private var requestedAt: Instant?
  private var requested = MarkList()
  private var marked = MarkList()
  private var markedDue: Instant?
  /// The last multiple of the interval at which an allocation was made.
  private var lastTick = Instant.start

  init(interval: Duration, isLiteral: Bool) {
    self.interval = max(1, interval.wholeNanoseconds)
    self.isLiteral = isLiteral
  }

  /// When the next allocation is due; the argument is the first tick that ends a filter.
  func nextDeadline(filters: Instant?) -> Instant? {
    if let requestedAt { return requestedAt }
    if isLiteral { return lastTick.advanced(byNanoseconds: interval) }
    guard let markedDue, marked.count > 0 else { return filters }
    return min(markedDue, filters ?? markedDue)
  }

  /// Has a slave visited at once.
  mutating func request(_ slave: SlaveIndex, at now: Instant) {
    requested.insert(slave)
    requestedAt = requestedAt ?? now
  }

  /// Has every slave visited at once.
  mutating func requestAll(at now: Instant) {
    isAllRequested = true
    requestedAt = requestedAt ?? now
  }

  /// Has a slave visited at the next tick.
  mutating func mark(_ slave: SlaveIndex, at now: Instant) {
    if marked.count == 0 { markedDue = nextTick(at: now) }
    marked.insert(slave)
  }

  /// Takes a slave off all lists.
  mutating func forget(_ slave: SlaveIndex) {
    requested.remove(slave)
    marked.remove(slave)
  }

  /// Whether an allocation at `now` is the periodic one.
  func isTick(at now: Instant) -> Bool {
    if let markedDue, marked.count > 0, markedDue <= now { return true }
    return now.nanoseconds % interval == 0 && now > lastTick
  }

  /// Says which slaves the allocation at `now` visits, and clears the lists.
  ///
  /// - Parameter all: The slaves that have something to offer.
  mutating func take(at now: Instant, isTick: Bool, all: [SlaveIndex]) -> [SlaveIndex] {
    let isEverything = isAllRequested || (isTick && isLiteral)
    var visited: [SlaveIndex] = []
    if isEverything {
      visited = all
      requested.removeAll()
      marked.removeAll()
    } else {
      requested.takeAll { visited.append($0) }
      for slave in visited { marked.remove(slave) }
      if isTick { marked.takeAll { visited.append($0) } }
    }
    if isTick { lastTick = now }
    isAllRequested = false
    requestedAt = nil
    return visited
  }

  /// The first multiple of the interval whose allocation is still to come.
  private func nextTick(at now: Instant) -> Instant {
    let isToCome = now.nanoseconds % interval == 0 && now > lastTick
    return isToCome ? now : Instant(nanoseconds: (now.nanoseconds / interval + 1) * interval)
  }

  /// When a filter ends that is set now, and the first tick that finds it ended.
  ///
  /// It lasts an interval at least. At an equal instant the older timer fires first: the tick's is
  /// one interval old, so a filter of one interval set after a tick ends after the next.
  func end(ofFilterFor timeout: Duration, at now: Instant) -> (expiry: Instant, tick: Instant) {
    let length = max(interval, timeout.wholeNanoseconds)
    let expiry = now.advanced(byNanoseconds: length)
    let remainder = expiry.nanoseconds % interval
    if remainder != 0 { return (expiry, expiry.advanced(byNanoseconds: interval - remainder)) }
    let endsAfterTick = length == interval && now <= lastTick
    return (expiry, endsAfterTick ? expiry.advanced(byNanoseconds: interval) : expiry)
  }
}

/// A set of slaves, taken out in order of insertion.
struct MarkList {
  private var entries: [SlaveIndex] = []
  private var isMember: [Bool] = []
  /// The number of members; entries whose slave was removed meanwhile stay in the list.
  private(set) var count = 0

  mutating func insert(_ slave: SlaveIndex) {
    while isMember.count <= Int(slave) { isMember.append(false) }
    if isMember[Int(slave)] { return }
    isMember[Int(slave)] = true
    entries.append(slave)
    count += 1
  }

  mutating func remove(_ slave: SlaveIndex) {
    guard Int(slave) < isMember.count, isMember[Int(slave)] else { return }
    isMember[Int(slave)] = false
    count -= 1
    if count == 0 { entries.removeAll(keepingCapacity: true) }
  }

  mutating func takeAll(_ body: (SlaveIndex) -> Void) {
    for slave in entries where isMember[Int(slave)] {
      isMember[Int(slave)] = false
      body(slave)
    }
    entries.removeAll(keepingCapacity: true)
    count = 0
  }

  mutating func removeAll() { takeAll { _ in } }
}

/// The slaves that have something to offer, in no particular order.
struct FreeSlaves {
  private(set) var members: [SlaveIndex] = []
  private var places: [Int32] = []

  func contains(_ slave: SlaveIndex) -> Bool {
    Int(slave) < places.count && places[Int(slave)] >= 0
  }

  mutating func insert(_ slave: SlaveIndex) {
    while places.count <= Int(slave) { places.append(-1) }
    if places[Int(slave)] >= 0 { return }
    places[Int(slave)] = Int32(members.count)
    members.append(slave)
  }

  mutating func remove(_ slave: SlaveIndex) {
    guard contains(slave), let last = members.last else { return }
    let place = places[Int(slave)]
    members[Int(place)] = last
    places[Int(last)] = place
    members.removeLast()
    places[Int(slave)] = -1
  }
}
