// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who gets how many of which slaves of a cluster that is not shared. How that comes out in a
// cluster is in `PartitionPlan.swift`; which slave goes to whom the allocator deals.

public import Mesos

/// A split of the slaves among parties, by counts or in proportion.
public struct Partition: Sendable, Hashable {
  /// What the parties are.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Frameworks, by name.
    case framework
    /// Roles.
    case role
  }

  /// One party and what it is promised.
  public struct Party: Sendable, Hashable {
    /// The framework's name or the role.
    public var name: String
    /// The number of slaves, or the share in any unit.
    public var amount: Double

    /// Describes a party.
    public init(name: String, amount: Double) {
      self.name = name
      self.amount = amount
    }
  }

  /// Some slaves and who gets them.
  public struct Rule: Sendable, Hashable {
    /// The slaves that are dealt.
    public var slaves: SlaveSelection
    /// Who gets of them; at equal claims the first listed gets the next slave.
    public var parties: [Party]
    /// Whether amounts are numbers of slaves, of which no more are given, or else shares.
    public var isCounted: Bool

    /// Describes a rule.
    public init(_ slaves: SlaveSelection = .all, _ parties: [Party], isCounted: Bool = false) {
      self.slaves = slaves
      self.parties = parties
      self.isCounted = isCounted
    }
  }

  /// What the parties are.
  public var by: Kind
  /// Who gets which slaves: the first rule that a slave matches counts; one that matches none is
  /// not offered.
  public var rules: [Rule]

  /// Describes a partition.
  public init(by kind: Kind = .framework, _ rules: [Rule]) {
    by = kind
    self.rules = rules
  }

  /// The parties, each once, in the order in which the rules name them.
  public var parties: [String] {
    var names: [String] = []
    for party in rules.lazy.flatMap(\.parties) where !names.contains(party.name) {
      names.append(party.name)
    }
    return names
  }

  /// Gives each party as many slaves as stated; slaves left over are not offered.
  public static func counts(_ parties: [Party], by kind: Kind = .framework) -> Partition {
    Partition(by: kind, [Rule(.all, parties, isCounted: true)])
  }

  /// Gives out all slaves in proportion to the amounts.
  public static func shares(_ parties: [Party], by kind: Kind = .framework) -> Partition {
    Partition(by: kind, [Rule(.all, parties)])
  }
}

/// Slaves, by one thing that they have in common.
public enum SlaveSelection: Sendable, Hashable {
  /// All of them.
  case all
  /// Those of a group of the scenario.
  case group(String)
  /// Those that have attributes.
  case attribute(SlaveSelector)
  /// Those whose host matches a pattern, in which `*` stands for any text.
  case hosts(String)
}

extension SlaveSelection {
  /// Whether slaves of a group are among them whatever else they are; `nil` when that depends on
  /// the slave.
  func takesAll(ofGroup group: String) -> Bool? {
    switch self {
    case .all: true
    case .group(let name): name == group
    case .attribute, .hosts: nil
    }
  }

  /// Whether a slave is among them.
  package func contains(group: String?, hostname: String, _ attributes: Attributes) -> Bool {
    switch self {
    case .all: true
    case .group(let name): name == group
    case .attribute(let selector): selector.matches(hostname, attributes)
    case .hosts(let pattern): Glob.matches(hostname, pattern)
    }
  }
}

/// Slaves of a scenario that differ in nothing but their number.
public struct SlaveGroupEntry: Sendable {
  /// The name of the group, which several entries may share.
  public var group: String
  /// How many there are; they are numbered after those of the entries before.
  public var count: Int
  /// The host of each.
  public var hostname: @Sendable (Int) -> String
  /// What is said of each.
  public var attributes: @Sendable (Int) -> Attributes

  /// Describes slaves.
  public init(
    group: String, count: Int, hostname: @escaping @Sendable (Int) -> String,
    attributes: @escaping @Sendable (Int) -> Attributes = { _ in Attributes() }
  ) {
    self.group = group
    self.count = count
    self.hostname = hostname
    self.attributes = attributes
  }
}
