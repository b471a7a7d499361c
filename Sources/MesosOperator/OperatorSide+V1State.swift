// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the calls GET_… of the v1 API show (Mesos: `master/readonly_handler.cpp`).

import Mesos
import MesosAllocation
import MesosCluster
import MesosV1

/// The whole state as the v1 API shows it, to somebody who may see some of it.
struct V1State: Sendable {
  let loads: SnapshotLoads
  let viewer: Viewer

  private var snapshot: MasterSnapshot { loads.snapshot }

  private var frameworks: [MasterSnapshot.Framework] {
    snapshot.frameworks.filter { viewer.sees($0.info) }
  }

  private var ended: [MasterSnapshot.EndedFramework] {
    snapshot.ended.filter { viewer.sees($0.framework.info) }
  }

  func writeAll(to writer: inout JSONWriter) {
    let parts: [(StaticString, (inout JSONWriter) -> Void)] = [
      ("get_tasks", writeTasks), ("get_executors", writeExecutors),
      ("get_frameworks", writeFrameworks), ("get_agents", writeSlaves),
    ]
    for (key, write) in parts {
      writer.key(key)
      writer.object { write(&$0) }
    }
  }

  func writeTasks(to writer: inout JSONWriter) {
    let views = frameworks.map { loads.view(of: $0) }
    let past = ended.map { FrameworkView($0) }
    func write(
      _ key: StaticString, _ views: [FrameworkView], to writer: inout JSONWriter,
      _ tasks: (FrameworkView) -> [MasterSnapshot.Task]
    ) {
      writer.key(key)
      writer.array { list in
        for view in views {
          for task in tasks(view) where viewer.sees(task, of: view.framework.info) {
            list.v1Task(task)
            list.endPiece()
          }
        }
      }
    }
    write("tasks", views, to: &writer, \.tasks)
    write("unreachable_tasks", views + past, to: &writer, \.unreachable)
    write("completed_tasks", views + past, to: &writer, \.completed)
  }

  func writeExecutors(to writer: inout JSONWriter) {
    writer.key("executors")
    writer.array { list in
      for framework in frameworks {
        for executor in loads.view(of: framework).executors
        where viewer.sees(executor.info, of: framework.info) {
          list.v1Executor(executor, loads)
          list.endPiece()
        }
      }
    }
  }

  func writeFrameworks(to writer: inout JSONWriter) {
    writer.key("frameworks")
    writer.array { list in
      for framework in frameworks {
        list.v1Framework(framework, loads)
        list.endPiece()
      }
    }
    writer.key("completed_frameworks")
    writer.array { list in for entry in ended { list.v1Framework(entry.framework, loads) } }
  }

  func writeSlaves(to writer: inout JSONWriter) {
    writer.key("agents")
    writer.array { list in
      for slave in snapshot.slaves {
        list.v1Slave(slave, loads)
        list.endPiece()
      }
    }
    writer.key("recovered_agents")
    writer.array { list in
      for slave in snapshot.recoveredSlaves { list.v1Info(of: slave) }
    }
  }
}

extension OperatorQuestion {
  private var v1State: V1State { V1State(loads: SnapshotLoads(snapshot), viewer: viewer) }

  /// What a call shows that changes nothing.
  func look(_ type: String, _ member: JSONValue?) throws(OperatorFault) -> OperatorPlan {
    if let plan = lookAtCluster(type) { return plan }
    switch type {
    case "GET_FLAGS": return try v1Flags()
    case "GET_METRICS": return try v1Metrics(member)
    case "GET_LOGGING_LEVEL":
      return Self.typed(type) {
        $0.key("level")
        $0.number(0)
      }
    case "GET_VERSION":
      return Self.typed(type) { $0.v1Version(description.build) }
    case "GET_MASTER":
      return Self.typed(type) {
        $0.key("master_info")
        $0.master(snapshot.info)
        for key in ["start_time", "elected_time"] {
          $0.key(named: key)
          $0.seconds(description.startedAt)
        }
      }
    case "GET_HEALTH":
      return Self.typed(type) {
        $0.key("healthy")
        $0.bool(true)
      }
    default: return .reply(OperatorReply(501))
    }
  }

  private func v1Flags() throws(OperatorFault) -> OperatorPlan {
    try require(.viewFlags, nil)
    return Self.typed("GET_FLAGS") { $0.v1Flags(description.allFlags(snapshot.info)) }
  }

