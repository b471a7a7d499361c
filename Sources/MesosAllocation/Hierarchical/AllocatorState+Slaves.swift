// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves that come, go and change (mesos/src/master/allocator/mesos/hierarchical.cpp, addSlave,
// removeSlave, updateSlave, activateSlave, updateWhitelist).

import Mesos
import VirtualTime

extension AllocatorState {
  /// Adds the slave to the total, charges what is used on it and offers the rest at once.
  mutating func addSlave(_ slave: SlaveIndex, _ info: SlaveEntry, at now: Instant) {
    precondition(!isPresent(slave), "slave \(slave) (\(info.id)) is added a second time at \(now)")
    while books.slaves.count <= Int(slave) {
      books.slaves.append(SlaveState())
      books.descriptions.append(SlaveDescription())
    }
    books.descriptions[slave] = SlaveDescription(
      id: info.id, hostname: info.hostname, attributes: info.attributes, domain: info.domain)
    noteWishes(for: slave)
    books.slaves[slave] = SlaveState(
      capabilities: info.capabilities, isPresent: true, isActive: true,
      isWhitelisted: isWhitelisted(info.hostname))
    choose(slave)
    books.slaveCount += 1
    books.slaveOrder.isStale = true
    if books.slaves[slave].isOfferable { books.offerableCount += 1 }
    setTotal(info.total, of: slave)
    for (framework, role, resources) in info.used where !resources.isEmpty {
      if self.framework(framework) != nil {
        charge(resources, to: trackedClient(of: framework, in: role), on: slave)
      } else {
        books.unclaimed.append(
          Unclaimed(slave: slave, framework: framework, role: role, resources: resources))
      }
    }
    settle()
    updateAvailable(slave)
    if books.agenda.isPaused, books.recovery.isCompleted(bySlaves: books.slaveCount) {
      resume(at: now)
    }
    books.agenda.request(slave, at: now)
    noteWithheld(at: now)
  }

  /// Takes the slave out of the total and its holdings out of the shares; its filters go.
  mutating func removeSlave(_ slave: SlaveIndex, at now: Instant) {
    guard isPresent(slave) else { return }
    unfold(slave)
    for holding in books.slaves[slave].holdings.all {
      credit(holding.resources, from: holding.client)
      books.clients[holding.client].holdings -= 1
      untrackIfIdle(holding.client)
    }
    books.slaves[slave].holdings = SlaveHoldings()
    books.held.remove(slave)
    books.unclaimed.removeAll { $0.slave == slave }
    setTotal(Resources(), of: slave)
    updateAvailable(slave)
    if books.slaves[slave].isOfferable { books.offerableCount -= 1 }
    books.slaves[slave] = SlaveState()
    books.descriptions[slave] = SlaveDescription()
    books.slaveCount -= 1
    books.agenda.forget(slave)
    books.withheld.forget(slave)
    books.maintenance.forget(slave)
    books.open.removeAll(of: slave)
    removeFilters(of: slave)
    noteWithheld(at: now)
  }

  /// Notes which of the policy's choices the slave is among.
  private mutating func choose(_ slave: SlaveIndex) {
    let about = books.descriptions[slave]
    let mask = policy.slaves?.mask(ofSlave: about.hostname, about.attributes) ?? 0
    books.slaves[slave].choice = mask
  }

  func isPresent(_ slave: SlaveIndex) -> Bool {
    slave >= 0 && Int(slave) < books.slaves.count && books.slaves[slave].isPresent
  }

  /// Replaces a slave's total in the cluster's and in the reservations of roles.
  mutating func setTotal(_ total: Resources, of slave: SlaveIndex) {
    let old = books.slaves[slave].total
    books.cluster -= books.names.amounts(of: old)
    books.cluster += books.names.amounts(of: total)
    rescale()
    track(reservationsOf: old, isGone: true)
    track(reservationsOf: total, isGone: false)
    books.slaves[slave].total = total
    noteOvercommitment(of: slave)
    books.slaves[slave].hasGPUs = total.gpus > 0
    books.slaves[slave].isPlain = total.isPlain
  }

  mutating func noteOvercommitment(of slave: SlaveIndex) {
    let held = held(on: slave)
    let isOvercommitted =
      !books.slaves[slave].total.contains(held.isPlain ? held : held.nonShared)
    if isOvercommitted == books.slaves[slave].isOvercommitted { return }
    books.slaves[slave].isOvercommitted = isOvercommitted
    books.overcommitted += isOvercommitted ? 1 : -1
  }

  private mutating func track(reservationsOf total: Resources, isGone: Bool) {
    if total.isPlain { return }
    for role in total.reservationRoles {
      let amounts = books.names.amounts(of: total.reserved(for: role))
      let number = books.roles.number(of: role)
      if isGone { books.reserved -= amounts } else { books.reserved += amounts }
      books.roles.forEachUpwards(from: number) {
        if isGone { $0.reserved -= amounts } else { $0.reserved += amounts }
      }
      if isGone { noteReturn(to: number) }
    }
  }

  /// Everything held on a slave, by all clients.
  private func held(on slave: SlaveIndex) -> Resources {
    var sum = books.slaves[slave].holdings.sum
    for claim in books.unclaimed where claim.slave == slave { sum += claim.resources }
    return sum
  }

