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
    while books.frameworks.count <= Int(framework) {
      books.frameworks.append(nil)
      books.frameworkClients.append([])
    }
    books.frameworks[framework] = FrameworkState(
      id: info.id, name: info.name, arrival: books.arrivals, isActive: info.isActive,
      capabilities: info.capabilities,
      minAllocatable: info.minAllocatable, constraints: info.constraints)
    books.arrivals += 1
    for role in info.roles {
      let client = trackedClient(of: framework, in: role)
      books.clients[client].isSubscribed = true
      books.clients[client].isSuppressed = info.suppressedRoles.contains(role)
      setListed(client, info.isActive && !books.clients[client].isSuppressed)
    }
    claim(framework)
    if info.isActive { books.agenda.requestAll(at: now) }
    if books.sorter.hasLooseWeights { books.agenda.wantTick(at: now) }
  }

  /// Drops the framework with its filters and whatever is still charged to it.
  mutating func removeFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard let state = self.framework(framework) else { return }
    unfoldAll()
    for client in books.frameworkClients[framework] {
      if books.clients[client].holdings > 0 {
        for slave in books.slaves.indices { releaseAll(of: client, on: SlaveIndex(slave), at: now) }
      }
      books.clients[client].isSubscribed = false
      untrackIfIdle(client)
      books.filters.removeAll(client: client)
      books.open.removeAll(to: client)
      books.clients.setUnwanted(nil, of: client)
      books.clients.remove(client, id: state.id)
    }
    noteWithheld(at: now)
    books.maintenance.removeFilters(ofFramework: framework)
    books.maintenance.forget(framework: framework)
    books.demands.forget(framework)
    books.frameworks[framework] = nil
    books.frameworkClients[framework] = []
  }

  /// Offers the framework resources again in all roles that are not suppressed.
  mutating func activateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard self.framework(framework) != nil else { return }
    books.frameworks[framework]?.isActive = true
    for client in books.frameworkClients[framework] where books.clients[client].isSubscribed {
      if !books.clients[client].isSuppressed { setListed(client, true) }
    }
    books.agenda.requestAll(at: now)
  }

  /// Stops offers and drops the framework's filters; what it holds stays charged.
  mutating func deactivateFramework(_ framework: FrameworkIndex, at now: Instant) {
    guard self.framework(framework) != nil else { return }
    books.frameworks[framework]?.isActive = false
    for client in books.frameworkClients[framework] {
      setListed(client, false)
      books.filters.removeAll(client: client)
    }
    books.maintenance.removeFilters(ofFramework: framework)
  }

  /// Takes over roles, suppressed roles and capabilities; what they change waits for the next tick.
  mutating func updateFramework(
    _ framework: FrameworkIndex, _ info: FrameworkEntry, at now: Instant
  ) {
    guard self.framework(framework) != nil else { return }
    let known = books.frameworkClients[framework]
    books.frameworks[framework]?.capabilities = info.capabilities
    books.frameworks[framework]?.minAllocatable = info.minAllocatable
    books.frameworks[framework]?.constraints = info.constraints
    for role in info.roles {
      let client = trackedClient(of: framework, in: role)
      // Mesos activates a new role even of an inactive framework.
      if !books.clients[client].isSubscribed { setListed(client, true) }
      books.clients[client].isSubscribed = true
      describe(client)
    }
    // New roles come first, so that parents they share with old ones keep their counts.
    for client in known where books.clients[client].isSubscribed {
      if !info.roles.contains(books.roles[books.clients[client].role].role) { unsubscribe(client) }
    }
    for role in info.roles {
      let client = trackedClient(of: framework, in: role)
      let isSuppressed = info.suppressedRoles.contains(role)
      if isSuppressed != books.clients[client].isSuppressed { setSuppressed(client, isSuppressed) }
    }
    books.maintenance.removeFilters(ofFramework: framework)
    books.agenda.markAll(at: now)
    if books.sorter.hasLooseWeights { books.agenda.wantTick(at: now) }
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
    books.maintenance.removeFilters(ofFramework: framework)
    for client in subscribedClients(of: framework, in: roles) { setSuppressed(client, false) }
    books.agenda.requestAll(at: now)
  }
}

// MARK: - Clients

extension AllocatorState {
  func framework(_ framework: FrameworkIndex) -> FrameworkState? {
    framework >= 0 && Int(framework) < books.frameworks.count
      ? books.frameworks[framework] : nil
  }

  /// The framework's client in a role, if it ever was subscribed to it or held something in it.
  ///
  /// Few frameworks are in more than one role, so that comparing beats a look-up of the role.
  @inline(__always)
  func client(of framework: FrameworkIndex, in role: Role) -> Int32? {
    let index = Int(framework)
    guard index >= 0, index < books.frameworkClients.count else { return nil }
    // By place: an iterator counts references to the list.
    for place in books.frameworkClients[index].indices {
      let client = books.frameworkClients[index][place]
      if books.roles[books.clients[client].role].role == role { return client }
    }
    return nil
  }

  private func subscribedClients(of framework: FrameworkIndex, in roles: [Role]) -> [Int32] {
    let all =
      roles.isEmpty
      ? self.framework(framework).map { _ in books.frameworkClients[framework] } ?? []
      : roles.compactMap { client(of: framework, in: $0) }
    return all.filter { books.clients[$0].isSubscribed }
  }

