// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a scenario names and sets the `static` allocator. No decisions.

package import Mesos

extension AllocatorDescriptor {
  /// `static`: partitions that never change.
  public static let fixed = AllocatorDescriptor(
    name: "static",
    summary: "fixed partitions: each framework or role has slaves of its own, idle or not",
    parameters: [PartitionChoice.parameter],
    promises: [
      .neverMoreThanFree, .neverToTheUnwilling, .conservesResources, .isDeterministic,
      .respectsReservations,
    ],
    make: { request throws(ParameterError) in
      StaticPartitionAllocator(
        request[PartitionChoice.parameter].partition(among: request.frameworks),
        options: request.options)
    })
}

/// What the parameter `partition` says: a partition whose parties may be left to the scenario.
package struct PartitionChoice: Hashable, Sendable {
  /// What the parties are.
  package var by = Partition.Kind.framework
  /// What each party gets; `nil` for equal shares for all.
  package var parties: [Partition.Party]?
  /// Whether amounts are numbers of slaves.
  package var isCounted = false

  /// Makes a choice.
  package init(
    by kind: Partition.Kind = .framework, _ parties: [Partition.Party]? = nil,
    isCounted: Bool = false
  ) {
    by = kind
    self.parties = parties
    self.isCounted = isCounted
  }

  /// The key of the amounts.
  package var key: String { isCounted ? "counts" : "shares" }

  /// The partition of a cluster that these frameworks share.
  func partition(among frameworks: [(name: String, roles: [String])]) -> Partition {
    var names: [String] = []
    for framework in frameworks {
      let own = by == .framework ? [framework.name] : framework.roles
      for name in own where !names.contains(name) { names.append(name) }
    }
    return Partition(
      by: by, parties: parties ?? names.map { Partition.Party(name: $0, amount: 1) },
      isCounted: isCounted)
  }
}

extension PartitionChoice {
  /// The parameter of `static`.
  package static let parameter = Parameter<PartitionChoice>(
    "partition",
    .fields(
      [
        .init("by", .word(Partition.Kind.allCases.map(\.rawValue))),
        .init("counts", .map(.integer(0...999_999_999), example: "{web: 12, batch: 8}")),
        .init(
          "shares",
          .map(.number(NumberRange(least: 0, greatest: 1e9)), example: "{web: 3, batch: 2}")),
      ], example: "{by: framework, shares: {web: 3, batch: 2}}"),
    default: PartitionChoice(), or: "{by: framework, shares: equal for all}",
    "who gets how many slaves, by framework or role and counts or shares, dealt in the order in "
      + "which slaves register",
    take: { (data) throws(ParameterError) in try PartitionChoice(data.asMap) },
    give: \.data)

  private init(_ entries: [ParameterValue.Entry]) throws(ParameterError) {
    for entry in entries {
      if entry.key == "by" {
        by = Partition.Kind(rawValue: entry.value.asText) ?? .framework
        continue
      }
      guard parties == nil else {
        throw ParameterError(
          path: entry.key,
          reason: "expected one map of names to numbers, either counts or shares")
      }
      let amounts = entry.value.asMap.map {
        Partition.Party(name: $0.key, amount: $0.value.asAmount)
      }
      guard amounts.contains(where: { $0.amount > 0 }) else {
        throw ParameterError(
          path: entry.key, reason: "gives no one anything; expected at least one above 0")
      }
      parties = amounts
      isCounted = entry.key == "counts"
    }
  }

  /// `nil` when all is left to the scenario.
  private var data: ParameterValue? {
    if self == PartitionChoice() { return nil }
    let kind = ParameterValue.Entry(key: "by", value: .text(by.rawValue))
    guard let parties else { return .map([kind]) }
    let amounts = parties.map { party in
      ParameterValue.Entry(
        key: party.name,
        value: isCounted ? .integer(Int(party.amount)) : .number(party.amount))
    }
    return .map([kind, ParameterValue.Entry(key: key, value: .map(amounts))])
  }
}

extension ParameterValue {
  fileprivate var asAmount: Double {
    if case .integer(let count) = self { Double(count) } else { asNumber }
  }
}
