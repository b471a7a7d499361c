// Part of mesosim. Apache-2.0, see LICENSE.
//
// What not every policy has: a master asks whether its allocator is one of these, and does without
// where it is not. None of the calls below makes offers at once unless it says so; their effect
// waits for the next periodic allocation.

public import Mesos
public import VirtualTime

/// An allocator whose roles can weigh more or less.
public protocol WeightedAllocator: Allocator {
  /// An operator set weights, all above zero; a weight is relative to the role's siblings.
  mutating func updateWeights(_ weights: [(role: Role, weight: Double)], at now: Instant)
}

/// An allocator with guarantees and limits.
public protocol QuotaAllocator: Allocator {
  /// An operator set a role's quota, or with the default one removed it. Top-level roles only.
  mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant)
}

/// An allocator that can keep to some hosts.
public protocol WhitelistAllocator: Allocator {
  /// Only slaves on these hosts are offered from now on; `nil` means all.
  mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant)
}

/// An allocator for slaves and frameworks that change while they are known.
public protocol UpdatingAllocator: Allocator {
  /// A slave re-registered with changes; what is `nil` stays. If something did change, the slave's
  /// resources are offered at once; other attributes also drop all filters for the slave.
  mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant)

  /// A slave is connected again.
  mutating func activateSlave(_ slave: SlaveIndex, at now: Instant)

  /// A slave is disconnected or drains: nothing on it is offered, all else stays.
  mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant)

  /// A framework re-registered with other roles, suppressed roles or capabilities.
  mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant)
}

/// An allocator that knows reservations made at run time.
public protocol ReservingAllocator: Allocator {
  /// A framework's operation turned some of what it holds into something else, such as reserved
  /// resources; the slave's total changes with it.
  mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant)

  /// An operator's operation turns free resources into something else.
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
}

/// An allocator that asks frameworks to leave slaves before their maintenance.
public protocol MaintenanceAllocator: Allocator {
  /// A slave will be unavailable from an instant on, or with `nil` no longer will be. Its resources
  /// are offered, and its frameworks asked, at once.
  mutating func updateUnavailability(of slave: SlaveIndex, from start: Instant?, at now: Instant)

  /// A framework answered an inverse offer or, without an answer, it was rescinded or timed out.
  ///
  /// With a refusal the framework is not asked again about this slave for that time.
  mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant)

  /// Takes the inverse offers that the last `allocate` made: whom to ask to leave which slave.
  mutating func takeInverseOffers() -> [InverseOffer]
}

/// An allocator that can wait for slaves after the master failed over.
public protocol RecoveringAllocator: Allocator {
  /// A new master took over. With quotas, nothing is offered until most of the slaves that are
  /// expected are back or a time has passed; called before any slave is added.
  mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant)

  /// Stops all allocations.
  mutating func pause(at now: Instant)

  /// Goes on; what happened meanwhile is seen by the next periodic allocation.
  mutating func resume(at now: Instant)
}

/// An allocator that offers the same resources to several frameworks at once, of whom the first to
/// launch gets them (Schwarzkopf et al., EuroSys 2013: shared state with optimistic concurrency).
///
/// The master keeps the offers and finds the conflicts; this is the contract between the two:
///
/// - An allocation of `allocate` charges nobody. Resources of a slave may be in any number of open
///   offers at once, but never twice in open offers to the same framework in the same role.
/// - A launch is first checked against `conflictDetection`, then as a whole or task by task after
///   `commit`. For what became tasks the master calls `used`, once for each task and in the order
///   in which launches arrive. That alone charges: it takes the resources from what is free and
///   ends that part of the framework's open offer. What `used` reports must be free: under either
///   detection a task that does not fit into what is left of the slave is a conflict.
/// - Everything else that was offered comes back by `offerEnded`, each part exactly once: what was
///   declined, left over, rescinded, or wanted by a task that met a conflict. So for each offer the
///   parts reported by `used` and by `offerEnded` add up to what was offered.
/// - After a launch the master may rescind the others' open offers of what it took, which is kind,
///   or let them run into the conflict, which is Omega's way; the allocator does not mind. A task
///   that meets a conflict ends with TASK_LOST, and its resources come back by `offerEnded` without
///   a refusal, so that the framework is offered what is free there now at the next tick.
/// - `recover` is only for what tasks held, which `used` has charged. For resources that were
///   offered but never used, it does nothing.
/// - When a slave or a framework is removed, its open offers are forgotten at once; `offerEnded`
///   may still come for them, and does nothing then. When a framework is deactivated, the master
///   rescinds its offers and reports each.
public protocol OverlappingAllocator: Allocator {
  /// When a launch conflicts with what happened since its offer was made.
  var conflictDetection: ConflictDetection { get }

  /// What becomes of a launch of which a part conflicts.
  var commit: CommitMode { get }

  /// An open offer ended without a launch, in part or as a whole; it was never charged.
  ///
  /// Called once for each part of an offer that did not become tasks, also for an offer of which
  /// another part did (then after `used`). Makes no offers at once: the framework may be offered
  /// the slave again at the next tick, unless it refused.
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
}

/// When a launch conflicts with launches of others (Schwarzkopf et al., EuroSys 2013, section 3.4).
public enum ConflictDetection: String, Sendable, Hashable, CaseIterable {
  /// When its tasks no longer fit into what is free on the slave.
  case fine
  /// When anything was launched, or became free, on the slave since the offer was made: the slave's
  /// sequence number has changed, even if the tasks still fit. To be on the safe side of what the
  /// framework may have assumed of the slave.
  case coarse
}

/// What becomes of a launch of several tasks some of which conflict (Schwarzkopf et al., EuroSys
/// 2013, section 3.4).
public enum CommitMode: String, Sendable, Hashable, CaseIterable {
  /// The tasks that do not conflict are launched, the others are lost.
  case incremental
  /// Either all tasks of the launch are launched, or none is and all are lost: gang scheduling.
  case allOrNothing
}

/// An allocator that can say why free resources are not offered, for reports.
public protocol ExplainingAllocator: Allocator {
  /// Why what is free on a slave is with nobody, as far as the allocator knows a cause.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: The first cause that applies, in the order of the cases; `nil` for none, or when
  ///   nothing is free there.
  func withholding(on slave: SlaveIndex) -> Withholding?
}

/// Why an allocator does not offer what is free.
public enum Withholding: String, Sendable, Hashable, CaseIterable {
  /// The slave is set aside for somebody else, or for nobody.
  case partition
  /// Somebody refused it, and the refusal is still in force.
  case refusal
  /// Limits or the headroom of guarantees keep it.
  case quota
  /// It has become free since the last allocation.
  case nextPass
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

/// A request to leave a slave.
public struct InverseOffer: Sendable, Hashable {
  /// Who is asked.
  public var framework: FrameworkIndex
  /// Which slave is to be left.
  public var slave: SlaveIndex
  /// From when on the slave will be unavailable.
  public var start: Instant

  /// Describes a request.
  public init(framework: FrameworkIndex, slave: SlaveIndex, start: Instant) {
    self.framework = framework
    self.slave = slave
    self.start = start
  }
}
