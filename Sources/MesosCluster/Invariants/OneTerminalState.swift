// Part of mesosim. Apache-2.0, see LICENSE.
//
// A task that has ended has ended: it neither runs nor ends again.

import Mesos

/// Every launched task ends once at most, and does nothing after that.
struct OneTerminalState: Invariant {
  let name = "one-terminal-state"

  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String? {
    switch fact {
    case .taskLaunched(_, _, _, let number):
      return ledger.tasks[number] == nil ? nil : "task \(number) was launched twice"
    case .taskRunning(_, _, let number):
      return ledger.tasks[number] != nil
        ? nil : "task \(number) runs, and has ended or was never launched"
    case .taskEnded(_, _, _, let state, let number, _):
      guard state.isTerminal else { return "task \(number) ended in \(state)" }
      return ledger.tasks[number] != nil
        ? nil : "task \(number) ended in \(state), and had ended or was never launched"
    default: return nil
    }
  }
}
