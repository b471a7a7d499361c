// Part of mesosim. Apache-2.0, see LICENSE.
//
// Names as small numbers. A million strings of their own would take several times the memory.

/// Names, each with the number of those that came before it.
struct NameTable: Sendable {
  /// All names, one behind the other.
  private var bytes: [UInt8] = []
  /// Where each ends.
  private var ends: [UInt32] = []
  /// The numbers plus 1 by hash, zero where there is none; a power of two of them.
  ///
  /// Their upper bits are the hash's, so that hardly any other name is looked at, which is
  /// somewhere else in memory.
  private var slots: [UInt32] = Array(repeating: 0, count: 64)

  /// How many names there are.
  var count: Int { ends.count }

  /// A name, by its number.
  subscript(number: Int) -> String { String(decoding: name(number), as: UTF8.self) }

  private func name(_ number: Int) -> ArraySlice<UInt8> {
    bytes[Int(number > 0 ? ends[number - 1] : 0)..<Int(ends[number])]
  }

  /// The number of a name, which it is given when it is new.
  /// - Complexity: O(length).
  mutating func number(_ name: ArraySlice<UInt8>) -> Int {
    let place = slot(of: name)
    if slots[place] > 0 { return Int(slots[place] & Self.numbers) - 1 }
    bytes.append(contentsOf: name)
    ends.append(UInt32(clamping: bytes.count))
    slots[place] = Self.slot(ends.count - 1, Self.hash(name))
    // Beyond a half, looking for what is not there takes ever more steps.
    if ends.count * 2 > slots.count { grow() }
    return ends.count - 1
  }

  /// The number of a name that may be there.
  func existing(_ name: String) -> Int? {
    let slot = slots[slot(of: ArraySlice(name.utf8))]
    return slot > 0 ? Int(slot & Self.numbers) - 1 : nil
  }

  private func slot(of name: ArraySlice<UInt8>) -> Int {
    let (mask, hash) = (slots.count - 1, Self.hash(name))
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place] > 0 {
      let number = Int(slots[place] & Self.numbers) - 1
      if slots[place] == Self.slot(number, hash), self.name(number) == name { break }
      place = (place + 1) & mask
    }
    return place
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for number in ends.indices {
      let hash = Self.hash(name(number))
      var place = Int(truncatingIfNeeded: hash) & mask
      while slots[place] > 0 { place = (place + 1) & mask }
      slots[place] = Self.slot(number, hash)
    }
  }

  /// The bits of a slot that hold a number plus 1; `RowTrace.rowsMax` fits into them.
  private static let numbers: UInt32 = 1 << 26 - 1

  private static func slot(_ number: Int, _ hash: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: number + 1) | UInt32(truncatingIfNeeded: hash >> 32) & ~numbers
  }

  /// Fowler, Noll and Vo's hash, its upper bits mixed into the lower.
  private static func hash(_ name: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash ^ hash >> 32
  }
}
