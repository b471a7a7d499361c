// Part of mesosim. Apache-2.0, see LICENSE.
//
// Refusals of many slaves at once: one record for all of them, a bit each.

import Mesos
import VirtualTime

/// Filters that were set together, each of all that its slave has free.
///
/// Only slaves to which nothing has happened since are in a record, so that it refuses whatever
/// they have to offer, and nobody needs to compare.
struct RunFilters {
  private struct Record {
    let client: Int32
    let expiry: Instant
    let tick: Instant
    var slaves: SlaveSet

    /// Whether it still holds: at a tick also what ends at that instant, for what had ended before
    /// was dropped.
    func isInForce(at now: Instant, isTick: Bool) -> Bool { expiry > now || isTick }
  }

  private var records: [Record] = []
  /// All slaves that are in records, and perhaps some that were.
  private var covered = SlaveSet()

  /// The earliest tick that ends a record.
  private(set) var nextTick: Instant?

  /// Whether there is none.
  var isEmpty: Bool { records.isEmpty }

  /// Whether somebody may have refused a slave together with others.
  @inline(__always)
  func mayHave(_ slave: SlaveIndex) -> Bool { covered.contains(slave) }

  /// Whether a client refuses what a slave has free.
  @inline(__always)
  func refuses(client: Int32, slave: SlaveIndex, at now: Instant, isTick: Bool) -> Bool {
    guard covered.contains(slave) else { return false }
    return records.contains {
      $0.client == client && $0.isInForce(at: now, isTick: isTick) && $0.slaves.contains(slave)
    }
  }

  /// Whether anybody refuses something of a slave.
  func has(anyOn slave: SlaveIndex) -> Bool { records.contains { $0.slaves.contains(slave) } }

  /// Takes out of some slaves those that a client refuses.
  func subtract(
    from slaves: inout SlaveSet, client: Int32, at now: Instant, isTick: Bool
  ) {
    for place in records.indices
    where records[place].client == client && records[place].isInForce(at: now, isTick: isTick) {
      slaves.subtract(records[place].slaves)
    }
  }

  /// Keeps all that some slaves have free from a client until `expiry`; `tick` is the first one
  /// that finds that ended.
  mutating func add(_ slaves: SlaveSet, client: Int32, expiry: Instant, tick: Instant) {
    records.append(Record(client: client, expiry: expiry, tick: tick, slaves: slaves))
    covered.formUnion(slaves)
    nextTick = min(nextTick ?? tick, tick)
  }

  /// Takes a slave out of all records; calls back with whom each kept it from, and until when.
  mutating func takeOut(
    _ slave: SlaveIndex, _ body: (_ client: Int32, _ expiry: Instant, _ tick: Instant) -> Void
  ) {
    covered.remove(slave)
    for place in records.indices where records[place].slaves.contains(slave) {
      records[place].slaves.remove(slave)
      body(records[place].client, records[place].expiry, records[place].tick)
    }
  }

  /// Ends the records due by a tick; calls back with the slaves of each.
  mutating func expire(by tick: Instant, _ ended: (SlaveSet) -> Void) {
    guard let next = nextTick, next <= tick else { return }
    for record in records where record.tick <= tick { ended(record.slaves) }
    drop { $0.tick <= tick }
  }

  /// Drops all filters of a client.
  mutating func removeAll(client: Int32) {
    if records.contains(where: { $0.client == client }) { drop { $0.client == client } }
  }

  /// Drops the filter of a client on one slave.
  mutating func remove(client: Int32, slave: SlaveIndex) {
    for place in records.indices where records[place].client == client {
      records[place].slaves.remove(slave)
    }
  }

  private mutating func drop(where isOver: (Record) -> Bool) {
    records.removeAll { isOver($0) || $0.slaves.isEmpty }
    if records.isEmpty { covered.removeAll() }
    nextTick = records.lazy.map(\.tick).min()
  }
}
