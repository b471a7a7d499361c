// Part of mesosim. Apache-2.0, see LICENSE.
//
// Slaves, frameworks and tasks in the form of the first API (Mesos: `common/http.cpp`).

import Mesos
import MesosCluster
import MesosV1

extension JSONWriter {
  // MARK: Resources

  /// Writes resources as amounts by name, over all roles; the usual names always.
  mutating func summary(_ resources: Resources) {
    object { map in
      let lasting = resources.nonRevocable
      for name in ["disk", "mem", "gpus", "cpus"] {
        map.key(named: name)
        map.number(Scalar(thousandths: lasting.thousandths(of: name)))
      }
      lasting.forEachOtherScalar { name, amount in
        map.key(named: name)
        map.number(Scalar(thousandths: amount))
      }
      let revocable = resources.revocable
      for entry in revocable.scalarQuantities.entries {
        map.key(named: entry.name + "_revocable")
        map.number(Scalar(thousandths: entry.thousandths))
      }
      map.rangesAndSets(lasting, "")
      map.rangesAndSets(revocable, "_revocable")
    }
  }

  private mutating func rangesAndSets(_ resources: Resources, _ suffix: String) {
    var ranges: [(name: String, sum: ValueRanges)] = []
    var sets: [(name: String, items: [String])] = []
    for entry in resources.entries {
      switch entry.value {
      case .scalar: continue
      case .ranges(let more):
        if let place = ranges.firstIndex(where: { $0.name == entry.name }) {
          ranges[place].sum = ranges[place].sum + more
        } else {
          ranges.append((entry.name, more))
        }
      case .set(let more):
        if let place = sets.firstIndex(where: { $0.name == entry.name }) {
          sets[place].items += more.items.filter { !sets[place].items.contains($0) }
        } else {
          sets.append((entry.name, Array(more.items)))
        }
      }
    }
    for entry in ranges {
      key(named: entry.name + suffix)
      string(entry.sum.description)
    }
    for entry in sets {
      key(named: entry.name + suffix)
      string("{" + entry.items.joined(separator: ", ") + "}")
    }
  }

  mutating func summary(_ key: StaticString, _ resources: Resources) {
    self.key(key)
    summary(resources)
  }

  // MARK: Slaves

  /// Writes how a slave introduced itself.
  mutating func slaveHead(_ slave: MasterSnapshot.Slave) {
    member("id", slave.id.value)
    member("hostname", slave.info.hostname)
    key("port")
    number(slave.info.port)
    key("attributes")
    summary(of: slave.info.attributes)
    if let domain = slave.info.domain {
      key("domain")
      self.domain(domain)
    }
  }

  /// Writes attributes by name.
  mutating func summary(of attributes: Attributes) {
    object { map in
      for attribute in attributes.list {
        map.key(named: attribute.name)
        if case .scalar(let number) = attribute.value {
          map.number(number)
        } else {
          map.string(attribute.value.description)
        }
      }
    }
  }

  mutating func slave(
    _ slave: MasterSnapshot.Slave, _ loads: SnapshotLoads, _ viewer: Viewer
  ) {
    let places = loads.ofSlave[slave.index]
    slaveHead(slave)
    member("pid", slave.info.pid)
    key("registered_time")
    seconds(slave.registeredAt)
    if let time = slave.reregisteredAt {
      key("reregistered_time")
      seconds(time)
    }
    summary("resources", slave.total)
    summary("used_resources", loads.used(places))
    summary("offered_resources", loads.offered(places))
    key("reserved_resources")
    object { map in
      for role in slave.total.reservationRoles where viewer.sees(role) {
        map.key(named: role.value)
        map.summary(slave.total.reserved(for: role))
      }
    }
    summary("unreserved_resources", slave.total.unreserved)
    key("active")
    bool(slave.isActive)
    key("deactivated")
    bool(slave.isDeactivated)
    member("version", slave.info.version ?? slaveVersion)
    key("capabilities")
    array { list in for name in slave.info.capabilities ?? [] { list.string(name) } }
    if slave.drain != nil {
      drain(of: slave, isDry: places?.tasks.isEmpty ?? true)
    }
  }

  /// Writes how a slave is run dry.
  mutating func drain(of slave: MasterSnapshot.Slave, isDry: Bool) {
    guard let drain = slave.drain else { return }
    info(of: drain.config, isDry: isDry)
    key("estimated_drain_start_time_seconds")
    number(epoch + drain.since.nanoseconds / 1_000_000_000)
  }

  /// Writes as what a drain was asked for, and whether it is done.
  mutating func info(of config: DrainConfig, isDry: Bool) {
    key("drain_info")
    object { writer in
      writer.member("state", isDry ? "DRAINED" : "DRAINING")
      writer.key("config")
      writer.object {
        $0.member("max_grace_period", duration: config.graceMax)
        $0.key("mark_gone")
        $0.bool(config.marksGone)
      }
    }
  }

