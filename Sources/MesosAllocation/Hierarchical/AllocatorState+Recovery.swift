// Part of mesosim. Apache-2.0, see LICENSE.
//
// Waiting for slaves after a master failed over (mesos/src/master/allocator/mesos/hierarchical.cpp,
// recover, pause, resume): with few of them back, guarantees would take more than their part.

import Mesos
import VirtualTime

/// What an allocator that recovers waits for.
struct Recovery {
  /// When waiting ends in any case; the timer also ends a pause that has another reason.
  var deadline: Instant?
  private var expected: Int?

  /// Begins to wait.
  mutating func begin(expecting slaves: Int, until deadline: Instant) {
    expected = slaves
    self.deadline = deadline
  }

  /// Whether enough slaves are back; says so once.
  mutating func isCompleted(bySlaves count: Int) -> Bool {
    guard let expected, count >= expected else { return false }
    self.expected = nil
    return true
  }
}

extension AllocatorState {
  /// Sets the quotas and, if there are any, waits for the slaves of the last master.
  mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    if quotas.isEmpty { return }
    for (role, quota) in quotas { updateQuota(quota, of: role, at: now) }
    let count = Int((Double(expectedSlaves) * options.recoveryFactor).rounded(.down))
    guard count > 0 else { return }
    books.recovery.begin(expecting: count, until: now + options.recoveryTimeout)
    pause(at: now)
  }

  /// Stops all allocations.
  mutating func pause(at now: Instant) {
    books.agenda.pause(at: now, all: allSlaves)
  }

  /// Goes on; what happened meanwhile is seen by the next tick.
  mutating func resume(at now: Instant) {
    guard books.agenda.isPaused else { return }
    // Filters that ended at ticks which passed without an allocation.
    endFilters(by: books.agenda.lastMultiple(at: now), at: now)
    books.agenda.resume(at: now)
  }

  /// Every slave there is.
  var allSlaves: SlaveSet {
    SlaveSet(books.slaves.indices.filter { books.slaves[$0].isPresent }.map(SlaveIndex.init))
  }
}
