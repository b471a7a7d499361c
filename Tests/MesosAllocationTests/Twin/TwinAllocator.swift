// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocator a second time, straight from the text (Rules 5): every tick is a deadline, every
// pass visits every slave, every order is made again, every sum is taken again. Slow, and short
// enough to be compared with the text by reading.

import Mesos
import MesosAllocation
import VirtualTime

final class TwinSlave {
  var info: SlaveEntry
  var held: [(framework: FrameworkIndex, role: Role, resources: Resources)]
  var isActive = true
  var unavailableFrom: Instant?
  var asked: [FrameworkIndex] = []

  init(_ info: SlaveEntry) {
    self.info = info
    held = info.used
  }

  var available: Resources { held.reduce(info.total) { $0 - $1.resources } }

  func hold(_ resources: Resources, _ framework: FrameworkIndex, _ role: Role) {
    if let index = held.firstIndex(where: { $0.framework == framework && $0.role == role }) {
      held[index].resources += resources
    } else {
      held.append((framework, role, resources))
    }
  }
}

final class TwinFramework {
  var info: FrameworkEntry
  init(_ info: FrameworkEntry) { self.info = info }
}

struct TwinFilter {
  var framework: FrameworkIndex
  var role: Role
  var slave: SlaveIndex
  var resources: Resources
  var expiry: Instant
  /// The place of its timer among all timers ever set.
  var timer: Int
}

/// The state and the calls; `TwinAllocator+Pass` decides.
final class TwinState {
  let options: AllocatorOptions
  var slaves: [SlaveIndex: TwinSlave] = [:]
  var frameworks: [FrameworkIndex: TwinFramework] = [:]
  let roleSorter: TwinSorter
  var frameworkSorters: [Role: TwinSorter] = [:]
  /// The frameworks in each role, subscribed or still holding something there.
  var members: [Role: [FrameworkIndex]] = [:]
  var quotas: [Role: Quota] = [:]
  var filters: [TwinFilter] = []
  var refusals: [(framework: FrameworkIndex, slave: SlaveIndex, expiry: Instant)] = []
  var whitelist: [String]?
  var candidates: [SlaveIndex] = []
  var requestedAt: Instant?
  var isPaused = false
  var expectedSlaves: Int?
  var resumeAt: Instant?
  var nextTick: Instant
  var tickTimer = 0
  var timers = 0
  var inverseOffers: [InverseOffer] = []

  init(_ options: AllocatorOptions) {
    self.options = options
    roleSorter = TwinSorter(excluded: options.fairnessExclude)
    for (role, weight) in options.weights { roleSorter.updateWeight(role.value, weight) }
    nextTick = .start + options.interval
  }

  func newTimer() -> Int {
    timers += 1
    return timers
  }

  // MARK: Sums over everything

  var total: Quantities { slaves.values.reduce(Quantities()) { $0 + $1.info.total.scalars } }

  func updateTotals() {
    roleSorter.total = total
    for sorter in frameworkSorters.values { sorter.total = total }
  }

  // MARK: Tracking

  func track(_ framework: FrameworkIndex, _ role: Role) {
    if members[role]?.contains(framework) == true { return }
    if members[role] == nil {
      roleSorter.add(role.value)
      roleSorter.setActive(role.value, true)
      frameworkSorters[role] = TwinSorter(excluded: options.fairnessExclude)
      updateTotals()
    }
    members[role, default: []].append(framework)
    frameworkSorters[role]?.add(id(framework))
  }

  func untrackIfIdle(_ framework: FrameworkIndex, _ role: Role) {
    guard members[role]?.contains(framework) == true else { return }
    let holds = slaves.values.contains { slave in
      slave.held.contains { $0.framework == framework && $0.role == role }
    }
    if holds || frameworks[framework]?.info.roles.contains(role) == true { return }
    members[role]?.removeAll { $0 == framework }
    frameworkSorters[role]?.remove(id(framework))
    if members[role] == [] {
      members[role] = nil
      frameworkSorters[role] = nil
      roleSorter.remove(role.value)
    }
  }

  /// Ids are framework names, which sort as ids do.
  func id(_ framework: FrameworkIndex) -> String { names[framework] ?? "" }
  var names: [FrameworkIndex: String] = [:]

  func charge(_ resources: Resources, _ framework: FrameworkIndex, _ role: Role) {
    track(framework, role)
    roleSorter.allocated(role.value, resources.scalars)
    frameworkSorters[role]?.allocated(id(framework), resources.scalars)
  }

  func uncharge(_ resources: Resources, _ framework: FrameworkIndex, _ role: Role) {
    frameworkSorters[role]?.unallocated(id(framework), resources.scalars)
    roleSorter.unallocated(role.value, resources.scalars)
    untrackIfIdle(framework, role)
  }

  // MARK: Triggers

  func request(_ some: [SlaveIndex], at now: Instant) {
    if isPaused { return }
    for slave in some where !candidates.contains(slave) { candidates.append(slave) }
    requestedAt = requestedAt ?? now
  }

  func requestAll(at now: Instant) { request(Array(slaves.keys), at: now) }

  func removeFilters(of slave: SlaveIndex) {
    filters.removeAll { $0.slave == slave }
    refusals.removeAll { $0.slave == slave }
  }

  func suppress(_ framework: FrameworkIndex, _ roles: [Role]) {
    for role in roles {
      frameworkSorters[role]?.setActive(id(framework), false)
      frameworks[framework]?.info.suppressedRoles.append(role)
    }
  }

  func revive(_ framework: FrameworkIndex, _ roles: [Role]) {
    refusals.removeAll { $0.framework == framework }
    for role in roles {
      filters.removeAll { $0.framework == framework && $0.role == role }
      frameworkSorters[role]?.setActive(id(framework), true)
      frameworks[framework]?.info.suppressedRoles.removeAll { $0 == role }
    }
  }
}

extension Resources {
  var scalars: Quantities { scalarQuantities }
}
