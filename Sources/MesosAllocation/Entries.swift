// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an allocator is told of slaves and frameworks. No decisions, and nothing that an allocator
// works out for itself.

public import Mesos

/// What an allocator learns of a slave.
public struct SlaveEntry: Sendable {
  /// The slave's id; ties go by its bytes.
  public var id: SlaveID
  /// The slave's host, for whitelists.
  public var hostname: String
  /// Everything the slave has.
  public var total: Resources
  /// What is already used on it, by whom and in which role.
  public var used: [(framework: FrameworkIndex, role: Role, resources: Resources)]
  /// What is said of the slave; policies may look at it.
  public var attributes: Attributes
  /// What the slave can deal with.
  public var capabilities: SlaveCapabilities
  /// Where the slave is, as far as constraints of frameworks look at it.
  public var domain: DomainInfo?

  /// Describes a slave.
  public init(
    id: SlaveID, hostname: String, total: Resources,
    used: [(framework: FrameworkIndex, role: Role, resources: Resources)] = [],
    attributes: Attributes = Attributes(),
    capabilities: SlaveCapabilities = [.multiRole, .hierarchicalRole]
  ) {
    self.id = id
    self.hostname = hostname
    self.total = total
    self.used = used
    self.attributes = attributes
    self.capabilities = capabilities
  }
}

/// What changed about a slave; what is `nil` stays.
public struct SlaveUpdate: Sendable {
  /// Everything the slave has now.
  public var total: Resources?
  /// What is said of the slave now.
  public var attributes: Attributes?
  /// What the slave can deal with now.
  public var capabilities: SlaveCapabilities?
  /// The slave's host now.
  public var hostname: String?

  /// Describes changes.
  public init(
    total: Resources? = nil, attributes: Attributes? = nil,
    capabilities: SlaveCapabilities? = nil, hostname: String? = nil
  ) {
    self.total = total
    self.attributes = attributes
    self.capabilities = capabilities
    self.hostname = hostname
  }
}

/// What an allocator learns of a framework.
public struct FrameworkEntry: Sendable {
  /// The framework's id; ties go by its bytes.
  public var id: FrameworkID
  /// The framework's name, by which partitions are written.
  public var name: String
  /// The roles it takes part in.
  public var roles: [Role]
  /// The roles among them in which it wants no offers yet.
  public var suppressedRoles: [Role]
  /// Whether its scheduler is connected.
  public var isActive: Bool
  /// What it can deal with.
  public var capabilities: FrameworkCapabilities
  /// What an offer in a role must contain, any one of the amounts at least (none: anything goes),
  /// instead of what goes for all.
  public var minAllocatable: [(role: Role, anyOf: [Quantities])]
  /// Which slaves it wants to be offered, by role; `nil` for all.
  public var constraints: OfferConstraints?

  /// Describes a framework.
  public init(
    id: FrameworkID, name: String, roles: [Role], suppressedRoles: [Role] = [],
    isActive: Bool = true,
    capabilities: FrameworkCapabilities = [.multiRole, .reservationRefinement],
    minAllocatable: [(role: Role, anyOf: [Quantities])] = []
  ) {
    self.id = id
    self.name = name
    self.roles = roles
    self.suppressedRoles = suppressedRoles
    self.isActive = isActive
    self.capabilities = capabilities
    self.minAllocatable = minAllocatable
  }
}
