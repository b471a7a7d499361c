// Part of mesosim. Apache-2.0, see LICENSE.
//
// What sorting goes by (mesos/src/master/allocator/mesos/sorter/drf/sorter.hpp, compareDRF): share,
// then the number of allocations ever made, then the path bytewise. Nothing else breaks a tie.

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

/// What a client, a role or a framework in a role, holds over all slaves, and where that puts it.
struct Account {
  private(set) var amounts = Amounts()
  /// Divides the share.
  var weight = 1.0
  var standing = Standing()

  /// Adds what the client was given; one more allocation to it, or more.
  @inline(__always)
  mutating func charge(_ change: Amounts, _ totals: Totals, times: UInt32 = 1) {
    amounts += change
    standing.count &+= times
    updateShare(totals)
  }

  /// Changes what the client holds, without an allocation to it.
  mutating func adjust(_ change: Amounts, isGone: Bool, _ totals: Totals) {
    if isGone { amounts -= change } else { amounts += change }
    updateShare(totals)
  }

  /// Takes over what another client holds, and its count.
  mutating func copy(_ other: Account) {
    amounts = other.amounts
    standing.count = other.standing.count
  }

  mutating func updateShare(_ totals: Totals) {
    standing.share = totals.share(of: amounts) / weight
  }
}

/// Accounts under dense numbers.
struct Accounts {
  private var accounts: [Account] = []

  subscript(client: Int32) -> Account {
    _read { yield accounts[Int(client)] }
    _modify { yield &accounts[Int(client)] }
  }

  /// Makes room for a client that holds nothing.
  mutating func reset(_ client: Int32, weight: Double = 1) {
    while accounts.count <= Int(client) { accounts.append(Account()) }
    accounts[Int(client)] = Account()
    accounts[Int(client)].weight = weight
  }

  /// Numbers clients by the place of their paths.
  mutating func rank(_ order: [Int32]) {
    for (rank, client) in order.enumerated() {
      accounts[Int(client)].standing.rank = UInt32(truncatingIfNeeded: rank)
    }
  }
}
