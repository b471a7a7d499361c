// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves, frameworks and tasks in the form of the v1 API (v1 master.proto; Mesos:
// `common/protobuf_utils.cpp`, `model`).

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension JSONWriter {
  private mutating func time(_ key: StaticString, _ instant: Instant?) {
    guard let instant else { return }
    self.key(key)
    object {
      $0.key("nanoseconds")
      $0.nanoseconds(instant)
    }
  }

  private mutating func resources(_ key: StaticString, all resources: Resources) {
    if resources.isEmpty { return }
    self.key(key)
    self.resources(resources, form: .both)
  }

  // MARK: Slaves

  mutating func v1Slave(_ slave: MasterSnapshot.Slave, _ loads: SnapshotLoads?) {
    let places = loads?.ofSlave[slave.index]
    object { writer in
      writer.key("agent_info")
      writer.v1Info(of: slave, isWhole: loads != nil)
      writer.key("active")
      writer.bool(slave.isActive)
      writer.key("deactivated")
      writer.bool(slave.isDeactivated)
      writer.member("version", slave.info.version ?? slaveVersion)
      writer.member("pid", slave.info.pid)
      writer.time("registered_time", slave.registeredAt)
      writer.time("reregistered_time", slave.reregisteredAt)
      writer.resources("total_resources", all: slave.total)
      if let loads {
        writer.resources("allocated_resources", all: loads.used(places))
        writer.resources("offered_resources", all: loads.offered(places))
      }
      writer.key("capabilities")
      writer.array { list in
        for name in slave.info.capabilities ?? [] { list.object { $0.member("type", name) } }
      }
      writer.v1Drain(of: slave, isDry: places?.tasks.isEmpty ?? true)
    }
  }

  private mutating func v1Drain(of slave: MasterSnapshot.Slave, isDry: Bool) {
    guard let drain = slave.drain else { return }
    info(of: drain.config, isDry: isDry)
    time("estimated_drain_start_time", drain.since)
  }

  /// Writes how a slave introduced itself, with its id.
  mutating func v1Info(of slave: MasterSnapshot.Slave, isWhole: Bool = true) {
    object { writer in
      writer.member("hostname", slave.info.hostname)
      writer.key("port")
      writer.number(slave.info.port)
      writer.key("resources")
      writer.resources(slave.info.resources)
      if !slave.info.attributes.list.isEmpty {
        writer.key("attributes")
        writer.attributes(slave.info.attributes)
      }
      writer.member("id", id: slave.id.value)
      if isWhole {
        writer.key("checkpoint")
        writer.bool(false)
      }
      if let domain = slave.info.domain {
        writer.key("domain")
        writer.domain(domain)
      }
    }
  }

  // MARK: Frameworks

  mutating func v1Framework(_ framework: MasterSnapshot.Framework, _ loads: SnapshotLoads?) {
    let view = loads?.view(of: framework)
    object { writer in
      writer.key("framework_info")
      writer.writesDefaults = true
      writer.framework(framework.info)
      writer.writesDefaults = false
      writer.key("active")
      writer.bool(framework.isActive)
      writer.key("connected")
      writer.bool(framework.isConnected)
      writer.key("recovered")
      writer.bool(framework.isRecovered)
      writer.time("registered_time", framework.registeredAt)
      writer.time("reregistered_time", framework.reregisteredAt ?? framework.registeredAt)
      guard let loads, let view else {
        return writer.time("unregistered_time", framework.endedAt ?? .start)
      }
      writer.time("unregistered_time", framework.endedAt)
      if !view.offers.isEmpty {
        writer.key("offers")
        writer.array { list in
          for offer in view.offers {
            list.v1Offer(offer, view, loads)
            list.endPiece()
          }
        }
      }
      let wishes = loads.snapshot.inverseOffers.filter { $0.framework == framework.index }
      if !wishes.isEmpty {
        writer.key("inverse_offers")
        writer.array { list in for wish in wishes { list.inverseOffer(wish.offer) } }
      }
      writer.resources("allocated_resources", all: view.used)
      writer.resources("offered_resources", all: view.offered)
      writer.key("offer_constraints")
      writer.constraints(framework.constraints)
    }
  }

  private mutating func v1Offer(
    _ open: MasterSnapshot.OpenOffer, _ view: FrameworkView, _ loads: SnapshotLoads
  ) {
    let slave = loads.slave(open.slave)
    var offer = Offer(
      id: open.id, frameworkID: view.framework.info.id ?? "", slaveID: slave?.id ?? "",
      hostname: slave?.info.hostname ?? "", role: open.role, resources: open.resources,
      attributes: slave?.info.attributes ?? Attributes())
    offer.executorIDs = (loads.ofSlave[open.slave]?.executors ?? [])
      .map { loads.snapshot.executors[$0] }
      .filter { $0.framework == view.framework.index }.map(\.info.executorID)
    if let domain = slave?.info.domain { offer.domain = domain }
    if let window = slave?.unavailability { offer.unavailability = window }
    // As to a framework that can deal with everything.
    let reader = V1Reader([.multiRole, .reservationRefinement])
    self.offer(offer, for: reader, on: slave?.info)
  }

  mutating func inverseOffer(_ offer: Offer.Inverse) {
    object { writer in
      writer.member("id", id: offer.id.value)
      writer.member("framework_id", id: offer.frameworkID.value)
      writer.member("agent_id", id: offer.slaveID?.value)
      writer.key("unavailability")
      writer.unavailability(offer.unavailability)
    }
  }

  // MARK: Tasks and executors

  mutating func v1Task(_ task: MasterSnapshot.Task) {
    let reader = V1Reader([])
    object { writer in
      writer.member("name", task.name)
      writer.member("task_id", id: task.id.value)
      writer.member("framework_id", id: task.frameworkID.value)
      writer.member("executor_id", id: task.executor?.value)
      writer.member("agent_id", id: task.slaveID.value)
      writer.member("state", task.state.description)
      writer.key("resources")
      writer.resources(task.resources, allocatedTo: task.role)
      if !task.statuses.isEmpty {
        writer.key("statuses")
        writer.array { list in for status in task.statuses { list.status(status, for: reader) } }
      }
      if let last = task.statuses.last(where: { $0.uuid != nil }) {
        writer.member("status_update_state", last.state.description)
        writer.member("status_update_uuid", bytes: last.uuid?.bytes ?? [])
      }
      guard let details = task.details else { return }
      writer.labels(details.labels)
      writer.writesDefaults = true
      writer.parts(details)
      if let policy = details.killPolicy {
        writer.key("kill_policy")
        writer.killPolicy(policy)
      }
      writer.writesDefaults = false
      writer.member("user", details.user)
    }
  }

  mutating func v1Executor(_ executor: MasterSnapshot.Executor, _ loads: SnapshotLoads) {
    object { writer in
      writer.key("executor_info")
      writer.writesDefaults = true
      writer.executor(executor.info, role: executor.role)
      writer.writesDefaults = false
      writer.member("agent_id", id: loads.id(of: executor.slave))
    }
  }
}

/// The version of Mesos that slaves speak.
let slaveVersion = "1.11.0"
