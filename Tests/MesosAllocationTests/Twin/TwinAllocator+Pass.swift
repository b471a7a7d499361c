// Part of mesosim. Apache-2.0, see LICENSE.
//
// One run of the twin, line by line as in Rules 5.3 and 5.9.

import Mesos
import MesosAllocation
import VirtualTime

/// What a run keeps besides the state.
struct TwinRun {
  let now: Instant
  var consumed: [Role: Quantities]
  var required: Quantities
  var available: Quantities
}

extension TwinState {
  func pass(at now: Instant, isTick: Bool, into allocations: inout [Allocation]) {
    let visited = candidates.filter { slave in
      guard let place = slaves[slave], place.isActive else { return false }
      return whitelist?.contains(place.info.hostname) ?? true
    }
    let order = visited.sorted { left, right in
      guard let one = slaves[left], let other = slaves[right] else { return false }
      return one.info.id < other.info.id
    }
    var run = openRun(at: now)
    for slave in order { guarantee(slave, &run, &allocations) }
    for slave in order { share(slave, &run, &allocations) }
    askToLeave(at: now)
  }

  private func openRun(at now: Instant) -> TwinRun {
    let topRoles = quotas.keys.filter { !$0.value.contains("/") }
    var consumed: [Role: Quantities] = [:]
    var required = Quantities()
    for role in topRoles {
      consumed[role] = quotaConsumed(by: role)
      required += (quotas[role]?.guarantees ?? Quantities()) - (consumed[role] ?? Quantities())
    }
    var held = Quantities()
    var reserved = Quantities()
    var reservedHeld = Quantities()
    var revocable = Quantities()
    for slave in slaves.values {
      reserved += (slave.info.total - slave.info.total.unreserved).scalars
      revocable += slave.available.revocable.scalars
      for used in slave.held where frameworks[used.framework] != nil {
        held += used.resources.scalars
        reservedHeld += (used.resources - used.resources.unreserved).scalars
      }
    }
    return TwinRun(
      now: now, consumed: consumed, required: required,
      available: total - held - (reserved - reservedHeld) - revocable)
  }

  private func quotaConsumed(by role: Role) -> Quantities {
    func isBelow(_ other: Role) -> Bool { other == role || role.isAncestor(of: other) }
    var sum = Quantities()
    for slave in slaves.values {
      for entry in slave.info.total.entries where entry.role != .unreserved && isBelow(entry.role) {
        sum += Resources([entry]).scalars
      }
      for used in slave.held where isBelow(used.role) && frameworks[used.framework] != nil {
        sum += used.resources.unreserved.nonRevocable.scalars
      }
    }
    return sum
  }

  private func guarantee(_ slave: SlaveIndex, _ run: inout TwinRun, _ out: inout [Allocation]) {
    guard let place = slaves[slave] else { return }
    for path in roleSorter.sort() {
      let role = Role(path)
      guard let quota = quotas[role], !quota.guarantees.isEmpty else { continue }
      if place.available.isEmpty { break }
      var unmet = quota.guarantees - (run.consumed[role] ?? Quantities())
      for framework in sortedFrameworks(role) {
        if unmet.isEmpty { break }
        let reachable = place.available.allocatable(to: role)
        if reachable.isEmpty { break }
        guard let takeable = takeable(reachable, framework, role, place) else { continue }
        let governed = takeable.governedScalars
        let promised = governed.shrunk(to: unmet)
        if promised.isEmpty { continue }
        var extra = governed - promised
        if !quota.limits.isEmpty {
          let consumed = run.consumed[role] ?? Quantities()
          extra = extra.shrunk(to: quota.limits - consumed - promised.scalars)
        }
        if !run.required.isEmpty { extra = extra.shrunk(to: run.available - run.required) }
        let alwaysToo = takeable.kept {
          $0.role == role && role != .unreserved || !$0.isScalar || $0.isRevocable
        }
        let offer = promised + alwaysToo + extra
        guard mayOffer(offer, framework, role, slave, run) else { continue }
        let counted = (promised + extra).scalars
        unmet -= counted
        run.consumed[role, default: Quantities()] += counted
        run.required -= promised.scalars
        run.available -= counted
        give(offer, framework, role, slave, stage: 1, &out)
      }
    }
  }

