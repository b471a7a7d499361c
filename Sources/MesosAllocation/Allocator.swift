// Part of mesosim. Apache-2.0, see LICENSE.
//
// The one interface between the master and a policy: who is offered what.

public import Mesos
public import VirtualTime

/// Decides which framework is offered which resources.
///
/// An allocator is a value that is told what happened and asked, when its own `nextDeadline` has
/// come, whom to offer what. It never calls back, reads no clock and draws no random number that
/// was not handed to it, so that two runs that tell it the same things get the same allocations.
///
/// Slaves and frameworks are named by dense indices; the identifiers, whose byte order Mesos uses
/// to break ties, come once with `addSlave` and `addFramework`.
///
/// What is offered counts as allocated until `recover` gives it back: an offer that becomes tasks
/// is *not* recovered, only what is left over, and later what the tasks held.
public protocol Allocator: Sendable {
  /// The instant at which `allocate` wants to be called next, or `nil` while no call could change
  /// anything. An instant that has passed means: at once, after what else happens at this instant.
  ///
  /// The master reads it after every call. - Complexity: O(1).
  var nextDeadline: Instant? { get }

  /// A slave joined, possibly with tasks already on it (after a failover). Never twice for an index
  /// without `removeSlave` between.
  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant)

  /// A slave is gone with all that is on it. `recover` may still come for it: nothing to do then.
  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant)

  /// A framework registered. Its offers begin at once if it is active.
  mutating func addFramework(_ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant)

  /// A framework is gone; all it held has been recovered before.
  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant)

  /// A framework's scheduler is connected again.
  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant)

  /// A framework's scheduler is gone for now: no offers, its filters are forgotten, what it uses
  /// stays charged to it.
  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant)

  /// A framework wants no offers in these roles (empty: in any) until it revives them.
  mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant)

  /// A framework wants offers in these roles (empty: in all) again; its filters there are dropped.
  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant)

  /// Takes back what a framework no longer holds: declined, rescinded, left over or of ended tasks.
  ///
  /// `refusal` comes with what was refused: how long the same resources of this slave stay away
  /// from the framework in this role, as the framework gave it; `nil` sets no filter.
  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant)

  /// A part of an offer became a task that holds these resources, its executor's with it where the
  /// task starts one; they stay allocated. Policies that tell offered from used listen, and those
  /// that want to know what tasks look like; others need not.
  mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant)

  /// A framework said what it would like to have (`requestResources`). Only policies that need
  /// demands listen; Mesos's own does not.
  mutating func requested(_ framework: FrameworkIndex, _ shapes: [Resources], at now: Instant)

  /// Makes the allocations due at `now`, in the order of decision, each charged to its framework
  /// before the next is made.
  ///
  /// - Complexity: at most in the order of what changed since the last call.
  mutating func allocate(at now: Instant, into allocations: inout [Allocation])
}

extension Allocator {
  /// Does nothing: most policies do not tell offered from used.
  public mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant
  ) {}
  /// Does nothing: most policies do not need demands.
  public mutating func requested(
    _ framework: FrameworkIndex, _ shapes: [Resources], at now: Instant
  ) {}
}

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

/// One decision: this framework is offered these resources of this slave.
public struct Allocation: Sendable {
  /// Who is offered.
  public var framework: FrameworkIndex
  /// In which role.
  public var role: Role
  /// Where.
  public var slave: SlaveIndex
  /// What.
  public var resources: Resources
  /// Why.
  public var reason: Reason

  /// What led to a decision.
  public struct Reason: Sendable, Hashable {
    /// 1 for a quota guarantee, 2 for the fair share; 0 where a policy has no stages.
    public var stage: UInt8
    /// The role's share before the decision, in the policy's own measure.
    public var roleShare: Double
    /// The framework's share before the decision, in the policy's own measure.
    public var frameworkShare: Double

    /// Describes a reason.
    public init(stage: UInt8 = 0, roleShare: Double = 0, frameworkShare: Double = 0) {
      self.stage = stage
      self.roleShare = roleShare
      self.frameworkShare = frameworkShare
    }
  }

  /// Describes a decision.
  public init(
    framework: FrameworkIndex, role: Role, slave: SlaveIndex, resources: Resources,
    reason: Reason = Reason()
  ) {
    self.framework = framework
    self.role = role
    self.slave = slave
    self.resources = resources
    self.reason = reason
  }
}
