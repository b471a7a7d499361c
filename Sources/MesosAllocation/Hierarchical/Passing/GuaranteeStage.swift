// Part of mesosim. Apache-2.0, see LICENSE.
//
// The first stage (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers): roles
// whose guarantee is not met get what they lack and, with it, what else of the slave their limit
// and the headroom of others allow.

import Mesos

extension AllocatorState {
  /// Offers what is free on a slave to roles with unmet guarantees.
  mutating func meetGuarantees(
    of candidates: [Int32], on slave: SlaveIndex, _ pass: inout Pass
  ) {
    guard let ledger = pass.ledger else { return }
    let unmet = candidates.filter { role in
      books.roles[role].quota.map { !ledger.unmet(books.quotas[$0], at: $0).isZero } ?? false
    }
    for role in books.sorter.ordered(unmet, books.totals) {
      var count = -1
      // One offer of the size of a task may not be enough.
      while count != pass.allocations.count, !books.slaves[slave].available.isEmpty {
        count = pass.allocations.count
        meetGuarantee(of: role, on: slave, &pass)
        if policy.unit == .slave { break }
      }
    }
    settle()
  }

  private mutating func meetGuarantee(
    of role: Int32, on slave: SlaveIndex, _ pass: inout Pass
  ) {
    guard let place = books.roles[role].quota, let ledger = pass.ledger else { return }
    var unmet = ledger.unmet(books.quotas[place], at: place)
    sortFrameworks(of: role)
    for client in books.roles[role].ranking.members {
      if unmet.isZero { return }
      let reachable = reachable(by: role, on: slave)
      if reachable.isEmpty { return }
      guard let takeable = takeable(reachable, by: client, on: slave) else { continue }
      let whole = takeable.governed
      let promised = whole.cut(to: Room(unmet), books.names)
      // Without progress towards the guarantee, reservations wait for the second stage.
      if promised.isEmpty { continue }
      let beyond = beyondGuarantee(whole - promised, promised, of: place, pass)
      let offer = takeable.ungoverned(reservedFor: books.roles[role].role) + promised + beyond
      guard isWorthAnOffer(offer, to: client),
        !isFiltered(offer, from: client, on: slave, pass)
      else { continue }
      let amounts = books.names.amounts(of: promised + beyond)
      unmet -= amounts
      count(amounts, to: role, &pass)
      pass.ledger?.required -= books.names.amounts(of: promised)
      pass.ledger?.available -= amounts
      give(offer, of: slave, to: client, stage: 1, &pass)
    }
  }

  /// What goes along with a guarantee: cut to the role's limit, then to the surplus.
  private mutating func beyondGuarantee(
    _ rest: Resources, _ promised: Resources, of place: Int, _ pass: borrowing Pass
  ) -> Resources {
    guard let ledger = pass.ledger else { return rest }
    var beyond = rest
    if books.quotas[place].hasLimits {
      let consumed = ledger.consumed[place] + books.names.amounts(of: promised)
      beyond = beyond.cut(to: books.quotas[place].room(consumed: consumed), books.names)
    }
    return ledger.required.isZero ? beyond : beyond.cut(to: Room(ledger.surplus), books.names)
  }
}
