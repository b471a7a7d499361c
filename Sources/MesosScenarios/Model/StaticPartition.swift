// Part of mesosim. Apache-2.0, see LICENSE.
//
// The partition of the `static` allocator, as far as the scenario around it matters: who is meant,
// and whether the slaves suffice.

internal import Mesos
internal import MesosAllocation
internal import MesosFrameworks

/// The `partition` parameter of a `static` allocator.
struct StaticPartition {
  /// `framework` or `role`.
  var by = "framework"
  /// `counts`, `shares`, or neither.
  var key: String?
  /// What each party gets.
  var parties: [(name: String, amount: Double)] = []

  /// Reads the parameter, as far as it has the right shape; the allocator itself judges the shape.
  init(_ entry: AllocatorEntry) {
    guard case .map(let entries)? = entry.parametersByName["partition"] else { return }
    for entry in entries {
      switch (entry.key, entry.value) {
      case ("by", .text(let text)): by = text
      case ("counts", .map(let amounts)), ("shares", .map(let amounts)):
        key = entry.key
        parties = amounts.map { amount in
          if case .number(let number) = amount.value { return (amount.key, number) }
          return (amount.key, 0)
        }
      default: break
      }
    }
  }
}

extension Scenario {
  /// The parties that a static partition could name: frameworks or roles, each once, in order.
  func parties(by kind: String) -> [String] {
    var names: [String] = []
    for framework in frameworks {
      let own = kind == "role" ? framework.effectiveRoles.map(\.value) : [framework.name]
      for name in own where !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// How many of these tasks a framework can have at once, at most: on all slaves, or on as many
  /// of the roomiest as its part of a `static` allocator's.
  func room(
    for tasks: Int, _ shape: Resources, of framework: FrameworkDescription,
    in partition: AllocatorEntry?
  ) -> Int {
    var slavesLeft = cluster.slaveCount
    if let partition = partition.map(StaticPartition.init) {
      let party = partition.by == "role" ? framework.effectiveRoles.map(\.value) : [framework.name]
      let own = partition.parties.filter { party.contains($0.name) }.reduce(0) { $0 + $1.amount }
      let all = partition.parties.reduce(0) { $0 + $1.amount }
      let part = partition.key == "counts" ? own : Double(slavesLeft) * own / max(all, 1e-9)
      slavesLeft = Int(min(part.rounded(.up), Double(slavesLeft)))
    }
    let groups = cluster.slaves.map { group in
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
    for (index, entry) in allocators.enumerated() where entry.name == "static" {
      let partition = StaticPartition(entry)
      let isShaped = entry.parameters.allSatisfy { if case .map = $0.value { true } else { false } }
      guard partition.key == nil, isShaped else { continue }
      typealias Entry = AllocatorParameterValue.Entry
      let shares = parties(by: partition.by).map { Entry(key: $0, value: .number(1)) }
      if shares.isEmpty { continue }
      result.allocators[index].parameters = [
        Entry(
          key: "partition",
          value: .map([
            Entry(key: "by", value: .text(partition.by)),
            Entry(key: "shares", value: .map(shares)),
          ]))
      ]
    }
    return result
  }
}
