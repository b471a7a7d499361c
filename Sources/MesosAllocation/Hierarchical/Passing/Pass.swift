// Part of mesosim. Apache-2.0, see LICENSE.
//
// One allocation (mesos/src/master/allocator/mesos/hierarchical.cpp, __generateOffers): two stages
// over the slaves in their order, first to meet guarantees, then to share fairly.

import Mesos
import VirtualTime

/// What holds during one allocation; never copied by accident.
struct Pass: ~Copyable {
  let now: Instant
  let isTick: Bool
  /// `nil` while no role has a quota.
  var ledger: QuotaLedger?
  /// Whether many decisions for one framework may be one run.
  var makesRuns = false
  var allocations: [Allocation] = []
  var runs: [AllocationRun] = []
  /// The slaves of which something was offered that many may use at once: once in an allocation.
  var sharing: [SlaveIndex] = []
}

extension AllocatorState {
  /// Visits the slaves that are due and offers what is free on them.
  mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    guard let isTick = begin(at: now) else { return }
    var pass = Pass(now: now, isTick: isTick)
    swap(&pass.allocations, &allocations)
    allocate(&pass)
    swap(&pass.allocations, &allocations)
  }

  /// Decides the same, many slaves of one framework as a run where that costs less.
  mutating func allocate(
    at now: Instant, into allocations: inout [Allocation], runs: inout [AllocationRun]
  ) {
    guard let isTick = begin(at: now) else { return }
    var pass = Pass(now: now, isTick: isTick, makesRuns: mayMakeRuns)
    swap(&pass.allocations, &allocations)
    swap(&pass.runs, &runs)
    allocate(&pass)
    swap(&pass.allocations, &allocations)
    swap(&pass.runs, &runs)
  }

  /// Ends what has ended by now; whether the allocation is the periodic one, `nil` for none at all.
  private mutating func begin(at now: Instant) -> Bool? {
    if let deadline = books.recovery.deadline, deadline <= now {
      books.recovery.deadline = nil
      resume(at: now)
    }
    if books.agenda.isPaused {
      books.agenda.skipTick(at: now)
      return nil
    }
    books.agenda.drift(at: now)
    let isTick = books.agenda.isTick(at: now)
    endFilters(by: books.agenda.lastMultiple(at: now), at: now)
    return isTick
  }

  private mutating func allocate(_ pass: inout Pass) {
    let (now, isTick) = (pass.now, pass.isTick)
    let visitsAll = books.agenda.visitsAll(onTick: isTick)
    let all = visitsAll ? slavesWorthAVisit() : SlaveSet()
    var visited = books.agenda.take(at: now, isTick: isTick, all: all)
    books.passes.begin(at: now)
    price()
    // Mesos sorts whenever there is a slave to visit, if only one that has nothing to offer.
    if isTick || visitsAll ? books.offerableCount > 0 : hasOfferable(visited) {
      books.sorter.fixWeights()
    }
    if !books.sorter.hasLooseWeights { books.agenda.dropWish(at: now) }
    let before = pass.allocations.count + pass.runs.count
    if visited.intersects(books.free) { offer(&visited, &pass) }
    if pass.allocations.count + pass.runs.count > before { books.passes.end() }
    makeInverseOffers(visiting: visited, at: now)
  }

  /// The slaves that an allocation over all of them has to see.
  private func slavesWorthAVisit() -> SlaveSet {
    if options.isLiteral { return allSlaves }
    var slaves = books.free
    for slave in books.maintenance.slaves { slaves.insert(slave) }
    return slaves
  }

  private func hasOfferable(_ visited: SlaveSet) -> Bool {
    visited.contains { isPresent($0) && books.slaves[$0].isOfferable }
  }

  private mutating func offer(_ visited: inout SlaveSet, _ pass: inout Pass) {
    if !books.quotas.isEmpty {
      let ledger = openLedger()
      pass.ledger = ledger
      if pass.isTick, !ledger.required.isZero, books.overcommitted > 0 { addWithheld(to: &visited) }
      let unmet = books.quotas.enumerated().filter { !ledger.unmet($1, at: $0).isZero }
        .map(\.element.role)
      if !unmet.isEmpty {
        for slave in ordered(visited.intersection(books.free).members, stage: 1) {
          meetGuarantees(of: unmet, on: slave, &pass)
        }
      }
    }
    let free = visited.intersection(books.free)
    if pass.makesRuns, free.count >= AllocatorState.leastForRuns {
      shareInRuns(free, &pass)
    } else {
      for slave in ordered(free.members, stage: 2) { shareFairly(slave, &pass) }
    }
    for slave in pass.sharing { updateAvailable(slave) }
    if let ledger = pass.ledger { close(ledger, at: pass.now) }
  }

  /// Adds the slaves from which headroom withheld something.
  ///
  /// The surplus only shrinks during an allocation, with one exception: when the last guarantee is
  /// met, headroom withholds nothing any more, although with slaves that have shrunk below what is
  /// used on them the cluster has less free in sum than some slave alone.
  private mutating func addWithheld(to visited: inout SlaveSet) {
    visited.formUnion(books.withheld.byHeadroom)
    books.withheld.byHeadroom.removeAll()
  }

  /// Remembers how much surplus those from whom headroom withheld something have seen at least.
  private mutating func close(_ ledger: QuotaLedger, at now: Instant) {
    if books.withheld.byHeadroom.count > 0 {
      let seen = ledger.surplus
      books.withheld.surplus = books.withheld.surplus.map { $0.least(seen) } ?? seen
    }
    noteWithheld(at: now)
  }

  /// Takes an offer from what is left of a slave and notes the decision.
  mutating func give(
    _ offered: Resources, of slave: SlaveIndex, to client: Int32, stage: UInt8, _ pass: inout Pass
  ) {
    unfold(slave)
    setAvailable(books.slaves[slave].available - offered, of: slave)
    if offered.hasShared { pass.sharing.append(slave) }
    decide(offered, of: slave, to: client, stage: stage, &pass)
  }

  /// Charges an offer and notes the decision; what is left of the slave is the caller's.
  mutating func decide(
    _ offered: consuming Resources, of slave: SlaveIndex, to client: Int32, stage: UInt8,
    _ pass: inout Pass
  ) {
    let role = books.clients[client].role
    pass.allocations.append(
      Allocation(
        framework: books.clients[client].framework, role: books.roles[role].role, slave: slave,
        resources: copy offered,
        reason: Allocation.Reason(
          stage: stage, roleShare: books.sorter.share(of: role),
          frameworkShare: books.clients.accounts[client].standing.share)))
    charge(offered, to: client, on: slave)
  }
}
