// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an allocation goes by, as a value for reports: who comes first, and by which numbers.

public import Mesos

/// In which order an allocation serves roles and their frameworks, before its first decision.
public struct PassOrder: Sendable, Equatable {
  /// What the order comes from.
  public enum Basis: String, Sendable, Hashable, CaseIterable {
    /// Shares: the smallest first; then who was given fewest allocations, then by name.
    case shares
    /// The policy's own rule.
    case policy
    /// Chance: it is drawn anew for each slave, and no order is told.
    case chance
  }

  /// A framework in a role.
  public struct Rank: Sendable, Equatable {
    /// The framework.
    public var framework: FrameworkIndex
    /// What it holds in the role, offers included, in the policy's measure; 1 is everything.
    public var share: Double
    /// The number of allocations it was ever given in the role.
    public var count: Int

    /// Describes a framework.
    public init(framework: FrameworkIndex, share: Double, count: Int) {
      self.framework = framework
      self.share = share
      self.count = count
    }
  }

  /// A role, and those in it who may be offered something.
  public struct Entry: Sendable, Equatable {
    /// The role.
    public var role: Role
    /// The part of a partition that it stands in by itself; `nil` where the cluster is shared.
    public var part: String?
    /// Its share over its weight; for a role below others those of all levels, the top first.
    ///
    /// Empty where the order does not go by shares.
    public var shares: [Double] = []
    /// What it lacks of its guarantee, for which it is served before the fair share.
    public var lacking = Quantities()
    /// The names of which its limit lets it have no more.
    public var exhausted: [String] = []
    /// Its frameworks, the first first.
    public var frameworks: [Rank]

    /// Describes a role.
    public init(role: Role, frameworks: [Rank]) {
      self.role = role
      self.frameworks = frameworks
    }
  }

  /// What the order comes from.
  public var basis: Basis
  /// The roles, the first first; a role may come again where the order goes by frameworks alone.
  public var entries: [Entry]
  /// What must stay free for guarantees that are not met.
  public var headroom = Quantities()
  /// What is free beyond that, where there is such headroom.
  public var surplus = Quantities()

  /// Describes an order.
  public init(basis: Basis, entries: [Entry]) {
    self.basis = basis
    self.entries = entries
  }
}
