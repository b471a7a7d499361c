// Part of mesosim. Apache-2.0, see LICENSE.
//
// The partition of the `static` allocator, as far as the scenario around it matters: who is meant,
// and whether the slaves suffice.

internal import MesosFrameworks
internal import Mesos
internal import MesosAllocation

extension AllocatorEntry {
  /// What a `static` allocator is told; `nil` for any other.
  var partition: PartitionChoice? {
    guard name == "static" else { return nil }
    guard let data = parameters[PartitionChoice.parameter.name] else { return PartitionChoice() }
    // One that takes our allocator's place may mean something else by the key.
    return try? PartitionChoice.parameter.value(of: data)
  }
}

extension Scenario {
  /// The parties that a static partition could name: frameworks or roles, each once, in order.
  func parties(by kind: Partition.Kind) -> [String] {
    var names: [String] = []
    for framework in frameworks {
      let own = kind == .role ? framework.effectiveRoles.map(\.value) : [framework.name]
      for name in own where !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// How many of these tasks a framework can have at once, at most: on all slaves of some groups,
  /// or on as many of the roomiest as its part of a `static` allocator's.
  func room(
    for tasks: Int, _ shape: Resources, of framework: FrameworkDescription,
    on slaves: [SlaveGroup], in partition: AllocatorEntry?
  ) -> Int {
    var slavesLeft = cluster.slaveCount
    if let partition = partition?.partition, let parties = partition.parties {
      let names = partition.by == .role ? framework.effectiveRoles.map(\.value) : [framework.name]
      let own = parties.filter { names.contains($0.name) }.reduce(0) { $0 + $1.amount }
      let all = parties.reduce(0) { $0 + $1.amount }
      let part = partition.isCounted ? own : Double(slavesLeft) * own / max(all, 1e-9)
      slavesLeft = Int(min(part.rounded(.up), Double(slavesLeft)))
    }
    let groups = slaves.map { group in
      let rooms = framework.effectiveRoles.map {
        group.resources.allocatable(to: $0).toUnreserved.count(of: shape, max: tasks)
      }
      return (count: group.count, each: rooms.max() ?? 0)
    }
    return groups.sorted { $0.each > $1.each }.reduce(0) { sum, group in
      let slaves = min(group.count, slavesLeft)
      slavesLeft -= slaves
      return sum + slaves * group.each
    }
  }

  /// The scenario with equal shares written out for each `static` that names none.
  var withPartitions: Scenario {
    var result = self
    for (index, entry) in allocators.enumerated() {
      guard var partition = entry.partition, partition.parties == nil else { continue }
      let parties = parties(by: partition.by)
      if parties.isEmpty { continue }
      partition.parties = parties.map { Partition.Party(name: $0, amount: 1) }
      result.allocators[index].parameters[PartitionChoice.parameter] = partition
    }
    return result
  }
}
