// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can happen to a random cluster.

import Mesos
import MesosAllocation
import VirtualTime

extension RandomCluster {
  /// Does one thing, if it can be done.
  mutating func act() {
    if ingredients.declinesMany, random.chance(25) { return declineMany() }
    switch random.below(110) {
    case 0..<14: addSlave()
    case 14..<18: removeSlave()
    case 18..<26: addFramework()
    case 26..<29: removeFramework()
    case 29..<50: decline()
    case 50..<62: finish()
    case 62..<66: toggleFramework()
    case 66..<70: suppress()
    case 70..<74: revive()
    case 74..<77: changeSlave()
    case 77..<80: toggleSlave()
    case 80..<82: updateFramework()
    case 82..<85: weights()
    case 85..<90: if ingredients.hasQuota { quota() }
    case 90..<93: if ingredients.hasReservations { reserveFree() }
    case 93..<95: if ingredients.hasReservations { reserveHeld() }
    case 95..<97: maintain()
    case 97..<98: whitelist()
    case 98..<99: answerInverseOffer()
    case 99..<100: pause()
    default: launch()
    }
  }

  /// Says that tasks run in what was offered, or what would be wanted.
  mutating func launch() {
    if random.chance(30), !frameworks.isEmpty {
      let framework = random.pick(presentFrameworks)
      let shapes = [[Resources(cpus: 0.5, mem: 16)], [Resources(cpus: 1, mem: 64)], []]
      let shape = random.pick(shapes)
      return each("requested f\(framework) \(shape)") { [now] in
        $0.requested(framework, shape, at: now)
      }
    }
    guard !held.isEmpty else { return }
    let share = random.pick(held)
    let used = random.chance(50) ? share.resources : Resources(cpus: 0.5, mem: 16)
    guard share.resources.contains(used) else { return }
    each("used f\(share.framework) s\(share.slave) \(used)") { [now] in
      $0.used(used, by: share.framework, role: share.role, on: share.slave, at: now)
    }
  }

  // MARK: Slaves

  mutating func someResources() -> Resources {
    var entries: [Resource] = []
    let cpus = random.pick([0.5, 1, 2, 2, 4, 4, 8])
    let mem = random.pick([16.0, 100, 512, 1024, 1024, 4096])
    entries.append(Resource("cpus", .scalar(amount(cpus))))
    entries.append(Resource("mem", .scalar(amount(mem))))
    if random.chance(30) { entries.append(Resource("disk", .scalar(amount(1000)))) }
    if random.chance(30) {
      entries.append(Resource("ports", .ranges(ValueRanges([ValueRange(1, 10)]))))
    }
    if random.chance(10) { entries.append(Resource("gpus", .scalar(amount(1)))) }
    if ingredients.hasOtherNames, random.chance(10) {
      entries.append(Resource("licenses", .scalar(amount(3))))
    }
    if ingredients.hasOtherNames, random.chance(10) {
      entries.append(Resource("cpus", .scalar(amount(1)), isRevocable: true))
    }
    if ingredients.hasReservations, random.chance(40) {
      let levels = someReservation()
      entries.append(Resource("cpus", .scalar(amount(1)), reservations: levels))
      entries.append(Resource("mem", .scalar(amount(200)), reservations: levels))
    }
    return Resources(entries)
  }

  private func amount(_ value: Double) -> Scalar { Scalar(thousandths: Int64(value * 1000)) }

  private mutating func someReservation() -> [Reservation] {
    let role = random.pick(ingredients.roles.filter { $0 != .unreserved })
    if role == "a/b", random.chance(50) {
      return [Reservation(.fixed, role: "a"), Reservation(.dynamic, role: "a/b")]
    }
    return [Reservation(random.chance(50) ? .fixed : .dynamic, role: role)]
  }

  mutating func addSlave() {
    let index = SlaveIndex(random.below(ingredients.slaves))
    guard slaves[index] == nil else { return }
    var entry = SlaveEntry(
      id: SlaveID("s\(Int(index) * 7 % 31)"), hostname: "h\(Int(index) % 3)", total: someResources()
    )
    if random.chance(8) { entry.capabilities = [.multiRole] }
    if random.chance(10) {
      let framework = FrameworkIndex(random.below(ingredients.frameworks))
      let role = frameworks[framework]?.roles.first ?? random.pick(ingredients.roles)
      let used = Resources(cpus: 0.5, mem: 10)
      if entry.total.contains(used) { entry.used = [(framework, role, used)] }
    }
    slaves[index] = entry
    for used in entry.used {
      held.append(
        Held(framework: used.framework, role: used.role, slave: index, resources: used.resources))
    }
    each("addSlave \(index) \(entry.total) used \(entry.used)") { [now] in
      $0.addSlave(index, entry, at: now)
    }
  }

