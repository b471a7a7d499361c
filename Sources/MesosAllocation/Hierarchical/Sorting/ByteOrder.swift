// Part of mesosim. Apache-2.0, see LICENSE.
//
// Ties go by the bytes of paths and ids. Comparing strings for each tie would cost more than all
// else, so everything that can tie is kept in order and compared by its place.

/// Numbers in the bytewise order of their keys.
struct ByteOrder {
  private(set) var members: [Int32] = []
  private var keys: [String] = []

  /// Adds a member behind those with an equal key.
  mutating func insert(_ member: Int32, key: String) {
    let place = place { !key.utf8.lexicographicallyPrecedes($0.utf8) }
    members.insert(member, at: place)
    keys.insert(key, at: place)
  }

  /// Drops a member.
  mutating func remove(_ member: Int32, key: String) {
    var place = place { $0.utf8.lexicographicallyPrecedes(key.utf8) }
    while place < members.count, members[place] != member { place += 1 }
    guard place < members.count else { return }
    members.remove(at: place)
    keys.remove(at: place)
  }

  /// The first place at which the test fails; it holds at every place before.
  private func place(_ isBefore: (String) -> Bool) -> Int {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(keys[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
