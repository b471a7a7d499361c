// Part of mesosim. Apache-2.0, see LICENSE.
//
// Copying the state on purpose, for copies of the allocator that go different ways.

extension DRFState {
  /// The same state once more.
  func copy() -> DRFState {
    var copy = DRFState(options)
    copy.slaves = slaves
    copy.descriptions = descriptions
    copy.frameworks = frameworks
    copy.roles = roles
    copy.clients = clients
    copy.whitelist = whitelist
    copy.slaveCount = slaveCount
    copy.offerableCount = offerableCount
    copy.free = free
    copy.unclaimed = unclaimed
    copy.names = names
    copy.cluster = cluster
    copy.totals = totals
    copy.sorter = sorter
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
