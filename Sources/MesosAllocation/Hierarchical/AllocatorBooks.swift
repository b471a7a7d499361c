// Part of mesosim. Apache-2.0, see LICENSE.
//
// The books of the hierarchical allocator (mesos/src/master/allocator/mesos/hierarchical.hpp):
// everything that calls change and that a later decision depends on. Settings and what is empty
// between two calls do not go in.

import Mesos
import VirtualTime

/// Who is on the cluster, what is charged to whom, and what to look at next.
///
/// A copy of these books is a copy of the allocator. Only `AllocatorState` holds them, which cannot
/// be copied by accident.
struct AllocatorBooks {
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
  /// The slaves on which somebody holds something, and perhaps some on which nobody does any more.
  var held = SlaveSet()
  /// What slaves hold for frameworks that are not here yet, after a failover.
  var unclaimed: [Unclaimed] = []
  /// How many frameworks have ever registered.
  var arrivals = 0

  // Shares.
  var names: ExtraNames
  /// Those that play no part in shares, by their numbers among `names`.
  let excluded: ExcludedNames
  /// Everything that the slaves have.
  var cluster = Amounts()
  var totals = Totals()
  var sorter = RoleSorter()
  /// The policy's own order, if it has one.
  var order: (any ServingOrder)?
  var demands = Demands()
  /// Slaves whose free resources went out in runs.
  var runs = RunBook()
  /// Offers that are charged to no framework.
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
  var filters = FilterStore()
  var agenda: Agenda
  var passes = PassCounter()
  var slaveOrder = SlaveOrder()
  var maintenance = MaintenanceBook()
  var recovery = Recovery()

  /// Opens books in which nothing stands.
  init(_ options: AllocatorOptions, _ policy: Policy) {
    var names = ExtraNames()
    excluded = ExcludedNames(options.fairnessExclude, numbering: &names)
    self.names = names
    order = policy.order
    agenda = Agenda(
      interval: options.interval, isLiteral: options.isLiteral, drifts: options.driftsTicks)
    for (role, weight) in options.weights { sorter.setWeight(weight, ofPath: role.value) }
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
  /// Which slaves it wants to be offered; `nil` for all.
  var constraints: OfferConstraints?
}

/// What a slave holds for a framework that is not here yet.
struct Unclaimed {
  var slave: SlaveIndex
  var framework: FrameworkIndex
  var role: Role
  var resources: Resources
}
