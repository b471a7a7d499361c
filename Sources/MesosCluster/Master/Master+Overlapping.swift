// Part of mesosim. Apache-2.0, see LICENSE.
//
// Offers of the same resources to several frameworks at once: the first launch wins, and what
// others were offered of the same is rescinded. A launch that was on its way by then is judged as
// if its offer stood, by what it conflicts with (Rules 4.9; Omega, EuroSys 2013, section 3.4).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Whether the same resources may be in several open offers.
  var overlaps: Bool { conflicts != nil }

  /// Carries out what does not conflict with what others have launched since the offers were made.
  mutating func commit(
    _ operations: [OfferOperation], filters: Filters, on context: AcceptContext
  ) {
    let valid = withoutConflicts(operations, on: context)
    if context.isLate {
      // What was rescinded has come back already. So does the rest now: tasks take what is free.
      giveBack(context, filters: nil)
      context.remainder = context.offered
    }
    for operation in valid { take(operation, on: context) }
    // Who met a conflict has refused nothing.
    if !context.isLate { giveBack(context, filters: valid == operations ? filters : nil) }
    if !context.used.isEmpty { rescindOvertaken(by: context) }
  }

  /// The operations without the tasks that are in conflict, which are lost.
  private mutating func withoutConflicts(
    _ operations: [OfferOperation], on context: AcceptContext
  ) -> [OfferOperation] {
    // Only a launch can have been under way on an offer that was overtaken.
    let operations = context.isLate ? operations.filter { !$0.tasks.isEmpty } : operations
    let clashing = conflictingTasks(in: operations, on: context)
    if clashing.isEmpty { return operations }
    return operations.compactMap { operation in
      for task in operation.tasks where clashing.contains(task.taskID) {
        refuse(
          task, of: context.framework, .lost, .invalidOffers,
          "task launched on resources that another launch has taken since")
      }
      guard case .launch(let tasks) = operation else {
        return operation.tasks.contains { clashing.contains($0.taskID) } ? nil : operation
      }
      let rest = tasks.filter { !clashing.contains($0.taskID) }
      return rest.isEmpty ? nil : .launch(rest)
    }
  }

  /// What of a launch conflicts with what others have launched since its offers were made.
  private func conflictingTasks(
    in operations: [OfferOperation], on context: AcceptContext
  ) -> Set<TaskID> {
    guard let conflicts else { return [] }
    let all = Set(operations.flatMap(\.tasks).map(\.taskID))
    var clashing: Set<TaskID> = []
    switch conflicts.detection {
    case .coarse:
      let current = slaves[context.slave].version
      if context.versions.contains(where: { $0 != current }) { clashing = all }
    case .fine:
      var room = Room(offered: context.offered, free: freeOf(context.slave))
      for operation in operations {
        switch operation {
        case .launch(let tasks):
          for task in tasks where !hasRoom(for: [task], nil, in: &room, on: context) {
            clashing.insert(task.taskID)
          }
        case .launchGroup(let executor, let group):
          // Of a group all start, or none.
          if hasRoom(for: group.tasks, executor, in: &room, on: context) { continue }
          clashing.formUnion(group.tasks.map(\.taskID))
        default: break
        }
      }
    }
    if conflicts.commit == .allOrNothing, !clashing.isEmpty { return all }
    return clashing
  }

  /// What is left for a launch, of its offers and of the slave.
  private struct Room {
    var offered: Resources
    var free: Resources
    /// The executors that come with its tasks.
    var executors: [ExecutorID] = []
  }

  /// Takes what tasks need, with executors that are not there yet, if there is as much.
  private func hasRoom(
    for tasks: [TaskInfo], _ shared: ExecutorInfo?, in room: inout Room, on context: AcceptContext
  ) -> Bool {
    var needed = Resources()
    var executors = room.executors
    for task in tasks {
      needed += task.resources
      guard let executor = task.executor ?? shared, !executors.contains(executor.executorID),
        self.executor(executor.executorID, of: context.framework, on: context.slave) == nil
      else { continue }
      needed += executor.resources
      executors.append(executor.executorID)
    }
    // More than was offered is a mistake, of which its framework is told as of any other.
    guard room.offered.contains(needed) else { return true }
    guard room.free.contains(needed) else { return false }
    room.offered -= needed
    room.free -= needed
    room.executors = executors
    return true
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

  // MARK: - Overtaken offers

  /// Rescinds, whole, the open offers of a slave that a launch has left without what they offer.
  private mutating func rescindOvertaken(by launch: AcceptContext) {
    let slave = launch.slave
    slaves[slave].version &+= 1
    let free = freeOf(slave)
    for number in openOffers(of: slave) {
      guard var offer = offers[number] else { continue }
      // A late launch took what its framework may have been offered again meanwhile.
      let isAgain = launch.isLate && offer.framework == launch.framework
      if !isAgain, free.contains(offer.resources) { continue }
      rescind(number, refusal: nil)
      offer.overtakenAt = offersMade
      makeRoom(for: offer)
      offers.add(offer, to: &slaves[slave].overtakenOffers)
    }
  }

  /// How many overtaken offers of a slave are kept for one framework.
  ///
  /// Far more than are made while it answers one; for one that holds offers for ever they would
  /// else pile up.
  private static var overtakenMax: Int { 256 }

  private mutating func makeRoom(for offer: OpenOffer) {
    let older = overtakenOffers(of: offer.slave, to: offer.framework)
    if older.count >= Self.overtakenMax { forget(older[0]) }
  }

  private func overtakenOffers(of slave: SlaveIndex, to framework: FrameworkIndex) -> [OpenOffer] {
    if slaves[slave].overtakenOffers.isEmpty { return [] }
    return offers.numbers(onSlave: slaves[slave].overtakenOffers).compactMap { offers[$0] }
      .filter { $0.framework == framework }
  }

  private mutating func forget(_ overtaken: OpenOffer) {
    _ = offers.remove(overtaken.number, from: &slaves)
  }

  /// Forgets overtaken offers on which no launch can come any more: who answers an offer has heard
  /// all that was said before it was made, and what it said before it heard that has arrived.
  mutating func forgetOvertaken(before ids: some Sequence<OfferID>, of framework: FrameworkIndex) {
    guard overlaps else { return }
    for id in ids where isOpen(id, for: framework) {
      guard let slave = offers[id.number]?.slave else { continue }
      for old in overtakenOffers(of: slave, to: framework)
      where (old.overtakenAt ?? .max) <= id.number {
        forget(old)
      }
    }
  }
}
