// Part of mesosim. Apache-2.0, see LICENSE.
//
// What not every policy supports, passed on to both; one that does not support it does nothing, as
// with a master of its own. What a master learns back is the leader's answer.

public import Mesos
public import VirtualTime

extension LockstepAllocator {
  /// What either supports: each is told everything.
  public var supports: AllocatorCapabilities { leader.supports.union(follower.supports) }
}

// MARK: - Weights, quota, whitelist

extension LockstepAllocator {
  /// Sets the weights of both.
  public mutating func updateWeights(
    _ weights: [(role: Role, weight: Double)], at now: Instant
  ) {
    tell { $0.updateWeights(weights, at: now) }
  }

  /// Sets a role's quota in both.
  public mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    tell { $0.updateQuota(quota, of: role, at: now) }
  }

  /// Keeps both to some hosts.
  public mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    tell { $0.updateWhitelist(hostnames, at: now) }
  }
}

// MARK: - Updates

extension LockstepAllocator {
  /// Tells both what changed about a slave.
  public mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    if let total = update.total { note { $0.setTotal(total, of: slave) } }
    tell { $0.updateSlave(slave, update, at: now) }
  }

  /// Tells both that a slave is connected again.
  public mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    tell { $0.activateSlave(slave, at: now) }
  }

  /// Tells both that a slave is not to be offered.
  public mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    tell { $0.deactivateSlave(slave, at: now) }
  }

  /// Tells both what changed about a framework.
  public mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    note { $0.addFramework(framework, info) }
    tell { $0.updateFramework(framework, info, at: now) }
  }
}

// MARK: - Reservations

extension LockstepAllocator {
  /// Tells both what became of something that a framework holds.
  public mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    tell {
      $0.updateAllocation(
        of: framework, role: role, on: slave, from: consumed, to: converted, at: now)
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
    tell { $0.updateAvailable(on: slave, from: consumed, to: converted, at: now) } ?? false
  }
}

// MARK: - Maintenance

extension LockstepAllocator {
  /// Tells both when a slave will be unavailable.
  public mutating func updateUnavailability(
    of slave: SlaveIndex, from start: Instant?, at now: Instant
  ) {
    tell { $0.updateUnavailability(of: slave, from: start, at: now) }
  }

  /// Tells both how an inverse offer ended.
  public mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {
    tell {
      $0.inverseOfferEnded(
        of: framework, on: slave, accepted: accepted, refusal: refusal, at: now)
    }
  }

  /// Takes the inverse offers of both.
  ///
  /// - Returns: Those of the leader.
  public mutating func takeInverseOffers() -> [InverseOffer] {
    tell { $0.takeInverseOffers() } ?? []
  }
}

// MARK: - Recovery

extension LockstepAllocator {
  /// Tells both that a new master took over.
  public mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    tell { $0.recover(expectedSlaves: expectedSlaves, quotas: quotas, at: now) }
  }

  /// Stops both.
  public mutating func pause(at now: Instant) { tell { $0.pause(at: now) } }

  /// Lets both go on.
  public mutating func resume(at now: Instant) { tell { $0.resume(at: now) } }
}

extension LockstepAllocator: ExplainingAllocator {
  /// Why what is free on a slave is not offered.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: What the leader says.
  public func withholding(on slave: SlaveIndex) -> Withholding? {
    (leader as? any ExplainingAllocator)?.withholding(on: slave)
  }

  /// The leader's order.
  public func passOrder(at now: Instant) -> PassOrder? {
    (leader as? any ExplainingAllocator)?.passOrder(at: now)
  }

  /// What the leader says.
  public func obstacle(to framework: FrameworkIndex, on slave: SlaveIndex) -> Obstacle? {
    (leader as? any ExplainingAllocator)?.obstacle(to: framework, on: slave)
  }

  /// What the leader says.
  public func distinguishesSlaves(for framework: FrameworkIndex) -> Bool {
    (leader as? any ExplainingAllocator)?.distinguishesSlaves(for: framework) ?? false
  }
}
