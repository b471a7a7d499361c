// Part of mesosim. Apache-2.0, see LICENSE.
//
// The partition of the `static` allocator, as far as the scenario around it matters: who is meant,
// and whether the slaves suffice.

internal import Mesos
internal import MesosAllocation

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
      let name = kind == "role" ? framework.role.value : framework.name
      if !names.contains(name) { names.append(name) }
    }
    return names
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
