// Part of mesosim. Apache-2.0, see LICENSE.
//
// Counts what comes to a master, what it says and what happens to it: the counters of
// `/metrics/snapshot` (Mesos: `master/metrics.cpp`).

public import Mesos
public import MesosCluster

/// What was counted since a master was started.
///
/// Who runs the master shows it everything: each message before it is handled, then what follows
/// from it, and the notes.
public struct MasterCounters: Sendable {
  /// What was counted of one framework.
  struct OfFramework: Sendable {
    let name: String
    let id: String
    var counts: [String: Int] = [:]

    mutating func count(_ name: String, by number: Int = 1) {
      counts[name, default: 0] += number
    }

    mutating func count(_ name: String, within whole: String) {
      count(whole)
      count("\(whole)/\(name)")
    }
  }

  /// Counts by name, without those of frameworks.
  private(set) var counts: [String: Int] = [:]
  /// Counts of the frameworks that are there.
  private(set) var frameworks: [FrameworkIndex: OfFramework] = [:]
  /// How many streams of operators are open.
  public var operatorStreams = 0
  /// The frameworks whose schedulers speak the v1 API.
  private var inV1: Set<FrameworkIndex> = []
  /// The frameworks that have just subscribed with the v1 API.
  private var subscribing: Set<FrameworkIndex> = []
  /// Whether an update of a slave is being handled that has not proven valid.
  private var isUpdating = false

  /// Nothing counted.
  public init() {}

  private mutating func count(_ name: String, by number: Int = 1) {
    counts["master/\(name)", default: 0] += number
  }

  // MARK: What comes

  /// Counts a message that comes to the master.
  public mutating func note(_ message: MasterMessage) {
    isUpdating = false
    switch message {
    case .scheduler(let framework, _, let call): note(call, of: framework)
    case .slave(_, let report): note(report)
    default: break
    }
  }

  private mutating func note(_ call: SchedulerCall, of framework: FrameworkIndex) {
    if case .subscribe(let subscription) = call {
      count("messages_\(subscription.info.id == nil ? "register" : "reregister")_framework")
      if subscription.speaksV1 {
        subscribing.insert(framework)
        inV1.insert(framework)
      } else {
        inV1.remove(framework)
      }
      return
    }
    if case .acceptOffers(_, let operations, _) = call {
      for case .launch(let tasks) in operations {
        count(tasks.isEmpty ? "messages_decline_offers" : "messages_launch_tasks")
      }
    }
    let names = call.metricNames
    // Mesos counts the end of a framework for the first API only.
    var isCounted = true
    if case .teardown = call { isCounted = !inV1.contains(framework) }
    if isCounted, let name = names.message { count("messages_\(name)") }
    if let name = names.call { frameworks[framework]?.count(name, within: "calls") }
  }

  private mutating func note(_ report: SlaveReport) {
    switch report {
    case .register: count("messages_register_slave")
    case .reregister: count("messages_reregister_slave")
    case .unregister: count("messages_unregister_slave")
    case .statusUpdate:
      count("messages_status_update")
      isUpdating = true
    case .executorExited: count("messages_exited_executor")
    case .frameworkMessage: count("messages_executor_to_framework")
    case .oversubscribed: count("messages_update_slave")
    case .pong: break
    }
  }

  // MARK: What follows

  /// Counts something that the master wants done.
  public mutating func note(_ action: MasterAction) {
    switch action {
    case .toSlave(_, .acknowledge): count("valid_status_update_acknowledgements")
    case .toSlave(_, .frameworkMessage): count("valid_framework_to_executor_messages")
    case .toScheduler(let framework, _, let message): note(message, to: framework)
    default: break
    }
  }

  private mutating func note(_ message: SchedulerMessage, to framework: FrameworkIndex) {
    if case .frameworkMessage = message { count("valid_executor_to_framework_messages") }
    frameworks[framework]?.count(message.metricName, within: "events")
    switch message {
    case .registered, .reregistered:
      if subscribing.remove(framework) != nil {
        frameworks[framework]?.count("subscribe", within: "calls")
      }
    case .resourceOffers(let offers):
      frameworks[framework]?.count("offers/sent", by: offers.count)
    case .rescindOffer: frameworks[framework]?.count("offers/rescinded")
    default: break
    }
  }

  /// Counts a heartbeat on a framework's stream.
  public mutating func noteHeartbeat(of framework: FrameworkIndex) {
    frameworks[framework]?.count("heartbeat", within: "events")
  }

