// Part of mesosim. Apache-2.0, see LICENSE.
//
// The partition of the `static` allocator, as far as the scenario around it matters: who has which
// slaves, and whether they suffice.

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

/// What a `static` allocator makes of a scenario's cluster.
struct ClusterParts {
  /// Who gets what.
  let partition: Partition
  /// What that comes to.
  let plan: PartitionPlan

  /// The slaves of a framework: of each pool how many, and what there is to choose from.
  func slaves(
    of framework: FrameworkDescription
  ) -> [(count: Int, from: [(entry: Int, count: Int)])] {
    let names =
      partition.by == .framework ? [framework.name] : framework.effectiveRoles.map(\.value)
    return plan.pools.compactMap { pool in
      let due = zip(plan.parties, pool.due).filter { names.contains($0.0) }
      let count = due.reduce(0) { $0 + $1.1 }
      return count > 0 ? (count, pool.members) : nil
    }
  }

  /// Whether everybody has the slaves that others give them, however that is said.
  func areDealt(like others: ClusterParts) -> Bool {
    partition.by == others.partition.by && plan.deals(like: others.plan)
  }
}

extension Scenario {
  /// The frameworks with their roles, as allocators are told them.
  var frameworkRoles: [(name: String, roles: [String])] {
    frameworks.map { (name: $0.name, roles: $0.effectiveRoles.map(\.value)) }
  }

  /// What an allocator's entry makes of the cluster, if it is `static`.
  func parts(under entry: AllocatorEntry) -> ClusterParts? {
    guard let partition = entry.partition?.partition(among: frameworkRoles) else { return nil }
    return ClusterParts(
      partition: partition, plan: PartitionPlan(partition, slaves: cluster.slaveEntries))
  }

  /// How many of these tasks a framework can have at once, at most: on all slaves of some entries,
  /// or on the roomiest that its part may have of them.
  func room(
    for tasks: Int, _ shape: Resources, of framework: FrameworkDescription,
    on entries: [Int], in parts: ClusterParts?
  ) -> Int {
    let all = cluster.slaves.enumerated().map { entry, slaves in
      (count: slaves.count, from: [(entry: entry, count: slaves.count)])
    }
    let each = cluster.slaves.enumerated().map { entry, slaves in
      guard entries.contains(entry) else { return 0 }
      return framework.effectiveRoles.map {
        slaves.resources.allocatable(to: $0).toUnreserved.count(of: shape, max: tasks)
      }.max() ?? 0
    }
    var room = 0
    for var pool in parts?.slaves(of: framework) ?? all {
      for member in pool.from.sorted(by: { each[$0.entry] > each[$1.entry] }) {
        let count = min(member.count, pool.count)
        pool.count -= count
        room += count * each[member.entry]
      }
    }
    return room
  }

  /// The scenario with what is left to it written out: the names of the groups of slaves, and equal
  /// shares for each `static` that does not say who gets the slaves that it names nobody for.
  package var withDefaults: Scenario {
    var result = self
    for (index, name) in cluster.groupNames.enumerated() {
      result.cluster.slaves[index].group = name
    }
    for (index, entry) in allocators.enumerated() {
      guard var partition = entry.partition, partition.others == nil, !frameworks.isEmpty
      else { continue }
      partition.others = partition.partition(among: frameworkRoles).rules.last
      result.allocators[index].parameters[PartitionChoice.parameter] = partition
    }
    return result
  }
}
