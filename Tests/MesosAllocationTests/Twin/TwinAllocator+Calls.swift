// Part of mesosim. Apache-2.0, see LICENSE.
//
// The calls of the twin (Rules 5.2, 5.7, 5.8).

import Mesos
import MesosAllocation
import VirtualTime

struct TwinAllocator: Allocator, @unchecked Sendable {
  let state: TwinState
  init(_ options: AllocatorOptions) { state = TwinState(options) }

  var nextDeadline: Instant? {
    [state.nextTick, state.requestedAt, state.resumeAt].compactMap { $0 }.min()
  }

  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    state.slaves[slave] = TwinSlave(info)
    state.updateTotals()
    for used in info.used where state.frameworks[used.framework] != nil {
      state.charge(used.resources, used.framework, used.role)
    }
    if state.isPaused, let expected = state.expectedSlaves, state.slaves.count >= expected {
      state.expectedSlaves = nil
      state.isPaused = false
    }
    state.request([slave], at: now)
  }

  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    guard let gone = state.slaves[slave] else { return }
    let held = gone.held
    gone.held = []
    for used in held where state.frameworks[used.framework] != nil {
      state.uncharge(used.resources, used.framework, used.role)
    }
    state.slaves[slave] = nil
    state.candidates.removeAll { $0 == slave }
    state.removeFilters(of: slave)
    state.updateTotals()
  }

  mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    state.frameworks[framework] = TwinFramework(info)
    state.names[framework] = info.id.value
    for role in info.roles {
      state.track(framework, role)
      let isListed = info.isActive && !info.suppressedRoles.contains(role)
      state.frameworkSorters[role]?.setActive(info.id.value, isListed)
    }
    for slave in state.slaves.keys.sorted() {
      for used in state.slaves[slave]?.held ?? [] where used.framework == framework {
        state.charge(used.resources, framework, used.role)
      }
    }
    if info.isActive { state.requestAll(at: now) }
  }

  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let gone = state.frameworks[framework] else { return }
    gone.info.roles = []
    for slave in state.slaves.values {
      let held = slave.held.filter { $0.framework == framework }
      slave.held.removeAll { $0.framework == framework }
      slave.asked.removeAll { $0 == framework }
      for used in held { state.uncharge(used.resources, framework, used.role) }
    }
    for role in Array(state.members.keys) { state.untrackIfIdle(framework, role) }
    state.frameworks[framework] = nil
    state.filters.removeAll { $0.framework == framework }
    state.refusals.removeAll { $0.framework == framework }
  }

  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let info = state.frameworks[framework]?.info else { return }
    state.frameworks[framework]?.info.isActive = true
    for role in info.roles where !info.suppressedRoles.contains(role) {
      state.frameworkSorters[role]?.setActive(info.id.value, true)
    }
    state.requestAll(at: now)
  }

  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let info = state.frameworks[framework]?.info else { return }
    state.frameworks[framework]?.info.isActive = false
    for role in info.roles { state.frameworkSorters[role]?.setActive(info.id.value, false) }
    state.filters.removeAll { $0.framework == framework }
    state.refusals.removeAll { $0.framework == framework }
  }

  mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    guard let info = state.frameworks[framework]?.info else { return }
    state.suppress(framework, roles.isEmpty ? info.roles : roles.filter(info.roles.contains))
  }

  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    guard let info = state.frameworks[framework]?.info else { return }
    state.revive(framework, roles.isEmpty ? info.roles : roles.filter(info.roles.contains))
    state.requestAll(at: now)
  }

  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    guard let place = state.slaves[slave], state.frameworks[framework] != nil,
      let index = place.held.firstIndex(where: { $0.framework == framework && $0.role == role })
    else { return }
    place.held[index].resources -= resources
    if place.held[index].resources.isEmpty { place.held.remove(at: index) }
    state.uncharge(resources, framework, role)
    guard let seconds = refusal?.refuseSeconds, seconds != 0 else { return }
    let length: Duration = seconds.isNaN || seconds < 0 ? .seconds(5) : .rounded(seconds: seconds)
    state.filters.append(
      TwinFilter(
        framework: framework, role: role, slave: slave, resources: resources,
        expiry: now + max(state.options.interval, min(length, .seconds(31_536_000))),
        timer: state.newTimer()))
  }

  mutating func allocate(at now: Instant, into allocations: inout [Allocation]) {
    if let resumeAt = state.resumeAt, resumeAt <= now {
      state.resumeAt = nil
      state.isPaused = false
    }
    let isTick = state.nextTick <= now
    if isTick {
      // Of two timers for this instant the older fires first.
      state.filters.removeAll { $0.expiry == now && $0.timer < state.tickTimer }
      state.filters.removeAll { $0.expiry < now }
      state.requestAll(at: now)
    } else {
      state.filters.removeAll { $0.expiry <= now }
    }
    if state.requestedAt != nil, !state.isPaused {
      state.pass(at: now, isTick: isTick, into: &allocations)
      state.candidates = []
    }
    state.requestedAt = nil
    if isTick {
      state.nextTick = state.nextTick + state.options.interval
      state.tickTimer = state.newTimer()
      state.filters.removeAll { $0.expiry <= now }
    }
  }
}

