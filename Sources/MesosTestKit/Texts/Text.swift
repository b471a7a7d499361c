// Part of mesosim. Apache-2.0, see LICENSE.
//
// What reports call things.

import Mesos
import MesosCluster
import VirtualTime

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

  static func of(_ content: HistoryEntry.Content) -> String {
    switch content {
    case .event(let event): of(event)
    case .call(let call): of(call)
    }
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
