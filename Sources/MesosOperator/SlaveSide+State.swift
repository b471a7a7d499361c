// Part of mesosim. Apache-2.0, see LICENSE.
//
// What there is to be seen on a slave: its state, and what its containers use (Mesos:
// `slave/http.cpp`).

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension SlaveQuestion {
  func health() throws(OperatorFault) -> OperatorReply { OperatorReply(200) }

  func version() throws(OperatorFault) -> OperatorReply {
    let build = description.build
    return OperatorReply { writer in writer.object { $0.version(build) } }
  }

  func flags() throws(OperatorFault) -> OperatorReply {
    try require(.viewFlags, nil)
    return OperatorReply { writer in writer.object { writeFlags(to: &$0) } }
  }

  private func writeFlags(to writer: inout JSONWriter) {
    writer.key("flags")
    writer.object { list in
      for flag in description.allFlags(snapshot.info) {
        list.key(named: flag.key)
        list.string(flag.value)
      }
    }
  }

  // MARK: State

  func state() throws(OperatorFault) -> OperatorReply {
    OperatorReply { writer in
      writer.object { writer in
        writeHead(to: &writer)
        writeResources(to: &writer)
        writer.key("attributes")
        writer.summary(of: snapshot.info.attributes)
        if let config = snapshot.draining {
          writer.key("drain_config")
          writer.drainConfig(config)
        }
        if snapshot.hasMaster { writer.member("master_hostname", description.masterHostname) }
        if viewer.may(.viewFlags, nil) {
          writer.member("log_dir", description.flags["log_dir"])
          writer.member("external_log_file", description.flags["external_log_file"])
          writeFlags(to: &writer)
        }
        write("frameworks", frameworks, to: &writer)
        write("completed_frameworks", completedFrameworks, to: &writer)
      }
    }
  }

  private func writeHead(to writer: inout JSONWriter) {
    let build = description.build
    writer.member("version", build.version)
    writer.member("git_sha", build.commit)
    writer.member("git_tag", build.version)
    writer.member("build_date", build.date)
    writer.key("build_time")
    writer.number(build.seconds)
    writer.member("build_user", build.user)
    writer.key("start_time")
    writer.seconds(description.startedAt)
    writer.member("id", snapshot.id?.value ?? "")
    writer.member("pid", snapshot.info.pid)
    writer.member("hostname", snapshot.info.hostname)
    writer.key("capabilities")
    writer.array { list in for name in snapshot.info.capabilities ?? [] { list.string(name) } }
    if let domain = snapshot.info.domain {
      writer.key("domain")
      writer.domain(domain)
    }
  }

  private func writeResources(to writer: inout JSONWriter) {
    let total = snapshot.info.resources
    writer.summary("resources", total)
    writeReservations("reserved_resources", of: total, to: &writer)
    writer.summary("unreserved_resources", total.unreserved)
    writer.key("reserved_resources_full")
    writer.object { map in
      for role in total.reservationRoles where viewer.sees(role) {
        map.key(named: role.value)
        map.resources(total.reserved(for: role), form: .both)
      }
    }
    writer.key("unreserved_resources_full")
    writer.resources(total.unreserved, form: .both)
    let held = snapshot.heldResources
    writeReservations("reserved_resources_allocated", of: held, to: &writer)
    writer.summary("unreserved_resources_allocated", held.unreserved)
  }

  private func writeReservations(
    _ key: StaticString, of resources: Resources, to writer: inout JSONWriter
  ) {
    writer.key(key)
    writer.object { map in
      for role in resources.reservationRoles where viewer.sees(role) {
        map.key(named: role.value)
        map.summary(resources.reserved(for: role))
      }
    }
  }

  private func write(
    _ key: StaticString, _ frameworks: [SlaveSnapshot.Framework], to writer: inout JSONWriter
  ) {
    writer.key(key)
    writer.array { list in
      for framework in frameworks {
        list.object { writer in
          writer.head(ofHere: framework.info)
          write("executors", framework.executors, of: framework, to: &writer)
          write("completed_executors", framework.completedExecutors, of: framework, to: &writer)
        }
        list.endPiece()
      }
    }
  }

  private func write(
    _ key: StaticString, _ executors: [SlaveSnapshot.Executor],
    of framework: SlaveSnapshot.Framework, to writer: inout JSONWriter
  ) {
    writer.key(key)
    writer.array { list in
      for executor in executors where viewer.sees(executor.info, of: framework.info) {
        list.object { write(executor, of: framework.info, to: &$0) }
        list.endPiece()
      }
    }
  }

  private func write(
    _ executor: SlaveSnapshot.Executor, of framework: FrameworkInfo, to writer: inout JSONWriter
  ) {
    func isSeen(_ task: MasterSnapshot.Task) -> Bool { viewer.sees(task, of: framework) }
    writer.member("id", executor.info.executorID.value)
    writer.member("name", executor.info.name ?? "")
    writer.member("source", executor.info.source ?? "")
    writer.member("container", executor.container.value)
    writer.member("directory", description.folder(of: executor, framework, snapshot.id))
    writer.summary("resources", executor.resources)
    if !executor.info.resources.isEmpty { writer.member("role", executor.role.value) }
    if !executor.info.labels.isEmpty {
      writer.key("labels")
      writer.list(of: executor.info.labels)
    }
    writer.kind(of: executor.info)
    writer.key("tasks")
    writer.array { list in for task in executor.launched where isSeen(task) { list.task(task) } }
    writer.key("queued_tasks")
    writer.array { list in
      for queued in executor.queued where isSeen(queued.task) { list.queuedTask(queued) }
    }
    writer.key("completed_tasks")
    writer.array { list in
      for task in executor.completed + executor.terminated where isSeen(task) { list.task(task) }
    }
  }

  // MARK: Containers

  /// Executors whose containers are there, with their frameworks, as who asks may see them.
  var contained: [(executor: SlaveSnapshot.Executor, framework: FrameworkInfo)] {
    frameworks.flatMap { framework in
      framework.executors
        .filter { $0.state != .terminated && viewer.sees($0.info, of: framework.info) }
        .map { ($0, framework.info) }
    }
  }

  func statistics() throws(OperatorFault) -> OperatorReply {
    try require(.getEndpoints, "/monitor/statistics")
    let contained = contained
    return OperatorReply { writer in
      writer.array { list in
        for (executor, framework) in contained {
          list.object {
            $0.head(of: executor, framework)
            $0.key("statistics")
            $0.statistics(of: executor, at: snapshot.now)
          }
        }
      }
    }
  }

  func containers() throws(OperatorFault) -> OperatorReply {
    try require(.getEndpoints, "/containers")
    let wanted = request.query["container_id"]
    let contained = contained.filter { wanted == nil || $0.executor.container.value == wanted }
    return OperatorReply { writer in
      writer.array { list in
        for (executor, framework) in contained {
          list.object {
            $0.head(of: executor, framework)
            $0.member("container_id", executor.container.value)
            $0.key("status")
            $0.status(ofContainer: executor)
            $0.key("statistics")
            $0.statistics(of: executor, at: snapshot.now)
          }
        }
      }
    }
  }
}

