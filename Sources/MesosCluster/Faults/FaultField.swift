// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who is cut off from whom. Costs nothing while none is.

import Mesos

/// The partitions that are in force.
struct FaultField {
  /// The parties on one side of a partition; those that come later are on neither side.
  struct Side {
    private var masters: [Bool]
    private var slaves: [Bool]
    private var schedulers: [Bool]
    private let hasZookeeper: Bool

    init(
      masters: [MasterIndex], slaves: [SlaveIndex], schedulers: [FrameworkIndex],
      hasZookeeper: Bool
    ) {
      func marks(_ indices: [some DenseIndex]) -> [Bool] {
        var marks = Array(repeating: false, count: indices.max().map { Int($0.next) } ?? 0)
        for index in indices { marks[index] = true }
        return marks
      }
      self.masters = marks(masters)
      self.slaves = marks(slaves)
      self.schedulers = marks(schedulers)
      self.hasZookeeper = hasZookeeper
    }

    func contains(_ party: Cluster.Party) -> Bool {
      switch party {
      case .master(let index): masters.has(index) && masters[index]
      case .slave(let index): slaves.has(index) && slaves[index]
      case .scheduler(let index): schedulers.has(index) && schedulers[index]
      case .zookeeper: hasZookeeper
      }
    }
  }

  private struct Cut {
    let number: Int
    let sources: Side
    let targets: Side
    let isOneWay: Bool
  }

  private var cuts: [Cut] = []

  /// Whether anybody is cut off from anybody.
  var isWhole: Bool { cuts.isEmpty }

  mutating func cut(_ number: Int, sources: Side, targets: Side, isOneWay: Bool) {
    cuts.append(Cut(number: number, sources: sources, targets: targets, isOneWay: isOneWay))
  }

  mutating func mend(_ number: Int) { cuts.removeAll { $0.number == number } }

  /// Whether what one party says does not reach another.
  func blocks(_ source: Cluster.Party, _ target: Cluster.Party) -> Bool {
    for cut in cuts {
      if cut.sources.contains(source) && cut.targets.contains(target) { return true }
      if !cut.isOneWay && cut.sources.contains(target) && cut.targets.contains(source) {
        return true
      }
    }
    return false
  }
}
