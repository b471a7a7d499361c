// Part of mesosim. Apache-2.0, see LICENSE.
//
// The second stage (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers): the role
// and in it the framework that stand first get all of the slave that they can take, short of limits
// and of the headroom that guarantees need. A policy may have another order, or other offers.

import Mesos
import VirtualTime

/// What frameworks of a role would be offered of a slave, as long as none of it is taken.
///
/// It is the same for all with the same capabilities, so that passing over many costs little.
private struct Proposal {
  var role: Int32 = -1
  var capabilities: FrameworkCapabilities = []
  var choice: UInt64 = 0
  /// Whether it holds for no framework, or only for one.
  var isForOne = true
  var offer = Resources()
  /// What of the offer quota governs.
  var governed = Resources()
  var isWorthAnOffer = false

  func goes(for client: Client) -> Bool {
    !isForOne && client.role == role && client.capabilities == capabilities
      && client.choice == choice && !client.hasMinimum
  }
}

extension AllocatorState {
  /// Offers what is free on a slave; stops when nothing is left or no framework takes it.
  mutating func shareFairly(_ slave: SlaveIndex, _ pass: inout Pass) {
    if policy.conflicts != nil { return offerToAll(slave, &pass) }
    if !books.quotas.isEmpty { books.withheld.forget(slave) }
    var turn: UInt64 = 0
    var count = -1
    // Pieces go out one at a time, each to who stands first then.
    while pass.allocations.count != count, !books.slaves[slave].available.isEmpty {
      count = pass.allocations.count
      if hasOrder {
        serveInOrder(slave, turn: turn, &pass)
      } else {
        serveByShares(slave, &pass)
      }
      settle()
      if policy.unit == .slave { return }
      turn += 1
    }
  }

  private mutating func serveByShares(_ slave: SlaveIndex, _ pass: inout Pass) {
    cursor.restart()
    let count = pass.allocations.count
    while !books.slaves[slave].available.isEmpty,
      let role = books.sorter.next(&cursor, books.totals)
    {
      serve(slave, among: role, &pass)
      if policy.unit == .task, pass.allocations.count > count { return }
    }
  }

  private mutating func serve(_ slave: SlaveIndex, among role: Int32, _ pass: inout Pass) {
    sortFrameworks(of: role)
    if books.quotas.isEmpty, books.slaves[slave].isPlain, policy.unit == .slave {
      return offerWhole(slave, among: role, &pass)
    }
    var reachable = reachable(by: role, on: slave)
    var proposal = Proposal()
    for client in books.roles[role].ranking.members {
      if reachable.isEmpty { return }
      guard serve(slave, to: client, reachable, &proposal, &pass) else { continue }
      if policy.unit == .task { return }
      reachable = self.reachable(by: role, on: slave)
    }
  }

  /// Asks one after the other in the policy's own order.
  private mutating func serveInOrder(
    _ slave: SlaveIndex, turn: UInt64, _ pass: inout Pass
  ) {
    // Taken out, so that it can look at everything else.
    guard var order = books.order else { return }
    books.order = nil
    let base = books.passes.seed(key: options.chanceKey, stage: 3)
    let seed = ((base ^ UInt64(slave.rawValue).scattered).scattered ^ turn).scattered
    order.begin(slave, Draws(seed: seed), self)
    if books.quotas.isEmpty, books.slaves[slave].isPlain, policy.unit == .slave {
      offerWhole(slave, in: &order, &pass)
    } else {
      offerParts(of: slave, in: &order, &pass)
    }
    books.order = order
  }

  /// Offers a slave to all in an order, or a piece of it to the first who takes one.
  private mutating func offerParts(
    of slave: SlaveIndex, in order: inout any ServingOrder, _ pass: inout Pass
  ) {
    var reachable = Resources()
    var proposal = Proposal()
    var role: Int32 = -1
    var takers: [Int32] = []
    while !books.slaves[slave].available.isEmpty, let client = order.next(self) {
      if books.clients[client].role != role {
        role = books.clients[client].role
        reachable = self.reachable(by: role, on: slave)
      }
      guard serve(slave, to: client, reachable, &proposal, &pass) else { continue }
      takers.append(client)
      if policy.unit == .task { break }
      role = -1
    }
    // Only now, since an order holds for a whole turn.
    for client in takers { order.noteChange(of: client) }
  }

  /// Offers a framework what it can take of a slave; says whether there is something.
  private mutating func serve(
    _ slave: SlaveIndex, to client: Int32, _ reachable: Resources, _ proposal: inout Proposal,
    _ pass: inout Pass
  ) -> Bool {
    if !proposal.goes(for: books.clients[client]) {
      proposal = propose(reachable, to: client, on: slave, pass)
    }
    guard proposal.isWorthAnOffer, !isFiltered(proposal.offer, from: client, on: slave, pass)
    else { return false }
    book(proposal.governed, to: books.clients[client].role, &pass)
    give(proposal.offer, of: slave, to: client, stage: 2, &pass)
    proposal = Proposal()
    return true
  }

