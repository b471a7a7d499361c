// Part of mesosim. Apache-2.0, see LICENSE.
//
// No task is forgotten: each that has not ended is in a master's books, or was in those of the last
// one and waits for its slave to come back.

import Mesos
import VirtualTime

/// Every launched task has ended or is tracked.
struct TasksTracked: Invariant {
  let name = "tasks-tracked"
  /// Books are compared when time has passed, not at every fact: that would cost the square.
  private var checkedAt = Instant.start
  private static let interval: Duration = .seconds(30)
  /// Tasks that no book has: they may have ended in the step that is being recorded, so they are
  /// looked for again at the next instant.
  private var missing: [TaskNumber] = []
  private var missedAt = Instant.start

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    if !missing.isEmpty, ledger.now > missedAt {
      let lost = missing.first { ledger.tasks[$0] != nil }
      missing = []
      if let lost { return "task \(lost) has not ended, and no master knows of it" }
    }
    guard ledger.now > checkedAt + Self.interval, let tracked = cluster.tasksTracked else {
      return nil
    }
    checkedAt = ledger.now
    missing = ledger.tasks.keys.filter { !tracked.contains($0) }.sorted()
    missedAt = ledger.now
    return nil
  }
}
