// Part of mesosim. Apache-2.0, see LICENSE.
//
// Between the calls of the v1 API and the messages of a master.

import Mesos
import MesosCluster
import MesosOperator
import MesosV1
import VirtualTime

enum V1Messages {
  /// What a driver is given to accept offers or to launch tasks with.
  static func operations(
    _ arguments: JSONValue
  ) throws -> ([OfferID], [OfferOperation], Filters) {
    let ids = (arguments["offers"]?.array ?? []).map { id -> JSONValue in
      .object(["value": id])
    }
    let launch: JSONValue = .object([
      "type": .text("LAUNCH"),
      "launch": .object(["task_infos": arguments["tasks"] ?? .array([])]),
    ])
    let accept: JSONValue = .object([
      "offer_ids": .array(ids), "operations": arguments["operations"] ?? .array([launch]),
      "filters": arguments["filters"] ?? .object([:]),
    ])
    let call = try V1Call(reading: .object(["type": .text("ACCEPT"), "accept": accept]))
    guard case .accept(let offers, let operations, let filters) = call.kind else {
      return ([], [], Filters())
    }
    return (offers.map(SchedulerCalls.offerID), operations, filters)
  }

  /// A message of the first API as the call that it is.
  static func oldCall(_ message: String, _ body: JSONValue) -> SchedulerCall? {
    func json(_ type: String, _ member: String, _ value: JSONValue) -> SchedulerCall? {
      let call: JSONValue = JSONValue(
        .object([
          .init(key: "type", value: .text(type)), .init(key: member, value: value),
        ]))
      return (try? V1Call(reading: call)).flatMap(SchedulerCalls.call)
    }
    switch message {
    case "StatusUpdateAcknowledgement": return json("ACKNOWLEDGE", "acknowledge", body)
    case "DeactivateFramework": return .deactivate
    case "UnregisterFramework": return .teardown
    case "KillTask": return json("KILL", "kill", body)
    case "ReviveOffers": return .reviveOffers([])
    case "ResourceRequest": return .requestResources([])
    case "FrameworkToExecutor": return json("MESSAGE", "message", body)
    case "ReconcileTasks":
      return json("RECONCILE", "reconcile", .object(["tasks": body["statuses"] ?? .array([])]))
    case "LaunchTasks":
      let tasks = body["tasks"] ?? .array([])
      let ids = body["offer_ids"] ?? .array([])
      let filters = body["filters"] ?? .object([:])
      if tasks.array?.isEmpty ?? true {
        return json("DECLINE", "decline", .object(["offer_ids": ids, "filters": filters]))
      }
      let launch: JSONValue = .object([
        "type": .text("LAUNCH"), "launch": .object(["task_infos": tasks]),
      ])
      return json(
        "ACCEPT", "accept",
        .object(["offer_ids": ids, "operations": .array([launch]), "filters": filters]))
    default: return nil
    }
  }

  /// An update of an agent.
  static func status(
    _ json: JSONValue, task: TaskID, state: TaskState, slave: SlaveID?, uuid: UpdateID?,
    at now: Instant
  ) throws -> TaskStatus {
    let source = StatusSource.allCases.first {
      $0.wireName == json["source"]?.string
        || $0.wireName == json["source"]?.string.map { v0(word: $0) }
    }
    let reason = StatusReason.allCases.first {
      $0.wireName == json["reason"]?.string.map { v0(word: $0) }
    }
    var status = TaskStatus(
      taskID: task, state: state, message: json["message"]?.string ?? "", slaveID: slave,
      timestamp: now, source: source ?? .executor, reason: reason, uuid: uuid)
    if source == nil { status.hasSource = false }
    if let executor = json["executor"]?.string { status.executorID = ExecutorID(executor) }
    if let isHealthy = json["healthy"]?.bool { status.isHealthy = isHealthy }
    if let text = json["data"]?.string { status.data = V1Bytes.bytes(of: text) ?? [] }
    let labels = (json["labels"]?["labels"]?.array ?? []).map {
      Label(key: $0["key"]?.string ?? "", value: $0["value"]?.string)
    }
    if !labels.isEmpty { status.labels = Labels(labels) }
    if let container = json["container_status"] {
      let networks = (container["network_infos"]?.array ?? []).map { network in
        NetworkInfo(
          addresses: (network["ip_addresses"]?.array ?? []).compactMap {
            $0["ip_address"]?.string
          })
      }
      status.containerStatus = ContainerStatus(networks: networks)
    }
    return status
  }

  private static func v0(word: String) -> String {
    let text = Array(word.utf8)
    let mark = Array("AGENT".utf8)
    guard
      let start = text.indices.first(where: { text[$0...].starts(with: mark) })
    else { return word }
    let whole = Array(text[..<start]) + Array("SLAVE".utf8) + Array(text[(start + 5)...])
    return String(decoding: whole, as: UTF8.self)
  }
}
