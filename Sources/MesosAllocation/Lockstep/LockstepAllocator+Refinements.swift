// Part of mesosim. Apache-2.0, see LICENSE.
//
// What not every policy has, passed on to those of the two that have it; the other does without, as
// it would with a master of its own. What a master learns back is the leader's answer.

public import Mesos
public import VirtualTime

extension LockstepAllocator {
  /// Changes those of the two allocators that are also `Refined`.
  private mutating func refine<Refined>(
    _ cast: (any Allocator) -> Refined?, _ body: (inout Refined) -> any Allocator
  ) {
    tell { allocator in
      guard var refined = cast(allocator) else { return }
      allocator = body(&refined)
    }
  }
}

extension LockstepAllocator: WeightedAllocator {
  /// Sets the weights of both.
  public mutating func updateWeights(
    _ weights: [(role: Role, weight: Double)], at now: Instant
  ) {
    refine({ $0 as? any WeightedAllocator }) {
      $0.updateWeights(weights, at: now)
      return $0
    }
  }
}

extension LockstepAllocator: QuotaAllocator {
  /// Sets a role's quota in both.
  public mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    refine({ $0 as? any QuotaAllocator }) {
      $0.updateQuota(quota, of: role, at: now)
      return $0
    }
  }
}

extension LockstepAllocator: WhitelistAllocator {
  /// Keeps both to some hosts.
  public mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    refine({ $0 as? any WhitelistAllocator }) {
      $0.updateWhitelist(hostnames, at: now)
      return $0
    }
  }
}

extension LockstepAllocator: UpdatingAllocator {
  /// Tells both what changed about a slave.
  public mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    if let total = update.total { note { $0.setTotal(total, of: slave) } }
    refine({ $0 as? any UpdatingAllocator }) {
      $0.updateSlave(slave, update, at: now)
      return $0
    }
  }

  /// Tells both that a slave is connected again.
  public mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    refine({ $0 as? any UpdatingAllocator }) {
      $0.activateSlave(slave, at: now)
      return $0
    }
  }

  /// Tells both that a slave is not to be offered.
  public mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    refine({ $0 as? any UpdatingAllocator }) {
      $0.deactivateSlave(slave, at: now)
      return $0
    }
  }

  /// Tells both what changed about a framework.
  public mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    note { $0.addFramework(framework, info) }
    refine({ $0 as? any UpdatingAllocator }) {
      $0.updateFramework(framework, info, at: now)
      return $0
    }
  }
}

extension LockstepAllocator: ReservingAllocator {
  /// Tells both what became of something that a framework holds.
  public mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    refine({ $0 as? any ReservingAllocator }) {
      $0.updateAllocation(
        of: framework, role: role, on: slave, from: consumed, to: converted, at: now)
      return $0
    }
  }

  /// Has both turn free resources into something else.
  ///
  /// - Parameters:
  ///   - slave: The slave.
  ///   - consumed: What is to be replaced.
  ///   - converted: What it becomes.
  ///   - now: When.
  /// - Returns: Whether the leader did it.
  public mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool {
    var answers: [Bool] = []
    tell { allocator in
      guard var reserving = allocator as? any ReservingAllocator else {
        return answers.append(false)
      }
      answers.append(
        reserving.updateAvailable(on: slave, from: consumed, to: converted, at: now))
      allocator = reserving
    }
    return answers.first ?? false
  }
}

extension LockstepAllocator: MaintenanceAllocator {
  /// Tells both when a slave will be unavailable.
  public mutating func updateUnavailability(
    of slave: SlaveIndex, from start: Instant?, at now: Instant
  ) {
    refine({ $0 as? any MaintenanceAllocator }) {
      $0.updateUnavailability(of: slave, from: start, at: now)
      return $0
    }
  }

  /// Tells both how an inverse offer ended.
  public mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {
    refine({ $0 as? any MaintenanceAllocator }) {
      $0.inverseOfferEnded(
        of: framework, on: slave, accepted: accepted, refusal: refusal, at: now)
      return $0
    }
  }

  /// Takes the inverse offers of both.
  ///
  /// - Returns: Those of the leader.
  public mutating func takeInverseOffers() -> [InverseOffer] {
    var taken: [[InverseOffer]] = []
    tell { allocator in
      guard var asking = allocator as? any MaintenanceAllocator else { return taken.append([]) }
      taken.append(asking.takeInverseOffers())
      allocator = asking
    }
    return taken.first ?? []
  }
}

extension LockstepAllocator: RecoveringAllocator {
  /// Tells both that a new master took over.
  public mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    refine({ $0 as? any RecoveringAllocator }) {
      $0.recover(expectedSlaves: expectedSlaves, quotas: quotas, at: now)
      return $0
    }
  }

  /// Stops both.
  public mutating func pause(at now: Instant) {
    refine({ $0 as? any RecoveringAllocator }) {
      $0.pause(at: now)
      return $0
    }
  }

  /// Lets both go on.
  public mutating func resume(at now: Instant) {
    refine({ $0 as? any RecoveringAllocator }) {
      $0.resume(at: now)
      return $0
    }
  }
}

extension LockstepAllocator: ExplainingAllocator {
  /// Why what is free on a slave is with nobody.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: What the leader says.
  public func withholding(on slave: SlaveIndex) -> Withholding? {
    (leader as? any ExplainingAllocator)?.withholding(on: slave)
  }
}
