// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an allocator does with calls that it has no use for. Nothing here may decide anything: a
// default that did would make two policies alike without either saying so.

public import Mesos
public import VirtualTime

extension Allocator {
  /// Nothing beyond slaves, frameworks and offers.
  public var supports: AllocatorCapabilities { [] }

  /// Tells of none.
  public var activeFilters: [(role: Role, count: Int)] { [] }

  /// Does nothing: most policies keep nothing for a slave that is away.
  public mutating func forgetSlave(_ slave: SlaveIndex, at now: Instant) {}

  /// Takes the resources back, as offers count as allocated.
  public mutating func offerEnded(
    _ resources: Resources, of framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    recover(resources, from: framework, role: role, on: slave, refusal: refusal, at: now)
  }

  /// Makes every decision one by one.
  public mutating func allocate(
    at now: Instant, into allocations: inout [Allocation], runs: inout [AllocationRun]
  ) {
    allocate(at: now, into: &allocations)
  }

  /// Ends one offer after the other.
  public mutating func runEnded(
    _ run: AllocationRun, _ places: Range<Int>, refusal: Filters?, at now: Instant
  ) {
    for place in places {
      offerEnded(
        run.resources(at: place), of: run.framework, role: run.role, on: run.slaves[place],
        refusal: refusal, at: now)
    }
  }

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

// MARK: - What is not supported

extension Allocator {
  /// Does nothing.
  public mutating func updateWeights(_ weights: [(role: Role, weight: Double)], at now: Instant) {}

  /// Does nothing.
  public mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {}

  /// Does nothing.
  public mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {}

  /// Does nothing.
  public mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {}

  /// Does nothing.
  public mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {}

  /// Does nothing.
  public mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {}

  /// Does nothing.
  public mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {}

  /// Does nothing.
  public mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {}

  /// Does nothing.
  ///
  /// - Parameters:
  ///   - slave: The slave.
  ///   - consumed: What is to be replaced.
  ///   - converted: What it is to become.
  ///   - now: When.
  /// - Returns: That it was not done.
  public mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool { false }

  /// Does nothing.
  public mutating func updateUnavailability(
    of slave: SlaveIndex, from start: Instant?, at now: Instant
  ) {}

  /// Does nothing.
  public mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {}

  /// Asks no framework to leave a slave.
  ///
  /// - Returns: None.
  public mutating func takeInverseOffers() -> [InverseOffer] { [] }

  /// Does nothing: slaves are offered as they come back.
  public mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {}

  /// Does nothing.
  public mutating func pause(at now: Instant) {}

  /// Does nothing.
  public mutating func resume(at now: Instant) {}
}
