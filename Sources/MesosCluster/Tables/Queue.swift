// Part of mesosim. Apache-2.0, see LICENSE.
//
// A queue of plain values in a ring. (A package with such a type was five seconds of every clean
// build.) The ring is a pointer, as that of `SlotTable` is: it is looked at after every event.

/// Values in the order in which they were appended.
struct Queue<Element: BitwiseCopyable>: ~Copyable {
  private var ring: UnsafeMutablePointer<Element>?
  private var capacity: UInt32 = 0
  private var head: UInt32 = 0
  private(set) var count: UInt32 = 0

  init() {}

  deinit { ring?.deallocate() }

  var isEmpty: Bool { count == 0 }
  var first: Element? { isEmpty ? nil : ring.unsafelyUnwrapped[Int(head)] }
  var last: Element? { isEmpty ? nil : ring.unsafelyUnwrapped[place(count - 1)] }

  /// Where the value with this number lies, or would lie.
  private func place(_ index: UInt32) -> Int {
    let place = Int(head) + Int(index)
    return place < Int(capacity) ? place : place - Int(capacity)
  }

  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    ring.unsafelyUnwrapped.advanced(by: place(count)).initialize(to: element)
    count += 1
  }

  /// Drops the first value; there must be one.
  mutating func removeFirst() {
    precondition(count > 0, "the queue is empty")
    head = UInt32(place(1))
    count -= 1
  }

  /// Drops all values, and frees the memory.
  mutating func removeAll() {
    ring?.deallocate()
    ring = nil
    (capacity, head, count) = (0, 0, 0)
  }

  @inline(never)
  private mutating func grow() {
    let larger = max(8, capacity + capacity / 2)
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: Int(larger))
    if let ring {
      let front = Int(capacity - head)
      memory.initialize(from: ring + Int(head), count: front)
      (memory + front).initialize(from: ring, count: Int(head))
      ring.deallocate()
    }
    (ring, capacity, head) = (memory, larger, 0)
  }
}
