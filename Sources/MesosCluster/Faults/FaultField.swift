// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who is cut off from whom. Costs nothing while nobody is.

import Mesos

/// The partitions that are in force.
struct FaultField {
  /// The parties of a cluster in one row: masters, slaves, schedulers, ZooKeeper.
  struct Layout {
    let masters: Int
    let slaves: Int
    let schedulers: Int
    var count: Int { masters + slaves + schedulers + 1 }

    func master(_ index: MasterIndex) -> Int { Int(index) }
    func slave(_ index: SlaveIndex) -> Int { masters + Int(index) }
    func scheduler(_ index: FrameworkIndex) -> Int { masters + slaves + Int(index) }
    var zookeeper: Int { masters + slaves + schedulers }
  }

  private struct Cut {
    let number: Int
    let sources: [Bool]
    let targets: [Bool]
    let isOneWay: Bool
  }

  let layout: Layout
  private var cuts: [Cut] = []

  init(_ layout: Layout) { self.layout = layout }

  /// Whether anybody is cut off from anybody.
  var isWhole: Bool { cuts.isEmpty }

  mutating func cut(
    _ number: Int, sources: [Int], targets: [Int], isOneWay: Bool
  ) {
    var from = Array(repeating: false, count: layout.count)
    var to = from
    for party in sources { from[party] = true }
    for party in targets { to[party] = true }
    cuts.append(Cut(number: number, sources: from, targets: to, isOneWay: isOneWay))
  }

  mutating func mend(_ number: Int) { cuts.removeAll { $0.number == number } }

  /// Whether what one party says does not reach another.
  func blocks(_ source: Int, _ target: Int) -> Bool {
    for cut in cuts {
      if cut.sources[source] && cut.targets[target] { return true }
      if !cut.isOneWay && cut.sources[target] && cut.targets[source] { return true }
    }
    return false
  }
}
