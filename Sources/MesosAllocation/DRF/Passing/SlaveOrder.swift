// Part of mesosim. Apache-2.0, see LICENSE.
//
// The order in which slaves are visited. Mesos shuffles them before each stage; a hash of what the
// shuffle may depend on gives an order that any subset shares with the whole.

import Mesos
import VirtualTime

/// Counts the allocations within one instant, so that each has an order of its own.
struct PassCounter {
  private var instant = Instant.start
  private var number: UInt64 = 0

  /// Begins an allocation; the periodic one is number 0 of its instant, whether or not there is
  /// anything to do.
  mutating func begin(at now: Instant, isTick: Bool) {
    number = isTick ? 0 : (now == instant ? number + 1 : 1)
    instant = now
  }

  /// What the hashes of the slaves in one stage of this allocation begin with.
  func seed(key: UInt64, stage: UInt64) -> UInt64 {
    let time = UInt64(bitPattern: instant.nanoseconds)
    return mixed(mixed(mixed(key) ^ time) ^ (number << 8 | stage))
  }
}

/// The bytewise order of the slaves' ids, made when it is needed.
struct SlaveOrder {
  var isStale = true
  private var ranks: [Int32] = []

  /// Some slaves by the bytes of their ids.
  mutating func sorted(_ some: [SlaveIndex], of slaves: [SlaveState]) -> [SlaveIndex] {
    if isStale {
      let order = slaves.indices.sorted { slaves[$0].id < slaves[$1].id }
      ranks = Array(repeating: 0, count: slaves.count)
      for (rank, slave) in order.enumerated() { ranks[slave] = Int32(rank) }
      isStale = false
    }
    return some.sorted { ranks[Int($0)] < ranks[Int($1)] }
  }
}

extension HierarchicalDRFAllocator {
  /// The slaves in the order in which a stage visits them.
  mutating func ordered(_ some: [SlaveIndex], stage: UInt64) -> [SlaveIndex] {
    if some.count < 2 { return some }
    switch options.order {
    case .id: return slaveOrder.sorted(some, of: slaves)
    case .shuffled(let key):
      let seed = passes.seed(key: key, stage: stage)
      var keyed = some.map { (hash: mixed(seed ^ mixed(UInt64($0))), slave: $0) }
      keyed.sort { $0.hash != $1.hash ? $0.hash < $1.hash : $0.slave < $1.slave }
      return keyed.map(\.slave)
    }
  }
}