  /// The framework's client in a role, tracked in the sorters from now on.
  mutating func trackedClient(of framework: FrameworkIndex, in role: Role) -> Int32 {
    let client = client(of: framework, in: role) ?? newClient(of: framework, in: role)
    if books.clients[client].isTracked { return client }
    let number = books.clients[client].role
    books.roles[number].size += 1
    if books.roles[number].size == 1 { books.sorter.add(number, path: role.value, books.totals) }
    books.clients.track(client)
    return client
  }

  private mutating func newClient(of framework: FrameworkIndex, in role: Role) -> Int32 {
    let state = Client(framework: framework, role: books.roles.number(of: role))
    let client = books.clients.add(
      state, id: books.frameworks[framework]?.id ?? FrameworkID(""))
    books.frameworkClients[framework].append(client)
    describe(client)
    return client
  }

  /// Copies what decides offers from the framework to its client.
  private mutating func describe(_ client: Int32) {
    guard let state = framework(books.clients[client].framework) else { return }
    let role = books.roles[books.clients[client].role].role
    books.clients[client].capabilities = state.capabilities
    let minimum = state.minAllocatable.first { $0.role == role }.map { Minimum(anyOf: $0.anyOf) }
    books.clients.setMinimum(minimum, of: client)
    describeWishes(of: client, state, in: role)
    books.clients[client].choice = policy.slaves?.mask(ofFramework: state.name, role: role) ?? 0
  }

  /// Notes which slaves a client is not to be offered: those that its constraints exclude, and
  /// those beyond the master's region unless it runs in any.
  private mutating func describeWishes(
    of client: Int32, _ state: FrameworkState, in role: Role
  ) {
    let staysHome = options.region != nil && !state.capabilities.contains(.regionAware)
    let hasWishes = state.constraints?.entries.contains { $0.role == role } == true
    guard staysHome || hasWishes else {
      if books.clients[client].isChoosy { books.clients.setUnwanted(nil, of: client) }
      return
    }
    var unwanted: Set<SlaveIndex> = []
    for index in books.slaves.indices where books.slaves[index].isPresent {
      let slave = SlaveIndex(index)
      if !isWanted(slave, by: state, in: role) { unwanted.insert(slave) }
    }
    books.clients.setUnwanted(unwanted, of: client)
  }

  private func isWanted(_ slave: SlaveIndex, by state: FrameworkState, in role: Role) -> Bool {
    let about = books.descriptions[slave]
    if let region = options.region, let domain = about.domain, domain.region != region,
      !state.capabilities.contains(.regionAware)
    {
      return false
    }
    return state.constraints?
      .admits(role, hostname: about.hostname, about.attributes, about.domain) ?? true
  }

  /// Notes whether those who do not want every slave want this one.
  mutating func noteWishes(for slave: SlaveIndex) {
    for client in books.clients.choosy {
      guard let state = framework(books.clients[client].framework) else { continue }
      let role = books.roles[books.clients[client].role].role
      books.clients.setWanted(isWanted(slave, by: state, in: role), slave, of: client)
    }
  }

  private mutating func unsubscribe(_ client: Int32) {
    setListed(client, false)
    books.filters.removeAll(client: client)
    books.clients[client].isSubscribed = false
    books.clients[client].isSuppressed = false
    untrackIfIdle(client)
  }

  private mutating func setSuppressed(_ client: Int32, _ isSuppressed: Bool) {
    books.clients[client].isSuppressed = isSuppressed
    if !isSuppressed { books.filters.removeAll(client: client) }
    setListed(client, !isSuppressed)
  }

  /// Lets a client be offered something, or not.
  private mutating func setListed(_ client: Int32, _ isListed: Bool) {
    guard isListed != books.clients[client].isListed else { return }
    books.clients[client].isListed = isListed
    books.clients.listingVersion &+= 1
    let role = books.clients[client].role
    if isListed {
      books.clients.accounts[client].updateShare(books.totals)
      books.roles[role].ranking.insert(client, books.totals, books.clients.accounts)
    } else {
      let stood = books.clients.accounts[client].standing
      books.roles[role].ranking.remove(client, stood: stood, books.clients.accounts)
    }
    books.sorter.list(role, by: isListed ? 1 : -1, books.totals)
  }

  /// Takes a client out of the sorters that is not subscribed any more and holds nothing.
  ///
  /// Its filters stay, for the framework may come back to the role.
  mutating func untrackIfIdle(_ client: Int32) {
    let state = books.clients[client]
    guard state.isTracked, !state.isSubscribed, state.holdings == 0 else { return }
    setListed(client, false)
    books.clients[client].isTracked = false
    books.clients.listingVersion &+= 1
    books.roles[state.role].size -= 1
    if books.roles[state.role].size == 0 { books.sorter.remove(state.role) }
  }

  /// Charges the framework for what slaves said it uses before it was known.
  private mutating func claim(_ framework: FrameworkIndex) {
    if books.unclaimed.isEmpty { return }
    for claim in books.unclaimed where claim.framework == framework {
      unfold(claim.slave)
      charge(claim.resources, to: trackedClient(of: framework, in: claim.role), on: claim.slave)
    }
    settle()
    books.unclaimed.removeAll { $0.framework == framework }
  }
}
