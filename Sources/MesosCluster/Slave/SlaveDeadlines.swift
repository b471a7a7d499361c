// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave waits for. Nearly all of it is first retries of updates, all of which wait equally
// long: a queue. The rest is a small heap. What is no longer waited for is dropped when it comes to
// the front, so that an acknowledgement costs nothing.

import VirtualTime

/// The deadlines of a slave.
struct SlaveDeadlines: ~Copyable {
  enum Kind: UInt8 {
    /// An update is sent again; `slot` is the update's, as is `serial`.
    case retry
    /// The executor or command of container `slot`, run `serial`, must have registered.
    case registration
    /// The executor of container `slot`, run `serial`, must have ended.
    case grace
  }

  struct Entry {
    let instant: Instant
    let slot: UInt32
    let serial: UInt32
    let kind: Kind
  }

  /// An entry that is not a first retry; those of one instant go in the order of their setting.
  private struct Other: Comparable {
    let entry: Entry
    let order: UInt32

    static func == (left: Other, right: Other) -> Bool { left.order == right.order }
    static func < (left: Other, right: Other) -> Bool {
      (left.entry.instant, left.order) < (right.entry.instant, right.order)
    }
  }

  private var queue = Queue<Entry>()
  private var heap = Heap<Other>()
  private var pushes: UInt32 = 0
  /// The most entries that were queued at once since the queue was last empty, and since its memory
  /// was last freed.
  private var peak: UInt32 = 0
  private(set) var room: UInt32 = 0

  /// The earliest entry.
  var first: Entry? {
    guard let queued = queue.first else { return heap.first?.entry }
    guard let other = heap.first?.entry, other.instant < queued.instant else { return queued }
    return other
  }

  /// The instant of the earliest entry; `distantFuture` when there is none.
  @inline(__always)
  var firstInstant: Instant {
    min(queue.first?.instant ?? .distantFuture, heap.first?.entry.instant ?? .distantFuture)
  }

  /// Adds an entry that is not earlier than any that was added in this way.
  mutating func appendInOrder(_ entry: Entry) {
    // After a resumption with other settings the order might not hold; the heap always does.
    if let last = queue.last, last.instant > entry.instant { return push(entry) }
    queue.append(entry)
    peak = max(peak, queue.count)
  }

  /// Adds an entry.
  mutating func push(_ entry: Entry) {
    heap.insert(Other(entry: entry, order: pushes))
    pushes &+= 1
  }

  /// Drops the earliest entry.
  mutating func removeFirst() {
    if let queued = queue.first, !(heap.first.map { $0.entry.instant < queued.instant } ?? false) {
      queue.removeFirst()
      if queue.isEmpty {
        // What a crowd needed is kept for the next, but not for a few.
        let isKept = room <= 32 || 4 * peak >= room
        if !isKept { queue.removeAll() }
        room = isKept ? max(room, peak) : 0
        peak = 0
      }
    } else if !heap.isEmpty {
      heap.removeFirst()
    }
  }

  /// Drops everything.
  mutating func removeAll() {
    queue.removeAll()
    heap.removeAll()
    peak = 0
    room = 0
  }
}
