// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an operator or a failing master can ask of Mesos's allocator. Quota, reservations,
// maintenance and recovery are not supported where offers overlap: what is offered is not charged
// there, so that a limit could only be kept where launches are checked, by the master.

public import Mesos
public import VirtualTime

extension HierarchicalAllocator {
  /// Everything; where offers overlap, weights, whitelist and updates.
  public var supports: AllocatorCapabilities {
    policy.conflicts == nil ? .all : [.weights, .whitelist, .updates]
  }
}

// MARK: - Weights, quota, whitelist

extension HierarchicalAllocator {
  /// Sets weights; the next allocation sorts by them.
  public mutating func updateWeights(
    _ weights: [(role: Role, weight: Double)], at now: Instant
  ) {
    state.updateWeights(weights, at: now)
  }

  /// Sets a role's guarantees and limits; the next tick allocates by them.
  public mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    if supports.contains(.quota) { state.updateQuota(quota, of: role, at: now) }
  }

  /// Offers only slaves on these hosts from the next tick on.
  public mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    state.updateWhitelist(hostnames, at: now)
  }
}

// MARK: - Updates

extension HierarchicalAllocator {
  /// Takes over what changed and, if something did, offers the slave's resources at once.
  public mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    state.updateSlave(slave, update, at: now)
  }

  /// Lets the slave's resources be offered again from the next tick on.
  public mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    state.activateSlave(slave, at: now)
  }

  /// Keeps the slave's resources from being offered; all else stays.
  public mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    state.deactivateSlave(slave, at: now)
  }

  /// Takes over roles, suppressed roles and capabilities; what they change waits for the next tick.
  public mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    state.updateFramework(framework, info, at: now)
  }
}

// MARK: - Reservations

extension HierarchicalAllocator {
  /// Turns something that a framework holds into something else; its share counts no allocation.
  public mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    guard supports.contains(.reservations) else { return }
    state.updateAllocation(
      of: framework, role: role, on: slave, from: consumed, to: converted, at: now)
  }

  /// Turns free resources into something else, if they are free.
  ///
  /// - Parameters:
  ///   - slave: The slave.
  ///   - consumed: What is to be replaced.
  ///   - converted: What it becomes.
  ///   - now: When.
  /// - Returns: Whether it was done.
  public mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool {
    supports.contains(.reservations)
      && state.updateAvailable(on: slave, from: consumed, to: converted, at: now)
  }
}

// MARK: - Maintenance

extension HierarchicalAllocator {
  /// Takes note of the maintenance; offers the slave's resources and asks its frameworks at once.
  public mutating func updateUnavailability(
    of slave: SlaveIndex, from start: Instant?, at now: Instant
  ) {
    guard supports.contains(.maintenance) else { return }
    state.updateUnavailability(of: slave, from: start, at: now)
  }

  /// Takes note of an answer; a framework that still holds something is asked again at some tick.
  public mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {
    guard supports.contains(.maintenance) else { return }
    state.inverseOfferEnded(of: framework, on: slave, refusal: refusal, at: now)
  }

  /// Takes the inverse offers made, by framework and slave.
  ///
  /// - Returns: Whom to ask to leave which slave.
  public mutating func takeInverseOffers() -> [InverseOffer] { state.takeInverseOffers() }
}

// MARK: - Recovery

extension HierarchicalAllocator {
  /// Sets the quotas and, if there are any, waits for the slaves of the last master.
  public mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    guard supports.contains(.recovery) else { return }
    state.recover(expectedSlaves: expectedSlaves, quotas: quotas, at: now)
  }

  /// Stops all allocations.
  public mutating func pause(at now: Instant) {
    if supports.contains(.recovery) { state.pause(at: now) }
  }

  /// Goes on; what happened meanwhile is seen by the next tick.
  public mutating func resume(at now: Instant) {
    if supports.contains(.recovery) { state.resume(at: now) }
  }
}

extension HierarchicalAllocator: ExplainingAllocator {
  /// Why what is free on a slave is not offered.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: A refusal, quota or the next allocation; `nil` for none, or when nothing is free.
  public func withholding(on slave: SlaveIndex) -> Withholding? { state.withholding(on: slave) }

  /// The order of roles and frameworks; where the policy's differs from slave to slave, that for
  /// the first slave with something free.
  public func passOrder(at now: Instant) -> PassOrder? {
    var copy = state.copy()
    return copy.passOrder()
  }

  /// What keeps a framework from being offered what is free on a slave.
  public func obstacle(to framework: FrameworkIndex, on slave: SlaveIndex) -> Obstacle? {
    state.obstacle(to: framework, on: slave)
  }

  /// Whether its constraints, gpus or the policy may exclude slaves.
  public func distinguishesSlaves(for framework: FrameworkIndex) -> Bool {
    state.distinguishesSlaves(for: framework)
  }
}
