// Part of mesosim. Apache-2.0, see LICENSE.
//
// The times that a master waits for, beside its allocator's and its offers' own: few at once.

import Mesos
import VirtualTime

/// What a master waits for.
struct MasterTimer {
  enum Subject: Hashable {
    /// A framework's scheduler has had its time to come back.
    case failover(FrameworkIndex)
    /// A slave is to be pinged, or its last ping found unanswered.
    case ping(SlaveIndex)
    /// A slave has had its time to come back.
    case reregistration(SlaveIndex)
    /// A lost slave may be removed now.
    case removal(SlaveIndex)
    /// What a principal said may be handled now; by the limit's place among the settings.
    case turn(Int32)

    /// The place among those that are due at one instant.
    ///
    /// That some pings are left out must not change it, so it cannot depend on when the times were
    /// set.
    fileprivate var rank: (Int, Int32) {
      switch self {
      case .failover(let framework): (0, framework.rawValue)
      case .reregistration(let slave): (1, slave.rawValue)
      case .removal(let slave): (2, slave.rawValue)
      case .ping(let slave): (3, slave.rawValue)
      case .turn(let place): (4, place)
      }
    }
  }

  let instant: Instant
  let subject: Subject
  fileprivate let sequence: UInt64
}

extension MasterTimer: Comparable {
  static func == (left: MasterTimer, right: MasterTimer) -> Bool {
    left.sequence == right.sequence
  }
  static func < (left: MasterTimer, right: MasterTimer) -> Bool {
    if left.instant != right.instant { return left.instant < right.instant }
    let ranks = (left.subject.rank, right.subject.rank)
    return ranks.0 == ranks.1 ? left.sequence < right.sequence : ranks.0 < ranks.1
  }
}

/// A queue of times, by instant, then by kind and number of their subjects.
///
/// A subject has at most one time; setting another replaces it.
struct MasterTimers {
  private var heap = Heap<MasterTimer>()
  /// The sequence of each subject's time; others in the heap were replaced or cancelled.
  private var current: [MasterTimer.Subject: UInt64] = [:]
  private var sequence: UInt64 = 0

  mutating func set(_ subject: MasterTimer.Subject, at instant: Instant) {
    sequence += 1
    current[subject] = sequence
    heap.insert(MasterTimer(instant: instant, subject: subject, sequence: sequence))
  }

  mutating func cancel(_ subject: MasterTimer.Subject) {
    // Nearly always there is nothing to cancel; looking is cheaper than hashing.
    if !current.isEmpty { current[subject] = nil }
    dropStale()
  }

  /// When the next one is due.
  var next: Instant? { heap.first?.instant }

  /// Takes out one that is due.
  mutating func popDue(at now: Instant) -> MasterTimer.Subject? {
    dropStale()
    guard let first = heap.first, first.instant <= now else { return nil }
    heap.removeFirst()
    current[first.subject] = nil
    dropStale()
    return first.subject
  }

  private mutating func dropStale() {
    while let first = heap.first, current[first.subject] != first.sequence { heap.removeFirst() }
  }
}
