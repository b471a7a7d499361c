// Part of mesosim. Apache-2.0, see LICENSE.
//
// The calls of operators in a slave's v1 API (Mesos: `slave/http.cpp`; v1 agent.proto).

import Mesos
import MesosCluster
import MesosV1

extension SlaveQuestion {
  func v1Call() throws(OperatorFault) -> OperatorReply {
    let body = try V1Body(ofSlave: request)
    let type = body.json["type"]?.string ?? ""
    if type == "UNKNOWN" { return OperatorReply(501) }
    let prefix = "Failed to validate agent::Call: "
    if !Self.calls.contains(type) { throw OperatorFault(prefix + "Expecting 'type' to be present") }
    let member = body.json[type.lowercased()]
    if Self.callsWithMembers.contains(type), member?.members == nil {
      throw OperatorFault(prefix + "Expecting '\(type.lowercased())' to be present")
    }
    let reply = try look(type, member ?? .object([:]))
    return body.wantsProtobuf ? reply.inProtobuf(as: "Agent.Response") : reply
  }

  /// The calls that say more than their type.
  private static let callsWithMembers: Set<String> = [
    "GET_METRICS", "SET_LOGGING_LEVEL", "LIST_FILES", "READ_FILE", "LAUNCH_NESTED_CONTAINER",
    "WAIT_NESTED_CONTAINER", "KILL_NESTED_CONTAINER", "REMOVE_NESTED_CONTAINER",
    "LAUNCH_NESTED_CONTAINER_SESSION", "ATTACH_CONTAINER_INPUT", "ATTACH_CONTAINER_OUTPUT",
    "LAUNCH_CONTAINER", "WAIT_CONTAINER", "KILL_CONTAINER", "REMOVE_CONTAINER",
    "ADD_RESOURCE_PROVIDER_CONFIG", "UPDATE_RESOURCE_PROVIDER_CONFIG",
    "REMOVE_RESOURCE_PROVIDER_CONFIG",
  ]

  private static let calls = callsWithMembers.union([
    "GET_HEALTH", "GET_FLAGS", "GET_VERSION", "GET_LOGGING_LEVEL", "GET_STATE", "GET_CONTAINERS",
    "GET_FRAMEWORKS", "GET_EXECUTORS", "GET_OPERATIONS", "GET_TASKS", "GET_AGENT",
    "GET_RESOURCE_PROVIDERS", "PRUNE_IMAGES",
  ])

  private func look(_ type: String, _ member: JSONValue) throws(OperatorFault) -> OperatorReply {
    if let reply = lookAtTasks(type) { return reply }
    switch type {
    case "GET_HEALTH":
      return .typed(type) {
        $0.key("healthy")
        $0.bool(true)
      }
    case "GET_FLAGS":
      try require(.viewFlags, nil)
      let flags = description.allFlags(snapshot.info)
      return .typed(type) { $0.v1Flags(flags) }
    case "GET_VERSION":
      let build = description.build
      return .typed(type) { $0.v1Version(build) }
    case "GET_METRICS":
      if let time = member["timeout"]?["nanoseconds"]?.double, time < 0 {
        throw OperatorFault("Failed to validate agent::Call: Timeout must not be negative")
      }
      let entries = SlaveMetrics(self).entries
      return .typed(type) { $0.v1Metrics(entries) }
    case "GET_LOGGING_LEVEL":
      return .typed(type) {
        $0.key("level")
        $0.number(0)
      }
    case "LIST_FILES": return try files.list(member)
    case "READ_FILE": return try files.read(member)
    case "SET_LOGGING_LEVEL": return try OperatorQuestion.setLoggingLevel(member)
    // No images are kept.
    case "PRUNE_IMAGES": return OperatorReply(200)
    default: return OperatorReply(501)
    }
  }