  mutating func removeSlave() {
    guard !slaves.isEmpty else { return }
    let index = random.pick(presentSlaves)
    slaves[index] = nil
    held.removeAll { $0.slave == index }
    each("removeSlave \(index)") { [now] in $0.removeSlave(index, at: now) }
  }

  mutating func changeSlave() {
    guard !slaves.isEmpty else { return }
    let index = random.pick(presentSlaves)
    var update = SlaveUpdate()
    if random.chance(60) { update.total = someResources() }
    if random.chance(50) {
      update.attributes = Attributes([Attribute("rack", .text("r\(random.below(3))"))])
    }
    each("updateSlave \(index) \(update)") { [now] in $0.updateSlave(index, update, at: now) }
  }

  mutating func toggleSlave() {
    guard !slaves.isEmpty else { return }
    let index = random.pick(presentSlaves)
    let isActive = random.chance(60)
    each("slave \(index) active \(isActive)") { [now] in
      if isActive { $0.activateSlave(index, at: now) } else { $0.deactivateSlave(index, at: now) }
    }
  }

  mutating func whitelist() {
    let hosts = random.pick([nil, nil, ["h0", "h1"], ["h2"], []])
    each("whitelist \(hosts ?? ["all"])") { [now] in $0.updateWhitelist(hosts, at: now) }
  }

  // MARK: Frameworks

  private mutating func someRoles() -> [Role] {
    var roles: [Role] = []
    for _ in 0...random.below(3) where roles.count < 3 {
      let role = random.pick(ingredients.roles)
      if !roles.contains(role) { roles.append(role) }
    }
    return roles
  }

  private mutating func someFramework(_ index: FrameworkIndex) -> FrameworkEntry {
    let roles = someRoles()
    var entry = FrameworkEntry(id: FrameworkID("f\(Int(index) * 5 % 11)"), name: "f", roles: roles)
    if random.chance(20) { entry.suppressedRoles = [roles[0]] }
    if random.chance(15) { entry.isActive = false }
    if random.chance(20) { entry.capabilities.insert(.gpuResources) }
    if random.chance(20) { entry.capabilities.insert(.revocableResources) }
    if random.chance(20) { entry.capabilities.remove(.reservationRefinement) }
    if random.chance(10) { entry.capabilities.remove(.multiRole) }
    if random.chance(10) { entry.minAllocatable = [(roles[0], [])] }
    if random.chance(10) {
      entry.minAllocatable = [(roles[0], [Resources(cpus: 2).scalarQuantities])]
    }
    return entry
  }

  mutating func addFramework() {
    let index = FrameworkIndex(random.below(ingredients.frameworks))
    guard frameworks[index] == nil else { return }
    let entry = someFramework(index)
    frameworks[index] = entry
    each("addFramework \(index) \(entry)") { [now] in $0.addFramework(index, entry, at: now) }
  }

  mutating func removeFramework() {
    guard !frameworks.isEmpty else { return }
    let index = random.pick(presentFrameworks)
    if random.chance(70) {
      for share in held where share.framework == index { recover(share, share.resources, nil) }
    }
    held.removeAll { $0.framework == index }
    frameworks[index] = nil
    each("removeFramework \(index)") { [now] in $0.removeFramework(index, at: now) }
  }

  mutating func updateFramework() {
    guard !frameworks.isEmpty else { return }
    let index = random.pick(presentFrameworks)
    var entry = someFramework(index)
    entry.isActive = frameworks[index]?.isActive ?? true
    frameworks[index] = entry
    each("updateFramework \(index) \(entry)") { [now] in
      $0.updateFramework(index, entry, at: now)
    }
  }

  mutating func toggleFramework() {
    guard !frameworks.isEmpty else { return }
    let index = random.pick(presentFrameworks)
    let isActive = frameworks[index]?.isActive != true
    frameworks[index]?.isActive = isActive
    each("framework \(index) active \(isActive)") { [now] in
      if isActive {
        $0.activateFramework(index, at: now)
      } else {
        $0.deactivateFramework(index, at: now)
      }
    }
  }

  mutating func suppress() {
    guard !frameworks.isEmpty else { return }
    let index = random.pick(presentFrameworks)
    let roles = random.chance(50) ? [] : [random.pick(frameworks[index]?.roles ?? ["*"])]
    each("suppress \(index) \(roles)") { [now] in $0.suppress(index, roles: roles, at: now) }
  }

  mutating func revive() {
    guard !frameworks.isEmpty else { return }
    let index = random.pick(presentFrameworks)
    let roles = random.chance(50) ? [] : [random.pick(frameworks[index]?.roles ?? ["*"])]
    each("revive \(index) \(roles)") { [now] in $0.revive(index, roles: roles, at: now) }
  }
}
