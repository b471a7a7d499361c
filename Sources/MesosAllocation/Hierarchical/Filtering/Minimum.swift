// Part of mesosim. Apache-2.0, see LICENSE.
//
// The least that is worth an offer (mesos/src/master/allocator/mesos/hierarchical.cpp,
// allocatable).

import Mesos

/// Sets of amounts of which an offer must contain any one.
struct Minimum {
  private let quantities: [Quantities]
  private var sets: [(standard: SIMD4<Int64>, others: [(name: String, thousandths: Int64)])] = []

  /// No set at all lets everything pass.
  init(anyOf quantities: [Quantities]) {
    self.quantities = quantities
    for quantity in quantities {
      var standard = SIMD4<Int64>.zero
      var others: [(name: String, thousandths: Int64)] = []
      for entry in quantity.entries {
        if let index = ExtraNames.standard.firstIndex(of: entry.name) {
          standard[index] = entry.thousandths
        } else {
          others.append((entry.name, entry.thousandths))
        }
      }
      sets.append((standard, others))
    }
  }

  /// Whether resources that are not empty are worth an offer, summed over all kinds of them.
  func admits(_ resources: Resources) -> Bool {
    if sets.isEmpty { return true }
    let amounts = resources.standardTotals
    // By place: what an iterator hands out is copied, and counted.
    for place in sets.indices where sets[place].standard.isWithin(amounts) {
      if sets[place].others.isEmpty || holds(sets[place].others, resources) { return true }
    }
    return false
  }

  /// A piece with as much more of the whole as makes it worth an offer; the piece itself when the
  /// whole does not have that.
  func raised(_ piece: Resources, within whole: Resources) -> Resources {
    let rest = whole - piece
    for least in quantities {
      let raised = piece + rest.shrunk(to: least - piece.quantities)
      if admits(raised) { return raised }
    }
    return piece
  }

  private func holds(
    _ amounts: [(name: String, thousandths: Int64)], _ resources: Resources
  ) -> Bool {
    let quantities = resources.quantities
    return amounts.allSatisfy { quantities[$0.name] >= $0.thousandths }
  }
}
