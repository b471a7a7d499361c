// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework's processes have written down. It outlives them all, whatever becomes of their
// slaves and of the framework's id, until the framework leaves.

import Mesos

/// The stores of one framework, within one limit.
final class FrameworkStorage {
  private struct ExecutorPlace: Hashable {
    let slave: SlaveIndex
    let executor: ExecutorID
  }

  let scheduler = MemoryStore()
  private var executors: [ExecutorPlace: MemoryStore] = [:]

  /// What executors of this id have written down on this slave.
  func store(of executor: ExecutorID, on slave: SlaveIndex) -> MemoryStore {
    let place = ExecutorPlace(slave: slave, executor: executor)
    if let known = executors[place] { return known }
    let made = MemoryStore(sharingLimitOf: scheduler)
    executors[place] = made
    return made
  }
}
