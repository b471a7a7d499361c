// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves that are on offer in runs, and how that ends (Runs.md). Only sums are charged while a run
// is open; the slave's own books are written when anything but the end of its offer happens to it.

import Mesos
import VirtualTime

extension AllocatorState {
  /// Writes into a slave's books what it has on offer in a run, as if offered by itself.
  @inline(__always)
  mutating func unfold(_ slave: SlaveIndex) {
    if books.runs.count > 0, books.runs.run(on: slave) >= 0 { takeOutOfRun(slave) }
  }

  /// The same for every slave.
  mutating func unfoldAll() {
    for slave in books.runs.slaves { takeOutOfRun(slave) }
  }

  private mutating func takeOutOfRun(_ slave: SlaveIndex) {
    guard let client = books.runs.client(on: slave) else { return }
    books.runs.remove(slave)
    var whole = Resources()
    swap(&whole, &books.slaves[slave].available)
    // That it holds something there was counted when the run was made.
    _ = books.slaves[slave].holdings.add(whole, of: client)
  }

  /// Ends offers of a run that nothing else has happened to.
  mutating func endRun(
    _ run: AllocationRun, _ places: Range<Int>, refusal: Filters?, at now: Instant
  ) {
    var folded = 0
    if books.quotas.isEmpty, let client = client(of: run.framework, in: run.role) {
      for place in places where books.runs.run(on: run.slaves[place]) == run.number { folded += 1 }
      if folded == places.count {
        giveBack(run, places, from: client, at: now)
        addFilter(run, places, client: client, refusal: refusal, at: now)
        return untrackIfIdle(client)
      }
    }
    for place in places {
      let slave = run.slaves[place]
      unfold(slave)
      recover(
        run.resources(at: place), from: run.framework, role: run.role, on: slave, refusal: refusal,
        at: now)
    }
  }

  private mutating func giveBack(
    _ run: AllocationRun, _ places: Range<Int>, from client: Int32, at now: Instant
  ) {
    var emptied = 0
    for place in places {
      let slave = run.slaves[place]
      books.runs.remove(slave)
      if !books.slaves[slave].holdings.has(client) { emptied += 1 }
      books.free.insert(slave)
      books.agenda.mark(slave, at: now)
    }
    books.clients[client].holdings -= emptied
    let all = Amounts(standard: run.standardTotals(of: places))
    credit(all, governed: all, from: client)
  }

  private mutating func addFilter(
    _ run: AllocationRun, _ places: Range<Int>, client: Int32, refusal: Filters?, at now: Instant
  ) {
    guard let nanoseconds = refusal?.timeoutNanoseconds else { return }
    let end = books.agenda.end(ofFilterFor: nanoseconds, at: now)
    if places.count * 16 >= books.slaves.count {
      return books.filters.add(run, places, client: client, expiry: end.expiry, tick: end.tick)
    }
    for place in places {
      books.filters.add(
        run.resources(at: place), client: client, slave: run.slaves[place], expiry: end.expiry,
        tick: end.tick)
    }
  }
}
