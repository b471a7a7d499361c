// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers that overlap: what of each slave is open to whom, so that nothing is offered to the same
// framework twice at a time, in whichever of its roles. Which launch wins is not decided here.

import Mesos
import VirtualTime

/// What is on offer to whom without being charged.
struct OpenOffers {
  private struct Entry {
    var client: Int32
    var resources: Resources
  }

  /// By slave, sorted by client.
  private var entries: [[Entry]] = []

  /// What of a slave is open to a client.
  func resources(of slave: SlaveIndex, to client: Int32) -> Resources? {
    guard let place = place(of: slave, client), isThere(place, slave, client) else { return nil }
    return entries[slave][place].resources
  }

  /// Notes an offer.
  mutating func add(_ resources: Resources, of slave: SlaveIndex, to client: Int32) {
    while entries.count <= Int(slave) { entries.append([]) }
    guard let place = place(of: slave, client) else { return }
    if isThere(place, slave, client) {
      entries[slave][place].resources += resources
    } else {
      entries[slave].insert(Entry(client: client, resources: resources), at: place)
    }
  }

  /// Ends an offer or a part of it; says whether there was any.
  mutating func remove(_ resources: Resources, of slave: SlaveIndex, to client: Int32) -> Bool {
    guard let place = place(of: slave, client), isThere(place, slave, client) else { return false }
    entries[slave][place].resources -= resources
    if entries[slave][place].resources.isEmpty { entries[slave].remove(at: place) }
    return true
  }

  /// Ends all offers of a slave.
  mutating func removeAll(of slave: SlaveIndex) {
    if Int(slave) < entries.count { entries[slave] = [] }
  }

  /// Ends all offers to a client.
  mutating func removeAll(to client: Int32) {
    for slave in entries.indices {
      if let place = place(of: SlaveIndex(slave), client), isThere(place, SlaveIndex(slave), client)
      {
        entries[slave].remove(at: place)
      }
    }
  }

  /// Where the entry of a client is or belongs; `nil` for a slave of which nothing was ever open.
  private func place(of slave: SlaveIndex, _ client: Int32) -> Int? {
    guard slave >= 0, Int(slave) < entries.count else { return nil }
    var (low, high) = (0, entries[slave].count)
    while low < high {
      let middle = (low + high) / 2
      if entries[slave][middle].client < client { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func isThere(_ place: Int, _ slave: SlaveIndex, _ client: Int32) -> Bool {
    place < entries[slave].count && entries[slave][place].client == client
  }
}

extension AllocatorState {
  /// Offers what is free on a slave to all clients to which it is not open yet.
  mutating func offerToAll(_ slave: SlaveIndex, _ pass: inout Pass) {
    cursor.restart()
    while let role = books.sorter.next(&cursor, books.totals) {
      sortFrameworks(of: role)
      let reachable = reachable(by: role, on: slave)
      for client in books.roles[role].ranking.members {
        guard let takeable = takeable(reachable, by: client, on: slave) else { continue }
        let offer = takeable - openResources(of: slave, toFrameworkOf: client)
        guard isWorthAnOffer(offer, to: client), !isFiltered(offer, from: client, on: slave, pass)
        else { continue }
        books.open.add(offer, of: slave, to: client)
        pass.allocations.append(
          Allocation(
            framework: books.clients[client].framework, role: books.roles[role].role, slave: slave,
            resources: offer,
            reason: Allocation.Reason(
              stage: 2, roleShare: books.sorter.share(of: role),
              frameworkShare: books.clients.accounts[client].standing.share)))
      }
    }
  }

  /// What of a slave is open to a client's framework, in all its roles.
  private func openResources(of slave: SlaveIndex, toFrameworkOf client: Int32) -> Resources {
    var open = Resources()
    for other in books.frameworkClients[Int(books.clients[client].framework)] {
      if let part = books.open.resources(of: slave, to: other) { open += part }
    }
    return open
  }

  /// Charges what a task took.
  mutating func use(
    _ resources: Resources, by framework: FrameworkIndex, role: Role, on slave: SlaveIndex
  ) {
    guard !resources.isEmpty, isPresent(slave), self.framework(framework) != nil else { return }
    let client = trackedClient(of: framework, in: role)
    _ = books.open.remove(resources, of: slave, to: client)
    charge(resources, to: client, on: slave)
    settle()
    noteOvercommitment(of: slave)
    updateAvailable(slave)
  }

  /// Ends an offer, or a part of it, that was never charged.
  mutating func endOffer(
    _ resources: Resources, of framework: FrameworkIndex, role: Role, on slave: SlaveIndex,
    refusal: Filters?, at now: Instant
  ) {
    guard !resources.isEmpty, isPresent(slave), let client = client(of: framework, in: role),
      books.open.remove(resources, of: slave, to: client)
    else { return }
    addFilter(resources, client: client, slave: slave, refusal: refusal, at: now)
    if books.free.contains(slave) { books.agenda.mark(slave, at: now) }
  }
}
