// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave waits for. Nearly all of it is first retries of updates, all of which wait equally
// long: a queue. The rest is a small heap. What is no longer waited for is dropped when it comes to
// the front, so that an acknowledgement costs nothing.

import DequeModule
import VirtualTime

/// The deadlines of a slave.
struct SlaveDeadlines {
  enum Kind: UInt8 {
    /// An update is sent again; `slot` is the update's, `serial` its number.
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

  private var queue: Deque<Entry> = []
  private var heap: [(entry: Entry, order: UInt32)] = []
  private var pushes: UInt32 = 0
  /// The most entries that were queued at once since the queue was last empty, and since its memory
  /// was last freed.
  private var peak = 0
  private(set) var room = 0

  /// The earliest entry.
  var first: Entry? {
    guard let queued = queue.first else { return heap.first?.entry }
    guard let other = heap.first?.entry, other.instant < queued.instant else { return queued }
    return other
  }

  /// The instant of the earliest entry; `distantFuture` when there is none.
  var firstInstant: Instant {
    let queued = queue.isEmpty ? Instant.distantFuture : queue[0].instant
    return heap.isEmpty ? queued : min(queued, heap[0].entry.instant)
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
    heap.append((entry, pushes))
    pushes &+= 1
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard isBefore(child, parent) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Drops the earliest entry.
  mutating func removeFirst() {
    if let queued = queue.first, !(heap.first.map { $0.entry.instant < queued.instant } ?? false) {
      queue.removeFirst()
      if queue.isEmpty {
        // What a crowd needed is kept for the next, but not for a few.
        let isKept = room <= 32 || 4 * peak >= room
        queue.removeAll(keepingCapacity: isKept)
        room = isKept ? max(room, peak) : 0
        peak = 0
      }
    } else if !heap.isEmpty {
      popHeap()
    }
  }

  /// Drops everything.
  mutating func removeAll() {
    queue.removeAll()
    heap.removeAll()
    peak = 0
    room = 0
  }

  private mutating func popHeap() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in 2 * parent + 1...2 * parent + 2 where child < heap.count {
        if isBefore(child, least) { least = child }
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    let (a, b) = (heap[left], heap[right])
    return (a.entry.instant, a.order) < (b.entry.instant, b.order)
  }
}
