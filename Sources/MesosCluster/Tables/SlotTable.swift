// Part of mesosim. Apache-2.0, see LICENSE.
//
// Records in reused slots: a slave's tasks, executors and updates come and go by the million. They
// are reached through a pointer and begin at a cache line (Performance.md, "Moved, not copied" and
// "Within a cache line").

/// Records by slot number; a slot that was freed last is the next to be used.
struct SlotTable<Record>: ~Copyable {
  private var records: UnsafeMutablePointer<Record>?
  /// For each slot the next free one plus one, or `used`.
  private var links: UnsafeMutablePointer<UInt32>?
  private(set) var capacity: UInt32 = 0
  /// The first free slot plus one; zero for none.
  private var firstFree: UInt32 = 0
  /// One past the highest slot that was used since the table was last empty.
  private(set) var slotLimit = 0
  /// How many records there are.
  private(set) var count = 0

  private static var used: UInt32 { .max }

  init() {}

  deinit { freeMemory() }

  /// Puts a record in; returns its slot.
  @inline(__always)
  mutating func insert(_ record: consuming Record) -> Int {
    let slot = takeSlot()
    records.unsafelyUnwrapped.advanced(by: slot).initialize(to: record)
    return slot
  }

  private mutating func takeSlot() -> Int {
    count += 1
    let slot: Int
    if firstFree != 0 {
      slot = Int(firstFree) - 1
      firstFree = links.unsafelyUnwrapped[slot]
    } else {
      if slotLimit == Int(capacity) { grow() }
      slot = slotLimit
      slotLimit += 1
    }
    links.unsafelyUnwrapped[slot] = Self.used
    return slot
  }

  /// Frees a slot, which must be in use.
  @inline(__always)
  mutating func remove(_ slot: Int) { _ = take(slot) }

  /// Takes a record out and frees its slot, which must be in use.
  @inline(__always)
  mutating func take(_ slot: Int) -> Record {
    check(slot)
    let record = records.unsafelyUnwrapped.advanced(by: slot).move()
    count -= 1
    if count == 0 {
      // Start again from slot 0. What a crowd needed is kept for the next, but not for a few.
      let isCrowded = 4 * slotLimit >= Int(capacity)
      firstFree = 0
      slotLimit = 0
      if capacity > 16, !isCrowded { removeAll() }
    } else {
      links.unsafelyUnwrapped[slot] = firstFree
      firstFree = UInt32(slot) + 1
    }
    return record
  }

  /// Frees all slots, and the memory.
  mutating func removeAll() {
    freeMemory()
    records = nil
    links = nil
    capacity = 0
    firstFree = 0
    slotLimit = 0
    count = 0
  }

  /// Whether the slot is in use.
  @inline(__always)
  func isUsed(_ slot: Int) -> Bool {
    UInt(bitPattern: slot) < UInt(bitPattern: slotLimit)
      && links.unsafelyUnwrapped[slot] == Self.used
  }

  /// The slots in use, lowest first.
  var usedSlots: [Int] {
    var slots: [Int] = []
    slots.reserveCapacity(count)
    for slot in 0..<slotLimit where isUsed(slot) { slots.append(slot) }
    return slots
  }

  /// The record in a slot, which must be in use.
  subscript(slot: Int) -> Record {
    @inline(__always) _read {
      check(slot)
      yield records.unsafelyUnwrapped[slot]
    }
    @inline(__always) _modify {
      check(slot)
      yield &records.unsafelyUnwrapped[slot]
    }
  }

  @inline(__always)
  private func check(_ slot: Int) {
    precondition(isUsed(slot), "the slot is free")
  }

  private mutating func grow() {
    let larger = max(4, capacity + (capacity + 1) / 2)
    let newRecords = UnsafeMutableRawPointer.allocate(
      byteCount: Int(larger) * MemoryLayout<Record>.stride,
      alignment: max(64, MemoryLayout<Record>.alignment)
    ).bindMemory(to: Record.self, capacity: Int(larger))
    let newLinks = UnsafeMutablePointer<UInt32>.allocate(capacity: Int(larger))
    if let records, let links {
      newRecords.moveInitialize(from: records, count: slotLimit)
      newLinks.moveInitialize(from: links, count: slotLimit)
      UnsafeMutableRawPointer(records).deallocate()
      links.deallocate()
    }
    records = newRecords
    links = newLinks
    capacity = larger
  }

  private func freeMemory() {
    guard let records, let links else { return }
    for slot in 0..<slotLimit where isUsed(slot) { (records + slot).deinitialize(count: 1) }
    UnsafeMutableRawPointer(records).deallocate()
    links.deallocate()
  }
}
