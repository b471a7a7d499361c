// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers of the same resources to several frameworks at once, as the first text on Mesos has them:
// the first launch wins, what others were offered of the same is rescinded or, when they launch on
// it before they hear of that, lost (Rules 4.9; Omega, EuroSys 2013, section 3.4).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Whether the same resources may be in several open offers.
  var overlaps: Bool { conflicts != nil }

  /// What of a launch conflicts with what others have launched since its offers were made.
  ///
  /// - Parameters:
  ///   - operations: What is to be done.
  ///   - versions: The versions of the slave at which the offers were made.
  ///   - context: Where, with all that was offered.
  /// - Returns: The ids of the tasks that are in conflict.
  func conflictingTasks(
    in operations: [OfferOperation], versions: [UInt32], on context: AcceptContext
  ) -> Set<TaskID> {
    guard let conflicts else { return [] }
    let tasks = operations.flatMap(\.tasks)
    let all = Set(tasks.map(\.taskID))
    var clashing: Set<TaskID> = []
    switch conflicts.detection {
    case .coarse:
      let current = slaves[context.slave].version
      if versions.contains(where: { $0 != current }) { clashing = all }
    case .fine:
      var free = freeOf(context.slave)
      for task in tasks {
        var needed = task.resources
        if let executor = task.executor,
          self.executor(executor.executorID, of: context.framework, on: context.slave) == nil
        {
          needed += executor.resources
        }
        if free.contains(needed) { free -= needed } else { clashing.insert(task.taskID) }
      }
    }
    if conflicts.commit == .allOrNothing, !clashing.isEmpty { return all }
    return clashing
  }

  /// What is not used on a slave.
  ///
  /// - Complexity: O(tasks on the slave).
  func freeOf(_ slave: SlaveIndex) -> Resources {
    var free = slaves[slave].total
    for slot in tasks.slots(onSlave: slaves[slave].tasks)
    where !tasks[slot].state.isTerminal {
      free -= tasks[slot].resources
    }
    for executor in slaves[slave].executors { free -= executor.info.resources }
    return free
  }

  /// Rescinds, whole, the open offers of a slave that a launch has left without what they offer.
  mutating func rescindOvertaken(on slave: SlaveIndex) {
    guard overlaps else { return }
    slaves[slave].version &+= 1
    let free = freeOf(slave)
    for number in offers.numbers(onSlave: slaves[slave].openOffers) {
      guard let offer = offers[number], !free.contains(offer.resources) else { continue }
      rescind(number, refusal: nil)
    }
  }

  /// The operations without the tasks that are in conflict, which end as on any offer that is no
  /// longer valid.
  mutating func withoutConflicts(
    _ operations: [OfferOperation], versions: [UInt32], on context: AcceptContext
  ) -> [OfferOperation] {
    let clashing = conflictingTasks(in: operations, versions: versions, on: context)
    if clashing.isEmpty { return operations }
    return operations.compactMap { operation in
      for task in operation.tasks where clashing.contains(task.taskID) {
        refuse(
          task, of: context.framework, .lost, .invalidOffers,
          "task launched on resources that another launch has taken since")
      }
      switch operation {
      case .launch(let tasks):
        let rest = tasks.filter { !clashing.contains($0.taskID) }
        return rest.isEmpty ? nil : .launch(rest)
      case .launchGroup(_, let group):
        return group.tasks.contains { clashing.contains($0.taskID) } ? nil : operation
      case .reserve, .unreserve, .create, .destroy: return operation
      }
    }
  }
}
