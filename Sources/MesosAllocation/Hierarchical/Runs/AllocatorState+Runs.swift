// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves that are on offer in runs, and how that ends (Runs.md). Only sums are charged while a run
// is open; the slave's own books are written when anything but the end of its offer happens to it.

import Mesos
import VirtualTime

extension AllocatorState {
  /// Writes into a slave's books what it has on offer in a run, and what was refused of it with
  /// others, as if offered and refused by itself: something is about to happen to it.
  @inline(__always)
  mutating func unfold(_ slave: SlaveIndex) {
    books.runs.forgetShape(of: slave)
    if books.filters.isBulk(slave) {
      books.filters.unfold(slave, refusing: books.slaves[slave].available)
    }
    if books.runs.slaves.contains(slave) { takeOutOfRun(slave) }
  }

  /// The same for every slave that is on offer in a run.
  mutating func unfoldAll() {
    for slave in books.runs.slaves.members { unfold(slave) }
  }

  private mutating func takeOutOfRun(_ slave: SlaveIndex) {
    guard let client = books.runs.client(on: slave) else { return }
    books.runs.remove(slave)
    var whole = Resources()
    swap(&whole, &books.slaves[slave].available)
    // That it holds something there was counted when the run was made.
    _ = books.slaves[slave].holdings.add(whole, of: client)
    books.held.insert(slave)
  }

  /// Ends the offers of a run that were made of some slaves.
  mutating func endRun(
    _ run: AllocationRun, _ slaves: SlaveSet, refusal: Filters?, at now: Instant
  ) {
    var others = slaves
    if books.quotas.isEmpty, let client = client(of: run.framework, in: run.role) {
      let folded = books.runs.part(of: slaves, in: run.number)
      if !folded.isEmpty {
        giveBack(folded, of: run, from: client, at: now)
        addFilter(folded, client: client, refusal: refusal, at: now)
        untrackIfIdle(client)
      }
      others.subtract(folded)
    }
    // Something else has happened to these.
    others.forEach { slave in
      recover(
        run.resources(of: slave), from: run.framework, role: run.role, on: slave,
        refusal: refusal, at: now)
    }
  }

  private mutating func giveBack(
    _ folded: SlaveSet, of run: AllocationRun, from client: Int32, at now: Instant
  ) {
    books.runs.remove(folded, from: run.number)
    books.clients[client].holdings -= newHoldings(of: client, on: folded)
    books.free.formUnion(folded)
    books.agenda.mark(folded, at: now)
    let all = Amounts(standard: free(on: folded))
    credit(all, governed: all, from: client)
  }

  /// What some slaves have free in all.
  private func free(on slaves: SlaveSet) -> SIMD4<Int64> {
    var sum = books.runs.amounts(of: slaves.intersection(books.runs.known))
    var others = slaves
    others.subtract(books.runs.known)
    others.forEach { sum &+= books.slaves[$0].available.standardTotals }
    return sum
  }

  /// On how many of some slaves a client holds nothing, what is on offer in runs aside.
  func newHoldings(of client: Int32, on slaves: SlaveSet) -> Int {
    var count = slaves.count
    slaves.intersection(books.held).forEach { slave in
      if books.slaves[slave].holdings.has(client) { count -= 1 }
    }
    return count
  }

  private mutating func addFilter(
    _ folded: SlaveSet, client: Int32, refusal: Filters?, at now: Instant
  ) {
    guard let nanoseconds = refusal?.timeoutNanoseconds else { return }
    let end = books.agenda.end(ofFilterFor: nanoseconds, at: now)
    let records = books.slaves
    // A row with a number for each slave pays for a client that refuses a good part of them.
    let refused = books.filters.count(client: client) + folded.count
    if folded.count >= Self.leastForRuns, refused * 16 >= books.slaves.count {
      books.filters.unfold(folded, client: client) { records[$0].available }
      return books.filters.add(
        folded.members[...], client: client, expiry: end.expiry, tick: end.tick)
    }
    folded.forEach { slave in
      books.filters.add(
        records[slave].available, client: client, slave: slave, expiry: end.expiry, tick: end.tick)
    }
  }
}
