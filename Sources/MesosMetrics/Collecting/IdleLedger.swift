// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the tasks of a framework hold without using it.

import Mesos
import MesosCluster

/// What the running tasks of one framework leave idle, folded from its notes.
struct IdleLedger {
  /// What each task leaves idle, of those that were told of.
  private var tasks: [TaskNumber: Lanes] = [:]
  private var level = Lanes.zero
  private var settledAt: Int64
  /// The integral over time.
  private(set) var sum = Integral()

  init(at now: Int64) { settledAt = now }

  /// Extends the integral to an instant.
  mutating func settle(to now: Int64) {
    let time = now &- settledAt
    guard time > 0 else { return }
    settledAt = now
    sum.add(level, for: time)
  }

  mutating func note(_ task: TaskNumber, _ amount: Lanes, at now: Int64) {
    end(task, at: now)
    tasks[task] = amount
    level &+= amount
  }

  mutating func end(_ task: TaskNumber, at now: Int64) {
    settle(to: now)
    if let amount = tasks.removeValue(forKey: task) { level &-= amount }
  }
}
