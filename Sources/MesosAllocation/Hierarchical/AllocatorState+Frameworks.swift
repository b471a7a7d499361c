// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks that come, go and change (mesos/src/master/allocator/mesos/hierarchical.cpp,
// addFramework, updateFramework, suppressRoles, reviveRoles, trackFrameworkUnderRole).

import Mesos
import VirtualTime

extension AllocatorState {
  /// Adds the framework to the sorters of its roles and, if it is active, offers it what is free.
  mutating func addFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    precondition(
      self.framework(framework) == nil, "framework \(info.id) is added a second time at \(now)")
    while frameworks.count <= Int(framework) {
      frameworks.append(nil)
      frameworkClients.append([])
    }
    frameworks[Int(framework)] = FrameworkState(
      id: info.id, name: info.name, arrival: arrivals, isActive: info.isActive,
      capabilities: info.capabilities,
      minAllocatable: info.minAllocatable)
    arrivals += 1
    for role in info.roles {
      let client = trackedClient(of: framework, in: role)
      clients[client].isSubscribed = true
      clients[client].isSuppressed = info.suppressedRoles.contains(role)
      setListed(client, info.isActive && !clients[client].isSuppressed)
    }
    claim(framework)
    if info.isActive { agenda.requestAll(at: now) }
    if sorter.hasLooseWeights { agenda.wantTick(at: now) }
  }

  /// Drops the framework with its filters and whatever is still charged to it.
  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let state = self.framework(framework) else { return }
    for client in frameworkClients[Int(framework)] {
      if clients[client].holdings > 0 {
        for slave in slaves.indices { releaseAll(of: client, on: SlaveIndex(slave), at: now) }
      }
      clients[client].isSubscribed = false
      untrackIfIdle(client)
      filters.removeAll(client: client)
      open.removeAll(to: client)
      clients.remove(client, id: state.id)
    }
    noteWithheld(at: now)
    maintenance.removeFilters(ofFramework: framework)
    maintenance.forget(framework: framework)
    demands.forget(framework)
    frameworks[Int(framework)] = nil
    frameworkClients[Int(framework)] = []
  }

  /// Offers the framework resources again in all roles that are not suppressed.
  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard self.framework(framework) != nil else { return }
    frameworks[Int(framework)]?.isActive = true
    for client in frameworkClients[Int(framework)] where clients[client].isSubscribed {
      if !clients[client].isSuppressed { setListed(client, true) }
    }
    agenda.requestAll(at: now)
  }

  /// Stops offers and drops the framework's filters; what it holds stays charged.
  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard self.framework(framework) != nil else { return }
    frameworks[Int(framework)]?.isActive = false
    for client in frameworkClients[Int(framework)] {
      setListed(client, false)
      filters.removeAll(client: client)
    }
    maintenance.removeFilters(ofFramework: framework)
  }

  /// Takes over roles, suppressed roles and capabilities; what they change waits for the next tick.
  mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    guard self.framework(framework) != nil else { return }
    let known = frameworkClients[Int(framework)]
    frameworks[Int(framework)]?.capabilities = info.capabilities
    frameworks[Int(framework)]?.minAllocatable = info.minAllocatable
    for role in info.roles {
      let client = trackedClient(of: framework, in: role)
      // Mesos activates a new role even of an inactive framework.
      if !clients[client].isSubscribed { setListed(client, true) }
      clients[client].isSubscribed = true
      describe(client)
    }
    // New roles come first, so that parents they share with old ones keep their counts.
    for client in known where clients[client].isSubscribed {
      if !info.roles.contains(roles[clients[client].role].role) { unsubscribe(client) }
    }
    for role in info.roles {
      let client = trackedClient(of: framework, in: role)
      let isSuppressed = info.suppressedRoles.contains(role)
      if isSuppressed != clients[client].isSuppressed { setSuppressed(client, isSuppressed) }
    }
    maintenance.removeFilters(ofFramework: framework)
    agenda.markAll(at: now)
    if sorter.hasLooseWeights { agenda.wantTick(at: now) }
  }

  /// Stops offers in these roles, or in all.
  mutating func suppress(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    for client in subscribedClients(of: framework, in: roles) { setSuppressed(client, true) }
  }

  /// Offers resources in these roles, or in all, again; drops the filters there.
  ///
  /// As in Mesos this holds for an inactive framework, too.
  mutating func revive(_ framework: FrameworkIndex, roles: [Role], at now: Instant) {
    guard self.framework(framework) != nil else { return }
    maintenance.removeFilters(ofFramework: framework)
    for client in subscribedClients(of: framework, in: roles) { setSuppressed(client, false) }
    agenda.requestAll(at: now)
  }
}

