// Part of mesosim. Apache-2.0, see LICENSE.
//
// A four-way heap on a raw pointer, without checks (Performance.md, "By hand instead of by
// library"): `EventQueue` is its only user and checks what can go wrong from outside.

internal import CPrefetch

/// A heap of event keys, the least on top.
///
/// Each key has four children, which share a cache line: half the levels of a binary heap, and one
/// line to fetch at each. What lies past the last key is `EventKey.never`, so that a family of
/// children need not be complete to be compared.
struct KeyHeap: ~Copyable {
  private var memory: UnsafeMutableRawPointer
  /// Placed so that key 1, the first of the root's children, begins a cache line.
  private var keys: UnsafeMutablePointer<EventKey>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    (memory, keys) = Self.allocate(capacity)
  }

  deinit { memory.deallocate() }

  /// The least key; `EventKey.never` when the heap is empty.
  var first: EventKey { keys[0] }

  /// All keys, in no order.
  var all: UnsafeBufferPointer<EventKey> { UnsafeBufferPointer(start: keys, count: count) }

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
    let last = count &- 1
    count = last
    let key = keys[last]
    keys[last] = .never
    if last > 0 { sink(key, from: 0) }
  }

  /// Drops the keys that `isDead` names, in one pass.
  mutating func removeAll(where isDead: (EventKey) -> Bool) {
    var kept = 0
    for index in 0..<count where !isDead(keys[index]) {
      keys[kept] = keys[index]
      kept += 1
    }
    (keys + kept).update(repeating: .never, count: count - kept)
    count = kept
    for hole in stride(from: (kept + 2) / 4 - 1, through: 0, by: -1) {
      sink(keys[hole], from: hole)
    }
  }

  /// Puts the key where the hole ends up after the lesser of the keys below have moved up into it.
  @inline(__always) private mutating func sink(_ key: EventKey, from start: Int) {
    let keys = self.keys
    let count = self.count
    let isLarge = count > 8192
    var hole = start
    var child = 4 &* hole &+ 1
    while child < count {
      // A heap that the nearer caches do not hold: any of the four may come up, so its own family
      // is on its way meanwhile. (With branches the processor would guess, and fetch its guess.)
      if isLarge { fetchFamilies(ofFourFrom: child) }
      // A tournament of the four, by arithmetic instead of branches.
      let left = child &+ (keys[child &+ 1] < keys[child] ? 1 : 0)
      let right = child &+ (keys[child &+ 3] < keys[child &+ 2] ? 3 : 2)
      let least = keys[right] < keys[left] ? right : left
      guard keys[least] < key else { break }
      keys[hole] = keys[least]
      hole = least
      child = 4 &* hole &+ 1
    }
    keys[hole] = key
  }

  @inline(__always) private func fetchFamilies(ofFourFrom child: Int) {
    let family = keys + (4 &* child &+ 1)
    mesosim_prefetch(family)
    mesosim_prefetch(family + 4)
    mesosim_prefetch(family + 8)
    mesosim_prefetch(family + 12)
  }

  @inline(never) private mutating func grow() {
    let (memory, keys) = Self.allocate(capacity * 2)
    keys.update(from: self.keys, count: count)
    self.memory.deallocate()
    self.memory = memory
    self.keys = keys
    capacity *= 2
  }

  /// Room for `capacity` keys, and for the rest of the last family.
  private static func allocate(
    _ capacity: Int
  ) -> (UnsafeMutableRawPointer, UnsafeMutablePointer<EventKey>) {
    let cacheLine = 64
    let stride = MemoryLayout<EventKey>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: cacheLine + (capacity + 3) * stride, alignment: cacheLine)
    let keys = (memory + (cacheLine - stride)).bindMemory(to: EventKey.self, capacity: capacity + 4)
    keys.initialize(repeating: .never, count: capacity + 4)
    return (memory, keys)
  }
}