extension TwinAllocator {
  var supports: AllocatorCapabilities { .all }

  mutating func updateWeights(_ weights: [(role: Role, weight: Double)], at now: Instant) {
    for (role, weight) in weights { state.roleSorter.updateWeight(role.value, weight) }
  }

  mutating func updateQuota(_ quota: Quota, of role: Role, at now: Instant) {
    state.quotas[role] = quota.isDefault ? nil : quota
  }

  mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    state.whitelist = hostnames
  }
}

extension TwinAllocator {
  mutating func updateSlave(_ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant) {
    guard let place = state.slaves[slave] else { return }
    var isChanged = false
    if let attributes = update.attributes, attributes != place.info.attributes {
      state.removeFilters(of: slave)
      place.info.attributes = attributes
      isChanged = true
    }
    if let total = update.total, total != place.info.total {
      place.info.total = total
      state.updateTotals()
      isChanged = true
    }
    if isChanged { state.request([slave], at: now) }
  }

  mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    state.slaves[slave]?.isActive = true
  }

  mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    state.slaves[slave]?.isActive = false
  }

  mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    guard let known = state.frameworks[framework] else { return }
    let old = known.info
    for role in info.roles where !old.roles.contains(role) {
      state.track(framework, role)
      state.frameworkSorters[role]?.setActive(info.id.value, true)
    }
    known.info.roles = info.roles
    for role in old.roles where !info.roles.contains(role) {
      state.frameworkSorters[role]?.setActive(info.id.value, false)
      known.info.suppressedRoles.removeAll { $0 == role }
      state.filters.removeAll { $0.framework == framework && $0.role == role }
      state.untrackIfIdle(framework, role)
    }
    known.info.capabilities = info.capabilities
    known.info.minAllocatable = info.minAllocatable
    state.suppress(
      framework, info.suppressedRoles.filter { !old.suppressedRoles.contains($0) })
    state.revive(
      framework,
      old.suppressedRoles.filter {
        !info.suppressedRoles.contains($0) && info.roles.contains($0)
      })
  }

  mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    guard let place = state.slaves[slave],
      let index = place.held.firstIndex(where: { $0.framework == framework && $0.role == role })
    else { return }
    place.held[index].resources -= consumed
    place.held[index].resources += converted
    place.info.total = place.info.total - consumed + converted
    let (old, new) = (consumed.scalars, converted.scalars)
    state.roleSorter.updated(role.value, from: old, to: new)
    state.frameworkSorters[role]?.updated(state.id(framework), from: old, to: new)
    state.updateTotals()
  }

  mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool {
    guard let place = state.slaves[slave], place.available.contains(consumed) else {
      return false
    }
    place.info.total = place.info.total - consumed + converted
    state.updateTotals()
    return true
  }
}

extension TwinAllocator {
  mutating func updateUnavailability(of slave: SlaveIndex, from start: Instant?, at now: Instant) {
    state.refusals.removeAll { $0.slave == slave }
    state.slaves[slave]?.unavailableFrom = start
    state.slaves[slave]?.asked = []
    state.request([slave], at: now)
  }

  mutating func inverseOfferEnded(
    of framework: FrameworkIndex, on slave: SlaveIndex, accepted: Bool?, refusal: Filters?,
    at now: Instant
  ) {
    guard state.slaves[slave]?.unavailableFrom != nil else { return }
    state.slaves[slave]?.asked.removeAll { $0 == framework }
    guard let seconds = refusal?.refuseSeconds, seconds != 0 else { return }
    let length = seconds.isNaN || seconds < 0 ? 5 : min(seconds, 31_536_000)
    state.refusals.append((framework, slave, now + .rounded(seconds: length)))
  }

  mutating func takeInverseOffers() -> [InverseOffer] {
    let made = state.inverseOffers.sorted { ($0.framework, $0.slave) < ($1.framework, $1.slave) }
    state.inverseOffers = []
    return made
  }

  mutating func recover(
    expectedSlaves: Int, quotas: [(role: Role, quota: Quota)], at now: Instant
  ) {
    if quotas.isEmpty { return }
    for (role, quota) in quotas { updateQuota(quota, of: role, at: now) }
    let expected = Int(Double(expectedSlaves) * state.options.recoveryFactor)
    if expected == 0 { return }
    state.expectedSlaves = expected
    state.resumeAt = now + state.options.recoveryTimeout
    state.isPaused = true
  }

  mutating func pause(at now: Instant) {
    state.isPaused = true
    state.requestedAt = nil
  }

  mutating func resume(at now: Instant) { state.isPaused = false }
}
