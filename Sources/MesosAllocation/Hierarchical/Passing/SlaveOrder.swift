// Part of mesosim. Apache-2.0, see LICENSE.
//
// The order in which slaves are visited. Mesos shuffles them before each stage; a hash of what the
// shuffle may depend on gives an order that any subset shares with the whole.

import Mesos
import VirtualTime

/// Counts the allocations within one instant, so that each has an order of its own.
///
/// Those that decided nothing do not count: whether one is made at all may depend on whether slaves
/// on which nothing changed are visited.
struct PassCounter {
  private var instant = Instant.start
  private var number: UInt64 = 0

  /// Begins an allocation.
  mutating func begin(at now: Instant) {
    if now == instant { return }
    instant = now
    number = 0
  }

  /// Ends an allocation that decided something.
  mutating func end() { number += 1 }

  /// What the hashes of the slaves in one stage of this allocation begin with.
  func seed(key: UInt64, stage: UInt64) -> UInt64 {
    let time = UInt64(bitPattern: instant.nanoseconds)
    return ((key.scattered ^ time).scattered ^ (number << 8 | stage)).scattered
  }
}

/// The bytewise order of the slaves' ids, made when it is needed.
struct SlaveOrder {
  var isStale = true
  private var ranks: [Int32] = []

  /// Some slaves by the bytes of their ids.
  mutating func sorted(
    _ some: [SlaveIndex], of slaves: [SlaveDescription]
  ) -> [SlaveIndex] {
    if isStale {
      let order = slaves.indices.sorted { slaves[$0].id < slaves[$1].id }
      ranks = Array(repeating: 0, count: slaves.count)
      for (rank, slave) in order.enumerated() { ranks[slave] = Int32(rank) }
      isStale = false
    }
    return some.sorted { ranks[Int($0)] < ranks[Int($1)] }
  }
}

extension AllocatorState {
  /// The slaves in the order in which a stage visits them.
  mutating func ordered(_ some: [SlaveIndex], stage: UInt64) -> [SlaveIndex] {
    if some.count < 2 { return some }
    switch options.order {
    case .id: return books.slaveOrder.sorted(some, of: books.descriptions)
    case .shuffled(let key):
      let seed = books.passes.seed(key: key, stage: stage)
      // The hash above, the slave below: equal hashes go by the slave's number.
      var keys = some.map { slave in
        (seed ^ UInt64(slave.rawValue).scattered).scattered & ~0xffff_ffff | UInt64(slave.rawValue)
      }
      keys.sortHashes()
      return keys.map { SlaveIndex(rawValue: Int32(truncatingIfNeeded: $0)) }
    }
  }
}

extension [UInt64] {
  /// Sorts numbers whose upper halves are hashes: three passes over eleven bits each, then the few
  /// that share an upper half.
  fileprivate mutating func sortHashes() {
    if count < 128 { return sort() }
    var other = [UInt64](repeating: 0, count: count)
    for shift in [UInt64(32), 43, 54] {
      var starts = [Int](repeating: 0, count: 2049)
      for key in self { starts[Int(key >> shift & 2047) + 1] += 1 }
      for bucket in 1...2048 { starts[bucket] += starts[bucket - 1] }
      for key in self {
        let bucket = Int(key >> shift & 2047)
        other[starts[bucket]] = key
        starts[bucket] += 1
      }
      swap(&self, &other)
    }
    for index in 1..<count where self[index - 1] > self[index] {
      var place = index
      while place > 0, self[place - 1] > self[place] {
        swapAt(place - 1, place)
        place -= 1
      }
    }
  }
}
