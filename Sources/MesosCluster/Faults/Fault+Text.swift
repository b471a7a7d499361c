// Part of mesosim. Apache-2.0, see LICENSE.
//
// Faults in words, for people who read what happened.

import SimulationKernel
import VirtualTime

extension Fault: CustomStringConvertible {
  /// What goes wrong with whom, such as `crash slaves node-1, node-2`.
  public var description: String {
    switch self {
    case .kill(let parties): "kill \(parties)"
    case .crash(let parties): "crash \(parties)"
    case .restart(let parties): "restart \(parties)"
    case .pause(let parties): "pause \(parties)"
    case .resume(let parties): "resume \(parties)"
    case .partition(let parties, let others, let isOneWay):
      "partition \(parties) \(isOneWay ? "to" : "from") \(others)"
    case .reset(let parties): "reset \(parties)"
    case .network(let conditions?):
      "network: loss \(conditions.loss), duplication \(conditions.duplication), "
        + "reordering \(conditions.reordering)\(conditions.jitter == nil ? "" : ", jitter")"
    case .network(nil): "network: good again"
    case .messages(let fault): "\(fault)"
    }
  }
}

extension MessageFault: CustomStringConvertible {
  /// What happens to which messages, such as `lose statusUpdate to schedulers web`.
  public var description: String {
    var text =
      switch fate {
      case .lose: "lose \(kind)"
      case .hold: "hold \(kind)"
      case .drop: "drop \(kind)"
      case .reorder(let count): "reorder \(kind) by \(count)"
      case .watch: "watch \(kind)"
      case .delay(let delay): "delay \(kind) by \(delay.inSeconds) s"
      case .duplicate(let delay): "duplicate \(kind) after \(delay.inSeconds) s"
      }
    if !from.isEmpty { text += " from \(from)" }
    if !to.isEmpty { text += " to \(to)" }
    return times.map { $0 == 1 ? text + ", once" : text + ", \($0) times" } ?? text
  }
}

extension Parties: CustomStringConvertible {
  /// The patterns by kind, such as `masters leader and slaves node-*`.
  public var description: String {
    let kinds = [
      ("masters", masters), ("slaves", slaves), ("schedulers", schedulers),
      ("executors", executors),
    ]
    var parts = kinds.filter { !$0.1.isEmpty }.map { "\($0) \($1.joined(separator: ", "))" }
    if zookeeper { parts.append("ZooKeeper") }
    return parts.joined(separator: " and ")
  }
}
