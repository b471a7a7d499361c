// Part of mesosim. Apache-2.0, see LICENSE.
//
// What each task of a stage needs of an offer, beside the right place.

import Mesos

/// What a task takes from an offer.
struct TaskNeed: Hashable {
  /// What it needs just as it is.
  var resources = Resources()
  /// How many ports it needs, whichever they are.
  var ports = 0

  /// Whether there is enough for one task.
  func fits(into offered: Resources) -> Bool {
    offered.contains(resources) && (ports == 0 || offered.freePorts.count >= ports)
  }

  /// For how many tasks there is enough, at most `max`.
  func count(in offered: Resources, max: Int) -> Int {
    let count = offered.count(of: resources, max: max)
    return ports == 0 ? count : min(count, offered.freePorts.count / ports)
  }

  /// What one task gets, its ports the lowest that are free.
  func part(of offered: Resources) -> Resources {
    guard ports > 0 else { return resources }
    return resources + Resources([Resource("ports", .ranges(offered.freePorts.lowest(ports)))])
  }
}

extension Resources {
  /// The ports that are reserved for nobody.
  fileprivate var freePorts: ValueRanges {
    for entry in entries
    where entry.name == "ports" && entry.reservations.isEmpty && !entry.isRevocable {
      if case .ranges(let ranges) = entry.value { return ranges }
    }
    return ValueRanges()
  }
}

extension ValueRanges {
  /// The lowest numbers, as many as there are up to `count`.
  fileprivate func lowest(_ count: Int) -> ValueRanges {
    var rest = UInt64(max(0, count))
    var taken: [ValueRange] = []
    for range in ranges where rest > 0 {
      let end = range.begin + min(rest - 1, range.end - range.begin)
      taken.append(ValueRange(range.begin, end))
      rest -= end - range.begin + 1
    }
    return ValueRanges(taken)
  }
}
