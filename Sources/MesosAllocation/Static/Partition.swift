// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who gets how many slaves of a cluster that is not shared. Which ones is dealt by the allocator.

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

  /// What the parties are.
  public var by: Kind
  /// The parties; at equal claims the first listed gets the next slave.
  public var parties: [Party]
  /// Whether amounts are numbers of slaves, of which no more are given; otherwise they are shares.
  public var isCounted: Bool

  /// Gives each party as many slaves as stated; slaves left over are not offered.
  public static func counts(_ parties: [Party], by kind: Kind = .framework) -> Partition {
    Partition(by: kind, parties: parties, isCounted: true)
  }

  /// Gives out all slaves in proportion to the amounts.
  public static func shares(_ parties: [Party], by kind: Kind = .framework) -> Partition {
    Partition(by: kind, parties: parties, isCounted: false)
  }
}
