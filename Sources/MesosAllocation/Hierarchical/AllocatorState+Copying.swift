// Part of mesosim. Apache-2.0, see LICENSE.
//
// Copying the state on purpose, for copies of the allocator that go different ways.

extension AllocatorState {
  /// The same state once more.
  func copy() -> AllocatorState {
    var copy = AllocatorState(options, policy)
    copy.slaves = slaves
    copy.descriptions = descriptions
    copy.frameworks = frameworks
    copy.frameworkClients = frameworkClients
    copy.roles = roles
    copy.clients = clients
    copy.whitelist = whitelist
    copy.slaveCount = slaveCount
    copy.offerableCount = offerableCount
    copy.free = free
    copy.unclaimed = unclaimed
    copy.arrivals = arrivals
    copy.names = names
    copy.cluster = cluster
    copy.totals = totals
    copy.sorter = sorter
    copy.order = order
    copy.demands = demands
    copy.open = open
    copy.pricing = pricing
    copy.quotas = quotas
    copy.reserved = reserved
    copy.reservedHeld = reservedHeld
    copy.revocableFree = revocableFree
    copy.withheld = withheld
    copy.overcommitted = overcommitted
    copy.filters = filters
    copy.agenda = agenda
    copy.passes = passes
    copy.slaveOrder = slaveOrder
    copy.maintenance = maintenance
    copy.recovery = recovery
    return copy
  }
}