  /// Computes what is left to offer from what the slave has and what is held.
  ///
  /// What many may use at once is left however many use it (hierarchical.hpp, Slave).
  mutating func updateAvailable(_ slave: SlaveIndex) {
    let total = books.slaves[slave].total
    let shared = total.isPlain ? Resources() : total.shared
    if shared.isEmpty {
      setAvailable(total - held(on: slave), of: slave)
    } else {
      setAvailable(total.nonShared - held(on: slave).nonShared + shared, of: slave)
    }
    if books.slaves[slave].isOvercommitted { noteOvercommitment(of: slave) }
  }

  /// Sets what is left to offer and keeps the set of slaves that have something left.
  mutating func setAvailable(_ available: Resources, of slave: SlaveIndex) {
    if !available.isPlain { books.revocableFree += books.names.amounts(of: available.revocable) }
    var old = available
    swap(&old, &books.slaves[slave].available)
    if !old.isPlain { books.revocableFree -= books.names.amounts(of: old.revocable) }
    updateFree(slave)
  }

  /// Adds to what is left to offer.
  mutating func addAvailable(_ resources: Resources, of slave: SlaveIndex) {
    guard resources.isPlain else {
      return setAvailable(books.slaves[slave].available + resources, of: slave)
    }
    books.slaves[slave].available += resources
    updateFree(slave)
  }

  private mutating func updateFree(_ slave: SlaveIndex) {
    if books.slaves[slave].isOfferable && !books.slaves[slave].available.isEmpty {
      books.free.insert(slave)
    } else {
      books.free.remove(slave)
      books.withheld.forget(slave)
    }
  }

  mutating func removeFilters(of slave: SlaveIndex) {
    for client in books.clients.numbers { books.filters.removeAll(client: client, slave: slave) }
    books.maintenance.removeFilters(ofSlave: slave)
  }
}

extension AllocatorState {
  /// Takes over what changed and, if something did, offers the slave's resources at once.
  mutating func updateSlave(
    _ slave: SlaveIndex, _ update: SlaveUpdate, at now: Instant
  ) {
    guard isPresent(slave) else { return }
    unfold(slave)
    var isChanged = false
    if let attributes = update.attributes, attributes != books.descriptions[slave].attributes {
      // Frameworks may have refused for want of an attribute that is there now (hierarchical.cpp).
      removeFilters(of: slave)
      books.descriptions[slave].attributes = attributes
      isChanged = true
    }
    if let hostname = update.hostname, hostname != books.descriptions[slave].hostname {
      books.descriptions[slave].hostname = hostname
      let isIn = isWhitelisted(hostname)
      setOfferable(slave) { $0.isWhitelisted = isIn }
      isChanged = true
    }
    if let capabilities = update.capabilities, capabilities != books.slaves[slave].capabilities {
      books.slaves[slave].capabilities = capabilities
      isChanged = true
    }
    if let total = update.total, total != books.slaves[slave].total {
      setTotal(total, of: slave)
      updateAvailable(slave)
      isChanged = true
    }
    if isChanged {
      choose(slave)
      noteWishes(for: slave)
    }
    if isChanged { books.agenda.request(slave, at: now) }
    noteWithheld(at: now)
  }

  /// Lets the slave's resources be offered again from the next tick on.
  mutating func activateSlave(_ slave: SlaveIndex, at now: Instant) {
    guard isPresent(slave) else { return }
    setOfferable(slave) { $0.isActive = true }
    markReturned(slave, at: now)
  }

  /// Keeps the slave's resources from being offered; all else stays.
  mutating func deactivateSlave(_ slave: SlaveIndex, at now: Instant) {
    guard isPresent(slave) else { return }
    setOfferable(slave) { $0.isActive = false }
  }

  private mutating func setOfferable(
    _ slave: SlaveIndex, by change: (inout SlaveState) -> Void
  ) {
    unfold(slave)
    let before = books.slaves[slave].isOfferable
    change(&books.slaves[slave])
    let after = books.slaves[slave].isOfferable
    if before == after { return }
    books.offerableCount += after ? 1 : -1
    updateFree(slave)
  }

  private mutating func markReturned(_ slave: SlaveIndex, at now: Instant) {
    if books.free.contains(slave) { books.agenda.mark(slave, at: now) }
    if books.sorter.hasLooseWeights { books.agenda.wantTick(at: now) }
  }
}

extension AllocatorState {
  /// Offers only slaves on these hosts from the next tick on.
  mutating func updateWhitelist(_ hostnames: [String]?, at now: Instant) {
    books.whitelist = hostnames.map(Set.init)
    for slave in books.slaves.indices where books.slaves[slave].isPresent {
      let isIn = isWhitelisted(books.descriptions[slave].hostname)
      if isIn == books.slaves[slave].isWhitelisted { continue }
      setOfferable(SlaveIndex(slave)) { $0.isWhitelisted = isIn }
      if isIn { markReturned(SlaveIndex(slave), at: now) }
    }
  }

  func isWhitelisted(_ hostname: String) -> Bool { books.whitelist?.contains(hostname) ?? true }
}