  /// Offers a slave without reservations, and without quota in the way, to the first who may have
  /// it, which leaves nothing: what nearly every turn comes down to, without taking the list apart.
  private mutating func offerWhole(
    _ slave: SlaveIndex, among role: Int32, _ pass: inout Pass
  ) {
    // Taken out rather than copied: the list changes hands as it is.
    var whole = Resources()
    swap(&whole, &books.slaves[slave].available)
    let taker = books.roles[role].ranking.members.first { client in
      takesWhole(whole, of: slave, client, pass)
    }
    guard let taker else { return swap(&whole, &books.slaves[slave].available) }
    takeAway(whole, of: slave)
    decide(whole, of: slave, to: taker, stage: 2, &pass)
  }

  /// The same in an order of the policy's own.
  private mutating func offerWhole(
    _ slave: SlaveIndex, in order: inout any ServingOrder, _ pass: inout Pass
  ) {
    var whole = Resources()
    swap(&whole, &books.slaves[slave].available)
    while let client = order.next(self) {
      guard takesWhole(whole, of: slave, client, pass) else { continue }
      takeAway(whole, of: slave)
      decide(whole, of: slave, to: client, stage: 2, &pass)
      return order.noteChange(of: client)
    }
    swap(&whole, &books.slaves[slave].available)
  }

  /// Notes that all that a slave had free is given to somebody.
  @inline(__always)
  private mutating func takeAway(_ whole: Resources, of slave: SlaveIndex) {
    books.runs.forgetShape(of: slave)
    if books.filters.isBulk(slave) { books.filters.unfold(slave, refusing: whole) }
    books.free.remove(slave)
  }

  @inline(__always)
  private func takesWhole(
    _ whole: Resources, of slave: SlaveIndex, _ client: Int32, _ pass: borrowing Pass
  ) -> Bool {
    isWorthAnOffer(whole, to: client) && isSlaveFor(client, slave)
      && !isFiltered(whole, from: client, on: slave, pass)
  }

  /// Says what a framework would be offered.
  private mutating func propose(
    _ reachable: Resources, to client: Int32, on slave: SlaveIndex, _ pass: borrowing Pass
  ) -> Proposal {
    let state = books.clients[client]
    var proposal = Proposal(
      role: state.role, capabilities: state.capabilities, choice: state.choice,
      isForOne: state.hasMinimum || policy.unit == .task)
    if let takeable = takeable(reachable, by: client, on: slave) {
      (proposal.offer, proposal.governed) = withinQuota(takeable, of: state.role, on: slave, pass)
      proposal.isWorthAnOffer =
        isWorthAnOffer(proposal.offer, to: client)
        && (!isForTasks(of: client) || proposal.offer == takeable)
    }
    return proposal
  }

  /// Whether offers to a client have the shape of its tasks, so that less would be of no use.
  private func isForTasks(of client: Int32) -> Bool {
    policy.unit == .task && !books.demands.requested(by: books.clients[client].framework).isEmpty
  }

  /// Cuts an offer down to what limit and headroom leave, and says what of it quota governs.
  private mutating func withinQuota(
    _ takeable: Resources, of role: Int32, on slave: SlaveIndex, _ pass: borrowing Pass
  ) -> (offer: Resources, governed: Resources) {
    guard let ledger = pass.ledger else { return (takeable, Resources()) }
    let whole = takeable.governed
    var governed = whole
    if let place = books.roles[role].quota, books.quotas[place].hasLimits {
      governed = governed.cut(
        to: books.quotas[place].room(consumed: ledger.consumed[place]), books.names)
      if governed != whole { books.withheld.byLimit.insert(slave) }
    }
    if !ledger.required.isZero, !governed.isEmpty {
      let kept = governed.cut(to: Room(ledger.surplus), books.names)
      if kept != governed { books.withheld.byHeadroom.insert(slave) }
      governed = kept
    }
    if governed == whole { return (takeable, whole) }
    return (takeable.ungoverned(reservedFor: nil) + governed, governed)
  }

  /// Counts what quota governs against the role's quota, if it has one, and against the headroom.
  private mutating func book(_ governed: Resources, to role: Int32, _ pass: inout Pass) {
    guard !books.quotas.isEmpty else { return }
    let amounts = books.names.amounts(of: governed)
    if books.roles[role].quota != nil { count(amounts, to: role, &pass) }
    pass.ledger?.available -= amounts
  }

  /// Counts against the quota of a role and of those above it.
  func count(_ amounts: Amounts, to role: Int32, _ pass: inout Pass) {
    var next: Int32? = role
    while let current = next {
      if let place = books.roles[current].quota { pass.ledger?.consumed[place] += amounts }
      next = books.roles[current].parent
    }
  }
}
