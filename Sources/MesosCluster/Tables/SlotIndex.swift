// Part of mesosim. Apache-2.0, see LICENSE.
//
// Finds a record by its id in constant time, for a slave with two tasks as for one with thousands:
// an open-addressed table of slot numbers, eight bytes an entry. (A dictionary of strings takes
// four times the memory and hashes with SipHash.) The table is never iterated over.

import Mesos

/// From the hash of an id to the slots of the records that may have it.
struct SlotIndex {
  private struct Entry {
    var hash: UInt32
    /// The slot plus one; zero for an empty entry.
    var slotPlusOne: UInt32
  }

  /// A power of two, at most three quarters full; empty until something is put in.
  private var entries: [Entry] = []
  private var count = 0

  /// The slot with this hash for which `matches` says yes.
  @inline(__always)
  func find(_ hash: UInt32, where matches: (Int) -> Bool) -> Int? {
    if count == 0 { return nil }
    let mask = entries.count - 1
    var place = Int(hash) & mask
    while entries[place].slotPlusOne != 0 {
      let slot = Int(entries[place].slotPlusOne) - 1
      if entries[place].hash == hash, matches(slot) { return slot }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Puts a slot in, whose id is not in yet.
  mutating func insert(_ hash: UInt32, slot: Int) {
    if 4 * (count + 1) > 3 * entries.count { grow() }
    count += 1
    place(Entry(hash: hash, slotPlusOne: UInt32(slot) + 1))
  }

  /// Takes a slot out; nothing happens when it is not in.
  mutating func remove(_ hash: UInt32, slot: Int) {
    if count == 0 { return }
    let mask = entries.count - 1
    var hole = Int(hash) & mask
    while entries[hole].slotPlusOne != UInt32(slot) + 1 {
      if entries[hole].slotPlusOne == 0 { return }
      hole = (hole + 1) & mask
    }
    count -= 1
    // Entries behind the hole move up unless that took them before where they belong.
    var next = (hole + 1) & mask
    while entries[next].slotPlusOne != 0 {
      let home = Int(entries[next].hash) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        entries[hole] = entries[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    entries[hole].slotPlusOne = 0
  }

  private mutating func grow() {
    let old = entries
    let empty = Entry(hash: 0, slotPlusOne: 0)
    entries = Array(repeating: empty, count: max(4, 2 * old.count))
    for entry in old where entry.slotPlusOne != 0 { place(entry) }
  }

  private mutating func place(_ entry: Entry) {
    let mask = entries.count - 1
    var place = Int(entry.hash) & mask
    while entries[place].slotPlusOne != 0 { place = (place + 1) & mask }
    entries[place] = entry
  }
}

extension SlotIndex {
  /// What an id within a framework is put in and found by: half of a well mixed hash.
  @inline(__always)
  static func hash(_ framework: FrameworkIndex, _ id: some Identifier) -> UInt32 {
    UInt32(
      truncatingIfNeeded: StableHash.of(id.value, and: UInt32(bitPattern: framework.rawValue)) >> 32
    )
  }

  @inline(__always)
  static func hash(_ framework: FrameworkIndex, _ task: TaskID) -> UInt32 {
    UInt32(truncatingIfNeeded: task.hash(of: framework) >> 32)
  }
}

extension TaskID {
  /// 64 well mixed bits of a task's id and whose it is: the same in every run.
  @inline(__always)
  func hash(of framework: FrameworkIndex) -> UInt64 {
    StableHash.of(raw: rawHash, and: UInt32(bitPattern: framework.rawValue))
  }
}
