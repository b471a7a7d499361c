// Part of mesosim. Apache-2.0, see LICENSE.
//
// The second stage (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers): the role
// and in it the framework with the smallest share get all of the slave that they can take, short of
// limits and of the headroom that guarantees need.

import Mesos

/// What frameworks of a role would be offered of a slave, as long as nobody takes any of it.
///
/// It is the same for all with the same capabilities, so that passing over many costs little.
private struct Proposal {
  var capabilities: FrameworkCapabilities = []
  /// Whether it goes for nobody, or only for a framework with a minimum of its own.
  var isForOne = true
  var offer = Resources()
  /// What of the offer quota governs.
  var governed = Resources()
  var isWorthAnOffer = false

  func goes(for client: Client) -> Bool {
    !isForOne && client.capabilities == capabilities && !client.hasMinimum
  }
}

extension DRFState {
  /// Offers what is free on a slave; stops when nothing is left.
  mutating func shareFairly(_ slave: SlaveIndex, _ pass: inout Pass) {
    cursor.restart()
    if pass.ledger != nil { withheld.forget(slave) }
    while !slaves[Int(slave)].available.isEmpty, let role = sorter.next(&cursor, totals) {
      shareFairly(slave, among: role, &pass)
    }
    settle()
  }

  private mutating func shareFairly(
    _ slave: SlaveIndex, among role: Int32, _ pass: inout Pass
  ) {
    sortFrameworks(of: role)
    if pass.ledger == nil, slaves[Int(slave)].isPlain {
      return offerWhole(slave, among: role, &pass)
    }
    var reachable = reachable(by: role, on: slave)
    var proposal = Proposal()
    for client in roles[role].ranking.members {
      if reachable.isEmpty { return }
      if !proposal.goes(for: clients[client]) {
        proposal = propose(reachable, to: client, of: role, on: slave, pass)
      }
      guard proposal.isWorthAnOffer, !isFiltered(proposal.offer, from: client, on: slave, pass)
      else { continue }
      book(proposal.governed, to: role, &pass)
      give(proposal.offer, of: slave, to: client, stage: 2, &pass)
      reachable = self.reachable(by: role, on: slave)
      proposal = Proposal()
    }
  }

  /// Offers a slave without reservations, and without quota in the way, to the first who may have
  /// it, which leaves nothing: what nearly every turn comes down to, without taking the list apart.
  private mutating func offerWhole(
    _ slave: SlaveIndex, among role: Int32, _ pass: inout Pass
  ) {
    // Taken out rather than copied: the list changes hands as it is.
    var whole = Resources()
    swap(&whole, &slaves[Int(slave)].available)
    let taker = roles[role].ranking.members.first { client in
      isWorthAnOffer(whole, to: client) && isSlaveFor(client, slave)
        && !isFiltered(whole, from: client, on: slave, pass)
    }
    guard let taker else { return swap(&whole, &slaves[Int(slave)].available) }
    free.remove(slave)
    decide(whole, of: slave, to: taker, stage: 2, &pass)
  }

  /// Says what a framework would be offered.
  private mutating func propose(
    _ reachable: Resources, to client: Int32, of role: Int32, on slave: SlaveIndex, _ pass: Pass
  ) -> Proposal {
    var proposal = Proposal(
      capabilities: clients[client].capabilities, isForOne: clients[client].hasMinimum)
    if let takeable = takeable(reachable, by: client, on: slave) {
      (proposal.offer, proposal.governed) = withinQuota(takeable, of: role, on: slave, pass)
      proposal.isWorthAnOffer = isWorthAnOffer(proposal.offer, to: client)
    }
    return proposal
  }

  /// Cuts an offer down to what limit and headroom leave, and says what of it quota governs.
  private mutating func withinQuota(
    _ takeable: Resources, of role: Int32, on slave: SlaveIndex, _ pass: Pass
  ) -> (offer: Resources, governed: Resources) {
    guard let ledger = pass.ledger else { return (takeable, Resources()) }
    let whole = takeable.governed
    var governed = whole
    if let place = roles[role].quota, quotas[place].hasLimits {
      governed = governed.cut(to: quotas[place].room(consumed: ledger.consumed[place]), names)
      if governed != whole { withheld.byLimit.insert(slave) }
    }
    if !ledger.required.isZero, !governed.isEmpty {
      let kept = governed.cut(to: Room(ledger.surplus), names)
      if kept != governed { withheld.byHeadroom.insert(slave) }
      governed = kept
    }
    if governed == whole { return (takeable, whole) }
    return (takeable.ungoverned(reservedFor: nil) + governed, governed)
  }

  /// Counts what quota governs against the role's quota, if it has one, and against the headroom.
  private mutating func book(_ governed: Resources, to role: Int32, _ pass: inout Pass) {
    guard pass.ledger != nil else { return }
    let amounts = names.amounts(of: governed)
    if roles[role].quota != nil { count(amounts, to: role, &pass) }
    pass.ledger?.available -= amounts
  }

  /// Counts against the quota of a role and of those above it.
  func count(_ amounts: Amounts, to role: Int32, _ pass: inout Pass) {
    var next: Int32? = role
    while let current = next {
      if let place = roles[current].quota { pass.ledger?.consumed[place] += amounts }
      next = roles[current].parent
    }
  }
}
