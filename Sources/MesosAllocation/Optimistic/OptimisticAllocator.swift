// Part of mesosim. Apache-2.0, see LICENSE.
//
// Optimistic offers: everybody sees everything that is free and plans with it; whoever launches
// first gets it (Schwarzkopf et al., "Omega", EuroSys 2013, section 3.4; proposed for Mesos as
// optimistic offers, MESOS-1607). No framework's thinking keeps resources from another.

public import Mesos
public import VirtualTime

/// Offers what is free to all frameworks at once; only what is used counts as theirs.
///
/// The order of allocations is that of weighted dominant shares of what is used, roles first, but
/// as everybody is offered everything it decides nothing beyond the order of offers. The master's
/// part is described at `OverlappingAllocator`.
///
/// - Complexity: an allocation makes up to one offer for each pair of a changed slave and a
///   framework, and keeps each while it is open: some hundred bytes.
public struct OptimisticAllocator: OverlappingAllocator {
  /// When a launch conflicts.
  public let conflictDetection: ConflictDetection
  /// What becomes of a launch of which a part conflicts.
  public let commit: CommitMode

  private var base: HierarchicalAllocator

  /// Makes an allocator without slaves and frameworks.
  public init(
    _ options: AllocatorOptions = AllocatorOptions(), conflictDetection: ConflictDetection = .fine,
    commit: CommitMode = .incremental
  ) {
    self.conflictDetection = conflictDetection
    self.commit = commit
    base = HierarchicalAllocator(options, policy: Policy(isOverlapping: true))
  }

  /// The earliest of: an event to answer, the next interval if a slave is marked or a filter ends.
  public var nextDeadline: Instant? { base.nextDeadline }

  /// Offers what is free on the slaves that are due to all to whom it is not open.
  public mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    base.allocate(at: now, into: &allocations)
  }

  /// Charges what became tasks, and ends that part of the open offer.
  public mutating func used(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    at now: Instant
  ) {
    base.state.use(resources, by: framework, role: role, on: slave)
  }

  /// Ends an open offer or a part of it.
  public mutating func offerEnded(
    _ resources: Resources, of framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    base.state.endOffer(
      resources, of: framework, role: role, on: slave, refusal: refusal, at: now)
  }

  /// Takes back what tasks held.
  public mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    base.recover(
      resources, from: framework, role: role, on: slave, refusal: refusal, at: now)
  }
}

// MARK: - Slaves and frameworks

extension OptimisticAllocator {
  /// Adds the slave and offers what is free on it to all.
  public mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    base.addSlave(slave, info, at: now)
  }

  /// Takes the slave out; its open offers are forgotten.
  public mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    base.removeSlave(slave, at: now)
  }

  /// Adds the framework and, if it is active, offers it everything that is free.
  public mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    base.addFramework(framework, info, at: now)
  }

  /// Drops the framework with its filters and open offers.
  public mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    base.removeFramework(framework, at: now)
  }

  /// Offers the framework resources again.
  public mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    base.activateFramework(framework, at: now)
  }

  /// Stops offers and drops the framework's filters; what it uses stays charged.
  public mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    base.deactivateFramework(framework, at: now)
  }

  /// Stops offers in these roles, or in all.
  public mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    base.suppress(framework, roles: roles, at: now)
  }

  /// Offers resources in these roles, or in all, again; drops the filters there.
  public mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    base.revive(framework, roles: roles, at: now)
  }
}

// MARK: - Refinements

extension OptimisticAllocator: WeightedAllocator {
  /// Sets weights, which only order offers.
  public mutating func updateWeights(_ weights: [(role: Role, weight: Double)], at now: Instant) {
    base.updateWeights(weights, at: now)
  }
}

extension OptimisticAllocator: WhitelistAllocator {
  /// Offers only slaves on these hosts from the next tick on.
  public mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    base.updateWhitelist(hostnames, at: now)
  }
}

extension OptimisticAllocator: UpdatingAllocator {
  /// Takes over what changed and offers what is free on the slave at once.
  public mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    base.updateSlave(slave, update, at: now)
  }

  /// Lets the slave's resources be offered again from the next tick on.
  public mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    base.activateSlave(slave, at: now)
  }

  /// Keeps the slave's resources from being offered; what is open is the master's to rescind.
  public mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    base.deactivateSlave(slave, at: now)
  }

  /// Takes over roles, suppressed roles and capabilities.
  public mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    base.updateFramework(framework, info, at: now)
  }
}

extension OptimisticAllocator: ExplainingAllocator {
  /// Why what is free on a slave is with nobody.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: A refusal or the next allocation; `nil` for none, or when nothing is free.
  public func withholding(on slave: SlaveIndex) -> Withholding? { base.withholding(on: slave) }
}

extension AllocatorDescriptor {
  /// `optimistic`: everything to everybody at once.
  public static let optimistic = AllocatorDescriptor(
    name: "optimistic",
    summary: "Omega's way: all that is free to everybody at once; the first launch wins",
    parameters: [
      Parameter(
        name: "conflicts", type: "fine or coarse", defaultValue: "fine",
        meaning: "a launch conflicts when its tasks no longer fit, or when the slave has changed"),
      Parameter(
        name: "commit", type: "incremental or allOrNothing", defaultValue: "incremental",
        meaning: "launch the tasks that do not conflict, or none when one does"),
      .filterGPUs,
    ],
    promises: [
      .neverMoreThanFree, .neverToTheUnwilling, .conservesResources, .isDeterministic,
      .respectsReservations, .paretoEfficiency,
    ],
    make: { request throws(AllocatorParameterError) in
      var options = request.options
      if let value = request.parameters[Parameter.filterGPUs.name] {
        options.filtersGPUs = try value.flag(at: Parameter.filterGPUs.name)
      }
      return OptimisticAllocator(
        options,
        conflictDetection: try request.choice("conflicts", ConflictDetection.self) ?? .fine,
        commit: try request.choice("commit", CommitMode.self) ?? .incremental)
    })
}
