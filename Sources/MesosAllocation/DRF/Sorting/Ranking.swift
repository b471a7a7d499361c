// Part of mesosim. Apache-2.0, see LICENSE.
//
// Siblings in the order of their standing, kept sorted as shares change, so that the next in line
// is found without sorting (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp, sort,
// allocated).

/// Siblings that may be offered something, the one that stands first in front.
struct Ranking {
  private(set) var members: [Int32] = []
  /// The version of the totals that the order was made with; `nil` when it must be made anew.
  private var version: UInt32?

  /// Brings the order up to date, computing every share anew if the totals changed.
  mutating func sort(_ totals: Totals, _ accounts: inout Accounts) {
    if version == totals.version { return }
    version = totals.version
    for member in members { accounts.updateShare(of: member, totals) }
    let standings = accounts.standings
    members.sort { standings[Int($0)].precedes(standings[Int($1)]) }
  }

  /// Makes the next sort compute all shares anew.
  mutating func invalidate() { version = nil }

  /// Adds a member at its place.
  mutating func insert(_ member: Int32, _ totals: Totals, _ accounts: inout Accounts) {
    guard version == totals.version else { return members.append(member) }
    accounts.updateShare(of: member, totals)
    members.insert(member, at: place(of: accounts.standings[Int(member)], accounts))
  }

  /// Takes a member out.
  ///
  /// - Parameters:
  ///   - member: The member.
  ///   - stood: Where it stood when its place was given to it.
  ///   - accounts: Where the others stand.
  /// - Returns: Whether it was there.
  @discardableResult
  mutating func remove(_ member: Int32, stood: Standing, _ accounts: Accounts) -> Bool {
    // Most often it is the one in front that gets something.
    if members.first == member {
      members.removeFirst()
      return true
    }
    let guess = version == nil ? 0 : place(of: stood, accounts)
    let isThere = guess < members.count && members[guess] == member
    guard let index = isThere ? guess : members.firstIndex(of: member) else { return false }
    members.remove(at: index)
    return true
  }

  /// The first place whose member does not precede a standing.
  private func place(of standing: Standing, _ accounts: Accounts) -> Int {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if accounts.standings[Int(members[middle])].precedes(standing) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
