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
    names: { request in request[PartitionChoice.parameter].names },
    make: { request throws(ParameterError) in
      StaticPartitionAllocator(
        request[PartitionChoice.parameter].partition(among: request.frameworks),
        of: request.slaves, options: request.options)
    })
}

/// What the parameter `partition` says: a partition whose parties may be left to the scenario.
package struct PartitionChoice: Hashable, Sendable {
  /// What the parties are.
  package var by = Partition.Kind.framework
  /// Who gets of which slaves.
  package var rules: [Partition.Rule] = []
  /// Who gets of the slaves that no rule matches, a rule of all; `nil` for equal shares for all.
  package var others: Partition.Rule?

  /// Makes a choice.
  package init(by kind: Partition.Kind = .framework, others: Partition.Rule? = nil) {
    by = kind
    self.others = others
  }

  /// The partition of a cluster that these frameworks share.
  package func partition(among frameworks: [(name: String, roles: [String])]) -> Partition {
    var names: [String] = []
    for framework in frameworks {
      let own = by == .framework ? [framework.name] : framework.roles
      for name in own where !names.contains(name) { names.append(name) }
    }
    let equal = Partition.Rule(.all, names.map { Partition.Party(name: $0, amount: 1) })
    return Partition(by: by, rules + [others ?? equal])
  }
}

extension PartitionChoice {
  /// The slaves and parties that are named.
  fileprivate var names: [ScenarioName] {
    let kind: ScenarioName.Kind = by == .framework ? .framework : .role
    func parties(_ rule: Partition.Rule, _ path: String) -> [ScenarioName] {
      rule.parties.map { ScenarioName($0.name, kind, at: "\(path).\(rule.key).\($0.name)") }
    }
    let ruled = rules.enumerated().flatMap { place, rule in
      let path = "partition.slaves.\(place)"
      let slaves: ScenarioName? =
        switch rule.slaves {
        case .all: nil
        case .group(let name): ScenarioName(name, .slaveGroup, at: path + ".group")
        case .attribute(let selector):
          ScenarioName(selector.text, .slaves(selector), at: path + ".attribute")
        case .hosts(let pattern): ScenarioName(pattern, .hosts, at: path + ".hosts")
        }
      return [slaves].compactMap { $0 } + parties(rule, path)
    }
    return ruled + (others.map { parties($0, "partition") } ?? [])
  }
}

extension Partition.Rule {
  /// The key of the amounts.
  package var key: String { isCounted ? "counts" : "shares" }
}

extension PartitionChoice {
  /// The parameter of `static`.
  package static let parameter = Parameter<PartitionChoice>(
    "partition",
    .fields(
      [
        .init("by", .word(Partition.Kind.allCases.map(\.rawValue))),
        .init(
          "slaves",
          .list(
            .fields(
              [.init("group", .text), .init("attribute", .text), .init("hosts", .text)] + amounts,
              example: "{group: gpu, shares: {train: 1}}"),
            example: "[{group: gpu, shares: {train: 1}}, {hosts: \"db-*\", counts: {web: 2}}]")),
      ] + amounts, example: "{by: framework, shares: {web: 3, batch: 2}}"),
    default: PartitionChoice(), or: "{by: framework, shares: equal for all}",
    "who gets how many slaves of each group, by framework or role and counts or shares; 'slaves' "
      + "says so for a group, for hosts or by attribute, the first that matches",
    take: { (data) throws(ParameterError) in try PartitionChoice(data.asMap) },
    give: \.data)

  private static let amounts: [ParameterForm.Field] = [
    .init("counts", .map(.integer(0...999_999_999), example: "{web: 12, batch: 8}")),
    .init(
      "shares",
      .map(.number(NumberRange(least: 0, greatest: 1e9)), example: "{web: 3, batch: 2}")),
  ]

  private init(_ entries: [ParameterValue.Entry]) throws(ParameterError) {
    for entry in entries {
      switch entry.key {
      case "by": by = Partition.Kind(rawValue: entry.value.asText) ?? .framework
      case "slaves":
        for (place, rule) in entry.value.asList.enumerated() {
          do throws(ParameterError) { rules.append(try Partition.Rule(rule.asMap)) } catch {
            let path = "slaves.\(place)" + (error.path.isEmpty ? "" : ".\(error.path)")
            throw ParameterError(path: path, reason: error.reason)
          }
        }
      default: others = try Partition.Rule(.all, entry, beside: others)
      }
    }
  }

  /// `nil` when all is left to the scenario.
  private var data: ParameterValue? {
    if self == PartitionChoice() { return nil }
    var entries = [ParameterValue.Entry(key: "by", value: .text(by.rawValue))]
    if !rules.isEmpty {
      entries.append(.init(key: "slaves", value: .list(rules.map { .map($0.data) })))
    }
    return .map(entries + (others?.data ?? []))
  }
}

extension Partition.Rule {
  fileprivate init(_ entries: [ParameterValue.Entry]) throws(ParameterError) {
    var selection: SlaveSelection?
    var amounts: Partition.Rule?
    for entry in entries {
      let text = entry.value.asText
      var own: SlaveSelection
      switch entry.key {
      case "group": own = .group(text)
      case "hosts": own = .hosts(text)
      case "attribute":
        do throws(ParameterError) { own = .attribute(try SlaveSelector(text)) } catch {
          throw ParameterError(path: entry.key, reason: error.reason)
        }
      default:
        amounts = try Partition.Rule(.all, entry, beside: amounts)
        continue
      }
      if selection != nil {
        throw ParameterError(
          path: entry.key, reason: "expected only one of 'group', 'attribute' and 'hosts'")
      }
      selection = own
    }
    guard let selection else {
      throw ParameterError(
        path: "", reason: "which slaves? expected 'group', 'attribute' or 'hosts'")
    }
    guard let amounts else {
      throw ParameterError(path: "", reason: "who gets them? expected 'counts' or 'shares'")
    }
    self = amounts
    slaves = selection
  }

  /// Reads who gets what.
  fileprivate init(
    _ slaves: SlaveSelection, _ entry: ParameterValue.Entry, beside other: Partition.Rule?
  ) throws(ParameterError) {
    guard other == nil else {
      throw ParameterError(
        path: entry.key,
        reason: "expected one map of names to numbers, either counts or shares")
    }
    let parties = entry.value.asMap.map {
      Partition.Party(name: $0.key, amount: $0.value.asAmount)
    }
    guard parties.contains(where: { $0.amount > 0 }) else {
      throw ParameterError(
        path: entry.key, reason: "gives no one anything; expected at least one above 0")
    }
    self.init(slaves, parties, isCounted: entry.key == "counts")
  }

  fileprivate var data: [ParameterValue.Entry] {
    let selection: [ParameterValue.Entry] =
      switch slaves {
      case .all: []
      case .group(let name): [.init(key: "group", value: .text(name))]
      case .attribute(let selector): [.init(key: "attribute", value: .text(selector.text))]
      case .hosts(let pattern): [.init(key: "hosts", value: .text(pattern))]
      }
    let amounts = parties.map { party in
      ParameterValue.Entry(
        key: party.name,
        value: isCounted ? .integer(Int(party.amount)) : .number(party.amount))
    }
    return selection + [.init(key: key, value: .map(amounts))]
  }
}

extension ParameterValue {
  fileprivate var asAmount: Double {
    if case .integer(let count) = self { Double(count) } else { asNumber }
  }
}
