// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who holds what (mesos/src/master/allocator/mesos/hierarchical.cpp, recoverResources,
// trackAllocatedResources, updateAllocation, updateAvailable).

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
    guard let client = client(of: framework, in: role) else { return }
    guard release(resources, from: client, on: slave, at: now) else { return }
    if let nanoseconds = refusal?.timeoutNanoseconds {
      let end = agenda.end(ofFilterFor: nanoseconds, at: now)
      filters.add(resources, client: client, slave: slave, expiry: end.expiry, tick: end.tick)
    }
    if refusal != nil { noteRefusal(of: framework, resources, at: now) }
    untrackIfIdle(client)
    noteWithheld(at: now)
  }

  /// Takes resources from a client and makes them available; says whether the client had them.
  private mutating func release(
    _ resources: Resources, from client: Int32, on slave: SlaveIndex, at now: Instant
  ) -> Bool {
    switch slaves[Int(slave)].holdings.take(resources, from: client) {
    case .tooMuch: return false
    case .some: break
    case .all: clients[client].holdings -= 1
    }
    credit(resources, from: client)
    if slaves[Int(slave)].isOvercommitted {
      updateAvailable(slave)
    } else {
      addAvailable(resources, of: slave)
    }
    if free.contains(slave) { agenda.mark(slave, at: now) }
    return true
  }

  mutating func releaseAll(of client: Int32, on slave: SlaveIndex, at now: Instant) {
    guard let held = slaves[Int(slave)].holdings.resources(of: client) else { return }
    _ = release(held, from: client, on: slave, at: now)
  }

  /// Adds to what a client holds on a slave and in all.
  ///
  /// What is left on the slave is the caller's, and so is settling the places.
  mutating func charge(
    _ resources: consuming Resources, to client: Int32, on slave: SlaveIndex
  ) {
    let amounts = names.amounts(of: resources)
    let role = clients[client].role
    order?.noteChange(of: client)
    noteChange(of: client, in: role)
    clients.accounts[client].charge(amounts, totals)
    sorter.charge(amounts, to: role, totals, &touched)
    if resources.isPlain {
      roles.forEachUpwards(from: role) { $0.governed += amounts }
    } else {
      let parts = parts(of: resources, all: amounts)
      reservedHeld += parts.reserved
      roles.forEachUpwards(from: role) { $0.governed += parts.governed }
    }
    if slaves[Int(slave)].holdings.add(resources, of: client) { clients[client].holdings += 1 }
  }

  /// Takes from what a client holds in all; what it holds on the slave is the caller's.
  mutating func credit(_ resources: Resources, from client: Int32) {
    let amounts = names.amounts(of: resources)
    let role = clients[client].role
    order?.noteChange(of: client)
    noteChange(of: client, in: role)
    clients.accounts[client].adjust(amounts, isGone: true, totals)
    sorter.adjust(amounts, of: role, isGone: true, totals, &touched)
    let parts = parts(of: resources, all: amounts)
    if !resources.isPlain { reservedHeld -= parts.reserved }
    roles.forEachUpwards(from: role) { $0.governed -= parts.governed }
    settle()
    if !parts.governed.isZero { noteReturn(to: role) }
  }

  /// Notes that a client is about to change its place in its role.
  private mutating func noteChange(of client: Int32, in role: Int32) {
    // One alone stands right however it stands.
    guard roles[role].ranking.members.count > 1 else { return }
    touched.note(client, isClient: true, stood: clients.accounts[client].standing)
  }

  /// What of a list quota governs, and what is reserved.
  private mutating func parts(
    of resources: Resources, all: Amounts
  ) -> (governed: Amounts, reserved: Amounts) {
    if resources.isPlain { return (all, Amounts()) }
    return (names.amounts(of: resources.governed), names.amounts(of: resources.reserved))
  }

  /// Moves everything that no longer stands where its place says.
  mutating func settle() {
    if touched.isEmpty { return }
    for index in touched.indices {
      let (subject, stood) = (touched[index].subject, touched[index].stood)
      if !touched[index].isClient {
        touched[index].isOut = sorter.takeOut(subject, stood: stood)
      } else if clients[subject].isListed {
        touched[index].isOut = roles[clients[subject].role].ranking
          .remove(subject, stood: stood, clients.accounts)
      }
    }
    while let touch = touched.popLast() {
      if !touch.isOut { continue }
      if touch.isClient {
        roles[clients[touch.subject].role].ranking
          .insert(touch.subject, totals, clients.accounts)
      } else {
        sorter.putBack(touch.subject, totals)
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
    guard let held = slaves[Int(slave)].holdings.resources(of: client), held.contains(consumed)
    else { return }
    slaves[Int(slave)].holdings.set(held - consumed + converted, of: client)
    exchange(consumed, for: converted, of: client)
    setTotal(slaves[Int(slave)].total - consumed + converted, of: slave)
    updateAvailable(slave)
    if free.contains(slave) { agenda.mark(slave, at: now) }
    noteReturn(to: clients[client].role)
    noteWithheld(at: now)
  }

  private mutating func exchange(
    _ consumed: Resources, for converted: Resources, of client: Int32
  ) {
    let role = clients[client].role
    order?.noteChange(of: client)
    for (resources, isGone) in [(consumed, true), (converted, false)] {
      let amounts = names.amounts(of: resources)
      noteChange(of: client, in: role)
      clients.accounts[client].adjust(amounts, isGone: isGone, totals)
      sorter.adjust(amounts, of: role, isGone: isGone, totals, &touched)
      let parts = parts(of: resources, all: amounts)
      if isGone { reservedHeld -= parts.reserved } else { reservedHeld += parts.reserved }
      roles.forEachUpwards(from: role) {
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
    guard isPresent(slave), slaves[Int(slave)].available.contains(consumed) else { return false }
    setTotal(slaves[Int(slave)].total - consumed + converted, of: slave)
    updateAvailable(slave)
    if free.contains(slave) { agenda.mark(slave, at: now) }
    noteWithheld(at: now)
    return true
  }
}

extension Filters {
  /// How long a filter lasts before the interval is considered; `nil` when it sets none.
  ///
  /// Negative numbers and what is no number count as 5 s, more than a year as a year.
  var timeoutNanoseconds: Int64? {
    if refuseSeconds == 0 { return nil }
    if refuseSeconds.isNaN || refuseSeconds < 0 { return 5_000_000_000 }
    return Duration.wholeNanoseconds(seconds: min(refuseSeconds, 31_536_000))
  }
}
