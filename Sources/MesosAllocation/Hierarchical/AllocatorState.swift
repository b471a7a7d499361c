// Part of mesosim. Apache-2.0, see LICENSE.
//
// The state of the hierarchical allocator (mesos/src/master/allocator/mesos/hierarchical.hpp). It
// cannot be copied by accident: whatever it calls on itself works in place.

import Mesos
import VirtualTime

/// Who is on the cluster, what is charged to whom, and what to look at next.
///
/// The files `AllocatorState+…` hold what changes it, `Passing/` what an allocation decides. What
/// only reads it and is called for each offer is inlined, since it would be handed a copy of the
/// whole.
struct AllocatorState: ~Copyable {
  let options: AllocatorOptions
  let policy: Policy

  // Who is there.
  var slaves: [SlaveState] = []
  var descriptions: [SlaveDescription] = []
  var frameworks: [FrameworkState?] = []
  /// The clients of each framework that is here: one for each role that it ever was subscribed to
  /// or held something in.
  var frameworkClients: [[Int32]] = []
  var roles = RoleTable()
  var clients = ClientTable()
  var whitelist: Set<String>?
  /// How many slaves are there, and how many of them may be offered.
  var slaveCount = 0
  var offerableCount = 0
  /// The slaves that may be offered and have something free.
  var free = SlaveSet()
  /// What slaves hold for frameworks that are not here yet, after a failover.
  var unclaimed: [Unclaimed] = []
  /// How many frameworks have ever registered.
  var arrivals = 0

  // Shares.
  var names = ExtraNames()
  let excluded: ExcludedNames
  /// Everything that the slaves have.
  var cluster = Amounts()
  var totals = Totals()
  var sorter = RoleSorter()
  var touched: [Touch] = []
  /// The policy's own order, if it has one.
  var order: (any ServingOrder)?
  /// Whether the policy has an order of its own: `order` itself, asked, would be copied.
  let hasOrder: Bool
  /// Whether the policy asks what frameworks need, found out once.
  let needsDemands: Bool
  var demands = Demands()
  /// Offers that nobody is charged for.
  var open = OpenOffers()
  var pricing = Pricing()

  // Quota.
  var quotas: [RoleQuota] = []
  /// Reserved on all slaves, offered or not; and what is held of it.
  var reserved = Amounts()
  var reservedHeld = Amounts()
  /// Revocable and free on all slaves.
  var revocableFree = Amounts()
  var withheld = Withheld()
  /// How many slaves have shrunk below what is used on them.
  var overcommitted = 0

  // When to do what.
  let minimum: Minimum
  var filters = FilterStore()
  var agenda: Agenda
  var passes = PassCounter()
  var slaveOrder = SlaveOrder()
  var cursor = RoleCursor()
  var maintenance = MaintenanceBook()
  var recovery = Recovery()

  init(_ options: AllocatorOptions, _ policy: Policy) {
    self.options = options
    self.policy = policy
    order = policy.order
    hasOrder = policy.order != nil
    needsDemands = policy.needsDemands
    var names = ExtraNames()
    excluded = ExcludedNames(options.fairnessExclude, numbering: &names)
    self.names = names
    minimum = Minimum(anyOf: options.minAllocatable)
    agenda = Agenda(interval: options.interval, isLiteral: options.isLiteral)
    for (role, weight) in options.weights { sorter.setWeight(weight, ofPath: role.value) }
  }

  /// The earliest of: an event to answer, the next interval if a slave is marked or a filter ends.
  @inline(__always) var nextDeadline: Instant? {
    if agenda.isPaused { return recovery.deadline }
    return agenda.nextDeadline(filters: nextExpiry)
  }

  /// The first tick that finds a filter ended.
  @inline(__always) var nextExpiry: Instant? {
    guard let inverse = maintenance.nextExpiry(by: agenda) else { return filters.nextTick }
    return min(inverse, filters.nextTick ?? inverse)
  }
}

/// What the allocator knows of a framework.
struct FrameworkState {
  var id: FrameworkID
  var name: String
  /// Its place in the order of registration, from 0.
  var arrival: Int
  var isActive: Bool
  var capabilities: FrameworkCapabilities
  var minAllocatable: [(role: Role, anyOf: [Quantities])]
}

/// What a slave holds for a framework that is not here yet.
struct Unclaimed {
  var slave: SlaveIndex
  var framework: FrameworkIndex
  var role: Role
  var resources: Resources
}
