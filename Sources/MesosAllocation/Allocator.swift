// Part of mesosim. Apache-2.0, see LICENSE.
//
// The one interface between the master and a policy: who is offered what. Whatever a master may ask
// of an allocator is a requirement here; a requirement that most policies have no use for has a
// default in `Allocator+Defaults.swift`.

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
/// What is offered counts as allocated until `offerEnded` or `recover` gives it back: an offer that
/// becomes tasks is *not* given back, only what is left over, and later what the tasks held.
///
/// Eleven requirements have no default; `ChoosingAllocator` answers them all and asks one question
/// instead. What else a master may say comes in groups by what an allocator `supports`.
public protocol Allocator: Sendable {
  /// The instant at which `allocate` wants to be called next, or `nil` while no call could change
  /// anything. An instant that has passed means: at once, after what else happens at this instant.
  ///
  /// The master reads it after every call. - Complexity: O(1).
  var nextDeadline: Instant? { get }

  /// Which groups of requirements it implements; by default none.
  ///
  /// Never changes. What an operator asks beyond that is refused with a reason; any other call of a
  /// group that is not supported does nothing.
  var supports: AllocatorCapabilities { get }

  /// How many filters keep something of a slave from a framework, by role; for those who look. By
  /// default none are told.
  var activeFilters: [(role: Role, count: Int)] { get }

  /// Makes the allocations due at `now`, in the order of decision, each charged to its framework
  /// before the next is made.
  ///
  /// - Complexity: at most in the order of what changed since the last call.
  mutating func allocate(at now: Instant, into allocations: inout [Allocation])

  /// The same, where many decisions may come as one: those of `runs` were made like those of
  /// `allocations`, in whichever order between the two. By default there are none.
  ///
  /// - Complexity: as `allocate(at:into:)`, at a small part of its cost for each slave of a run.
  mutating func allocate(
    at now: Instant, into allocations: inout [Allocation], runs: inout [AllocationRun])

  // MARK: Slaves and frameworks

  /// A slave joined, possibly with tasks already on it (after a failover). Never twice for an index
  /// without `removeSlave` between.
  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant)

  /// A slave is gone with all that is on it. `recover` may still come for it: nothing to do then.
  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant)

  /// A slave that was just removed is not awaited: it has unregistered, or an operator has declared
  /// it gone. Should it come back all the same, it is added as any other.
  mutating func forgetSlave(_ slave: SlaveIndex, at now: Instant)

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

  // MARK: Offers and tasks

  /// Takes back what a framework no longer holds: declined, rescinded, left over or of ended tasks.
  ///
  /// `refusal` comes with what was refused: how long the same resources of this slave stay away
  /// from the framework in this role, as the framework gave it; `nil` sets no filter.
  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant)

  /// An offer, or a part of it, ended without a launch; by default the same as `recover`.
  ///
  /// Called once for each part of an offer that did not become tasks, also for an offer of which
  /// another part did (then after `used`). Makes no offers at once: the framework may be offered
  /// the slave again at the next tick, unless it refused. An `OverlappingAllocator`, which has
  /// charged no one for its offers, must implement it.
  ///
  /// - Parameters:
  ///   - resources: The part that ended, no more than is still open.
  ///   - framework: To whom it was offered.
  ///   - role: In which role.
  ///   - slave: Where. Nothing happens if it was removed.
  ///   - refusal: How long the same resources of this slave stay away from the framework in this
  ///     role; `nil` sets no filter, as for what was rescinded or met a conflict.
  ///   - now: When.
  mutating func offerEnded(
    _ resources: Resources, of framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant)

  /// Offers of a run ended without a launch, and without anything else having happened to them; by
  /// default the same as `offerEnded` for each.
  ///
  /// - Parameters:
  ///   - run: The run that the offers were made for.
  ///   - places: Which of its slaves.
  ///   - refusal: As for `offerEnded`.
  ///   - now: When.
  mutating func runEnded(
    _ run: AllocationRun, _ places: Range<Int>, refusal: Filters?, at now: Instant)

  /// A part of an offer became a task that holds these resources, its executor's with it where the
  /// task starts one; they stay allocated. Does nothing by default: policies that tell offered from
  /// used listen, and those that want to know what tasks look like.
  mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant)

  /// A framework said what it would like to have (`requestResources`). Does nothing by default:
  /// only policies that need demands listen, and Mesos's own does not.
  mutating func requested(_ framework: FrameworkIndex, _ shapes: [Resources], at now: Instant)

  // MARK: Weights, quota, whitelist

  /// An operator set weights, all above zero; a weight is relative to the role's siblings. The next
  /// periodic allocation goes by them. Of `weights`.
  mutating func updateWeights(_ weights: [(role: Role, weight: Double)], at now: Instant)

  /// An operator set a role's quota, or with the default one removed it. Top-level roles only. The
  /// next periodic allocation goes by it. Of `quota`.
  mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant)

  /// Only slaves on these hosts are offered from the next periodic allocation on; `nil` means all.
  /// Of `whitelist`.
  mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant)

  // MARK: Updates

  /// A slave re-registered with changes; what is `nil` stays. If something did change, the slave's
  /// resources are offered at once; other attributes also drop all filters for the slave. Of
  /// `updates`.
  mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant)

  /// A slave is connected again. Of `updates`.
  mutating func activateSlave(_ slave: SlaveIndex, at now: Instant)

  /// A slave is disconnected or drains: nothing on it is offered, all else stays. Of `updates`.
  mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant)

  /// A framework re-registered with other roles, suppressed roles or capabilities. Of `updates`.
  mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant)

  // MARK: Reservations

  /// A framework's operation turned some of what it holds into something else, such as reserved
  /// resources; the slave's total changes with it. Of `reservations`.
  mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant)

  /// An operator's operation turns free resources into something else. Of `reservations`.
  ///
  /// - Parameters:
  ///   - slave: The slave.
  ///   - consumed: What is to be replaced.
  ///   - converted: What it becomes.
  ///   - now: When.
  /// - Returns: Whether it was done; not if some of what it needs is not free.
  mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool

  // MARK: Maintenance

  /// A slave will be unavailable from an instant on, or with `nil` no longer will be. Its resources
  /// are offered, and its frameworks asked, at once. Of `maintenance`.
  mutating func updateUnavailability(of slave: SlaveIndex, from start: Instant?, at now: Instant)

  /// A framework answered an inverse offer or, without an answer, it was rescinded or timed out.
  ///
  /// With a refusal the framework is not asked again about this slave for that time. Of
  /// `maintenance`.
  mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant)

  /// Takes the inverse offers that the last `allocate` made: whom to ask to leave which slave. Of
  /// `maintenance`.
  mutating func takeInverseOffers() -> [InverseOffer]

  // MARK: Recovery

  /// A new master took over. With quotas, nothing is offered until most of the slaves that are
  /// expected are back or a time has passed; called before any slave is added. Of `recovery`.
  mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant)

  /// Stops all allocations. Of `recovery`.
  mutating func pause(at now: Instant)

  /// Goes on; what happened meanwhile is seen by the next periodic allocation. Of `recovery`.
  mutating func resume(at now: Instant)
}