  private func v1Metrics(_ member: JSONValue?) throws(OperatorFault) -> OperatorPlan {
    guard let member else {
      throw OperatorFault(
        "Failed to validate master::Call: Expecting 'get_metrics' to be present")
    }
    if let time = member["timeout"]?["nanoseconds"]?.double, time < 0 {
      throw OperatorFault("Failed to validate master::Call: Timeout must not be negative")
    }
    let all = MetricList(self).entries
    return Self.typed("GET_METRICS") { $0.v1Metrics(all) }
  }

  private func lookAtCluster(_ type: String) -> OperatorPlan? {
    switch type {
    case "GET_STATE": return Self.typed(type, v1State.writeAll)
    case "GET_TASKS": return Self.typed(type, v1State.writeTasks)
    case "GET_EXECUTORS": return Self.typed(type, v1State.writeExecutors)
    case "GET_FRAMEWORKS": return Self.typed(type, v1State.writeFrameworks)
    case "GET_AGENTS": return Self.typed(type, v1State.writeSlaves)
    case "GET_OPERATIONS": return Self.typed(type) { _ in }
    case "GET_ROLES": return Self.typed(type) { writeV1Roles(to: &$0) }
    case "GET_WEIGHTS":
      // A message without members is left out.
      if snapshot.weights.isEmpty {
        return Self.json { writer in writer.object { $0.member("type", type) } }
      }
      return Self.typed(type) { writer in
        writer.key("weight_infos")
        writer.array { list in writeWeights(to: &list) }
      }
    case "GET_QUOTA":
      return Self.typed(type) { writer in
        writer.key("status")
        writer.object { writeQuotas(to: &$0) }
      }
    case "GET_MAINTENANCE_SCHEDULE":
      return Self.typed(type) { writer in
        writer.key("schedule")
        writer.object { Self.write(snapshot.windows, to: &$0) }
      }
    case "GET_MAINTENANCE_STATUS":
      return Self.typed(type) { writer in
        writer.key("status")
        writer.object { writeStatus(to: &$0) }
      }
    default: return nil
    }
  }

  private func writeV1Roles(to writer: inout JSONWriter) {
    let roles = snapshot.knownRoles.filter { viewer.sees($0) }
    if roles.isEmpty { return }
    writer.key("roles")
    writer.array { list in
      for role in roles {
        list.object { writer in
          writer.member("name", role.value)
          writer.key("weight")
          writer.number(snapshot.weights.first { $0.role == role }?.weight ?? 1)
          let frameworks = snapshot.frameworks.filter { $0.info.effectiveRoles.contains(role) }
          if !frameworks.isEmpty {
            writer.key("frameworks")
            writer.array { ids in
              for framework in frameworks { ids.wrapped(framework.info.id?.value ?? "") }
            }
          }
          let held = RoleAmounts(role, snapshot).scalars
          if held.isEmpty { return }
          writer.key("resources")
          writer.resources(Resources(held))
        }
        list.endPiece()
      }
    }
  }

  static func typed(
    _ type: String, _ body: @escaping @Sendable (inout JSONWriter) -> Void
  ) -> OperatorPlan {
    .reply(.typed(type, body))
  }
}

extension OperatorReply {
  /// The reply to a call of the v1 API, with a member named like it.
  static func typed(
    _ type: String, _ body: @escaping @Sendable (inout JSONWriter) -> Void
  ) -> OperatorReply {
    OperatorReply { writer in
      writer.object {
        $0.member("type", type)
        $0.key(named: type.lowercased())
        $0.object(body)
      }
    }
  }
}

extension JSONWriter {
  /// Writes what a program was built from, as the v1 API has it.
  mutating func v1Version(_ build: MasterDescription.Build) {
    key("version_info")
    object {
      $0.member("version", build.version)
      $0.member("build_date", build.date)
      $0.key("build_time")
      $0.number(build.seconds)
      $0.member("build_user", build.user)
      $0.member("git_sha", build.commit)
      $0.member("git_tag", build.version)
    }
  }

  /// Writes flags as the v1 API has them.
  mutating func v1Flags(_ flags: [(key: String, value: String)]) {
    key("flags")
    array { list in
      for flag in flags {
        list.object {
          $0.member("name", flag.key)
          $0.member("value", flag.value)
        }
      }
    }
  }

  /// Writes metrics as the v1 API has them.
  mutating func v1Metrics(_ metrics: [(name: String, value: Double)]) {
    key("metrics")
    array { list in
      for metric in metrics {
        list.object {
          $0.member("name", metric.name)
          $0.key("value")
          $0.number(metric.value)
        }
      }
    }
  }
}
