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

/// Hashes ids to the same number in every run, unlike `Hasher`.
enum StableHash {
  /// The hash of an id within a framework, 64 bits well mixed.
  static func hash(_ framework: FrameworkIndex, _ id: String) -> UInt64 {
    mix(bytes(of: id) ^ UInt64(UInt32(bitPattern: framework)) &* 0x9e37_79b9_7f4a_7c15)
  }

  /// The upper half of the hash, as `SlotIndex` wants it.
  @inline(__always)
  static func short(_ framework: FrameworkIndex, _ id: String) -> UInt32 {
    UInt32(truncatingIfNeeded: hash(framework, id) >> 32)
  }

  /// FNV-1a over words of eight bytes.
  private static func bytes(of id: String) -> UInt64 {
    var id = id
    return id.withUTF8 { buffer in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      var place = 0
      let raw = UnsafeRawBufferPointer(buffer)
      while place + 8 <= raw.count {
        let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        hash = mix((hash ^ word) &* 0x0000_0100_0000_01b3)
        place += 8
      }
      while place < raw.count {
        hash = (hash ^ UInt64(raw[place])) &* 0x0000_0100_0000_01b3
        place += 1
      }
      return hash ^ UInt64(raw.count)
    }
  }

  @inline(__always) private static func mix(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
