// Part of mesosim. Apache-2.0, see LICENSE.
//
// Allocators whose runs are equal are shown once, under all their names: eight equal rows or curves
// on top of each other would hide that nothing tells them apart.

import MesosMetrics

/// One or several allocators of a report with equal runs: what a row, a lane or a curve stands for.
struct Variant {
  /// The place among all variants; 0 is that of the baseline.
  let index: Int
  /// How many variants there are.
  let count: Int
  /// The places of its allocators in the report, in order.
  let places: [Int]
  /// The names of its allocators.
  let names: [String]

  /// The place in the report of the run that stands for all.
  var place: Int { places[0] }
  /// Whether it is what others are compared with.
  var isBaseline: Bool { count > 1 && index == 0 }
  /// Its look on the page.
  var series: Series { Series(index, of: count) }

  /// All names, such as `drf = fair`.
  var label: String { names.joined(separator: " = ") }

  /// All names where they are short, else the first and how many more, such as `static +2`: tables
  /// are narrow.
  var shortLabel: String {
    guard names.count > 2 || DisplayText.width(label) > 24 else { return label }
    let others = names.count - 1
    return others == 0 ? label : "\(names[0]) +\(others)"
  }
}

extension Report {
  /// What is shown side by side, in the order of the allocators.
  var variants: [Variant] {
    let classes = equalRuns(among: results.indices)
    return classes.enumerated().map { index, places in
      Variant(
        index: index, count: classes.count, places: places,
        names: places.map { results[$0].allocator })
    }
  }

  /// Some places of the report, those with equal runs in every seed together.
  func equalRuns(among places: some Sequence<Int>) -> [[Int]] {
    var classes: [[Int]] = []
    for place in places {
      if let same = classes.firstIndex(where: { isSame($0[0], place) }) {
        classes[same].append(place)
      } else {
        classes.append([place])
      }
    }
    return classes
  }

  private func isSame(_ own: Int, _ other: Int) -> Bool {
    replications.allSatisfy { $0[own].result.digest == $0[other].result.digest }
  }
}
