// Part of mesosim. Apache-2.0, see LICENSE.
//
// Looking into the allocator: for conformance cases, transcripts and tests.

package import Mesos

extension HierarchicalDRFAllocator {
  /// What each framework holds in each of its roles, over all slaves; those that hold nothing are
  /// left out.
  package var held: [(framework: FrameworkIndex, role: Role, amounts: Quantities)] {
    state.held
  }
}

extension DRFState {
  /// What each framework holds in each of its roles, over all slaves.
  var held: [(framework: FrameworkIndex, role: Role, amounts: Quantities)] {
    var sums = clients.numbers.map { _ in Quantities() }
    for slave in slaves {
      for holding in slave.holdings.all {
        sums[Int(holding.client)] += holding.resources.scalarQuantities
      }
    }
    var held: [(framework: FrameworkIndex, role: Role, amounts: Quantities)] = []
    for client in clients.numbers where !sums[Int(client)].isEmpty {
      held.append(
        (clients[client].framework, roles[clients[client].role].role, sums[Int(client)]))
    }
    return held
  }
}
