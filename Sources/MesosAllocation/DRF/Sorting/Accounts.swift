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

/// Clients of one kind, all roles or all frameworks in their roles, under dense numbers: what they
/// hold over all slaves, their weights, and where that puts them.
struct Accounts {
  private var amounts: [Amounts] = []
  private var weights: [Double] = []
  private(set) var standings: [Standing] = []

  /// What a client holds.
  subscript(client: Int32) -> Amounts { amounts[Int(client)] }

  /// Makes room for a client that holds nothing.
  mutating func reset(_ client: Int32, weight: Double = 1) {
    while amounts.count <= Int(client) {
      amounts.append(Amounts())
      weights.append(1)
      standings.append(Standing())
    }
    amounts[Int(client)] = Amounts()
    weights[Int(client)] = weight
    standings[Int(client)] = Standing()
  }

  /// Gives a client what another holds and the other's count.
  mutating func copy(from source: Int32, to client: Int32) {
    amounts[Int(client)] = amounts[Int(source)]
    standings[Int(client)].count = standings[Int(source)].count
  }

  mutating func setWeight(_ weight: Double, of client: Int32) { weights[Int(client)] = weight }

  mutating func setRank(_ rank: Int, of client: Int32) {
    standings[Int(client)].rank = UInt32(truncatingIfNeeded: rank)
  }

  /// Adds what a client was given; one more allocation to it.
  mutating func charge(_ change: Amounts, to client: Int32, _ totals: Totals) {
    amounts[Int(client)] += change
    standings[Int(client)].count &+= 1
    updateShare(of: client, totals)
  }

  /// Changes what a client holds, without an allocation to it.
  mutating func adjust(_ change: Amounts, of client: Int32, isGone: Bool, _ totals: Totals) {
    if isGone { amounts[Int(client)] -= change } else { amounts[Int(client)] += change }
    updateShare(of: client, totals)
  }

  mutating func updateShare(of client: Int32, _ totals: Totals) {
    let share = totals.dominantShare(of: amounts[Int(client)])
    standings[Int(client)].share = share / weights[Int(client)]
  }
}
