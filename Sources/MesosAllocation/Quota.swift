// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a role is promised and what it may not exceed. How an allocator keeps to it is said
// elsewhere.

public import Mesos

/// A role's guarantees and limits (Rules 9.3); names without either are unregulated.
public struct Quota: Hashable, Sendable {
  /// What the role gets before others get more, and what is kept free for it.
  public var guarantees: Quantities
  /// What the role may not exceed; names that are absent have no limit.
  public var limits: Limits

  /// Describes a quota; without guarantees and limits it is none.
  public init(guarantees: Quantities = Quantities(), limits: Limits = Limits()) {
    self.guarantees = guarantees
    self.limits = limits
  }

  /// Whether it promises and forbids nothing.
  public var isDefault: Bool { guarantees.isEmpty && limits.isEmpty }
}