  private func lookAtTasks(_ type: String) -> OperatorReply? {
    switch type {
    case "GET_TASKS": .typed(type) { writeTasks(to: &$0) }
    case "GET_EXECUTORS": .typed(type) { writeExecutors(to: &$0) }
    case "GET_FRAMEWORKS": .typed(type) { writeFrameworks(to: &$0) }
    case "GET_STATE":
      .typed(type) { writer in
        let parts: [(StaticString, (inout JSONWriter) -> Void)] = [
          ("get_tasks", writeTasks), ("get_executors", writeExecutors),
          ("get_frameworks", writeFrameworks),
        ]
        for (key, write) in parts {
          writer.key(key)
          writer.object { write(&$0) }
        }
      }
    case "GET_CONTAINERS": lookAtContainers()
    case "GET_OPERATIONS", "GET_RESOURCE_PROVIDERS": .typed(type) { _ in }
    case "GET_AGENT":
      .typed(type) {
        $0.key("agent_info")
        $0.slaveInfo(snapshot.info)
      }
    default: nil
    }
  }

  // MARK: Tasks, executors and frameworks

  private func writeTasks(to writer: inout JSONWriter) {
    let all = (frameworks + completedFrameworks).flatMap { framework in
      (framework.executors + framework.completedExecutors)
        .filter { viewer.sees($0.info, of: framework.info) }.map { (framework.info, $0) }
    }
    func write(
      _ key: StaticString, to writer: inout JSONWriter,
      _ tasks: (SlaveSnapshot.Executor) -> [MasterSnapshot.Task]
    ) {
      writer.key(key)
      writer.array { list in
        for (framework, executor) in all {
          for task in tasks(executor) where viewer.sees(task, of: framework) { list.v1Task(task) }
        }
      }
    }
    // A task waits for nothing before it is its executor's.
    write("pending_tasks", to: &writer) { _ in [] }
    write("queued_tasks", to: &writer) { $0.queued.map(\.task) }
    write("launched_tasks", to: &writer, \.launched)
    write("terminated_tasks", to: &writer, \.terminated)
    write("completed_tasks", to: &writer, \.completed)
  }

  private func writeExecutors(to writer: inout JSONWriter) {
    let all = frameworks + completedFrameworks
    func write(
      _ key: StaticString, to writer: inout JSONWriter,
      _ executors: (SlaveSnapshot.Framework) -> [SlaveSnapshot.Executor]
    ) {
      writer.key(key)
      writer.array { list in
        for framework in all {
          for executor in executors(framework) where viewer.sees(executor.info, of: framework.info)
          {
            list.object { $0.executorInfo(executor) }
          }
        }
      }
    }
    write("executors", to: &writer, \.executors)
    write("completed_executors", to: &writer, \.completedExecutors)
  }

  private func writeFrameworks(to writer: inout JSONWriter) {
    for (key, list) in [
      ("frameworks", frameworks), ("completed_frameworks", completedFrameworks),
    ] {
      writer.key(named: key)
      writer.array { array in
        for framework in list {
          array.object { writer in
            writer.key("framework_info")
            writer.writesDefaults = true
            writer.framework(framework.info)
            writer.writesDefaults = false
          }
        }
      }
    }
  }

  private func lookAtContainers() -> OperatorReply {
    let contained = contained
    // A message without members is left out.
    if contained.isEmpty {
      return OperatorReply { writer in writer.object { $0.member("type", "GET_CONTAINERS") } }
    }
    return .typed("GET_CONTAINERS") { writer in
      writer.key("containers")
      writer.array { list in
        for (executor, framework) in contained {
          list.object {
            $0.member("framework_id", id: framework.id?.value)
            $0.member("executor_id", id: executor.info.executorID.value)
            $0.member("executor_name", executor.info.name ?? "")
            $0.member("container_id", id: executor.container.value)
            $0.key("container_status")
            $0.status(ofContainer: executor)
            $0.key("resource_statistics")
            $0.statistics(of: executor, at: snapshot.now)
          }
        }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func executorInfo(_ executor: SlaveSnapshot.Executor) {
    key("executor_info")
    writesDefaults = true
    self.executor(executor.info, role: executor.role)
    writesDefaults = false
  }
}