// MARK: - Clients

extension AllocatorState {
  func framework(_ framework: FrameworkIndex) -> FrameworkState? {
    framework >= 0 && Int(framework) < frameworks.count ? frameworks[Int(framework)] : nil
  }

  /// The framework's client in a role, if it ever was subscribed to it or held something in it.
  ///
  /// Few frameworks are in more than one role, so that comparing beats a look-up of the role.
  @inline(__always)
  func client(of framework: FrameworkIndex, in role: Role) -> Int32? {
    let index = Int(framework)
    guard index >= 0, index < frameworkClients.count else { return nil }
    // By place: an iterator counts references to the list.
    for place in frameworkClients[index].indices {
      let client = frameworkClients[index][place]
      if roles[clients[client].role].role == role { return client }
    }
    return nil
  }

  private func subscribedClients(of framework: FrameworkIndex, in roles: [Role]) -> [Int32] {
    let all =
      roles.isEmpty
      ? self.framework(framework).map { _ in frameworkClients[Int(framework)] } ?? []
      : roles.compactMap { client(of: framework, in: $0) }
    return all.filter { clients[$0].isSubscribed }
  }

  /// The framework's client in a role, tracked in the sorters from now on.
  mutating func trackedClient(of framework: FrameworkIndex, in role: Role) -> Int32 {
    let client = client(of: framework, in: role) ?? newClient(of: framework, in: role)
    if clients[client].isTracked { return client }
    let number = clients[client].role
    roles[number].size += 1
    if roles[number].size == 1 { sorter.add(number, path: role.value, totals) }
    clients.track(client)
    return client
  }

  private mutating func newClient(of framework: FrameworkIndex, in role: Role) -> Int32 {
    let state = Client(framework: framework, role: roles.number(of: role))
    let client = clients.add(state, id: frameworks[Int(framework)]?.id ?? FrameworkID(""))
    frameworkClients[Int(framework)].append(client)
    describe(client)
    return client
  }

  /// Copies what decides offers from the framework to its client.
  private mutating func describe(_ client: Int32) {
    guard let state = framework(clients[client].framework) else { return }
    let role = roles[clients[client].role].role
    clients[client].capabilities = state.capabilities
    let minimum = state.minAllocatable.first { $0.role == role }.map { Minimum(anyOf: $0.anyOf) }
    clients.setMinimum(minimum, of: client)
    clients[client].choice = policy.slaves?.mask(ofFramework: state.name, role: role) ?? 0
  }

  private mutating func unsubscribe(_ client: Int32) {
    setListed(client, false)
    filters.removeAll(client: client)
    clients[client].isSubscribed = false
    clients[client].isSuppressed = false
    untrackIfIdle(client)
  }

  private mutating func setSuppressed(_ client: Int32, _ isSuppressed: Bool) {
    clients[client].isSuppressed = isSuppressed
    if !isSuppressed { filters.removeAll(client: client) }
    setListed(client, !isSuppressed)
  }

  /// Lets a client be offered something, or not.
  private mutating func setListed(_ client: Int32, _ isListed: Bool) {
    guard isListed != clients[client].isListed else { return }
    clients[client].isListed = isListed
    clients.listingVersion &+= 1
    let role = clients[client].role
    if isListed {
      clients.accounts[client].updateShare(totals)
      roles[role].ranking.insert(client, totals, clients.accounts)
    } else {
      let stood = clients.accounts[client].standing
      roles[role].ranking.remove(client, stood: stood, clients.accounts)
    }
    sorter.list(role, by: isListed ? 1 : -1, totals)
  }

  /// Takes a client out of the sorters that is not subscribed any more and holds nothing.
  ///
  /// Its filters stay, for the framework may come back to the role.
  mutating func untrackIfIdle(_ client: Int32) {
    let state = clients[client]
    guard state.isTracked, !state.isSubscribed, state.holdings == 0 else { return }
    setListed(client, false)
    clients[client].isTracked = false
    clients.listingVersion &+= 1
    roles[state.role].size -= 1
    if roles[state.role].size == 0 { sorter.remove(state.role) }
  }

  /// Charges the framework for what slaves said it uses before it was known.
  private mutating func claim(_ framework: FrameworkIndex) {
    if unclaimed.isEmpty { return }
    for claim in unclaimed where claim.framework == framework {
      charge(claim.resources, to: trackedClient(of: framework, in: claim.role), on: claim.slave)
    }
    settle()
    unclaimed.removeAll { $0.framework == framework }
  }
}
