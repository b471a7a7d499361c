// Part of mesosim. Apache-2.0, see LICENSE.
//
// A binary heap on a raw pointer. Bounds and exclusivity checks would be half of its instructions,
// so it has none: `EventQueue` is its only user and checks what can go wrong from outside.

/// A binary heap of event keys, the least on top.
struct KeyHeap: ~Copyable {
  private var keys: UnsafeMutablePointer<EventKey>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    keys = .allocate(capacity: capacity)
  }

  deinit { keys.deallocate() }

  /// The least key; the heap must not be empty.
  var first: EventKey { keys[0] }

  mutating func insert(_ key: EventKey) {
    if count == capacity { grow() }
    var hole = count
    count += 1
    while hole > 0 {
      let parent = (hole - 1) >> 1
      guard key < keys[parent] else { break }
      keys[hole] = keys[parent]
      hole = parent
    }
    keys[hole] = key
  }

  /// Removes the least key; the heap must not be empty.
  mutating func removeFirst() {
    count -= 1
    if count > 0 { sink(keys[count], from: 0) }
  }

  /// Drops the keys that `isDead` names, in one pass.
  mutating func removeAll(where isDead: (EventKey) -> Bool) {
    var kept = 0
    for index in 0..<count where !isDead(keys[index]) {
      keys[kept] = keys[index]
      kept += 1
    }
    count = kept
    for hole in stride(from: kept / 2 - 1, through: 0, by: -1) { sink(keys[hole], from: hole) }
  }

  private mutating func sink(_ key: EventKey, from start: Int) {
    var hole = start
    var child = 2 * hole + 1
    while child < count {
      if child + 1 < count, keys[child + 1] < keys[child] { child += 1 }
      guard keys[child] < key else { break }
      keys[hole] = keys[child]
      hole = child
      child = 2 * hole + 1
    }
    keys[hole] = key
  }

  @inline(never) private mutating func grow() {
    let larger = UnsafeMutablePointer<EventKey>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: keys, count: count)
    keys.deallocate()
    keys = larger
    capacity *= 2
  }
}