  /// Writes a slave's resources with all that is said of them, which a summary leaves out.
  mutating func wholeResources(
    of slave: MasterSnapshot.Slave, _ loads: SnapshotLoads, _ viewer: Viewer
  ) {
    let places = loads.ofSlave[slave.index]
    key("reserved_resources_full")
    object { map in
      for role in slave.total.reservationRoles where viewer.sees(role) {
        map.key(named: role.value)
        map.resources(slave.total.reserved(for: role), form: .both)
      }
    }
    key("unreserved_resources_full")
    resources(slave.total.unreserved, form: .both)
    key("used_resources_full")
    resources(loads.used(places), form: .both)
    key("offered_resources_full")
    resources(loads.offered(places), form: .both)
  }

  // MARK: Frameworks

  /// Writes what is said of a framework in every list.
  mutating func frameworkHead(_ view: FrameworkView) {
    let (framework, info) = (view.framework, view.framework.info)
    member("id", info.id?.value ?? "")
    member("name", info.name)
    member("pid", framework.pid)
    summary("used_resources", view.used)
    summary("offered_resources", view.offered)
    key("capabilities")
    array { list in for name in info.capabilities.names { list.string(name) } }
    member("hostname", info.hostname)
    member("webui_url", info.webUIURL ?? "")
    key("active")
    bool(framework.isActive)
    key("connected")
    bool(framework.isConnected)
    key("recovered")
    bool(framework.isRecovered)
  }

  mutating func framework(_ view: FrameworkView, _ loads: SnapshotLoads, _ viewer: Viewer) {
    let (framework, info) = (view.framework, view.framework.info)
    object { writer in
      writer.frameworkHead(view)
      writer.member("user", info.user)
      writer.key("failover_timeout")
      writer.number(info.failoverTimeoutSeconds)
      writer.key("checkpoint")
      writer.bool(info.hasCheckpointing)
      writer.key("registered_time")
      writer.seconds(framework.registeredAt)
      writer.key("unregistered_time")
      if let time = framework.endedAt { writer.seconds(time) } else { writer.number(0.0) }
      writer.member("principal", info.principal)
      writer.summary("resources", view.used + view.offered)
      if let time = framework.reregisteredAt, time != framework.registeredAt {
        writer.key("reregistered_time")
        writer.seconds(time)
      }
      if info.capabilities.contains(.multiRole) {
        writer.key("roles")
        writer.array { list in for role in info.roles { list.string(role.value) } }
      } else {
        writer.member("role", info.role.value)
      }
      writer.tasks("tasks", view.tasks, info, viewer)
      writer.tasks("unreachable_tasks", view.unreachable, info, viewer)
      writer.tasks("completed_tasks", view.completed, info, viewer)
      writer.key("offers")
      writer.array { list in
        for offer in view.offers {
          list.offer(offer, loads)
          list.endPiece()
        }
      }
      writer.key("executors")
      writer.array { list in
        for executor in view.executors where viewer.sees(executor.info, of: info) {
          list.executor(executor, loads)
          list.endPiece()
        }
      }
      if !info.labels.isEmpty {
        writer.key("labels")
        writer.list(of: info.labels)
      }
      writer.key("offer_constraints")
      writer.constraints(framework.constraints)
    }
  }

  private mutating func tasks(
    _ key: StaticString, _ tasks: [MasterSnapshot.Task], _ info: FrameworkInfo, _ viewer: Viewer
  ) {
    self.key(key)
    array { list in
      for task in tasks where viewer.sees(task, of: info) {
        list.task(task)
        list.endPiece()
      }
    }
  }

  mutating func list(of labels: Labels) {
    array { list in
      for label in labels.list {
        list.object {
          $0.member("key", label.key)
          $0.member("value", label.value)
        }
      }
    }
  }

  mutating func task(_ task: MasterSnapshot.Task) {
    object { writer in
      writer.member("id", task.id.value)
      writer.member("name", task.name)
      writer.member("framework_id", task.frameworkID.value)
      writer.member("executor_id", task.executor?.value ?? "")
      writer.member("slave_id", task.slaveID.value)
      writer.member("state", task.state.description)
      writer.summary("resources", task.resources)
      writer.member("role", task.role.value)
      writer.key("statuses")
      writer.array { list in for status in task.statuses { list.shortStatus(status) } }
      guard let details = task.details else { return }
      writer.member("user", details.user)
      if !details.labels.isEmpty {
        writer.key("labels")
        writer.list(of: details.labels)
      }
      writer.writesDefaults = true
      writer.parts(details)
      writer.writesDefaults = false
    }
  }

  /// Writes those of the details that have the same form in both APIs.
  mutating func parts(_ details: TaskDetails) {
    if let discovery = details.discovery {
      key("discovery")
      self.discovery(discovery)
    }
    if let container = details.container {
      key("container")
      self.container(container)
    }
    if let check = details.healthCheck {
      key("health_check")
      healthCheck(check)
    }
  }

