// Part of mesosim. Apache-2.0, see LICENSE.
//
// The same scenario on a larger or smaller cluster: groups of slaves keep their proportions, and so
// does a static partition.

internal import Mesos
internal import MesosAllocation

extension Scenario {
  /// The scenario with another number of slaves.
  ///
  /// Slaves are dealt one by one to the group that has the smallest part of what the scenario gives
  /// it, at equal parts to the first: every group has one before any has a second, one more slave
  /// never takes one from a group, and the scenario's own number gives the scenario's own groups.
  /// - Parameters:
  ///   - slaves: How many there are to be, at least 1.
  ///   - group: The group whose slaves these are, the others staying as they are; `nil` for all.
  /// - Returns: The scenario; groups that come to no slave are left out.
  /// - Complexity: O(slaves × groups).
  public func scaled(toSlaves slaves: Int, of group: String? = nil) -> Scenario {
    var result = self
    result.cluster = scaledCluster(toSlaves: slaves, of: group)
    for index in allocators.indices {
      result.allocators[index] = scaled(allocators[index], toSlaves: slaves, of: group)
    }
    return result
  }

  private func scaledCluster(toSlaves slaves: Int, of group: String?) -> ClusterDescription {
    var result = cluster
    let names = cluster.groupNames
    let meant = cluster.slaves.indices.filter { group == nil || names[$0] == group }
    var counts = cluster.slaves.map(\.count)
    let dealt = Apportionment.deal(slaves, meant.map { Double(counts[$0]) })
    for (place, count) in zip(meant, dealt) { counts[place] = count }
    result.slaves = zip(cluster.slaves, counts).compactMap { group, count in
      guard count > 0 else { return nil }
      var group = group
      group.count = count
      // A group of one may have a name without a number.
      if count > 1, !group.name.isInjective { group.name = group.name.numbered }
      return group
    }
    return result
  }

  /// An allocator's entry for that cluster: the counts of a static partition are dealt like slaves,
  /// those that the partition leaves over included.
  func scaled(
    _ entry: AllocatorEntry, toSlaves slaves: Int, of group: String? = nil
  ) -> AllocatorEntry {
    guard var choice = entry.partition, let now = parts(under: entry) else { return entry }
    var scaled = self
    scaled.cluster = scaledCluster(toSlaves: slaves, of: group)
    guard let then = scaled.parts(under: entry) else { return entry }
    func scale(_ rule: inout Partition.Rule, _ number: Int) {
      guard rule.isCounted else { return }
      let amounts = rule.parties.map(\.amount)
      let left = max(0, Double(now.plan.size(ofRule: number)) - amounts.reduce(0, +))
      let counts = Apportionment.deal(then.plan.size(ofRule: number), amounts + [left])
      for (place, count) in zip(rule.parties.indices, counts) {
        rule.parties[place].amount = Double(count)
      }
    }
    for number in choice.rules.indices { scale(&choice.rules[number], number) }
    if var others = choice.others {
      scale(&others, choice.rules.count)
      choice.others = others
    }
    var result = entry
    result.parameters[PartitionChoice.parameter] = choice
    return result
  }
}

/// Divides whole things in proportion, so that more to divide never gives anybody less.
enum Apportionment {
  /// Deals `count` things, each to the party with the smallest part of its weight.
  static func deal(_ count: Int, _ weights: [Double]) -> [Int] {
    var dealt = weights.map { _ in 0 }
    for _ in 0..<max(0, count) {
      var best: Int?
      for (index, weight) in weights.enumerated() where weight > 0 {
        // Cross-multiplied, so that equal parts are equal whatever the weights.
        if let leader = best,
          Double(dealt[index]) * weights[leader] >= Double(dealt[leader]) * weight
        {
          continue
        }
        best = index
      }
      if let best { dealt[best] += 1 }
    }
    return dealt
  }
}

extension IndexTemplate {
  /// The template with the number at its end.
  fileprivate var numbered: IndexTemplate { (try? IndexTemplate(source + "-{index}")) ?? self }
}
