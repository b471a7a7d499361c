// Part of mesosim. Apache-2.0, see LICENSE.
//
// Everything that an operator or a failing master can ask of Mesos's allocator.

public import Mesos
public import VirtualTime

extension HierarchicalAllocator: WeightedAllocator {
  /// Sets weights; the next allocation sorts by them.
  public mutating func updateWeights(
    _ weights: [(role: Role, weight: Double)], at now: Instant
  ) {
    state.updateWeights(weights, at: now)
  }
}

extension HierarchicalAllocator: QuotaAllocator {
  /// Sets a role's guarantees and limits; the next tick allocates by them.
  public mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    state.updateQuota(quota, of: role, at: now)
  }
}

extension HierarchicalAllocator: WhitelistAllocator {
  /// Offers only slaves on these hosts from the next tick on.
  public mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    state.updateWhitelist(hostnames, at: now)
  }
}

extension HierarchicalAllocator: UpdatingAllocator {
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

extension HierarchicalAllocator: ReservingAllocator {
  /// Turns something that a framework holds into something else; its share counts no allocation.
  public mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
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
    state.updateAvailable(on: slave, from: consumed, to: converted, at: now)
  }
}

extension HierarchicalAllocator: MaintenanceAllocator {
  /// Takes note of the maintenance; offers the slave's resources and asks its frameworks at once.
  public mutating func updateUnavailability(
    of slave: SlaveIndex, from start: Instant?, at now: Instant
  ) {
    state.updateUnavailability(of: slave, from: start, at: now)
  }

  /// Takes note of an answer; a framework that still holds something is asked again at some tick.
  public mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {
    state.inverseOfferEnded(of: framework, on: slave, refusal: refusal, at: now)
  }

  /// Takes the inverse offers made, by framework and slave.
  ///
  /// - Returns: Whom to ask to leave which slave.
  public mutating func takeInverseOffers() -> [InverseOffer] { state.takeInverseOffers() }
}

extension HierarchicalAllocator: RecoveringAllocator {
  /// Sets the quotas and, if there are any, waits for the slaves of the last master.
  public mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    state.recover(expectedSlaves: expectedSlaves, quotas: quotas, at: now)
  }

  /// Stops all allocations.
  public mutating func pause(at now: Instant) { state.pause(at: now) }

  /// Goes on; what happened meanwhile is seen by the next tick.
  public mutating func resume(at now: Instant) { state.resume(at: now) }
}

extension HierarchicalAllocator: ExplainingAllocator {
  /// Why what is free on a slave is with nobody.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: A refusal, quota or the next allocation; `nil` for none, or when nothing is free.
  public func withholding(on slave: SlaveIndex) -> Withholding? { state.withholding(on: slave) }
}
