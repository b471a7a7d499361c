// Part of mesosim. Apache-2.0, see LICENSE.
//
// Refusals of many slaves at once: one record for all of them, and for each client that refuses so
// a row of marks, one a slave, which say what record holds there. Twelve bytes a filter.

import Mesos
import VirtualTime

/// Filters that were set together, at most one for each client and slave.
struct RunFilters {
  private struct Record {
    let client: Int32
    let tick: Instant
    let slaves: ArraySlice<SlaveIndex>
    /// The numbers of the shapes that it holds.
    let shapes: [Int32]
  }

  /// What is refused of a slave, and by which record.
  private struct Mark {
    var record: Int32 = -1
    var shape: Int32 = -1
  }

  /// One filter, taken out of its record.
  struct Single {
    let shape: Int32
    let expiry: Instant
    let tick: Instant
  }

  /// Records by their numbers, beginning with `firstRecord`; `nil` for those that ended.
  private var records: [Record?] = []
  /// When the filters of each record end; what is asked for each offer lies close together.
  private var expiries: [Instant] = []
  private var firstRecord: Int32 = 0
  private var marks: [[Mark]] = []
  /// The earliest tick that ends a record.
  private(set) var nextTick: Instant?

  /// Whether there is none.
  var isEmpty: Bool { records.isEmpty }

  /// In place of the end of a record that was dropped.
  private static let dropped = Instant(nanoseconds: .min)

  @inline(__always)
  private func mark(_ client: Int32, _ slave: SlaveIndex) -> Mark? {
    let row = Int(client)
    guard row < marks.count, Int(slave) < marks[row].count else { return nil }
    let mark = marks[row][slave]
    return mark.record < firstRecord ? nil : mark
  }

  /// The shape that is kept from a client on a slave, at a tick also by what ends at this instant.
  @inline(__always)
  func shape(client: Int32, slave: SlaveIndex, at now: Instant, isTick: Bool) -> Int32? {
    guard let mark = mark(client, slave) else { return nil }
    let expiry = expiries[Int(mark.record - firstRecord)]
    if expiry == Self.dropped { return nil }
    return expiry > now || isTick ? mark.shape : nil
  }

  /// Whether a client refuses something of a slave.
  func has(_ client: Int32, _ slave: SlaveIndex) -> Bool {
    mark(client, slave).map { expiries[Int($0.record - firstRecord)] != Self.dropped } ?? false
  }

  /// Whether anybody refuses something of a slave.
  func has(anyOn slave: SlaveIndex) -> Bool {
    marks.indices.contains { has(Int32($0), slave) }
  }

  /// Opens a record of filters whose marks are set next.
  ///
  /// - Parameters:
  ///   - client: Who refuses.
  ///   - slaves: Where, each slave once.
  ///   - shapes: The numbers of what is refused, which the record keeps.
  ///   - expiry: When the filters end.
  ///   - tick: The first tick that finds them ended.
  /// - Returns: The record's number.
  mutating func open(
    client: Int32, _ slaves: ArraySlice<SlaveIndex>, shapes: [Int32], expiry: Instant, tick: Instant
  ) -> Int32 {
    while marks.count <= Int(client) { marks.append([]) }
    let last = Int(slaves.last ?? 0)
    if marks[Int(client)].count <= last {
      marks[Int(client)] += repeatElement(Mark(), count: last + 1 - marks[Int(client)].count)
    }
    records.append(
      Record(client: client, tick: tick, slaves: slaves, shapes: shapes))
    expiries.append(expiry)
    nextTick = min(nextTick ?? tick, tick)
    return firstRecord + Int32(records.count) - 1
  }

  /// Sets the filter of one slave of a record; what another record held there is handed back.
  @inline(__always)
  mutating func set(_ record: Int32, client: Int32, slave: SlaveIndex, shape: Int32) -> Single? {
    let old = marks[Int(client)][slave]
    marks[Int(client)][slave] = Mark(record: record, shape: shape)
    if old.record < firstRecord { return nil }
    let place = Int(old.record - firstRecord)
    if expiries[place] == Self.dropped { return nil }
    return records[place].map {
      Single(shape: old.shape, expiry: expiries[place], tick: $0.tick)
    }
  }

  /// Ends the records due by a tick; calls back with the slave of each filter, then with the shapes
  /// of each record.
  mutating func expire(
    by tick: Instant, _ ended: (SlaveIndex) -> Void, _ dropped: ([Int32]) -> Void
  ) {
    guard let next = nextTick, next <= tick else { return }
    for place in records.indices {
      guard let record = records[place], record.tick <= tick else { continue }
      let number = firstRecord + Int32(place)
      let row = Int(record.client)
      for slave in record.slaves where marks[row][slave].record == number { ended(slave) }
      drop(place, dropped)
    }
    settle()
  }

  /// Drops all filters of a client.
  mutating func removeAll(client: Int32, _ dropped: ([Int32]) -> Void) {
    guard Int(client) < marks.count else { return }
    for place in records.indices where records[place]?.client == client { drop(place, dropped) }
    settle()
  }

  /// Drops the filter of a client on one slave.
  mutating func remove(client: Int32, slave: SlaveIndex) {
    guard Int(client) < marks.count, Int(slave) < marks[Int(client)].count else { return }
    marks[Int(client)][slave] = Mark()
  }

  private mutating func drop(_ place: Int, _ dropped: ([Int32]) -> Void) {
    guard let record = records[place] else { return }
    records[place] = nil
    expiries[place] = Self.dropped
    dropped(record.shapes)
  }

  private mutating func settle() {
    let ended = records.prefix { $0 == nil }.count
    records.removeFirst(ended)
    expiries.removeFirst(ended)
    firstRecord += Int32(ended)
    nextTick = records.lazy.compactMap { $0?.tick }.min()
  }
}
