// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the next allocation would go by and what keeps slaves from frameworks, for reports. Asked
// between allocations and by those alone who record reasons, so that allocating costs no more.

import Mesos
import VirtualTime

extension AllocatorState {
  /// Why what is free on a slave is not offered.
  func withholding(on slave: SlaveIndex) -> Withholding? {
    guard slave >= 0, books.free.contains(slave) else { return nil }
    if let choice = policy.slaves, choice.setsAside(books.slaves[slave].choice) {
      return .partition
    }
    if books.filters.has(anyOn: slave) { return .refusal }
    if books.withheld.contains(slave) { return .quota }
    return books.agenda.isDue(slave) ? .nextPass : nil
  }

  /// Whether some slave may be unsuitable for a framework.
  func distinguishesSlaves(for framework: FrameworkIndex) -> Bool {
    policy.slaves != nil
      || subscribed(framework).contains { client in
        books.clients[client].isChoosy
          || options.filtersGPUs && books.cluster.standard[3] > 0
            && !books.clients[client].capabilities.contains(.gpuResources)
      }
  }

  private func subscribed(_ framework: FrameworkIndex) -> [Int32] {
    guard self.framework(framework) != nil else { return [] }
    return books.frameworkClients[framework].filter { books.clients[$0].isSubscribed }
  }

  /// What keeps a framework from being offered what is free on a slave.
  func obstacle(to framework: FrameworkIndex, on slave: SlaveIndex) -> Obstacle? {
    let clients = subscribed(framework)
    let listed = clients.filter { books.clients[$0].isListed }
    guard isPresent(slave) else { return nil }
    guard !clients.isEmpty else { return .unwanted }
    guard clients.contains(where: { isSlaveFor($0, slave) && isServed($0, by: slave) }) else {
      return .unsuitable
    }
    if listed.isEmpty { return .unwanted }
    guard books.free.contains(slave) else { return nil }
    if let end = refusal(by: listed, of: slave) {
      return .refusal(until: end.expiry, allocation: end.tick)
    }
    if books.withheld.contains(slave) { return .quota }
    return books.agenda.isDue(slave) ? .nextPass : nil
  }

  private func isServed(_ client: Int32, by slave: SlaveIndex) -> Bool {
    let serves = books.slaves[slave].capabilities
    let isMulti = books.clients[client].capabilities.contains(.multiRole)
    return (!isMulti || serves.contains(.multiRole))
      && (!books.roles[books.clients[client].role].isNested || serves.contains(.hierarchicalRole))
  }

  /// When the first of some clients may be offered a slave again that all of them have refused, as
  /// far as they could be offered it; `nil` if one of them has not.
  ///
  /// A filter that has ended and waits for its tick counts: no allocation has looked again.
  private func refusal(
    by clients: [Int32], of slave: SlaveIndex
  ) -> (expiry: Instant, tick: Instant)? {
    let agenda = books.agenda
    var first: (expiry: Instant, tick: Instant)?
    for client in clients {
      let reachable = reachable(by: books.clients[client].role, on: slave)
      guard let offer = takeable(reachable, by: client, on: slave) else { continue }
      let end = books.filters.end(
        refusing: offer, client: client, slave: slave,
        tickAfter: { agenda.tick(notBefore: $0) })
      guard let end else { return nil }
      if first.map({ end.expiry < $0.expiry }) ?? true { first = end }
    }
    return first
  }
}

// MARK: - The order

extension AllocatorState {
  /// In which order an allocation would serve now; of a copy, as it sorts and prices.
  mutating func passOrder() -> PassOrder {
    price()
    var order = hasOrder ? ownOrder() : orderByShares()
    if books.quotas.isEmpty { return order }
    let ledger = openLedger()
    if !ledger.required.isZero {
      order.headroom = books.names.quantities(of: ledger.required)
      order.surplus = books.names.quantities(of: ledger.surplus)
    }
    for place in order.entries.indices { noteQuota(of: &order.entries[place], ledger) }
    return order
  }

  private mutating func orderByShares() -> PassOrder {
    var order = PassOrder(basis: .shares, entries: [])
    cursor.restart()
    while let role = books.sorter.next(&cursor, books.totals) {
      sortFrameworks(of: role)
      let ranks = books.roles[role].ranking.members.map { rank($0) }
      var entry = PassOrder.Entry(role: books.roles[role].role, frameworks: ranks)
      entry.shares = books.sorter.shares(downTo: role)
      order.entries.append(entry)
    }
    return order
  }

  private func rank(_ client: Int32) -> PassOrder.Rank {
    let standing = books.clients.accounts[client].standing
    return PassOrder.Rank(
      framework: books.clients[client].framework, share: standing.share,
      count: Int(standing.count))
  }

  /// The order of a policy that has one of its own, for the first slave that has something free.
  private mutating func ownOrder() -> PassOrder {
    guard var order = books.order, !order.isDrawn else {
      return PassOrder(basis: .chance, entries: [])
    }
    var result = PassOrder(basis: .policy, entries: [])
    guard let slave = books.free.members.first else { return result }
    // Taken out, so that it can look at everything else.
    books.order = nil
    order.begin(slave, Draws(seed: 0), self)
    while let client = order.next(self) {
      books.clients.accounts[client].updateShare(books.totals)
      let role = books.roles[books.clients[client].role].role
      if result.entries.last?.role != role {
        result.entries.append(PassOrder.Entry(role: role, frameworks: []))
      }
      result.entries[result.entries.count - 1].frameworks.append(rank(client))
    }
    books.order = order
    return result
  }

  private func noteQuota(of entry: inout PassOrder.Entry, _ ledger: QuotaLedger) {
    guard let role = books.roles.existing(entry.role), let place = books.roles[role].quota
    else { return }
    let quota = books.quotas[place]
    entry.lacking = books.names.quantities(of: ledger.unmet(quota, at: place))
    let room = quota.room(consumed: ledger.consumed[place])
    entry.exhausted = books.names.names {
      room.standard[$0] == 0
    } extra: {
      $0 < room.extra.count && room.extra[$0] == 0
    }
  }
}

extension RoleSorter {
  /// The shares of the nodes from the first level down to a role, as last sorted.
  fileprivate func shares(downTo role: Int32) -> [Double] {
    var shares: [Double] = []
    guard var node = leaf(of: role) else { return [] }
    while node != RoleSorter.root {
      shares.append(accounts[node].standing.share)
      node = nodes[Int(node)].parent
    }
    return shares.reversed()
  }
}