  /// Counts a fact.
  public mutating func note(_ fact: ClusterEvent) {
    switch fact {
    case .offerEnded(let framework, _, _, let end): note(end, of: framework, times: 1)
    case .runEnded(let framework, _, let places, let end):
      note(end, of: framework, times: places.count)
    default: break
    }
  }

  private mutating func note(_ end: OfferEnd, of framework: FrameworkIndex, times: Int) {
    switch end {
    case .accepted: frameworks[framework]?.count("offers/accepted", by: times)
    case .declined: frameworks[framework]?.count("offers/declined", by: times)
    case .rescinded, .discarded: break
    }
  }

  /// Counts something that has happened to the master.
  public mutating func note(_ note: MasterNote) {
    switch note {
    case .taskAdded(let task):
      frameworks[task.framework]?.count("launch", within: "operations")
    case .taskUpdated(let framework, let status, let before, let state, _):
      if isUpdating { count("valid_status_updates") }
      isUpdating = false
      guard state.isTerminal || state == .unreachable, !before.isTerminal else { break }
      countEnd(status)
      if state.isTerminal {
        frameworks[framework]?.count("tasks/terminal/\(state.metricName)")
      }
    case .taskRefused(_, let status): countEnd(status)
    case .frameworkAdded(let framework):
      frameworks[framework.index] = OfFramework(
        name: framework.info.name, id: framework.info.id?.value ?? "")
    case .frameworkUpdated: break
    case .frameworkRemoved(let info):
      frameworks = frameworks.filter { $0.value.id != info.id?.value }
    case .slaveAdded(_, let isNew):
      count(isNew ? "slave_registrations" : "slave_reregistrations")
    case .slaveReturned: count("slave_reregistrations")
    case .slaveRemoved(_, let cause): countRemoval(cause)
    }
  }

  private mutating func countEnd(_ status: TaskStatus) {
    let state = status.state.metricName
    // An update may be older than the end, and tasks that are unreachable may come back.
    if status.state.isTerminal { count("tasks_\(state.dropFirst("task_".count))") }
    guard let reason = status.reason else { return }
    count(
      "\(state)/\(status.source.wireName.lowercased())/\(reason.wireName.lowercased())")
  }

  private mutating func countRemoval(_ cause: MasterNote.Removal) {
    count("slave_removals")
    switch cause {
    case .unreachable:
      count("slave_removals/reason_unhealthy")
      count("slave_unreachable_scheduled")
      count("slave_unreachable_completed")
    case .unregistered: count("slave_removals/reason_unregistered")
    case .replaced: count("slave_removals/reason_registered")
    case .gone: break
    }
  }
}

extension TaskState {
  /// The state in names of metrics, such as `task_running`.
  var metricName: String { description.lowercased() }
}

extension SchedulerCall {
  /// What a call is named in names of metrics.
  fileprivate var metricNames: (message: String?, call: String?) {
    switch self {
    case .subscribe: (nil, nil)
    case .teardown: ("unregister_framework", "teardown")
    case .deactivate: ("deactivate_framework", nil)
    case .acceptOffers: (nil, "accept")
    case .declineOffers: ("decline_offers", "decline")
    case .answerInverseOffers(_, let accepts, _):
      (nil, accepts ? "accept_inverse_offers" : "decline_inverse_offers")
    case .reviveOffers: ("revive_offers", "revive")
    case .suppressOffers: ("suppress_offers", "suppress")
    case .killTask, .killTaskBy: ("kill_task", "kill")
    case .shutdownExecutor: (nil, "shutdown")
    case .acknowledge: ("status_update_acknowledgement", "acknowledge")
    case .reconcileTasks: ("reconcile_tasks", "reconcile")
    case .reconcileOperations: ("reconcile_operations", "reconcile_operations")
    case .frameworkMessage: ("framework_to_executor", "message")
    case .requestResources: ("resource_request", "request")
    case .updateFramework: (nil, "update_framework")
    }
  }
}

extension SchedulerMessage {
  /// What a message is named in names of metrics.
  fileprivate var metricName: String {
    switch self {
    case .registered, .reregistered: "subscribed"
    case .resourceOffers: "offers"
    case .rescindOffer: "rescind"
    case .statusUpdate: "update"
    case .frameworkMessage: "message"
    case .slaveLost, .executorLost: "failure"
    case .error: "error"
    case .inverseOffers: "inverse_offers"
    case .rescindInverseOffer: "rescind_inverse_offer"
    case .operationStatus: "update_operation_status"
    }
  }
}
