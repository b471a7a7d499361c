// Part of mesosim. Apache-2.0, see LICENSE.
//
// The calls of operators in the v1 API (Mesos: `master/http.cpp`).

import Mesos
import MesosCluster
import MesosV1

extension OperatorQuestion {
  func v1Call() throws(OperatorFault) -> OperatorPlan {
    let body = try MediaType.message(of: request, as: "Master.Call")
    guard body.members != nil else {
      throw OperatorFault("Failed to parse body into JSON: Unexpected JSON type parsed")
    }
    let type = body["type"]?.string ?? ""
    // The only type that is valid and that nothing is done for.
    if type == "UNKNOWN" { return .reply(OperatorReply(501)) }
    if type.isEmpty {
      throw OperatorFault("Failed to validate master::Call: Expecting 'type' to be present")
    }
    guard let kind = MediaType.kind(acceptedBy: request) else {
      return .reply(MediaType.refusalOfAccept)
    }
    if type == "SUBSCRIBE" {
      return .stream(
        OperatorStream(viewer: viewer, first: snapshot, kind: kind, epoch: description.epoch))
    }
    let plan = try perform(type, body)
    guard kind == MediaType.protobuf, case .reply(let reply) = plan else { return plan }
    return .reply(reply.inProtobuf(as: "Master.Response"))
  }

  private func perform(_ type: String, _ body: JSONValue) throws(OperatorFault) -> OperatorPlan {
    if type.hasPrefix("GET_") { return try look(type, body[type.lowercased()]) }
    let key = type.lowercased()
    guard let member = body[key], member.members != nil else {
      throw OperatorFault(
        Self.calls.contains(type)
          ? "Failed to validate master::Call: Expecting '\(key)' to be present"
          : "Failed to validate master::Call: Expecting 'type' to be present")
    }
    return try call(type, member)
  }

  /// The calls that say more than their type.
  private static let calls = [
    "UPDATE_WEIGHTS", "UPDATE_QUOTA", "SET_QUOTA", "REMOVE_QUOTA", "TEARDOWN",
    "RESERVE_RESOURCES", "UNRESERVE_RESOURCES", "CREATE_VOLUMES", "DESTROY_VOLUMES",
    "GROW_VOLUME", "SHRINK_VOLUME", "MARK_AGENT_GONE", "DRAIN_AGENT", "DEACTIVATE_AGENT",
    "REACTIVATE_AGENT", "SET_LOGGING_LEVEL", "LIST_FILES", "READ_FILE",
    "UPDATE_MAINTENANCE_SCHEDULE", "START_MAINTENANCE", "STOP_MAINTENANCE",
  ]

  private func call(
    _ type: String, _ member: JSONValue
  ) throws(OperatorFault) -> OperatorPlan {
    let bad = "Failed to convert JSON into Call protobuf: "
    switch type {
    case "UPDATE_WEIGHTS":
      let list = member["weight_infos"] ?? .array([])
      let infos = try message(bad) { try OperatorMessages.weights(list) }
      for info in infos { try require(.updateWeights, info.role.value) }
      return .ask(.updateWeights(infos), success: 200, prefix: "")
    case "UPDATE_QUOTA":
      let update = try message(bad) { try OperatorMessages.quotaUpdate(member) }
      for config in update.configs { try require(.updateQuotas, config.role.value) }
      if let fault = update.fault { throw OperatorFault("Invalid QuotaConfig: \(fault)") }
      return .ask(
        .updateQuotas(update.configs, isForced: update.isForced), success: 200, prefix: "")
    case "RESERVE_RESOURCES", "UNRESERVE_RESOURCES", "CREATE_VOLUMES", "DESTROY_VOLUMES":
      return try change(type, member)
    case "MARK_AGENT_GONE", "DRAIN_AGENT", "DEACTIVATE_AGENT", "REACTIVATE_AGENT":
      return try order(type, member)
    case "SET_QUOTA":
      return try setQuota(
        member["quota_request"] ?? .object([:]), bad, "Failed to validate set quota request: ")
    case "REMOVE_QUOTA":
      try require(.updateQuotas, member["role"]?.string)
      return .ask(
        .removeQuota(Role(member["role"]?.string ?? "")), success: 200,
        prefix: "Failed to remove quota: ")
    case "TEARDOWN":
      let id = member["framework_id"]?["value"]?.string
      guard let framework = snapshot.frameworks.first(where: { $0.info.id?.value == id }) else {
        throw OperatorFault("No framework found with specified ID")
      }
      try require(.teardownFrameworks, framework.info.principal)
      return .ask(.teardown(framework.index), success: 200, prefix: "")
    case "GROW_VOLUME", "SHRINK_VOLUME": return try resize(type, member)
    case "UPDATE_MAINTENANCE_SCHEDULE":
      let windows = try message(bad) {
        try OperatorMessages.windows(member["schedule"] ?? .object([:]))
      }
      return .ask(.schedule(windows), success: 200, prefix: "")
    case "START_MAINTENANCE", "STOP_MAINTENANCE":
      let machines = try message(bad) {
        try OperatorMessages.machines(member["machines"] ?? .array([]))
      }
      return .ask(
        type == "START_MAINTENANCE" ? .takeDown(machines) : .bringUp(machines), success: 200,
        prefix: "")
    case "LIST_FILES": return .reply(try files.list(member))
    case "READ_FILE": return .reply(try files.read(member))
    case "SET_LOGGING_LEVEL": return .reply(try Self.setLoggingLevel(member))
    default: return .reply(OperatorReply(501))
    }
  }

