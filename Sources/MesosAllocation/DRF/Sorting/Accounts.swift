// Part of mesosim. Apache-2.0, see LICENSE.
//
// What sorting goes by (mesos/src/master/allocator/mesos/sorter/drf/sorter.hpp, compareDRF): share,
// then the number of allocations ever made, then the path bytewise.

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

  subscript(client: Int32) -> Account { accounts[Int(client)] }

  /// Makes room for a client that holds nothing.
  mutating func reset(_ client: Int32, weight: Double = 1) {
    while accounts.count <= Int(client) {
      accounts.append(Account())
      standings.append(Standing())
    }
    accounts[Int(client)] = Account(weight: weight)
    standings[Int(client)] = Standing()
  }

  /// Gives a client what another holds and the other's count.
  mutating func copy(from source: Int32, to client: Int32) {
    accounts[Int(client)].amounts = accounts[Int(source)].amounts
    standings[Int(client)].count = standings[Int(source)].count
  }

  mutating func setWeight(_ weight: Double, of client: Int32) {
    accounts[Int(client)].weight = weight
  }

  mutating func setRank(_ rank: Int, of client: Int32) {
    standings[Int(client)].rank = UInt32(truncatingIfNeeded: rank)
  }

  /// Adds what a client was given; one more allocation to it.
  mutating func charge(_ amounts: Amounts, to client: Int32, _ totals: Totals) {
    accounts[Int(client)].amounts += amounts
    standings[Int(client)].count &+= 1
    updateShare(of: client, totals)
  }

  /// Changes what a client holds, without an allocation to it.
  mutating func adjust(
    _ amounts: Amounts, of client: Int32, isGone: Bool, _ totals: Totals
  ) {
    if isGone {
      accounts[Int(client)].amounts -= amounts
    } else {
      accounts[Int(client)].amounts += amounts
    }
    updateShare(of: client, totals)
  }

  mutating func updateShare(of client: Int32, _ totals: Totals) {
    standings[Int(client)].share = totals.share(of: accounts[Int(client)])
  }
}
