// Part of mesosim. Apache-2.0, see LICENSE.
//
// Refusals of many slaves at once: a set of slaves for each client that refuses so, and one record
// for those refused together. Under ten bytes a filter.

import Mesos
import VirtualTime

/// Filters that were set together, each of all that its slave has free.
///
/// Only slaves to which nothing has happened since are among them, so that such a filter refuses
/// whatever the slave has to offer, and nobody needs to compare.
struct RunFilters {
  /// What a client refused at once.
  private struct Record {
    let number: Int32
    let expiry: Instant
    let tick: Instant
    /// Ascending; some may have been taken out since.
    let slaves: ArraySlice<SlaveIndex>
    var count: Int
  }

  /// All that a client refuses.
  private struct Row {
    var slaves = SlaveSet()
    /// By slave, the number of the record that it is or was last in.
    var recordOf: [Int32] = []
    /// In the order of their numbers.
    var records: [Record] = []
    var firstExpiry: Instant?

    func place(of number: Int32) -> Int? {
      let place = records.partitionPoint { $0.number < number }
      return place < records.count && records[place].number == number ? place : nil
    }

    /// The place of the record that a slave is in.
    func place(on slave: SlaveIndex) -> Int? {
      slaves.contains(slave) ? place(of: recordOf[slave]) : nil
    }

    /// The slaves that are still in a record.
    func slaves(of record: Record) -> SlaveSet {
      if record.count == record.slaves.count { return SlaveSet(ascending: record.slaves) }
      return SlaveSet(
        record.slaves.filter { slaves.contains($0) && recordOf[$0] == record.number })
    }

    mutating func dropEmpty() {
      records.removeAll { $0.count == 0 }
      firstExpiry = records.lazy.map(\.expiry).min()
    }
  }

  /// By client.
  private var rows: [Row] = []
  /// All slaves of all clients, and perhaps some that were among them.
  private var covered = SlaveSet()
  private var nextRecord: Int32 = 0

  /// The earliest tick that ends a record.
  private(set) var nextTick: Instant?

  /// Whether there is none.
  var isEmpty: Bool { nextTick == nil }

  /// How many slaves a client refuses.
  func count(client: Int32) -> Int { Int(client) < rows.count ? rows[Int(client)].slaves.count : 0 }

  /// Those of some slaves that a client refuses, be it by what has ended and waits for its tick.
  func common(_ slaves: SlaveSet, client: Int32) -> SlaveSet {
    Int(client) < rows.count ? slaves.intersection(rows[Int(client)].slaves) : SlaveSet()
  }

  /// Whether somebody may have refused a slave together with others.
  @inline(__always)
  func mayHave(_ slave: SlaveIndex) -> Bool { covered.contains(slave) }

  /// Whether a client refuses what a slave has free; at a tick also by what ends at that instant,
  /// for what had ended before was dropped.
  @inline(__always)
  func refuses(client: Int32, slave: SlaveIndex, at now: Instant, isTick: Bool) -> Bool {
    guard covered.contains(slave), Int(client) < rows.count,
      let place = rows[Int(client)].place(on: slave)
    else { return false }
    return isTick || rows[Int(client)].records[place].expiry > now
  }

  /// When a client's refusal of a slave ends, and the first tick that finds it so.
  func end(client: Int32, slave: SlaveIndex) -> (expiry: Instant, tick: Instant)? {
    guard covered.contains(slave), Int(client) < rows.count,
      let place = rows[Int(client)].place(on: slave)
    else { return nil }
    return (rows[Int(client)].records[place].expiry, rows[Int(client)].records[place].tick)
  }

  /// Whether anybody refuses something of a slave.
  func has(anyOn slave: SlaveIndex) -> Bool { rows.contains { $0.slaves.contains(slave) } }

