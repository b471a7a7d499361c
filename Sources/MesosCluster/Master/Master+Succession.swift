// Part of mesosim. Apache-2.0, see LICENSE.
//
// How one master takes over from another (Rules 8.8): what is written down is read, everything
// else is learnt from slaves and schedulers as they come back.

import Mesos
import MesosAllocation

/// What the record of a run knows of tasks and executors that no master knows at the moment: not
/// for decisions, but so that every task that was recorded as launched is recorded as ended.
struct InheritedTasks: Hashable {
  struct LostTask: Hashable {
    let framework: FrameworkIndex
    let id: TaskID
    let resources: Resources
    let number: TaskNumber
  }
  struct Executor: Hashable {
    let framework: FrameworkIndex
    let id: ExecutorID
    let resources: Resources
  }
  /// How the slave was divided up, where it was there.
  var total: Resources?
  var tasks: [LostTask] = []
  var executors: [Executor] = []
}

/// What goes from a master that no longer leads to the one that follows.
public struct Succession: Hashable, Sendable {
  /// What is written down for all masters.
  public let registry: Registry
  let inherited: [SlaveIndex: InheritedTasks]
  let tasksLaunched: TaskNumber
}

extension Master {
  /// Ends a master that lost its leadership or its process: its offers are void, and what it knew
  /// beyond the registry is lost.
  mutating func abdicate() {
    for number in offers.numbers(where: { _ in true }) {
      guard let offer = offers.remove(number, from: &slaves), offer.isOpen else { continue }
      record(.offerEnded(offer.framework, offer.slave, offer.resources, .discarded))
    }
    var left = inherited
    for index in slaves.indices {
      var entry = left[SlaveIndex(index)] ?? InheritedTasks()
      for slot in tasks.slots(onSlave: slaves[index].tasks) where !tasks[slot].state.isTerminal {
        let task = tasks[slot]
        entry.tasks.append(
          InheritedTasks.LostTask(
            framework: task.framework, id: task.id, resources: task.resources,
            number: task.number))
      }
      for executor in slaves[index].executors {
        entry.executors.append(
          InheritedTasks.Executor(
            framework: executor.framework, id: executor.info.executorID,
            resources: executor.info.resources))
      }
      if slaves[index].state.isRegistered { entry.total = slaves[index].total }
      if entry.total != nil { left[SlaveIndex(index)] = entry }
    }
    nextDeadline = nil
    actions.append(
      .toSuccessor(
        Succession(registry: registry, inherited: left, tasksLaunched: tasksLaunched)))
  }

  /// Begins to lead where another master led: every slave of the registry has its time to come
  /// back, and with quotas the allocator waits for most of them.
  mutating func succeed(_ succession: Succession) {
    registry = succession.registry
    inherited = succession.inherited
    tasksLaunched = succession.tasksLaunched
    tookOver = true
    for slave in registry.slaves {
      while slaves.count <= Int(slave.index) { slaves.append(SlaveRecord()) }
      slaves[slave.index].state = .recovered
      slaves[slave.index].id = slave.id
      slaves[slave.index].info = slave.info
      slaveIndices[slave.id] = slave.index
      timers.set(.reregistration(slave.index), at: now + settings.slaveReregisterTimeout)
    }
    if !registry.weights.isEmpty {
      allocator.updateWeights(registry.weights.map { ($0.role, $0.weight) }, at: now)
    }
    allocator.recover(
      expectedSlaves: registry.slaves.count, quotas: registry.quotas.map { ($0.role, $0.quota) },
      at: now)
  }

  /// The number under which a task was recorded when it was launched; `nil` when it has ended
  /// since, as far as the record goes.
  func inheritedNumber(of task: TaskID, framework: FrameworkIndex, on slave: SlaveIndex)
    -> TaskNumber?
  {
    inherited[slave]?.tasks.first { $0.framework == framework && $0.id == task }?.number
  }

  /// Records the end of what the last master had on a slave and the slave no longer has, or has
  /// seen end while no master led.
  ///
  /// What the slave does not have is lost for `reason`.
  mutating func settleInherited(
    of slave: SlaveIndex, with inventory: SlaveInventory = SlaveInventory(), _ reason: StatusReason
  ) {
    guard let left = inherited.removeValue(forKey: slave) else { return }
    for task in left.tasks {
      let reported = inventory.tasks.first {
        $0.framework == task.framework && $0.id == task.id && isKnown($0.framework)
      }
      let state = reported?.state ?? .lost
      if state.isTerminal {
        record(
          .taskEnded(
            task.framework, slave, task.resources, state, task.number,
            reason: reported == nil ? reason : nil))
      }
    }
    let living = slaves[slave].executors
    for executor in left.executors where !executor.resources.isEmpty {
      let isAlive = living.contains {
        $0.framework == executor.framework
          && $0.info.executorID == executor.id
      }
      if !isAlive {
        record(.executorEnded(executor.framework, slave, executor.resources))
      }
    }
  }
}
