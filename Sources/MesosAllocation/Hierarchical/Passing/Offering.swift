// Part of mesosim. Apache-2.0, see LICENSE.
//
// What of a slave a framework could be offered, before quota (mesos/src/master/allocator/mesos/
// hierarchical.cpp, isCapableOfReceivingAgent, stripIncapableResources, allocatable, isFiltered).

import Mesos
import VirtualTime

extension AllocatorState {
  /// Brings the order of a role's frameworks up to date.
  mutating func sortFrameworks(of role: Int32) {
    if books.roles[role].ranking.isSorted(books.totals) { return }
    books.roles[role].ranking.sort(books.totals, &books.clients.accounts)
  }

  /// What of a slave's free resources frameworks of a role could get.
  func reachable(by role: Int32, on slave: SlaveIndex) -> Resources {
    let available = books.slaves[slave].available
    return books.slaves[slave].isPlain
      ? available : available.allocatable(to: books.roles[role].role)
  }

  /// The part that the framework can take; `nil` when the slave is not for it or it is too little.
  func takeable(_ reachable: Resources, by client: Int32, on slave: SlaveIndex) -> Resources? {
    guard isWorthAnOffer(reachable, to: client), isSlaveFor(client, slave) else { return nil }
    let capabilities = books.clients[client].capabilities
    let whole =
      reachable.isPlain
      ? reachable
      : reachable.without(
        revocable: !capabilities.contains(.revocableResources),
        refined: !capabilities.contains(.reservationRefinement),
        shared: !capabilities.contains(.sharedResources))
    if policy.unit == .slave { return whole }
    return piece(of: whole, for: client).map { raised($0, within: whole, for: client) }
  }

  /// Whether the framework may have anything of the slave as far as gpus and the policy go.
  @inline(__always)
  func isSlaveFor(_ client: Int32, _ slave: SlaveIndex) -> Bool {
    if let choice = policy.slaves,
      !choice.admits(books.clients[client].choice, books.slaves[slave].choice)
    {
      return false
    }
    if books.clients[client].isChoosy, !books.clients.wants(client, slave) { return false }
    guard options.filtersGPUs, books.slaves[slave].hasGPUs else { return true }
    return books.clients[client].capabilities.contains(.gpuResources)
  }

  /// Whether there is enough for an offer.
  @inline(__always)
  func isWorthAnOffer(_ resources: Resources, to client: Int32) -> Bool {
    if resources.isEmpty { return false }
    if books.clients[client].hasMinimum, let own = books.clients.minimum(of: client) {
      return own.admits(resources)
    }
    return minimum.admits(resources)
  }

  /// A piece of a slave, and what else of it makes the piece worth an offer: what a task needs may
  /// be less than the least that is offered.
  func raised(_ piece: Resources, within whole: Resources, for client: Int32) -> Resources {
    if piece.isEmpty || isWorthAnOffer(piece, to: client) { return piece }
    return (books.clients.minimum(of: client) ?? minimum).raised(piece, within: whole)
  }

  /// Whether the slave cannot serve the framework or the framework has refused this and more.
  @inline(__always)
  func isFiltered(
    _ offer: Resources, from client: Int32, on slave: SlaveIndex, _ pass: borrowing Pass
  ) -> Bool {
    let serves = books.slaves[slave].capabilities
    if serves != [.multiRole, .hierarchicalRole] {
      let isMulti = books.clients[client].capabilities.contains(.multiRole)
      if isMulti, !serves.contains(.multiRole) { return true }
      if books.roles[books.clients[client].role].isNested, !serves.contains(.hierarchicalRole) {
        return true
      }
    }
    return books.filters.refuses(
      offer, client: client, slave: slave, at: pass.now, isTick: pass.isTick)
  }
}
