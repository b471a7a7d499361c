// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scales of shares that depend on who takes part and on what they need: made anew before an
// allocation, and only when something has changed.

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
    let parts = ShareScale(partsOf: cluster, excluding: excluded)
    totals.update(policy.measure.scale(parts, &names))
    pricing.clusterVersion &+= 1
  }

  /// Reads shares on the scale for those who take part now.
  mutating func price() {
    if !policy.measure.isPriced { return }
    let versions = [
      pricing.clusterVersion, clients.listingVersion, demands.version, sorter.weightVersion,
    ]
    if versions == pricing.made { return }
    pricing.made = versions
    let parts = ShareScale(partsOf: cluster, excluding: excluded)
    if let scale = policy.measure.scale(parts, in: market()) { totals.update(scale) }
  }

  /// Everybody who is listed, by number; one whose needs are unknown needs all things alike.
  private mutating func market() -> MarketView {
    var market = MarketView()
    for client in clients.listed {
      let role = clients[client].role
      let rivals = Double(roles[role].ranking.members.count)
      let needs = demands.direction(of: clients[client].framework)
      let demand = needs.map { names.amounts(of: $0) } ?? cluster
      market.participants.append(
        MarketView.Participant(income: sorter.portion(of: role) / rivals, demand: demand))
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
