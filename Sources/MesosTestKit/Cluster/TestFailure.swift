// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why a test failed, in 40 lines at most: what was awaited, the nearest miss, what happened last,
// how things stand.

import Mesos
import MesosCluster
import VirtualTime

/// Something that a test expected of a cluster did not come, or came and should not have.
public struct TestFailure: Error, CustomStringConvertible {
  /// The report.
  public let description: String

  private static let mostEvents = 20
  private static let mostActs = 8
  private static let mostStates = 6

  init(_ what: String, nearest: String?, advice: String?, in cluster: TestCluster) {
    var lines = [what]
    if let nearest { lines.append("  nearest: \(nearest)") }
    if let advice { lines.append("  advice: \(advice)") }
    lines.append("  at \(cluster.now):")
    lines += Self.states(of: cluster).map { "    \($0)" }
    let events = Self.events(of: cluster)
    lines.append(events.isEmpty ? "  nothing has happened" : "  last events:")
    lines += events.map { "    \($0)" }
    lines.append("  the same test runs the same: digest \(cluster.digest)")
    description = lines.joined(separator: "\n")
  }

  private static func states(of cluster: TestCluster) -> [String] {
    var lines = cluster.frameworks.prefix(mostStates).map { framework in
      let states = TaskState.allCases.compactMap { state in
        let count = framework.tasks.count { $0.state == state }
        return count > 0 ? "\(count) \(state)" : nil
      }
      let link = framework.isRegistered ? "connected" : "not connected"
      let tasks = states.isEmpty ? "no tasks" : states.joined(separator: ", ")
      return "\(framework.name): \(link)\(framework.isSuppressed ? ", suppressed" : ""); \(tasks)"
    }
    if cluster.frameworks.count > mostStates {
      lines.append("and \(cluster.frameworks.count - mostStates) other frameworks")
    }
    return lines
  }

  /// What frameworks heard and said, the last of it, and what the test did, in order.
  private static func events(of cluster: TestCluster) -> [String] {
    // What the test did explains most, however long ago it was.
    let acts = cluster.acts.suffix(mostActs).map { ($0.instant, "test: \($0.text)") }
    var events: [(instant: Instant, text: String)] = []
    for framework in cluster.frameworks {
      events += Self.joiningDeclines(framework.history.suffix(mostEvents * 4)).map { entry in
        switch entry.content {
        case .event(let event): (entry.instant, "\(framework.name) <- \(Text.of(event))")
        case .call(let call): (entry.instant, "\(framework.name) -> \(Text.of(call))")
        }
      }
    }
    let last = inOrder(events).suffix(mostEvents - acts.count)
    return inOrder(acts + last).map { "\($0.instant)  \($0.text)" }
  }

  /// Makes one of refusals that follow one another.
  private static func joiningDeclines(_ entries: ArraySlice<HistoryEntry>) -> [HistoryEntry] {
    var joined: [HistoryEntry] = []
    for entry in entries {
      if case .call(.declineOffers(let more, let filters)) = entry.content,
        let last = joined.last, last.instant == entry.instant,
        case .call(.declineOffers(var ids, filters)) = last.content
      {
        for id in more { ids.append(id) }
        joined[joined.count - 1] = HistoryEntry(
          instant: entry.instant, content: .call(.declineOffers(ids, filters)))
      } else {
        joined.append(entry)
      }
    }
    return joined
  }

  /// Stable: what is of one instant stays as it is.
  private static func inOrder(
    _ events: [(instant: Instant, text: String)]
  ) -> [(instant: Instant, text: String)] {
    events.indices.sorted { (events[$0].instant, $0) < (events[$1].instant, $1) }
      .map { events[$0] }
  }
}

/// What reports call things.
enum Text {
  private static let mostOfAList = 3

  private static func list<Element>(
    _ elements: some Collection<Element>, _ text: (Element) -> String
  ) -> String {
    let first = elements.prefix(mostOfAList).map(text).joined(separator: ", ")
    let rest = elements.count - mostOfAList
    return rest > 0 ? "\(first) and \(rest) more" : first
  }

  static func of(_ duration: Duration) -> String {
    let seconds = duration.inSeconds
    return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
  }

  static func of(_ parties: Parties) -> String {
    (parties.masters + parties.slaves + parties.schedulers + parties.executors
      + (parties.zookeeper ? ["ZooKeeper"] : [])).joined(separator: ", ")
  }

  static func of(_ fault: Fault) -> String {
    if let parties = fault.parties { return of(parties) }
    guard case .partition(let parties, let others, let isOneWay) = fault else {
      return "\(fault)"
    }
    return "\(of(parties)) from \(of(others))\(isOneWay ? ", one way" : "")"
  }

  static func of(_ event: SchedulerCallback) -> String {
    switch event {
    case .registered(let id): "registered as \(id)"
    case .reregistered: "reregistered"
    case .disconnected: "disconnected"
    case .resourceOffers(let offers):
      "offers " + list(offers) { "\($0.id) of \($0.resources) on \($0.hostname)" }
    case .offerRescinded(let id): "rescinded \(id)"
    case .statusUpdate(let status):
      "\(status.taskID) \(status.state)\(status.message.isEmpty ? "" : ": \(status.message)")"
    case .frameworkMessage(let executor, let slave, let data):
      "message of \(data.count) bytes from \(executor) on \(slave)"
    case .slaveLost(let id): "slave \(id) lost"
    case .executorLost(let id, let slave, let status):
      "executor \(id) on \(slave) lost, status \(status)"
    case .error(let message): "error: \(message)"
    }
  }

  static func of(_ call: DriverCall) -> String {
    switch call {
    case .launchTasks(let offers, let tasks, let filters):
      tasks.isEmpty
        ? "decline \(list(offers) { "\($0)" }) for \(filters.refuseSeconds) s"
        : "launch \(list(tasks) { "\($0.taskID)" }) on \(list(offers) { "\($0)" })"
    case .acceptOffers(let offers, let operations, _):
      "accept \(list(offers) { "\($0)" }) with \(operations.count) operations"
        + (operations.flatMap(\.tasks).isEmpty
          ? "" : ": launch \(list(operations.flatMap(\.tasks)) { "\($0.taskID)" })")
    case .declineOffers(let ids, let filters):
      "decline \(list(Array(ids)) { "\($0)" }) for \(filters.refuseSeconds) s"
    case .killTask(let id): "kill \(id)"
    case .reviveOffers: "revive"
    case .suppressOffers: "suppress"
    case .reconcileTasks(let tasks): tasks.isEmpty ? "reconcile" : "reconcile \(tasks.count) tasks"
    case .acknowledgeStatusUpdate(let status): "acknowledge \(status.taskID) \(status.state)"
    case .requestResources: "request"
    case .sendFrameworkMessage(let executor, let slave, let data):
      "send \(data.count) bytes to \(executor) on \(slave)"
    case .updateFramework: "update framework"
    case .stop(let failover): failover ? "stop, to fail over" : "stop"
    case .abort: "abort"
    }
  }
}
