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

  /// Ends offers of a run.
  mutating func endRun(
    _ run: AllocationRun, _ places: Range<Int>, refusal: Filters?, at now: Instant
  ) {
    var folded = SlaveSet()
    if books.quotas.isEmpty, let client = client(of: run.framework, in: run.role) {
      folded = books.runs.part(of: run.members(at: places), in: run.number)
      if !folded.isEmpty {
        giveBack(run, places, folded, from: client, at: now)
        addFilter(run, places, folded, client: client, refusal: refusal, at: now)
        untrackIfIdle(client)
      }
      if folded.count == places.count { return }
    }
    // Something else has happened to the others.
    for place in places where !folded.contains(run.slaves[place]) {
      recover(
        run.resources(at: place), from: run.framework, role: run.role, on: run.slaves[place],
        refusal: refusal, at: now)
    }
  }

  private mutating func giveBack(
    _ run: AllocationRun, _ places: Range<Int>, _ folded: SlaveSet, from client: Int32,
    at now: Instant
  ) {
    books.runs.remove(folded, from: run.number)
    books.clients[client].holdings -= newHoldings(of: client, on: folded)
    books.free.formUnion(folded)
    books.agenda.mark(folded, at: now)
    let isAll = folded.count == places.count
    let all = Amounts(standard: run.standardTotals(of: places, among: isAll ? nil : folded))
    credit(all, governed: all, from: client)
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
    _ run: AllocationRun, _ places: Range<Int>, _ folded: SlaveSet, client: Int32,
    refusal: Filters?, at now: Instant
  ) {
    guard let nanoseconds = refusal?.timeoutNanoseconds else { return }
    let end = books.agenda.end(ofFilterFor: nanoseconds, at: now)
    // A row with a number for each slave pays for a client that refuses a good part of them.
    let refused = books.filters.count(client: client) + folded.count
    if folded.count >= Self.leastForRuns, refused * 16 >= books.slaves.count {
      let slaves = folded.count == places.count ? run.slaves[places] : folded.members[...]
      let records = books.slaves
      books.filters.unfold(folded, client: client) { records[$0].available }
      return books.filters.add(slaves, client: client, expiry: end.expiry, tick: end.tick)
    }
    for place in places where folded.contains(run.slaves[place]) {
      books.filters.add(
        run.resources(at: place), client: client, slave: run.slaves[place], expiry: end.expiry,
        tick: end.tick)
    }
  }
}