  /// Takes out of some slaves those that a client refuses.
  func subtract(
    from slaves: inout SlaveSet, client: Int32, at now: Instant, isTick: Bool
  ) {
    guard Int(client) < rows.count, let expiry = rows[Int(client)].firstExpiry else { return }
    if expiry > now || isTick { return slaves.subtract(rows[Int(client)].slaves) }
    for record in rows[Int(client)].records where record.expiry > now {
      slaves.subtract(rows[Int(client)].slaves(of: record))
    }
  }

  /// Keeps all that some slaves have free from a client until `expiry`.
  ///
  /// `tick` is the first one that finds that ended. The slaves ascend, and the client refuses none
  /// of them so far.
  mutating func add(
    _ slaves: ArraySlice<SlaveIndex>, client: Int32, expiry: Instant, tick: Instant
  ) {
    guard let last = slaves.last else { return }
    while rows.count <= Int(client) { rows.append(Row()) }
    let missing = Int(last) + 1 - rows[Int(client)].recordOf.count
    if missing > 0 { rows[Int(client)].recordOf += repeatElement(-1, count: missing) }
    rows[Int(client)].recordOf.withUnsafeMutableBufferPointer { recordOf in
      slaves.withUnsafeBufferPointer { for slave in $0 { recordOf[Int(slave)] = nextRecord } }
    }
    rows[Int(client)].records.append(
      Record(
        number: nextRecord, expiry: expiry, tick: tick, slaves: slaves, count: slaves.count))
    nextRecord += 1
    let set = SlaveSet(ascending: slaves)
    rows[Int(client)].slaves.formUnion(set)
    rows[Int(client)].firstExpiry = min(rows[Int(client)].firstExpiry ?? expiry, expiry)
    covered.formUnion(set)
    nextTick = min(nextTick ?? tick, tick)
  }

  /// Takes a slave out of all records; calls back with whom each kept it from, and until when.
  mutating func takeOut(
    _ slave: SlaveIndex, _ body: (_ client: Int32, _ expiry: Instant, _ tick: Instant) -> Void
  ) {
    covered.remove(slave)
    for client in rows.indices {
      if let record = remove(slave, from: client) {
        body(Int32(client), record.expiry, record.tick)
      }
    }
  }

  /// Ends the records due by a tick; calls back with the slaves of each.
  mutating func expire(by tick: Instant, _ ended: (SlaveSet) -> Void) {
    guard let next = nextTick, next <= tick else { return }
    for client in rows.indices where rows[Int(client)].records.contains(where: { $0.tick <= tick })
    {
      for place in rows[Int(client)].records.indices
      where rows[Int(client)].records[place].tick <= tick {
        let slaves = rows[Int(client)].slaves(of: rows[Int(client)].records[place])
        rows[Int(client)].slaves.subtract(slaves)
        rows[Int(client)].records[place].count = 0
        ended(slaves)
      }
      rows[Int(client)].dropEmpty()
    }
    settle()
  }

  /// Drops all filters of a client.
  mutating func removeAll(client: Int32) {
    guard Int(client) < rows.count, !rows[Int(client)].records.isEmpty else { return }
    rows[Int(client)] = Row()
    settle()
  }

  /// Drops the filter of a client on one slave.
  /// - Returns: When it ends, if there was one.
  mutating func remove(client: Int32, slave: SlaveIndex) -> (expiry: Instant, tick: Instant)? {
    guard Int(client) < rows.count else { return nil }
    return remove(slave, from: Int(client)).map { ($0.expiry, $0.tick) }
  }

  private mutating func remove(_ slave: SlaveIndex, from client: Int) -> Record? {
    guard let place = rows[Int(client)].place(on: slave) else { return nil }
    let record = rows[Int(client)].records[place]
    rows[Int(client)].slaves.remove(slave)
    rows[Int(client)].records[place].count -= 1
    if record.count == 1 {
      rows[Int(client)].dropEmpty()
      settle()
    }
    return record
  }

  private mutating func settle() {
    nextTick = rows.lazy.flatMap(\.records).map(\.tick).min()
    if isEmpty {
      covered.removeAll()
      nextRecord = 0
    }
  }
}
