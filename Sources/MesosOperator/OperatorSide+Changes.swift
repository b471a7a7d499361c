// Part of mesosim. Apache-2.0, see LICENSE.
//
// What changes something: reservations, volumes, the end of a framework, maintenance, and the calls
// of the v1 API (Mesos: `master/http.cpp`).

import Mesos
import MesosCluster
import MesosV1

extension OperatorSide {
  static func teardown(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let fields = FormText.fields(of: request.body)
    guard let id = fields["frameworkId"] else {
      throw OperatorFault("Missing 'frameworkId' query parameter in the request body")
    }
    guard let framework = snapshot.frameworks.first(where: { $0.info.id?.value == id }) else {
      throw OperatorFault("No framework found with specified ID")
    }
    return .ask(.teardown(framework.index), success: 200, prefix: "")
  }

  // MARK: Reservations and volumes

  static func reserve(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let (slave, resources) = try form(request, "resources", snapshot)
    return .ask(.reserve(slave, resources), success: 202, prefix: "")
  }

  static func unreserve(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let (slave, resources) = try form(request, "resources", snapshot)
    return .ask(.unreserve(slave, resources), success: 202, prefix: "")
  }

  static func createVolumes(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let (slave, volumes) = try form(request, "volumes", snapshot)
    return .ask(.createVolumes(slave, volumes), success: 202, prefix: "")
  }

  static func destroyVolumes(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let (slave, volumes) = try form(request, "volumes", snapshot)
    return .ask(.destroyVolumes(slave, volumes), success: 202, prefix: "")
  }

  /// The slave and the resources of a form.
  private static func form(
    _ request: OperatorRequest, _ key: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> (SlaveIndex, Resources) {
    let fields = FormText.fields(of: request.body)
    guard let id = fields["slaveId"] else {
      throw OperatorFault("Missing 'slaveId' query parameter in the request body")
    }
    guard let slave = snapshot.slaves.first(where: { $0.id.value == id }) else {
      throw OperatorFault("No agent found with specified ID")
    }
    guard let text = fields[key] else {
      throw OperatorFault("Missing '\(key)' query parameter in the request body")
    }
    let list = try json(text, "Error in parsing '\(key)' query parameter in the request body: ")
    let stated = try message(
      "Error in parsing '\(key)' query parameter in the request body: "
    ) { try StatedResources(reading: list) }
    if let fault = stated.fault { throw OperatorFault(fault) }
    return (slave.index, stated.resources)
  }

  // MARK: Maintenance

  static func schedule(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    if request.method == "GET" {
      return .reply(json { $0.object { writer in write(snapshot.windows, to: &writer) } })
    }
    let body = try json(request.body, "")
    let windows = try message("") { try OperatorMessages.windows(body) }
    return .ask(.schedule(windows), success: 200, prefix: "")
  }

  private static func write(_ windows: [MaintenanceWindow], to writer: inout JSONWriter) {
    if windows.isEmpty { return }
    writer.key("windows")
    writer.array { list in
      for window in windows {
        list.object {
          $0.key("machine_ids")
          $0.array { ids in for machine in window.machines { ids.machine(machine) } }
          $0.key("unavailability")
          $0.unavailability(window.unavailability)
        }
      }
    }
  }

  static func maintenanceStatus(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let draining = snapshot.windows.flatMap(\.machines).filter { !snapshot.down.contains($0) }
    return .reply(
      json { writer in
        writer.object {
          if !draining.isEmpty {
            $0.key("draining_machines")
            $0.array { list in
              for machine in draining {
                list.object { entry in
                  entry.key("id")
                  entry.machine(machine)
                }
              }
            }
          }
          if !snapshot.down.isEmpty {
            $0.key("down_machines")
            $0.array { list in for machine in snapshot.down { list.machine(machine) } }
          }
        }
      })
  }

  static func machineDown(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let body = try json(request.body, "")
    let machines = try message("") { try OperatorMessages.machines(body) }
    return .ask(.takeDown(machines), success: 200, prefix: "")
  }

  static func machineUp(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let body = try json(request.body, "")
    let machines = try message("") { try OperatorMessages.machines(body) }
    return .ask(.bringUp(machines), success: 200, prefix: "")
  }

  // MARK: The v1 API

  static func v1Call(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let body = try json(request.body, "Failed to parse body into JSON: ")
    let type = body["type"]?.string ?? ""
    let member = body[type.lowercased()] ?? JSONValue(.object([]))
    let bad = "Failed to convert JSON into Call protobuf: "
    switch type {
    case "GET_WEIGHTS":
      return .reply(
        typed(type) { writer in
          writer.key("weight_infos")
          writer.array { list in writeWeights(snapshot, to: &list) }
        })
    case "GET_QUOTA":
      return .reply(
        typed(type) { writer in
          writer.key("status")
          writer.object { writeQuotas(snapshot, to: &$0) }
        })
    case "UPDATE_WEIGHTS":
      let list = member["weight_infos"] ?? .array([])
      let infos = try message(bad) { try OperatorMessages.weights(list) }
      return .ask(.updateWeights(infos), success: 200, prefix: "")
    case "UPDATE_QUOTA":
      let update = try message(bad) { try OperatorMessages.quotaUpdate(member) }
      return .ask(
        .updateQuotas(update.configs, isForced: update.isForced), success: 200, prefix: "")
    case "RESERVE_RESOURCES", "UNRESERVE_RESOURCES", "CREATE_VOLUMES", "DESTROY_VOLUMES":
      return try change(type, member, snapshot)
    case "MARK_AGENT_GONE", "DRAIN_AGENT", "DEACTIVATE_AGENT", "REACTIVATE_AGENT":
      return try order(type, member, snapshot)
    case "": throw OperatorFault("Failed to validate master::Call: Expecting 'type' to be present")
    default: return .reply(OperatorReply(501))
    }
  }

  private static func typed(
    _ type: String, _ body: (inout JSONWriter) -> Void
  ) -> OperatorReply {
    json { writer in
      writer.object {
        $0.key("type")
        $0.string(type)
        $0.key(named: type.lowercased())
        $0.object(body)
      }
    }
  }

  private static func change(
    _ type: String, _ member: JSONValue, _ snapshot: MasterSnapshot
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

  private static func order(
    _ type: String, _ member: JSONValue, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let id = member["agent_id"]?["value"]?.string ?? ""
    let slave = snapshot.indices[SlaveID(id)]
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

extension JSONWriter {
  mutating func machine(_ machine: MachineID) {
    object {
      if !machine.hostname.isEmpty {
        $0.key("hostname")
        $0.string(machine.hostname)
      }
      if !machine.ip.isEmpty {
        $0.key("ip")
        $0.string(machine.ip)
      }
    }
  }
}
