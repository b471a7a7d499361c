// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets the `static` allocator.

extension AllocatorDescriptor {
  /// `static`: partitions that never change.
  public static let fixed = AllocatorDescriptor(
    name: "static",
    summary: "fixed partitions: each framework or role has slaves of its own, idle or not",
    parameters: [
      Parameter(
        name: "partition",
        type: "{by: framework or role, counts: {name: slaves} or shares: {name: number}}",
        defaultValue: "{by: framework, shares: equal for all}",
        meaning: "who gets how many slaves, dealt in the order in which slaves register")
    ],
    promises: [
      .neverMoreThanFree, .neverToTheUnwilling, .conservesResources, .isDeterministic,
      .respectsReservations,
    ],
    make: { request throws(AllocatorParameterError) in
      StaticPartitionAllocator(try Partition(request), options: request.options)
    })
}

extension Partition {
  /// Reads the parameter `partition`; without it, all frameworks of the scenario get equal shares.
  init(_ request: AllocatorRequest) throws(AllocatorParameterError) {
    var entries: [AllocatorParameterValue.Entry] = []
    if let value = request.parameters["partition"] {
      guard case .map(let map) = value else {
        throw Partition.refusal(at: "", "expected {by: framework, shares: {name: number, …}}")
      }
      entries = map
    }
    self = .shares([])
    var amounts: [AllocatorParameterValue.Entry]?
    for entry in entries {
      switch entry.key {
      case "by": by = try Partition.kind(entry.value)
      case "counts", "shares":
        guard amounts == nil, case .map(let map) = entry.value else {
          throw Partition.refusal(
            at: ".\(entry.key)", "expected one map of names to numbers, either counts or shares")
        }
        amounts = map
        isCounted = entry.key == "counts"
      default:
        throw Partition.refusal(at: ".\(entry.key)", "no such key; there are by, counts, shares")
      }
    }
    parties = try amounts.map(readParties) ?? defaultParties(request)
  }

  private static func refusal(at path: String, _ reason: String) -> AllocatorParameterError {
    AllocatorParameterError(path: "partition" + path, reason: reason)
  }

  private static func kind(
    _ value: AllocatorParameterValue
  ) throws(AllocatorParameterError) -> Kind {
    guard let kind = Kind(rawValue: try value.text(at: "partition.by")) else {
      throw refusal(at: ".by", "expected framework or role")
    }
    return kind
  }

  private func readParties(
    _ amounts: [AllocatorParameterValue.Entry]
  ) throws(AllocatorParameterError) -> [Party] {
    let key = isCounted ? "counts" : "shares"
    var parties: [Party] = []
    for entry in amounts {
      let path = ".\(key).\(entry.key)"
      guard case .number(let amount) = entry.value, amount >= 0, amount < 1e9 else {
        throw Partition.refusal(at: path, "expected a number from 0 to a billion")
      }
      if isCounted && amount != amount.rounded() {
        throw Partition.refusal(at: path, "expected a whole number of slaves")
      }
      if parties.contains(where: { $0.name == entry.key }) {
        throw Partition.refusal(at: path, "is listed twice; list each \(by) once")
      }
      parties.append(Party(name: entry.key, amount: amount))
    }
    if !parties.contains(where: { $0.amount > 0 }) {
      throw Partition.refusal(at: ".\(key)", "gives nobody anything; expected at least one above 0")
    }
    return parties
  }

  private func defaultParties(_ request: AllocatorRequest) -> [Party] {
    var names: [String] = []
    for framework in request.frameworks {
      let own = by == .framework ? [framework.name] : framework.roles
      for name in own where !names.contains(name) { names.append(name) }
    }
    return names.map { Party(name: $0, amount: 1) }
  }
}