  private func share(_ slave: SlaveIndex, _ run: inout TwinRun, _ out: inout [Allocation]) {
    guard let place = slaves[slave] else { return }
    for path in roleSorter.sort() {
      let role = Role(path)
      if place.available.isEmpty { break }
      for framework in sortedFrameworks(role) {
        let reachable = place.available.allocatable(to: role)
        if reachable.isEmpty { break }
        guard let takeable = takeable(reachable, framework, role, place) else { continue }
        var governed = takeable.governedScalars
        if let limits = quotas[role]?.limits, !limits.isEmpty {
          governed = governed.shrunk(to: limits - (run.consumed[role] ?? Quantities()))
        }
        if !run.required.isEmpty { governed = governed.shrunk(to: run.available - run.required) }
        let always = takeable.kept { $0.role != .unreserved || !$0.isScalar || $0.isRevocable }
        let offer = always + governed
        guard mayOffer(offer, framework, role, slave, run) else { continue }
        if quotas[role] != nil { run.consumed[role, default: Quantities()] += governed.scalars }
        run.available -= governed.scalars
        give(offer, framework, role, slave, stage: 2, &out)
      }
    }
  }

  private func sortedFrameworks(_ role: Role) -> [FrameworkIndex] {
    (frameworkSorters[role]?.sort() ?? []).compactMap { id in
      members[role]?.first { names[$0] == id }
    }
  }

  private func takeable(
    _ reachable: Resources, _ framework: FrameworkIndex, _ role: Role, _ place: TwinSlave
  ) -> Resources? {
    guard let info = frameworks[framework]?.info, isEnough(reachable, info, role) else {
      return nil
    }
    let can = info.capabilities
    if options.filtersGPUs, place.info.total.gpus > 0, !can.contains(.gpuResources) { return nil }
    return reachable.kept { entry in
      if entry.isRevocable && !can.contains(.revocableResources) { return false }
      return entry.reservations.count < 2 || can.contains(.reservationRefinement)
    }
  }

  private func isEnough(_ resources: Resources, _ info: FrameworkEntry, _ role: Role) -> Bool {
    if resources.isEmpty { return false }
    let sets = info.minAllocatable.first { $0.role == role }?.anyOf ?? options.minAllocatable
    return sets.isEmpty || sets.contains { resources.quantities.contains($0) }
  }

  private func mayOffer(
    _ offer: Resources, _ framework: FrameworkIndex, _ role: Role, _ slave: SlaveIndex,
    _ run: TwinRun
  ) -> Bool {
    guard let info = frameworks[framework]?.info, let place = slaves[slave] else { return false }
    guard isEnough(offer, info, role) else { return false }
    let serves = place.info.capabilities
    if info.capabilities.contains(.multiRole) && !serves.contains(.multiRole) { return false }
    if role.value.contains("/") && !serves.contains(.hierarchicalRole) { return false }
    return !filters.contains {
      $0.framework == framework && $0.role == role && $0.slave == slave
        && $0.resources.contains(offer)
    }
  }

  private func give(
    _ offer: Resources, _ framework: FrameworkIndex, _ role: Role, _ slave: SlaveIndex,
    stage: UInt8, _ out: inout [Allocation]
  ) {
    out.append(
      Allocation(
        framework: framework, role: role, slave: slave, resources: offer,
        reason: .init(
          stage: stage, roleShare: roleSorter.share(role.value),
          frameworkShare: frameworkSorters[role]?.share(id(framework)) ?? 0)))
    slaves[slave]?.hold(offer, framework, role)
    charge(offer, framework, role)
  }

  private func askToLeave(at now: Instant) {
    for slave in candidates.sorted() {
      guard let place = slaves[slave], let start = place.unavailableFrom else { continue }
      for used in place.held {
        let framework = used.framework
        guard frameworks[framework]?.info.isActive == true, !place.asked.contains(framework),
          !refusals.contains(where: {
            $0.framework == framework && $0.slave == slave && $0.expiry > now
          })
        else { continue }
        place.asked.append(framework)
        inverseOffers.append(InverseOffer(framework: framework, slave: slave, start: start))
      }
    }
  }
}

extension Resources {
  var governedScalars: Resources {
    kept { $0.isScalar && $0.role == .unreserved && !$0.isRevocable }
  }
  func kept(_ test: (Resource) -> Bool) -> Resources { Resources(entries.filter(test)) }
}

extension Resource {
  var isScalar: Bool { if case .scalar = value { true } else { false } }
}
