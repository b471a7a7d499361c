// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who holds what (mesos/src/master/allocator/mesos/hierarchical.cpp, recoverResources,
// trackAllocatedResources, updateAllocation, updateAvailable). Every change of a share passes here;
// whom to offer what is not decided here.

import Mesos
import VirtualTime

extension AllocatorState {
  /// Takes resources back and, if they were refused, keeps them away from the framework for a time.
  ///
  /// What is not charged to the framework on this slave, because slave or framework went and came
  /// back meanwhile, changes nothing.
  mutating func recover(
    _ resources: Resources, from framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    guard !resources.isEmpty, isPresent(slave) else { return }
    unfold(slave)
    guard let client = client(of: framework, in: role) else { return }
    guard release(resources, from: client, on: slave, at: now) else { return }
    addFilter(resources, client: client, slave: slave, refusal: refusal, at: now)
    if refusal != nil { noteRefusal(of: framework, resources, at: now) }
    untrackIfIdle(client)
    noteWithheld(at: now)
  }

  /// Takes resources from a client and makes them available; says whether the client had them.
  private mutating func release(
    _ resources: Resources, from client: Int32, on slave: SlaveIndex, at now: Instant
  ) -> Bool {
    switch books.slaves[slave].holdings.take(resources, from: client) {
    case .tooMuch: return false
    case .some: break
    case .all:
      books.clients[client].holdings -= 1
      if books.slaves[slave].holdings.isEmpty { books.held.remove(slave) }
    }
    let hasShared = resources.hasShared
    if hasShared {
      credit(counted(resources, of: client, on: slave), from: client)
    } else {
      credit(resources, from: client)
    }
    if books.slaves[slave].isOvercommitted || hasShared {
      updateAvailable(slave)
    } else {
      addAvailable(resources, of: slave)
    }
    if books.free.contains(slave) { books.agenda.mark(slave, at: now) }
    return true
  }

  mutating func releaseAll(of client: Int32, on slave: SlaveIndex, at now: Instant) {
    guard let held = books.slaves[slave].holdings.resources(of: client) else { return }
    unfold(slave)
    _ = release(held, from: client, on: slave, at: now)
  }

  /// Adds to what a client holds on a slave and in all.
  ///
  /// What is left on the slave is the caller's, and so is settling the places.
  mutating func charge(
    _ resources: consuming Resources, to client: Int32, on slave: SlaveIndex
  ) {
    let amounts =
      resources.isPlain
      ? books.names.amounts(of: resources)
      : books.names.amounts(of: counted(resources, of: client, on: slave))
    let role = books.clients[client].role
    books.order?.noteChange(of: client)
    noteChange(of: client, in: role)
    books.clients.accounts[client].charge(amounts, books.totals)
    books.sorter.charge(amounts, to: role, books.totals, &stale)
    if resources.isPlain {
      books.roles.forEachUpwards(from: role) { $0.governed += amounts }
    } else {
      let parts = parts(of: counted(resources, of: client, on: slave), all: amounts)
      books.reservedHeld += parts.reserved
      books.roles.forEachUpwards(from: role) { $0.governed += parts.governed }
    }
    if books.slaves[slave].holdings.add(resources, of: client) {
      books.clients[client].holdings += 1
      books.held.insert(slave)
    }
  }

  /// What of a list counts for a client's share: of what is shared, one copy does.
  private func counted(
    _ resources: Resources, of client: Int32, on slave: SlaveIndex
  ) -> Resources {
    guard let held = books.slaves[slave].holdings.resources(of: client)
    else { return resources }
    return resources.withoutShared(in: held)
  }

  /// Takes from what a client holds in all; what it holds on the slave is the caller's.
  mutating func credit(_ resources: Resources, from client: Int32) {
    let amounts = books.names.amounts(of: resources)
    let parts = parts(of: resources, all: amounts)
    if !resources.isPlain { books.reservedHeld -= parts.reserved }
    credit(amounts, governed: parts.governed, from: client)
  }

  /// Takes amounts from what a client holds in all.
  mutating func credit(_ amounts: Amounts, governed: Amounts, from client: Int32) {
    let role = books.clients[client].role
    books.order?.noteChange(of: client)
    noteChange(of: client, in: role)
    books.clients.accounts[client].adjust(amounts, isGone: true, books.totals)
    books.sorter.adjust(amounts, of: role, isGone: true, books.totals, &stale)
    books.roles.forEachUpwards(from: role) { $0.governed -= governed }
    settle()
    if !governed.isZero { noteReturn(to: role) }
  }