extension SlaveSnapshot {
  /// What its executors hold, with their tasks.
  var heldResources: Resources {
    frameworks.flatMap(\.executors).reduce(into: Resources()) { sum, executor in
      if executor.state != .terminated { sum += executor.resources }
    }
  }
}

extension JSONWriter {
  /// Writes what a slave says of a framework.
  fileprivate mutating func head(ofHere info: FrameworkInfo) {
    member("id", info.id?.value ?? "")
    member("name", info.name)
    member("user", info.user)
    key("failover_timeout")
    number(info.failoverTimeoutSeconds)
    key("checkpoint")
    bool(info.hasCheckpointing)
    member("hostname", info.hostname)
    member("principal", info.principal)
    if info.capabilities.contains(.multiRole) {
      key("roles")
      array { list in for role in info.roles { list.string(role.value) } }
    } else {
      member("role", info.role.value)
    }
  }

  fileprivate mutating func queuedTask(_ queued: SlaveSnapshot.QueuedTask) {
    let info = queued.info
    object { writer in
      writer.member("id", info.taskID.value)
      writer.member("name", info.name)
      writer.member("slave_id", info.slaveID.value)
      writer.summary("resources", info.resources)
      writer.member("role", queued.task.role.value)
      if let command = info.command {
        writer.key("command")
        writer.shortCommand(command)
      }
      writer.member("executor_id", info.executor?.executorID.value)
      if let discovery = info.discovery {
        writer.key("discovery")
        writer.discovery(discovery)
      }
    }
  }

  fileprivate mutating func head(
    of executor: SlaveSnapshot.Executor, _ framework: FrameworkInfo
  ) {
    member("framework_id", framework.id?.value ?? "")
    member("executor_id", executor.info.executorID.value)
    member("executor_name", executor.info.name ?? "")
    member("source", executor.info.source ?? "")
  }

  /// Writes what is known of an executor's container.
  mutating func status(ofContainer executor: SlaveSnapshot.Executor) {
    object {
      $0.member("container_id", id: executor.container.value)
      $0.key("executor_pid")
      $0.number(executor.pid)
    }
  }

  /// Writes what an executor's container may use, and uses (mesos.proto, `ResourceStatistics`): as
  /// much as it holds, for more is not known of what is simulated.
  mutating func statistics(of executor: SlaveSnapshot.Executor, at now: Instant) {
    let cpus = Double(executor.resources.thousandths(of: "cpus")) / 1000
    func bytes(_ name: String) -> Int64 {
      executor.resources.thousandths(of: name).multipliedReportingOverflow(by: 1 << 20).partialValue
        / 1000
    }
    let seconds = executor.startedAt.map { now.seconds - $0.seconds } ?? 0
    object { writer in
      writer.key("timestamp")
      writer.real(Double(writer.epoch) + now.seconds)
      for (key, value) in [
        ("cpus_limit", cpus), ("cpus_user_time_secs", cpus * seconds),
        ("cpus_system_time_secs", 0),
      ] {
        writer.key(named: key)
        writer.real(value)
      }
      for (key, value) in [
        ("mem_limit_bytes", bytes("mem")), ("mem_total_bytes", bytes("mem")),
        ("mem_rss_bytes", bytes("mem")), ("disk_limit_bytes", bytes("disk")),
        ("disk_used_bytes", bytes("disk")),
      ] {
        writer.key(named: key)
        writer.number(value)
      }
    }
  }

  fileprivate mutating func drainConfig(_ config: DrainConfig) {
    object {
      $0.member("max_grace_period", duration: config.graceMax)
      $0.key("mark_gone")
      $0.bool(config.marksGone)
    }
  }
}
