// Part of mesosim. Apache-2.0, see LICENSE.
//
// A four-way heap on a raw pointer. Bounds and exclusivity checks would be half of its instructions,
// so it has none: `EventQueue` is its only user and checks what can go wrong from outside.

/// A heap of event keys, the least on top.
///
/// Each key has four children, which share a cache line: half the levels of a binary heap, and one
/// line to fetch at each.
struct KeyHeap: ~Copyable {
  /// Placed so that key 1, the first of the root's children, begins a cache line.
  private var keys: UnsafeMutablePointer<EventKey>
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    memory = Self.allocate(capacity)
    keys = Self.keys(in: memory)
  }

  deinit { memory.deallocate() }

  /// The least key; the heap must not be empty.
  var first: EventKey { keys[0] }

  mutating func insert(_ key: EventKey) {
    if count == capacity { grow() }
    let keys = self.keys
    var hole = count
    count = hole &+ 1
    while hole > 0 {
      let parent = (hole &- 1) >> 2
      guard key < keys[parent] else { break }
      keys[hole] = keys[parent]
      hole = parent
    }
    keys[hole] = key
  }

  /// Removes the least key; the heap must not be empty.
  mutating func removeFirst() {
    count &-= 1
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
    guard kept > 1 else { return }
    for hole in stride(from: (kept - 2) >> 2, through: 0, by: -1) { sink(keys[hole], from: hole) }
  }

  /// Puts the key where the hole ends up after the least of the keys below have moved up into it.
  @inline(__always)
  private mutating func sink(_ key: EventKey, from start: Int) {
    let keys = self.keys
    let count = self.count
    var hole = start
    var child = 4 &* hole &+ 1
    while child &+ 3 < count {
      // A tournament of the four, by arithmetic instead of branches.
      let left = child &+ (keys[child &+ 1] < keys[child] ? 1 : 0)
      let right = child &+ 2 &+ (keys[child &+ 3] < keys[child &+ 2] ? 1 : 0)
      let least = keys[right] < keys[left] ? right : left
      guard keys[least] < key else {
        keys[hole] = key
        return
      }
      keys[hole] = keys[least]
      hole = least
      child = 4 &* hole &+ 1
    }
    if child < count {
      var least = child
      for sibling in child &+ 1..<max(count, child &+ 1) where keys[sibling] < keys[least] {
        least = sibling
      }
      if keys[least] < key {
        keys[hole] = keys[least]
        hole = least
      }
    }
    keys[hole] = key
  }

  @inline(never) private mutating func grow() {
    let larger = Self.allocate(capacity * 2)
    let keys = Self.keys(in: larger)
    keys.moveInitialize(from: self.keys, count: count)
    memory.deallocate()
    memory = larger
    self.keys = keys
    capacity *= 2
  }

  private static let cacheLine = 64

  private static func allocate(_ capacity: Int) -> UnsafeMutableRawPointer {
    .allocate(
      byteCount: (capacity + 4) * MemoryLayout<EventKey>.stride, alignment: cacheLine)
  }

  private static func keys(in memory: UnsafeMutableRawPointer) -> UnsafeMutablePointer<EventKey> {
    (memory + (cacheLine - MemoryLayout<EventKey>.stride)).assumingMemoryBound(to: EventKey.self)
  }
}
