// Part of mesosim. Apache-2.0, see LICENSE.
//
// How an operator runs a slave dry or has nothing more offered of it, as in Mesos 1.11.

import Mesos
import MesosAllocation
import VirtualTime

/// What an operator wants of a slave.
enum SlaveOrder: Hashable, Sendable {
  /// No more offers of it.
  case deactivated
  /// Its tasks are to end.
  case draining(DrainConfig)
}

extension Master {
  /// Reminds a slave that comes back of what an operator wants of it.
  mutating func resumeDrain(of slave: SlaveIndex) {
    guard let id = slaves[slave].id, let order = slaveOrders[id] else { return }
    slaves[slave].isDraining = true
    allocator.deactivateSlave(slave, at: now)
    if case .draining(let config) = order { send(.drain(config), to: slave) }
  }
}