  private mutating func shortStatus(_ status: TaskStatus) {
    object { writer in
      writer.member("state", status.state.description)
      writer.key("timestamp")
      writer.seconds(status.timestamp)
      if !status.labels.isEmpty {
        writer.key("labels")
        writer.list(of: status.labels)
      }
      // The number of the process is told by the v1 API only.
      if var container = status.containerStatus {
        container.executorPID = nil
        writer.containerStatus(container)
      }
      if let isHealthy = status.isHealthy {
        writer.key("healthy")
        writer.bool(isHealthy)
      }
    }
  }

  private mutating func offer(_ offer: MasterSnapshot.OpenOffer, _ loads: SnapshotLoads) {
    object { writer in
      writer.member("id", offer.id.value)
      writer.member("framework_id", loads.id(of: offer.framework))
      writer.key("allocation_info")
      writer.object { $0.member("role", offer.role.value) }
      writer.member("slave_id", loads.id(of: offer.slave))
      writer.summary("resources", offer.resources)
    }
  }

  private mutating func executor(
    _ executor: MasterSnapshot.Executor, _ loads: SnapshotLoads
  ) {
    object { writer in
      writer.member("executor_id", executor.info.executorID.value)
      writer.member("name", executor.info.name ?? "")
      writer.member("framework_id", loads.id(of: executor.framework))
      writer.key("command")
      writer.shortCommand(executor.info.command)
      writer.summary("resources", executor.info.resources)
      if !executor.info.resources.isEmpty { writer.member("role", executor.role.value) }
      if !executor.info.labels.isEmpty {
        writer.key("labels")
        writer.list(of: executor.info.labels)
      }
      writer.kind(of: executor.info)
      writer.member("slave_id", loads.id(of: executor.slave))
    }
  }

  mutating func kind(of executor: ExecutorInfo) {
    switch executor.kind {
    case nil: break
    case .unknown: member("type", "UNKNOWN")
    case .default: member("type", "DEFAULT")
    case .custom: member("type", "CUSTOM")
    }
  }

  mutating func shortCommand(_ command: CommandInfo?) {
    object { writer in
      if let command, !command.usesShell {
        writer.key("shell")
        writer.bool(false)
      }
      if let value = command?.value, !value.isEmpty { writer.member("value", value) }
      writer.key("argv")
      writer.array { list in for text in command?.arguments ?? [] { list.string(text) } }
      if let environment = command?.environment, !environment.isEmpty {
        writer.key("environment")
        writer.object {
          $0.key("variables")
          $0.array { list in
            for variable in environment {
              list.object {
                $0.member("name", variable.name)
                $0.member("type", "VALUE")
                $0.member("value", variable.value)
              }
            }
          }
        }
      }
      writer.key("uris")
      writer.array { list in
        for uri in command?.uris ?? [] {
          list.object {
            $0.member("value", uri.value)
            $0.key("executable")
            $0.bool(uri.isExecutable)
          }
        }
      }
    }
  }

  // MARK: Offer constraints

  /// Writes which slaves a framework wants to be offered.
  mutating func constraints(_ constraints: OfferConstraints?) {
    object { writer in
      guard let constraints, !constraints.entries.isEmpty else { return }
      writer.key("role_constraints")
      writer.object { roles in
        for entry in constraints.entries {
          roles.key(named: entry.role.value)
          roles.object { $0.groups(entry.groups) }
        }
      }
    }
  }

  private mutating func groups(_ groups: [[OfferConstraints.Condition]]) {
    if groups.isEmpty { return }
    key("groups")
    array { list in
      for group in groups {
        list.object { writer in
          if group.isEmpty { return }
          writer.key("attribute_constraints")
          writer.array { list in for condition in group { list.condition(condition) } }
        }
      }
    }
  }

  private mutating func condition(_ condition: OfferConstraints.Condition) {
    object { writer in
      writer.key("selector")
      writer.object { selector in
        switch condition.selector {
        case .attribute(let name): selector.member("attribute_name", name)
        case .hostname: selector.member("pseudoattribute_type", "HOSTNAME")
        case .region: selector.member("pseudoattribute_type", "REGION")
        case .zone: selector.member("pseudoattribute_type", "ZONE")
        case .unknown: selector.member("pseudoattribute_type", "UNKNOWN")
        case .none: break
        }
      }
      writer.key("predicate")
      writer.object { $0.predicate(condition.predicate) }
    }
  }

  private mutating func predicate(_ predicate: OfferConstraints.Condition.Predicate) {
    switch predicate {
    case .exists:
      key("exists")
      object { _ in }
    case .notExists:
      key("not_exists")
      object { _ in }
    case .textEquals(let text): one("text_equals", "value", text)
    case .textNotEquals(let text): one("text_not_equals", "value", text)
    case .textMatches(let text): one("text_matches", "regex", text)
    case .textNotMatches(let text): one("text_not_matches", "regex", text)
    case .none: break
    }
  }

  private mutating func one(_ name: String, _ member: StaticString, _ text: String) {
    key(named: name)
    object { $0.member(member, text) }
  }
}
