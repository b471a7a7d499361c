// Part of mesosim. Apache-2.0, see LICENSE.
//
// How tasks on a slave are killed: one by one as schedulers want it, and all of them when the slave
// is drained (Rules 6.4 and 6.5).

import Mesos
import VirtualTime

extension Slave {
  mutating func kill(
    _ task: TaskID, of framework: FrameworkIndex, by policy: KillPolicy? = nil
  ) {
    guard phase == .registered || phase == .disconnected,
      let place = findFramework(framework), !frameworks[place].isTerminating
    else { return }
    guard let slot = findTask(task, of: framework), !tasks[slot].flags.contains(.isUnknown) else {
      // It ended and was forgotten, or never came.
      return reportUnknownTask(
        task, of: framework, frameworks[place].stateOfDropped, "Cannot find executor",
        .executorTerminated)
    }
    if !tasks[slot].isCommand { return killExecutorTask(slot, by: policy) }
    if !tasks[slot].state.isTerminal { killCommand(slot, by: policy) }
  }

  private mutating func killCommand(_ slot: Int, by policy: KillPolicy?) {
    let container = tasks[slot].runner
    guard tasks[slot].flags.contains(.isPreparing) else {
      if let policy { return request(.killCommandBy(policy, container)) }
      return request(.killCommand(container, isShutdown: false))
    }
    request(.destroyContainer(container))
    report(slot, .killed, "Killed before delivery to the executor", .taskKilledDuringLaunch)
  }

  private mutating func killExecutorTask(_ slot: Int, by policy: KillPolicy?) {
    let executor = Int(tasks[slot].runner)
    switch executors[executor].state {
    case .terminating, .terminated: return
    case .registering, .running: break
    }
    guard tasks[slot].flags.contains(.isQueued) else {
      // One that has ended, too, as long as its scheduler has not heard of it; it changes nothing.
      guard executors[executor].state == .running else { return }
      let id = tasks[slot].info.taskID
      return send(
        policy.map { .killTaskBy($0, id) } ?? .killTask(id),
        toExecutorIn: executors[executor].container)
    }
    let group = tasks[slot].group
    if group == 0 {
      report(slot, .killed, "Killed before delivery to the executor", .taskKilledDuringLaunch)
    } else {
      for victim in executors[executor].tasks where tasks[Int(victim)].group == group {
        report(
          Int(victim), .killed,
          "A task within the task group was killed before delivery to the executor",
          .taskKilledDuringLaunch)
      }
    }
    shutdownIfUseless(executor)
  }
}

// MARK: - Draining

extension Slave {
  /// Kills everything that runs, each task by its own policy or, where that gives it longer, within
  /// the time that the operator allows.
  mutating func drain(_ config: DrainConfig) {
    draining = frameworks.isEmpty ? nil : config
    for slot in tasksInOrder()
    where !tasks[slot].flags.contains(.isUnknown) && !tasks[slot].state.isTerminal {
      var policy: KillPolicy?
      if let most = config.graceMax {
        let own = tasks[slot].info.killPolicy?.gracePeriod
        policy = KillPolicy(gracePeriod: min(own ?? most, most))
      }
      kill(tasks[slot].info.taskID, of: tasks[slot].framework, by: policy)
    }
  }

  /// An update as a slave tells it that is being drained: it says why tasks are killed and, when
  /// the slave will be gone for good, that they are.
  func drained(_ status: consuming TaskStatus, by config: DrainConfig) -> TaskStatus {
    switch status.state {
    case .killing: status.reason = .slaveDraining
    case .killed:
      if config.marksGone { status.state = .goneByOperator }
      status.reason = .slaveDraining
    default: break
    }
    return status
  }
}
