// Part of mesosim. Apache-2.0, see LICENSE.
//
// The two tables behind the filters: from (client, slave) to a number, and from equal resources to
// one copy of them.

import Mesos

/// A hash table from two small numbers to a third: open addressing, twelve bytes a place.
struct PairTable {
  private var keys: [UInt64] = []
  private var values: [Int32] = []
  private var count = 0
  private var mask = -1

  private static let vacant = UInt64.max

  /// The value of a pair; assigning `nil` removes it.
  subscript(first: Int32, second: Int32) -> Int32? {
    get {
      guard count > 0 else { return nil }
      let place = place(of: PairTable.key(first, second))
      return keys[place] == PairTable.vacant ? nil : values[place]
    }
    set {
      let key = PairTable.key(first, second)
      guard let newValue else { return remove(key) }
      if (count + 1) * 4 > keys.count * 3 { grow() }
      let place = place(of: key)
      if keys[place] == PairTable.vacant { count += 1 }
      keys[place] = key
      values[place] = newValue
    }
  }

  private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }

  private func home(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: mixed(key) >> 20) & mask
  }

  /// Where the key is, or would be put.
  private func place(of key: UInt64) -> Int {
    var place = home(key)
    while keys[place] != key && keys[place] != PairTable.vacant { place = (place + 1) & mask }
    return place
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    let size = max(16, oldKeys.count * 2)
    keys = Array(repeating: PairTable.vacant, count: size)
    values = Array(repeating: 0, count: size)
    mask = size - 1
    for (index, key) in oldKeys.enumerated() where key != PairTable.vacant {
      let place = place(of: key)
      keys[place] = key
      values[place] = oldValues[index]
    }
  }

  // Moves later entries of the run forward, so that no search ends early and no tombstone stays.
  private mutating func remove(_ key: UInt64) {
    guard count > 0 else { return }
    var gap = place(of: key)
    guard keys[gap] == key else { return }
    count -= 1
    var place = gap
    while true {
      place = (place + 1) & mask
      if keys[place] == PairTable.vacant { break }
      let distance = (place - home(keys[place])) & mask
      if distance >= (place - gap) & mask {
        keys[gap] = keys[place]
        values[gap] = values[place]
        gap = place
      }
    }
    keys[gap] = PairTable.vacant
  }
}

/// Spreads the bits of a number over all 64 (the finalizer of splitmix64).
@inline(__always) func mixed(_ value: UInt64) -> UInt64 {
  var bits = value &+ 0x9e37_79b9_7f4a_7c15
  bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
  bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
  return bits ^ (bits >> 31)
}

/// Resource lists, equal ones kept once.
struct ShapeTable {
  private var shapes: [Resources] = []
  private var uses: [Int32] = []
  private var vacant: [Int32] = []
  private var numbers: [Resources: Int32] = [:]

  subscript(number: Int32) -> Resources { shapes[Int(number)] }

  /// The number of a list, with one more user.
  mutating func retain(_ resources: Resources) -> Int32 {
    if let number = numbers[resources] {
      uses[Int(number)] += 1
      return number
    }
    if let number = vacant.popLast() {
      shapes[Int(number)] = resources
      uses[Int(number)] = 1
      numbers[resources] = number
      return number
    }
    let number = Int32(shapes.count)
    shapes.append(resources)
    uses.append(1)
    numbers[resources] = number
    return number
  }

  /// One user less; the list goes with the last.
  mutating func release(_ number: Int32) {
    uses[Int(number)] -= 1
    guard uses[Int(number)] == 0 else { return }
    numbers[shapes[Int(number)]] = nil
    shapes[Int(number)] = Resources()
    vacant.append(number)
  }
}
