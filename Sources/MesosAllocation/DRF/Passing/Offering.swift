// Part of mesosim. Apache-2.0, see LICENSE.
//
// What of a slave a framework could be offered, before quota (mesos/src/master/allocator/mesos/
// hierarchical.cpp, isCapableOfReceivingAgent, stripIncapableResources, allocatable, isFiltered).

import Mesos
import VirtualTime

extension HierarchicalDRFAllocator {
  /// What of a slave's free resources frameworks of a role could get.
  func reachable(by role: Int32, on slave: SlaveIndex) -> Resources {
    let available = slaves[Int(slave)].available
    return available.isPlain ? available : available.allocatable(to: roles[role].role)
  }

  /// The part that the framework can take; `nil` when the slave is not for it or it is too little.
  func takeable(_ reachable: Resources, by client: Client, on slave: SlaveIndex) -> Resources? {
    guard isWorthAnOffer(reachable, to: client) else { return nil }
    let capabilities = client.capabilities
    if options.filtersGPUs, slaves[Int(slave)].hasGPUs, !capabilities.contains(.gpuResources) {
      return nil
    }
    if reachable.isPlain { return reachable }
    return reachable.without(
      revocable: !capabilities.contains(.revocableResources),
      refined: !capabilities.contains(.reservationRefinement),
      shared: !capabilities.contains(.sharedResources))
  }

  /// Whether there is enough for an offer.
  func isWorthAnOffer(_ resources: Resources, to client: Client) -> Bool {
    if resources.isEmpty { return false }
    return client.minimum?.admits(resources) ?? minimum.admits(resources)
  }

  /// Whether the slave cannot serve the framework or the framework has refused this and more.
  func isFiltered(
    _ offer: Resources, from number: Int32, _ client: Client, on slave: SlaveIndex,
    _ pass: Pass
  ) -> Bool {
    let serves = slaves[Int(slave)].capabilities
    if client.capabilities.contains(.multiRole), !serves.contains(.multiRole) { return true }
    if roles[client.role].isNested, !serves.contains(.hierarchicalRole) { return true }
    return filters.refuses(
      offer, client: number, slave: slave, at: pass.now, isTick: pass.isTick)
  }
}
