// Part of mesosim. Apache-2.0, see LICENSE.
//
// Looking into the allocator, for conformance cases, transcripts, tests and reports. Read-only.

public import Mesos

extension HierarchicalAllocator {
  /// How many filters keep something of a slave from a framework, by role.
  public var activeFilters: [(role: Role, count: Int)] { state.activeFilters }

  /// What each framework holds in each of its roles, over all slaves; those that hold nothing are
  /// left out.
  package var held: [(framework: FrameworkIndex, role: Role, amounts: Quantities)] {
    state.held
  }
}

extension AllocatorState {
  var activeFilters: [(role: Role, count: Int)] {
    var counts: [Int32: Int] = [:]
    for client in books.clients.numbers {
      let count = books.filters.count(client: client)
      if count > 0 { counts[books.clients[client].role, default: 0] += count }
    }
    return counts.sorted { $0.key < $1.key }.map { (books.roles[$0.key].role, $0.value) }
  }

  /// What each framework holds in each of its roles, over all slaves.
  var held: [(framework: FrameworkIndex, role: Role, amounts: Quantities)] {
    var sums = books.clients.numbers.map { _ in Quantities() }
    for slave in books.slaves {
      for holding in slave.holdings.all {
        sums[Int(holding.client)] += holding.resources.scalarQuantities
      }
    }
    for slave in books.runs.slaves.members {
      guard let client = books.runs.client(on: slave) else { continue }
      sums[Int(client)] += books.slaves[slave].available.scalarQuantities
    }
    var held: [(framework: FrameworkIndex, role: Role, amounts: Quantities)] = []
    for client in books.clients.numbers where !sums[Int(client)].isEmpty {
      held.append(
        (
          books.clients[client].framework, books.roles[books.clients[client].role].role,
          sums[Int(client)]
        ))
    }
    return held
  }
}

extension HierarchicalAllocator {
  /// The weighted dominant shares of the roles that have frameworks, by the bytes of their paths,
  /// each with the name that dominates.
  package var roleShares: [(role: Role, share: Double, dominant: String?)] { state.roleShares }
}

extension AllocatorState {
  /// The weighted dominant shares of the roles that have frameworks.
  var roleShares: [(role: Role, share: Double, dominant: String?)] {
    var shares: [(role: Role, share: Double, dominant: String?)] = []
    for node in books.sorter.nodes {
      guard let role = node.role, let leaf = books.sorter.leaf(of: role) else { continue }
      var account = books.sorter.accounts[leaf]
      account.updateShare(books.totals)
      let dominant = dominantName(of: account.amounts)
      shares.append((books.roles[role].role, account.standing.share, dominant))
    }
    return shares.sorted { $0.role < $1.role }
  }

  /// The name of which amounts are the largest part; the first in case of a tie.
  private func dominantName(of amounts: Amounts) -> String? {
    let whole = books.totals.share(of: amounts)
    if whole == 0 || books.totals.isSummed { return nil }
    let standard = ExtraNames.standard.indices.first { index in
      var only = SIMD4<Int64>.zero
      only[index] = amounts.standard[index]
      return books.totals.share(of: Amounts(standard: only)) == whole
    }
    return standard.map { ExtraNames.standard[$0] } ?? "other"
  }
}