  /// Notes that a client is about to change its place in its role.
  private mutating func noteChange(of client: Int32, in role: Int32) {
    // One alone stands right however it stands.
    guard books.roles[role].ranking.members.count > 1 else { return }
    stale.note(client, isClient: true, stood: books.clients.accounts[client].standing)
  }

  /// What of a list quota governs, and what is reserved.
  private mutating func parts(
    of resources: Resources, all: Amounts
  ) -> (governed: Amounts, reserved: Amounts) {
    if resources.isPlain { return (all, Amounts()) }
    return (
      books.names.amounts(of: resources.governed), books.names.amounts(of: resources.reserved)
    )
  }

  /// Moves everything that no longer stands where its place says.
  mutating func settle() {
    if stale.isEmpty { return }
    for index in stale.indices {
      let (subject, stood) = (stale[index].subject, stale[index].stood)
      if !stale[index].isClient {
        stale[index].isOut = books.sorter.takeOut(subject, stood: stood)
      } else if books.clients[subject].isListed {
        stale[index].isOut = books.roles[books.clients[subject].role].ranking
          .remove(subject, stood: stood, books.clients.accounts)
      }
    }
    while let entry = stale.popLast() {
      if !entry.isOut { continue }
      if entry.isClient {
        books.roles[books.clients[entry.subject].role].ranking
          .insert(entry.subject, books.totals, books.clients.accounts)
      } else {
        books.sorter.putBack(entry.subject, books.totals)
      }
    }
  }
}

extension AllocatorState {
  /// Turns something that a framework holds into something else; its share counts no allocation.
  mutating func updateAllocation(
    of framework: FrameworkIndex, role: Role, on slave: SlaveIndex, from consumed: Resources,
    to converted: Resources, at now: Instant
  ) {
    guard isPresent(slave), let client = client(of: framework, in: role) else { return }
    unfold(slave)
    if consumed.isEmpty {
      // Copies of what is shared: the slave has none the more.
      charge(converted, to: client, on: slave)
      return settle()
    }
    guard let held = books.slaves[slave].holdings.resources(of: client),
      held.contains(consumed)
    else { return }
    books.slaves[slave].holdings.set(held - consumed + converted, of: client)
    exchange(consumed, for: converted, of: client)
    setTotal(books.slaves[slave].total - consumed + converted, of: slave)
    updateAvailable(slave)
    if books.free.contains(slave) { books.agenda.mark(slave, at: now) }
    noteReturn(to: books.clients[client].role)
    noteWithheld(at: now)
  }

  private mutating func exchange(
    _ consumed: Resources, for converted: Resources, of client: Int32
  ) {
    let role = books.clients[client].role
    books.order?.noteChange(of: client)
    for (resources, isGone) in [(consumed, true), (converted, false)] {
      let amounts = books.names.amounts(of: resources)
      noteChange(of: client, in: role)
      books.clients.accounts[client].adjust(amounts, isGone: isGone, books.totals)
      books.sorter.adjust(amounts, of: role, isGone: isGone, books.totals, &stale)
      let parts = parts(of: resources, all: amounts)
      if isGone {
        books.reservedHeld -= parts.reserved
      } else {
        books.reservedHeld += parts.reserved
      }
      books.roles.forEachUpwards(from: role) {
        if isGone { $0.governed -= parts.governed } else { $0.governed += parts.governed }
      }
    }
    settle()
  }

  /// Turns free resources into something else, if they are free.
  ///
  /// - Parameters:
  ///   - slave: The slave.
  ///   - consumed: What is to be replaced.
  ///   - converted: What it becomes.
  ///   - now: When.
  /// - Returns: Whether it was done.
  mutating func updateAvailable(
    on slave: SlaveIndex, from consumed: Resources, to converted: Resources, at now: Instant
  ) -> Bool {
    guard isPresent(slave) else { return false }
    unfold(slave)
    guard books.slaves[slave].available.contains(consumed) else { return false }
    setTotal(books.slaves[slave].total - consumed + converted, of: slave)
    updateAvailable(slave)
    if books.free.contains(slave) { books.agenda.mark(slave, at: now) }
    noteWithheld(at: now)
    return true
  }
}
