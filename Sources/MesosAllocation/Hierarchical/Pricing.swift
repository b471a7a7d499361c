// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scales of shares that depend on who takes part and on what they need: made before an allocation,
// and only when something has changed. How prices are found is the measure's business.

import Mesos

/// Those who compete, and with what.
struct MarketView {
  /// One framework in one role.
  struct Participant {
    /// Its part of everything, by the weights of roles; frameworks of a role have equal parts.
    var income: Double
    /// The proportions of what it needs.
    var demand: Amounts
  }

  var participants: [Participant] = []
}

/// What a scale was last made for.
struct Pricing {
  /// Grows when what the cluster has changes.
  var clusterVersion: UInt32 = 0
  fileprivate var made: [UInt32] = []
}

extension AllocatorState {
  /// Reads shares on the scale for what the cluster has now.
  mutating func rescale() {
    let parts = ShareScale(partsOf: books.cluster, excluding: books.excluded)
    books.totals.update(policy.measure.scale(parts, &books.names))
    books.pricing.clusterVersion &+= 1
  }

  /// Reads shares on the scale for those who take part now.
  mutating func price() {
    if !policy.measure.isPriced { return }
    let versions = [
      books.pricing.clusterVersion, books.clients.listingVersion, books.demands.version,
      books.sorter.weightVersion,
    ]
    if versions == books.pricing.made { return }
    books.pricing.made = versions
    let parts = ShareScale(partsOf: books.cluster, excluding: books.excluded)
    if let scale = policy.measure.scale(parts, in: market()) { books.totals.update(scale) }
  }

  /// All listed clients, by number; one whose needs are unknown needs all things alike.
  private mutating func market() -> MarketView {
    var market = MarketView()
    for client in books.clients.listed {
      let role = books.clients[client].role
      let rivals = Double(books.roles[role].ranking.members.count)
      let needs = books.demands.direction(of: books.clients[client].framework)
      let demand = needs.map { books.names.amounts(of: $0) } ?? books.cluster
      market.participants.append(
        MarketView.Participant(income: books.sorter.portion(of: role) / rivals, demand: demand))
    }
    return market
  }
}

extension RoleSorter {
  /// A role's part of everything by the weights of those below whom someone may be offered
  /// something.
  func portion(of role: Int32) -> Double {
    guard var node = leaf(of: role) else { return 0 }
    var portion = 1.0
    while node != RoleSorter.root {
      let parent = nodes[Int(node)].parent
      let rivals = nodes[Int(parent)].ranking.members.filter { $0 != node }
      // Summed by path, as the order of the ranking is that of the moment.
      let weights = rivals.sorted { accounts[$0].standing.rank < accounts[$1].standing.rank }
        .reduce(accounts[node].weight) { $0 + accounts[$1].weight }
      portion *= accounts[node].weight / weights
      node = parent
    }
    return portion
  }
}
