// Part of mesosim. Apache-2.0, see LICENSE.
//
// Refusals become filters and end. What an offer must pass to be made is in `Passing/Offering`.

import Mesos
import VirtualTime

extension AllocatorState {
  /// Keeps refused resources away from a client for a time, if the refusal sets a filter.
  mutating func addFilter(
    _ resources: Resources, client: Int32, slave: SlaveIndex, refusal: Filters?, at now: Instant
  ) {
    guard let nanoseconds = refusal?.timeoutNanoseconds else { return }
    let end = books.agenda.end(ofFilterFor: nanoseconds, at: now)
    books.filters.add(resources, client: client, slave: slave, expiry: end.expiry, tick: end.tick)
  }

  /// Ends the filters due by a tick; their slaves are visited at the next one to come.
  mutating func endFilters(by tick: Instant, at now: Instant) {
    books.filters.expire(by: tick) { slave in
      if books.free.contains(slave) { books.agenda.mark(slave, at: now) }
    } many: { slaves in
      books.agenda.mark(slaves.intersection(books.free), at: now)
    }
    books.maintenance.expire(by: tick) { books.agenda.mark($0, at: now) }
  }
}
