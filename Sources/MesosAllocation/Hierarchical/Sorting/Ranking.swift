// Part of mesosim. Apache-2.0, see LICENSE.
//
// Siblings in the order of their standing, kept sorted as shares change, so that the next in line
// is found without sorting (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp).

/// Siblings that may be offered something, the one that stands first in front.
struct Ranking {
  private(set) var members: [Int32] = []
  /// The version of the totals that the order was made with; `nil` when it must be made again.
  private var version: UInt32?

  /// Brings the order up to date, computing every share again if the totals changed.
  mutating func sort(_ totals: Totals, _ accounts: inout Accounts) {
    if isSorted(totals) { return }
    version = totals.version
    for member in members { accounts[member].updateShare(totals) }
    let sorted = accounts
    members.sort { sorted[$0].standing.precedes(sorted[$1].standing) }
  }

  /// Whether the order is up to date.
  func isSorted(_ totals: Totals) -> Bool { version == totals.version }

  /// Makes the next sort compute all shares again.
  mutating func invalidate() { version = nil }

  /// Adds a member, whose share is up to date, at its place.
  mutating func insert(_ member: Int32, _ totals: Totals, _ accounts: Accounts) {
    guard isSorted(totals) else { return members.append(member) }
    let place = place(of: accounts[member].standing, accounts)
    members.append(member)
    members.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (base + place + 1).update(from: base + place, count: buffer.count - 1 - place)
      base[place] = member
    }
  }

  /// Takes a member out that got its place when it stood there.
  ///
  /// What comes back is whether it was in.
  @discardableResult
  mutating func remove(_ member: Int32, stood: Standing, _ accounts: Accounts) -> Bool {
    guard let index = index(of: member, stood: stood, accounts) else { return false }
    members.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (base + index).update(from: base + index + 1, count: buffer.count - 1 - index)
    }
    members.removeLast()
    return true
  }

  private func index(of member: Int32, stood: Standing, _ accounts: Accounts) -> Int? {
    // Most often it is the one in front that gets something.
    if members.first == member { return 0 }
    let guess = version == nil ? 0 : place(of: stood, accounts)
    if guess < members.count, members[guess] == member { return guess }
    return members.firstIndex(of: member)
  }

  /// The first place whose member does not precede a standing.
  private func place(of standing: Standing, _ accounts: Accounts) -> Int {
    // Who just got something most often stands last then.
    if let last = members.last, accounts[last].standing.precedes(standing) {
      return members.count
    }
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if accounts[members[middle]].standing.precedes(standing) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
