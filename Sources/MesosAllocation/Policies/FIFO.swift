// Part of mesosim. Apache-2.0, see LICENSE.
//
// First come, first served: the framework that registered first is offered everything until it
// wants no more. The default of Hadoop (JobQueueTaskScheduler) and of batch systems without shares;
// what fair sharing is compared with in Ghodsi et al., NSDI 2011, section 2.

import Mesos

extension Policy {
  /// Everything to the framework that registered first, what it does not want to the next.
  public static var fifo: Policy { Policy(order: ArrivalOrder()) }
}

extension AllocatorDescriptor {
  /// `fifo`: in the order of registration.
  public static let fifo = AllocatorDescriptor(
    "fifo", "first come, first served: all to the framework that registered first, then the next",
    fairness: [.paretoEfficiency, .strategyProofness]
  ) { _ in .fifo }
}

/// Frameworks by registration; one that comes back after it was removed is the last.
struct ArrivalOrder: ServingOrder {
  private var line: [Int32] = []
  private var version: UInt32?
  private var place = 0

  mutating func begin(_ slave: SlaveIndex, _ draws: Draws, _ state: borrowing AllocatorState) {
    place = 0
    if version == state.books.clients.listingVersion { return }
    version = state.books.clients.listingVersion
    line = []
    for framework in state.books.frameworks.indices.sorted(by: {
      state.arrival(of: $0) < state.arrival(of: $1)
    }) {
      // A framework's roles take turns in the order in which it named them.
      line += state.books.frameworkClients[framework].filter { state.books.clients[$0].isListed }
    }
  }

  mutating func next(_ state: borrowing AllocatorState) -> Int32? {
    guard place < line.count else { return nil }
    place += 1
    return line[place - 1]
  }
}

extension AllocatorState {
  fileprivate func arrival(of framework: Int) -> Int {
    books.frameworks[framework]?.arrival ?? .max
  }
}
