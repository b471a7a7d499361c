// Part of mesosim. Apache-2.0, see LICENSE.
//
// What changes something: reservations, volumes, the end of a framework, maintenance
// (Mesos: `master/http.cpp`).

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
    let list = try array(text, "Error in parsing '\(key)' query parameter in the request body: ")
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
    let body = try object(request.body, "")
    let windows = try message("") { try OperatorMessages.windows(body) }
    return .ask(.schedule(windows), success: 200, prefix: "")
  }

  static func write(_ windows: [MaintenanceWindow], to writer: inout JSONWriter) {
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
    .reply(json { $0.object { writer in writeStatus(snapshot, to: &writer) } })
  }

  static func writeStatus(_ snapshot: MasterSnapshot, to writer: inout JSONWriter) {
    let draining = snapshot.windows.flatMap(\.machines).filter { !snapshot.down.contains($0) }
    if !draining.isEmpty {
      writer.key("draining_machines")
      writer.array { list in
        for machine in draining {
          list.object { entry in
            entry.key("id")
            entry.machine(machine)
          }
        }
      }
    }
    if !snapshot.down.isEmpty {
      writer.key("down_machines")
      writer.array { list in for machine in snapshot.down { list.machine(machine) } }
    }
  }

  static func machineDown(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let body = try array(request.body, "")
    let machines = try message("") { try OperatorMessages.machines(body) }
    return .ask(.takeDown(machines), success: 200, prefix: "")
  }

  static func machineUp(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let body = try array(request.body, "")
    let machines = try message("") { try OperatorMessages.machines(body) }
    return .ask(.bringUp(machines), success: 200, prefix: "")
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