  /// Nothing is logged, so that no level makes a difference.
  static func setLoggingLevel(_ member: JSONValue) throws(OperatorFault) -> OperatorReply {
    let missing = ["level", "duration"].filter { member[$0] == nil }
    if missing.isEmpty { return OperatorReply(200) }
    throw OperatorFault(
      "Failed to convert JSON into Call protobuf: Missing required fields: "
        + missing.map { "set_logging_level.\($0)" }.joined(separator: ", "))
  }

  private func change(
    _ type: String, _ member: JSONValue
  ) throws(OperatorFault) -> OperatorPlan {
    let id = member["agent_id"]?["value"]?.string ?? ""
    guard let slave = snapshot.slaves.first(where: { $0.id.value == id }) else {
      throw OperatorFault("No agent found with specified ID")
    }
    let list = member["resources"] ?? member["volumes"] ?? .array([])
    let stated = try message("Failed to convert JSON into Call protobuf: ") {
      try StatedResources(reading: list)
    }
    if let fault = stated.fault { throw OperatorFault(fault) }
    let resources = stated.resources
    let call: OperatorCall =
      switch type {
      case "RESERVE_RESOURCES": .reserve(slave.index, resources)
      case "UNRESERVE_RESOURCES": .unreserve(slave.index, resources)
      case "CREATE_VOLUMES": .createVolumes(slave.index, resources)
      default: .destroyVolumes(slave.index, resources)
      }
    return .ask(call, success: 202, prefix: "")
  }

  private func resize(
    _ type: String, _ member: JSONValue
  ) throws(OperatorFault) -> OperatorPlan {
    let id = member["agent_id"]?["value"]?.string ?? ""
    guard let slave = snapshot.slaves.first(where: { $0.id.value == id }) else {
      throw OperatorFault("No agent found with specified ID")
    }
    // Frameworks write it the same way.
    let operation: JSONValue = JSONValue(
      .object([
        .init(key: "type", value: .text(type)), .init(key: type.lowercased(), value: member),
      ]))
    let call = try message("Failed to convert JSON into Call protobuf: ") {
      try V1Call(
        reading: .object([
          "type": .text("ACCEPT"),
          "accept": .object(["offer_ids": .array([]), "operations": .array([operation])]),
        ]))
    }
    guard case .accept(_, let operations, _) = call.kind, let first = operations.first else {
      throw OperatorFault("Failed to convert JSON into Call protobuf: no operation")
    }
    if case .malformed(_, let fault) = first { throw OperatorFault(fault) }
    return .ask(.changeVolume(slave.index, first), success: 202, prefix: "")
  }

  private func order(
    _ type: String, _ member: JSONValue
  ) throws(OperatorFault) -> OperatorPlan {
    let id = member["agent_id"]?["value"]?.string ?? ""
    let slave = snapshot.indices[SlaveID(id)]
    let actions: [String: ACLs.Action] = [
      "MARK_AGENT_GONE": .markAgentsGone, "REACTIVATE_AGENT": .reactivateAgents,
      "DEACTIVATE_AGENT": .deactivateAgents, "DRAIN_AGENT": .drainAgents,
    ]
    if let action = actions[type] { try require(action, nil) }
    switch type {
    case "MARK_AGENT_GONE":
      guard let slave else { throw OperatorFault("Agent '\(id)' not found", status: 404) }
      return .ask(.markGone(slave), success: 200, prefix: "")
    case "REACTIVATE_AGENT":
      guard let slave else { throw OperatorFault("Agent is not deactivated") }
      return .ask(.reactivate(slave), success: 200, prefix: "")
    default: break
    }
    guard let slave else { throw OperatorFault("Unknown agent") }
    if type == "DEACTIVATE_AGENT" { return .ask(.deactivate(slave), success: 200, prefix: "") }
    let config = try message("Failed to convert JSON into Call protobuf: ") {
      try OperatorMessages.drainConfig(member)
    }
    return .ask(.drainBy(slave, config), success: 200, prefix: "")
  }
}
