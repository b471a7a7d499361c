// Part of mesosim. Apache-2.0, see LICENSE.
//
// An allocator that makes runs, behind the interface of one that does not: for comparing both.

import Mesos
import MesosAllocation
import VirtualTime

/// Has its allocator make runs, and tells of each of their slaves by itself.
struct UnrollingAllocator: Allocator {
  var inner: any Allocator
  /// The open offers of runs.
  private(set) var open: [SlaveIndex: (run: AllocationRun, place: Int)] = [:]
  /// How many slaves were offered in runs, and how many of these offers ended as a part of one.
  private(set) var offered = 0
  private(set) var ended = 0

  init(_ inner: any Allocator) { self.inner = inner }

  var nextDeadline: Instant? { inner.nextDeadline }
  var supports: AllocatorCapabilities { inner.supports }

  mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    var runs: [AllocationRun] = []
    inner.allocate(at: now, into: &allocations, runs: &runs)
    for run in runs {
      for place in 0..<run.count {
        allocations.append(
          Allocation(
            framework: run.framework, role: run.role, slave: run.slaves[place],
            resources: run.resources(at: place), reason: Allocation.Reason(stage: 2)))
        open[run.slaves[place]] = (run, place)
        offered += 1
      }
    }
  }

  /// Ends offers to a framework, in each run as many at a time as stand side by side.
  mutating func recoverMany(_ shares: [Held], refusal: Filters?, at now: Instant) {
    var rest = shares[...]
    while let first = rest.first {
      let count = rest.count
      if let entry = entry(of: first) {
        let end = rest.indices.dropFirst().first { index in
          let place = entry.place + index - rest.startIndex
          guard let next = self.entry(of: rest[index]) else { return true }
          return next.run !== entry.run || next.place != place
        }
        let part = rest[..<(end ?? rest.endIndex)]
        inner.runEnded(
          entry.run, entry.place..<entry.place + part.count, refusal: refusal, at: now)
        for share in part { open[share.slave] = nil }
        ended += part.count
        rest = rest[part.endIndex...]
      } else {
        recover(
          first.resources, from: first.framework, role: first.role, on: first.slave,
          refusal: refusal, at: now)
        rest = rest.dropFirst()
      }
      precondition(rest.count < count)
    }
  }

  private func entry(of share: Held) -> (run: AllocationRun, place: Int)? {
    guard let entry = open[share.slave], entry.run.framework == share.framework,
      entry.run.role == share.role, entry.run.resources(at: entry.place) == share.resources
    else { return nil }
    return entry
  }

  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    if let entry = open[slave], entry.run.framework == framework { open[slave] = nil }
    inner.recover(resources, from: framework, role: role, on: slave, refusal: refusal, at: now)
  }

  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    inner.addSlave(slave, info, at: now)
  }
  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    open[slave] = nil
    inner.removeSlave(slave, at: now)
  }
  mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    inner.addFramework(framework, info, at: now)
  }
  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    for (slave, entry) in open where entry.run.framework == framework { open[slave] = nil }
    inner.removeFramework(framework, at: now)
  }
  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    inner.activateFramework(framework, at: now)
  }
  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    inner.deactivateFramework(framework, at: now)
  }
  mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    inner.suppress(framework, roles: roles, at: now)
  }
  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    inner.revive(framework, roles: roles, at: now)
  }
  mutating func updateWeights(_ weights: [(role: Role, weight: Double)], at now: Instant) {
    inner.updateWeights(weights, at: now)
  }
  mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    inner.updateQuota(quota, of: role, at: now)
  }
  mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    inner.updateWhitelist(hostnames, at: now)
  }
  mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    inner.updateSlave(slave, update, at: now)
  }
  mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    inner.activateSlave(slave, at: now)
  }
  mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    inner.deactivateSlave(slave, at: now)
  }
  mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    inner.updateFramework(framework, info, at: now)
  }
  mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    open[slave] = nil
    inner.updateAllocation(
      of: framework, role: role, on: slave, from: consumed, to: converted, at: now)
  }
  mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool {
    inner.updateAvailable(on: slave, from: consumed, to: converted, at: now)
  }
  mutating func updateUnavailability(of slave: SlaveIndex, from start: Instant?, at now: Instant) {
    inner.updateUnavailability(of: slave, from: start, at: now)
  }
  mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {
    inner.inverseOfferEnded(
      of: framework, on: slave, accepted: accepted, refusal: refusal, at: now)
  }
  mutating func takeInverseOffers() -> [InverseOffer] { inner.takeInverseOffers() }
  mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    inner.recover(expectedSlaves: expectedSlaves, quotas: quotas, at: now)
  }
  mutating func pause(at now: Instant) { inner.pause(at: now) }
  mutating func resume(at now: Instant) { inner.resume(at: now) }
}
