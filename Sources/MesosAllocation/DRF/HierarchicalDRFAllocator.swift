// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocator of Apache Mesos (mesos/src/master/allocator/mesos/hierarchical.cpp): the role with
// the smallest dominant share, then its framework with the smallest, is offered a whole slave.
// This file holds the state and who is on the cluster; the other files what is decided.

public import Mesos
public import VirtualTime

/// Offers each slave whole to the framework with the smallest weighted dominant share.
///
/// An allocation visits the slaves on which something changed, in the order of the options; slaves
/// that nobody could take more of are left alone until something changes on them.
public struct HierarchicalDRFAllocator: Allocator {
  /// The settings.
  public let options: AllocatorOptions

  var slaves: [SlaveState] = []
  var frameworks: [FrameworkState?] = []
  var table = RoleTable()
  var names = ExtraNames()
  var totals = Totals()
  var excluded: ExcludedNames
  var minimum: Minimum
  var filters = FilterStore()
  var agenda: Agenda
  var free = FreeSlaves()
  var passes = PassCounter()
  /// What slaves that came back after a failover hold for frameworks that have not come back yet.
  var unclaimed: [(slave: SlaveIndex, framework: FrameworkIndex, role: Role, Resources)] = []

  /// Makes an allocator without slaves and frameworks.
  public init(_ options: AllocatorOptions = AllocatorOptions()) {
    self.options = options
    excluded = ExcludedNames(options.fairnessExclude, numbering: &names)
    minimum = Minimum(anyOf: options.minAllocatable)
    agenda = Agenda(interval: options.interval, isLiteral: options.isLiteral)
    for (role, weight) in options.weights { table.setWeight(weight, of: role) }
  }

  /// The earliest of: an event to answer, the next interval if a slave is marked or a filter ends.
  public var nextDeadline: Instant? { agenda.nextDeadline(filters: filters.nextTick) }
}

/// What the allocator knows of a slave.
struct SlaveState {
  var id = SlaveID("")
  var total = Resources()
  /// Offered or used; may exceed the total after that has shrunk.
  var allocated = Resources()
  /// What is left to offer.
  var available = Resources()
  /// Who holds what.
  var holdings: [Holding] = []
  var isPresent = false

  struct Holding {
    var client: Int32
    var resources: Resources
  }
}

/// What the allocator knows of a framework.
struct FrameworkState {
  var id: FrameworkID
  var isActive: Bool
  /// Its client in each of its roles.
  var clients: [Int32] = []
}

// MARK: - Slaves

extension HierarchicalDRFAllocator {
  /// Adds the slave to the total, charges what is used on it and offers the rest at once.
  public mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    while slaves.count <= Int(slave) { slaves.append(SlaveState()) }
    slaves[Int(slave)] = SlaveState(id: info.id, total: info.total, isPresent: true)
    totals.add(names.amounts(of: info.total), excluding: excluded)
    for (framework, role, resources) in info.used {
      slaves[Int(slave)].allocated += resources
      if let client = client(of: framework, in: role) {
        table.settle(charge(resources, to: client, on: slave), totals)
      } else {
        unclaimed.append((slave, framework, role, resources))
      }
    }
    updateAvailable(slave)
    agenda.request(slave, at: now)
  }

  /// Takes the slave out of the total and its holdings out of the shares; its filters go.
  public mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    guard isPresent(slave) else { return }
    for holding in slaves[Int(slave)].holdings {
      credit(holding.resources, to: holding.client)
    }
    totals.subtract(names.amounts(of: slaves[Int(slave)].total), excluding: excluded)
    slaves[Int(slave)] = SlaveState()
    unclaimed.removeAll { $0.slave == slave }
    free.remove(slave)
    agenda.forget(slave)
    for client in table.clients.indices { filters.removeAll(client: Int32(client), slave: slave) }
  }

  func isPresent(_ slave: SlaveIndex) -> Bool {
    slave >= 0 && Int(slave) < slaves.count && slaves[Int(slave)].isPresent
  }

  /// Sets what is left to offer and keeps the list of slaves that have something left.
  mutating func updateAvailable(_ slave: SlaveIndex) {
    let state = slaves[Int(slave)]
    slaves[Int(slave)].available = state.total - state.allocated
    if slaves[Int(slave)].available.isEmpty { free.remove(slave) } else { free.insert(slave) }
  }
}

// MARK: - Frameworks

