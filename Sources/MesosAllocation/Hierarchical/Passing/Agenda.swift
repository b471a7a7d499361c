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
  /// Whether a late tick has later ones come an interval after it.
  private let drifts: Bool
  /// How long after multiples of the interval the ticks are.
  private var phase: Int64 = 0
  private var requested = SlaveSet()
  private var isAllRequested = false
  private var requestedAt: Instant?
  private var marked = SlaveSet()
  private var isAllMarked = false
  /// Whether a tick is wanted although it need not visit any slave.
  private var isTickWanted = false
  /// The tick that marked slaves wait for.
  private var tickDue: Instant?
  /// The last multiple of the interval at which an allocation was made.
  private var lastTick = Instant.start
  private(set) var isPaused = false

  init(interval: Duration, isLiteral: Bool, drifts: Bool) {
    self.drifts = drifts
    self.interval = max(1, interval.wholeNanoseconds)
    self.isLiteral = isLiteral
    if isLiteral { tickDue = Instant.start.advanced(byNanoseconds: self.interval) }
  }

  /// When the next allocation is due; the argument is the first tick that ends a filter.
  func nextDeadline(filters: Instant?) -> Instant? {
    if isPaused { return nil }
    if let requestedAt { return requestedAt }
    guard let tickDue else { return filters }
    return min(tickDue, filters ?? tickDue)
  }

  /// Whether an allocation at `now` is the periodic one.
  ///
  /// Ticks that have passed while the master stood still are not made up for: whether there was
  /// anything to do at them depends on what came before, and the next one will see it all.
  func isTick(at now: Instant) -> Bool {
    (now.nanoseconds - phase) % interval == 0 && now > lastTick
  }

  /// Has the ticks come at other times from now on, if the one that is due is late.
  mutating func drift(at now: Instant) {
    guard drifts, let tickDue, tickDue < now else { return }
    phase = now.nanoseconds % interval
  }

  /// The first multiple of the interval whose allocation is still to come.
  private func nextTick(at now: Instant) -> Instant {
    isTick(at: now) ? now : lastMultiple(at: now).advanced(byNanoseconds: interval)
  }

  /// The first multiple of the interval at or after an instant.
  func tick(notBefore instant: Instant) -> Instant {
    let last = lastMultiple(at: instant)
    return last == instant ? instant : last.advanced(byNanoseconds: interval)
  }

  /// The last multiple of the interval that has come.
  func lastMultiple(at now: Instant) -> Instant {
    Instant(nanoseconds: (now.nanoseconds - phase) / interval * interval + phase)
  }

  /// When a filter ends that is set now, and the first tick that finds it ended.
  ///
  /// It lasts an interval at least. At an equal instant the older timer fires first: the tick's is
  /// one interval old, so a filter of one interval set after a tick ends after the next.
  func end(ofFilterFor nanoseconds: Int64, at now: Instant) -> (expiry: Instant, tick: Instant) {
    let length = max(interval, nanoseconds)
    let expiry = now.advanced(byNanoseconds: length)
    let remainder = (expiry.nanoseconds - phase) % interval
    // Nobody knows yet where the ticks will be then.
    if remainder != 0, drifts { return (expiry, expiry) }
    if remainder != 0 { return (expiry, expiry.advanced(byNanoseconds: interval - remainder)) }
    let endsAfterTick = length == interval && now <= lastTick
    return (expiry, endsAfterTick ? expiry.advanced(byNanoseconds: interval) : expiry)
  }
}

// MARK: - What to visit

extension Agenda {
  /// Has a slave visited at once.
  mutating func request(_ slave: SlaveIndex, at now: Instant) {
    if isPaused { return mark(slave, at: now) }
    requested.insert(slave)
    requestedAt = requestedAt ?? now
  }

  /// Has every slave visited at once.
  mutating func requestAll(at now: Instant) {
    if isPaused { return markAll(at: now) }
    isAllRequested = true
    requestedAt = requestedAt ?? now
  }

  /// Has a slave visited at the next tick.
  mutating func mark(_ slave: SlaveIndex, at now: Instant) {
    marked.insert(slave)
    if tickDue == nil { tickDue = nextTick(at: now) }
  }

  /// Has some slaves visited at the next tick.
  mutating func mark(_ slaves: SlaveSet, at now: Instant) {
    if slaves.isEmpty { return }
    marked.formUnion(slaves)
    if tickDue == nil { tickDue = nextTick(at: now) }
  }

  /// Has every slave visited at the next tick.
  mutating func markAll(at now: Instant) {
    isAllMarked = true
    if tickDue == nil { tickDue = nextTick(at: now) }
  }

  /// Whether the next allocations visit a slave.
  func isDue(_ slave: SlaveIndex) -> Bool {
    isAllRequested || isAllMarked || requested.contains(slave) || marked.contains(slave)
  }

  /// Has an allocation made at the next tick, whatever it visits.
  mutating func wantTick(at now: Instant) {
    isTickWanted = true
    if tickDue == nil { tickDue = nextTick(at: now) }
  }

  /// Drops the wish for an allocation that need not visit any slave.
  mutating func dropWish(at now: Instant) {
    if !isTickWanted { return }
    isTickWanted = false
    updateTick(at: now)
  }

  /// Takes a slave off all lists.
  mutating func forget(_ slave: SlaveIndex) {
    requested.remove(slave)
    marked.remove(slave)
  }

  /// Whether the next allocation visits every slave.
  func visitsAll(onTick isTick: Bool) -> Bool {
    isAllRequested || isTick && (isLiteral || isAllMarked)
  }

  /// Says which slaves the allocation at `now` visits, and clears the lists.
  ///
  /// - Parameters:
  ///   - now: The instant of the allocation.
  ///   - isTick: Whether it is the periodic one.
  ///   - all: The slaves that a visit of every slave has to see.
  /// - Returns: The slaves.
  mutating func take(at now: Instant, isTick: Bool, all: SlaveSet) -> SlaveSet {
    var visited = SlaveSet()
    if visitsAll(onTick: isTick) {
      visited = all
      requested.removeAll()
      marked.removeAll()
      isAllMarked = false
    } else {
      swap(&visited, &requested)
      if isTick {
        visited.formUnion(marked)
        marked.removeAll()
      } else {
        marked.subtract(visited)
      }
    }
    isAllRequested = false
    requestedAt = nil
    if isTick {
      lastTick = lastMultiple(at: now)
      isTickWanted = false
    }
    updateTick(at: now)
    return visited
  }

  private mutating func updateTick(at now: Instant) {
    let isWaiting = isLiteral || isTickWanted || isAllMarked || !marked.isEmpty
    tickDue = isWaiting ? nextTick(at: now) : nil
  }
}

// MARK: - Pausing

extension Agenda {
  /// Stops all allocations; slaves already requested stay so, later requests wait for a tick.
  ///
  /// - Parameters:
  ///   - now: When.
  ///   - all: Every slave there is.
  mutating func pause(at now: Instant, all: SlaveSet) {
    if isPaused { return }
    isPaused = true
    if isAllRequested { requested.formUnion(all) }
    isAllRequested = false
    requestedAt = nil
  }

  /// Goes on; what was marked meanwhile waits for the next tick.
  mutating func resume(at now: Instant) {
    if !isPaused { return }
    isPaused = false
    if !requested.isEmpty { isTickWanted = true }
    updateTick(at: now)
  }

  /// Lets a tick pass without an allocation.
  mutating func skipTick(at now: Instant) {
    lastTick = max(lastTick, lastMultiple(at: now))
  }
}
