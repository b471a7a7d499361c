// Part of mesosim. Apache-2.0, see LICENSE.
//
// What changes something: reservations, volumes, the end of a framework, maintenance
// (Mesos: `master/http.cpp`).

import Mesos
import MesosCluster
import MesosV1

extension OperatorQuestion {
  func teardown() throws(OperatorFault) -> OperatorPlan {
    let fields = FormText.fields(of: request.body)
    guard let id = fields["frameworkId"] else {
      throw OperatorFault("Missing 'frameworkId' query parameter in the request body")
    }
    guard let framework = snapshot.frameworks.first(where: { $0.info.id?.value == id }) else {
      throw OperatorFault("No framework found with specified ID")
    }
    try require(.teardownFrameworks, framework.info.principal)
    return .ask(.teardown(framework.index), success: 200, prefix: "")
  }

  // MARK: Reservations and volumes

  func reserve() throws(OperatorFault) -> OperatorPlan {
    let (slave, resources) = try form("resources")
    return .ask(.reserve(slave, resources), success: 202, prefix: "")
  }

  func unreserve() throws(OperatorFault) -> OperatorPlan {
    let (slave, resources) = try form("resources")
    return .ask(.unreserve(slave, resources), success: 202, prefix: "")
  }

  func createVolumes() throws(OperatorFault) -> OperatorPlan {
    let (slave, volumes) = try form("volumes")
    return .ask(.createVolumes(slave, volumes), success: 202, prefix: "")
  }

  func destroyVolumes() throws(OperatorFault) -> OperatorPlan {
    let (slave, volumes) = try form("volumes")
    return .ask(.destroyVolumes(slave, volumes), success: 202, prefix: "")
  }

  /// The slave and the resources of a form.
  private func form(
    _ key: String
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

  func schedule() throws(OperatorFault) -> OperatorPlan {
    if request.method == "GET" {
      return Self.json { $0.object { writer in Self.write(snapshot.windows, to: &writer) } }
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

  func maintenanceStatus() throws(OperatorFault) -> OperatorPlan {
    Self.json { $0.object { writer in writeStatus(to: &writer) } }
  }

  func writeStatus(to writer: inout JSONWriter) {
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

  func machineDown() throws(OperatorFault) -> OperatorPlan {
    let body = try array(request.body, "")
    let machines = try message("") { try OperatorMessages.machines(body) }
    return .ask(.takeDown(machines), success: 200, prefix: "")
  }

  func machineUp() throws(OperatorFault) -> OperatorPlan {
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
