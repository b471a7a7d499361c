// Part of mesosim. Apache-2.0, see LICENSE.
//
// Dominant-resource-fair ordering of siblings (Ghodsi et al., NSDI 2011; mesos/src/master/allocator/
// mesos/sorter/drf/sorter.cpp): share, then the number of allocations ever made, then the path
// bytewise. Kept sorted as shares change, so that the next in line is found without sorting.

import Mesos

/// Where a client stands among its siblings: smaller comes first.
struct Standing {
  /// The dominant share divided by the weight.
  var share: Double = 0
  /// The number of allocations ever made to the client; never falls.
  var count: UInt32 = 0
  /// The place of the client's path among all paths, bytewise.
  var rank: UInt32 = 0

  /// Compares as Mesos does: plain doubles, no tolerance.
  func precedes(_ other: Standing) -> Bool {
    if share != other.share { return share < other.share }
    if count != other.count { return count < other.count }
    return rank < other.rank
  }
}

/// What makes a client's share.
struct Account {
  /// Offered to or used by the client, over all slaves.
  var amounts = Amounts()
  /// Divides the share.
  var weight = 1.0
}

/// Clients of one kind, all roles or all frameworks in their roles, under dense numbers.
struct Accounts {
  private(set) var accounts: [Account] = []
  private(set) var standings: [Standing] = []

  /// Makes room for a client that holds nothing.
  mutating func reset(_ client: Int32, weight: Double = 1) {
    while accounts.count <= Int(client) {
      accounts.append(Account())
      standings.append(Standing())
    }
    accounts[Int(client)] = Account(weight: weight)
    standings[Int(client)] = Standing()
  }

  mutating func setWeight(_ weight: Double, of client: Int32) {
    accounts[Int(client)].weight = weight
  }

  mutating func setRank(_ rank: Int, of client: Int32) {
    standings[Int(client)].rank = UInt32(rank)
  }

  /// Adds what a client was given; one more allocation to it.
  mutating func charge(_ amounts: Amounts, to client: Int32, _ totals: Totals) {
    accounts[Int(client)].amounts += amounts
    standings[Int(client)].count &+= 1
    standings[Int(client)].share = totals.share(of: accounts[Int(client)])
  }

  /// Takes away what a client gave back.
  mutating func credit(_ amounts: Amounts, to client: Int32, _ totals: Totals) {
    accounts[Int(client)].amounts -= amounts
    standings[Int(client)].share = totals.share(of: accounts[Int(client)])
  }

  mutating func updateShare(of client: Int32, _ totals: Totals) {
    standings[Int(client)].share = totals.share(of: accounts[Int(client)])
  }
}

/// Siblings that may be offered something, the one that stands first in front.
struct Ranking {
  private(set) var members: [Int32] = []
  /// The version of the totals that the order was made with; other totals make a new order.
  private var version: UInt32?

  /// Brings the order up to date, computing every share anew if the totals changed.
  mutating func sort(_ totals: Totals, _ accounts: inout Accounts) {
    if version == totals.version { return }
    version = totals.version
    for member in members { accounts.updateShare(of: member, totals) }
    let standings = accounts.standings
    members.sort { standings[Int($0)].precedes(standings[Int($1)]) }
  }

  /// Adds a member; its place is found at the next sort.
  mutating func insert(_ member: Int32) {
    members.append(member)
    version = nil
  }

  mutating func remove(_ member: Int32) {
    members.removeAll { $0 == member }
  }

  /// Makes the next sort compute all shares anew.
  mutating func invalidate() { version = nil }

  /// Moves a member from where it stood to where it stands now.
  ///
  /// Other members whose standing changed must be listed in `moved` with where they stood.
  mutating func move(_ member: Int32, from old: Standing, _ totals: Totals, _ accounts: Accounts) {
    guard version == totals.version else { return }
    guard let start = members.firstIndex(of: member) else { return }
    members.remove(at: start)
    let new = accounts.standings[Int(member)]
    var (low, high) = old.precedes(new) ? (start, members.count) : (0, start)
    while low < high {
      let middle = (low + high) / 2
      if accounts.standings[Int(members[middle])].precedes(new) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    members.insert(member, at: low)
  }
}