extension HierarchicalDRFAllocator {
  /// Adds the framework to the sorters of its roles and, if it is active, visits all free slaves.
  public mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    while frameworks.count <= Int(framework) { frameworks.append(nil) }
    var state = FrameworkState(id: info.id, isActive: info.isActive)
    for role in info.roles {
      state.clients.append(
        table.add(
          framework: framework, id: info.id, to: role,
          isSuppressed: info.suppressedRoles.contains(role)))
    }
    frameworks[Int(framework)] = state
    for client in state.clients { updateActivity(client) }
    claim(framework)
    if info.isActive { agenda.requestAll(at: now) }
  }

  /// Drops the framework with its filters and whatever is still charged to it.
  public mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let state = self.framework(framework) else { return }
    for client in state.clients {
      for slave in slaves.indices {
        release(all: client, on: SlaveIndex(slave), at: now)
      }
      filters.removeAll(client: client)
      table.remove(client)
    }
    frameworks[Int(framework)] = nil
  }

  /// Offers the framework resources again in all roles that are not suppressed.
  public mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let state = self.framework(framework) else { return }
    frameworks[Int(framework)]?.isActive = true
    for client in state.clients { updateActivity(client) }
    agenda.requestAll(at: now)
  }

  /// Stops offers and drops the framework's filters; what it holds stays charged.
  public mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let state = self.framework(framework) else { return }
    frameworks[Int(framework)]?.isActive = false
    for client in state.clients {
      updateActivity(client)
      filters.removeAll(client: client)
    }
  }

  /// Stops offers in these roles, or in all.
  public mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    for client in clients(of: framework, in: roles) {
      table.setSuppressed(client, true)
      updateActivity(client)
    }
  }

  /// Offers resources in these roles, or in all, again; drops the filters there.
  public mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    for client in clients(of: framework, in: roles) {
      table.setSuppressed(client, false)
      filters.removeAll(client: client)
      updateActivity(client)
    }
    if self.framework(framework) != nil { agenda.requestAll(at: now) }
  }

  func framework(_ framework: FrameworkIndex) -> FrameworkState? {
    framework >= 0 && Int(framework) < frameworks.count ? frameworks[Int(framework)] : nil
  }

  /// The framework's client in a role.
  func client(of framework: FrameworkIndex, in role: Role) -> Int32? {
    guard let number = table.existing(role) else { return nil }
    return self.framework(framework)?.clients.first { table.clients[Int($0)].role == number }
  }

  private func clients(of framework: FrameworkIndex, in roles: [Role]) -> [Int32] {
    if roles.isEmpty { return self.framework(framework)?.clients ?? [] }
    return roles.compactMap { client(of: framework, in: $0) }
  }

  /// Lets the client be offered something, or not.
  private mutating func updateActivity(_ client: Int32) {
    let state = table.clients[Int(client)]
    let isActive = framework(state.framework)?.isActive == true
    table.setActive(client, isActive && !state.isSuppressed)
  }

  /// Charges the framework for what slaves said it uses before it was known.
  private mutating func claim(_ framework: FrameworkIndex) {
    for (slave, owner, role, resources) in unclaimed where owner == framework {
      guard let client = client(of: owner, in: role) else { continue }
      table.settle(charge(resources, to: client, on: slave), totals)
    }
    unclaimed.removeAll { $0.framework == framework }
  }
}

// MARK: - Charging

extension HierarchicalDRFAllocator {
  /// Takes resources back and, if they were refused, keeps them away from the framework for a time.
  public mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    guard !resources.isEmpty, isPresent(slave) else { return }
    guard let client = client(of: framework, in: role) else { return }
    release(resources, from: client, on: slave, at: now)
    guard let refusal, let timeout = refusal.timeout else { return }
    let ends = agenda.end(ofFilterFor: timeout, at: now)
    filters.add(resources, client: client, slave: slave, expiry: ends.expiry, tick: ends.tick)
  }

  /// Adds to what a client holds on a slave and in all; the slave's `allocated` is the caller's, and
  /// so is settling the places.
  mutating func charge(_ resources: Resources, to client: Int32, on slave: SlaveIndex) -> Touch {
    if let index = slaves[Int(slave)].holdings.firstIndex(where: { $0.client == client }) {
      slaves[Int(slave)].holdings[index].resources += resources
    } else {
      slaves[Int(slave)].holdings.append(.init(client: client, resources: resources))
    }
    return table.charge(names.amounts(of: resources), to: client, totals)
  }

  private mutating func credit(_ resources: Resources, to client: Int32) {
    table.credit(names.amounts(of: resources), to: client, totals)
  }

  private mutating func release(
    _ resources: Resources, from client: Int32, on slave: SlaveIndex, at now: Instant
  ) {
    guard let index = slaves[Int(slave)].holdings.firstIndex(where: { $0.client == client })
    else { return }
    slaves[Int(slave)].holdings[index].resources -= resources
    if slaves[Int(slave)].holdings[index].resources.isEmpty {
      slaves[Int(slave)].holdings.remove(at: index)
    }
    slaves[Int(slave)].allocated -= resources
    credit(resources, to: client)
    updateAvailable(slave)
    if free.contains(slave) { agenda.mark(slave, at: now) }
  }

  private mutating func release(all client: Int32, on slave: SlaveIndex, at now: Instant) {
    for holding in slaves[Int(slave)].holdings where holding.client == client {
      release(holding.resources, from: client, on: slave, at: now)
    }
  }
}

extension Filters {
  /// How long the filter lasts, at least an interval; `nil` when it sets none (mesos.md 4.3).
  var timeout: Duration? {
    if refuseSeconds == 0 { return nil }
    if refuseSeconds.isNaN || refuseSeconds < 0 { return .seconds(5) }
    return .rounded(seconds: min(refuseSeconds, 31_536_000))
  }
}
