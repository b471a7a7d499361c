// Part of mesosim. Apache-2.0, see LICENSE.
//
// What executors call (v1 executor.proto, `Call`).

package import Mesos

/// A call of an executor.
package struct V1ExecutorCall {
  /// What is called.
  package enum Kind {
    case subscribe(updates: [TaskStatus], tasks: [TaskID])
    case update(TaskStatus)
    case message([UInt8])
    case heartbeat
    /// The type that is valid and stands for nothing.
    case unknown
    /// A type that there is not, or none.
    case none
    /// The type is known and the member of its name missing.
    case bare(String)
  }

  /// Who calls.
  package let executorID: ExecutorID
  /// Whose it is.
  package let frameworkID: FrameworkID
  /// What is called.
  package let kind: Kind
  /// What is wrong with how it names the update that it brings, in the words of Mesos.
  private let uuidFault: String?

  /// Reads a call.
  /// - Throws: `V1Error`, in the words of Mesos.
  package init(reading json: JSONValue) throws(V1Error) {
    guard json.members != nil else {
      throw V1Error(path: "", description: "Expecting a JSON object")
    }
    let node = Node(json)
    executorID = ExecutorID(try node.requiredID("executor_id"))
    frameworkID = FrameworkID(try node.requiredID("framework_id"))
    kind = try node.executorKind(try node.string("type") ?? "")
    let bytes = try node.object("update")?.object("status")?.bytes("uuid")
    uuidFault =
      bytes.map { $0.count == 16 ? nil : "Not a valid UUID" } ?? "Expecting 'uuid' to be present"
    try node.complete()
  }

  /// What is wrong with it, in the words of Mesos (`common/validation.cpp`); `nil` when it is
  /// sound.
  package var fault: String? {
    switch kind {
    case .none: return "Expecting 'type' to be present"
    case .bare(let member): return "Expecting '\(member)' to be present"
    case .subscribe, .message, .heartbeat, .unknown: return nil
    case .update(let status):
      if let uuidFault { return uuidFault }
      if let stated = status.executorID, stated != executorID {
        return
          "ExecutorID in Call: \(executorID) does not match ExecutorID in TaskStatus: \(stated)"
      }
      let who = "from executor \(executorID) of framework \(frameworkID)"
      if !status.hasSource || status.source != .executor {
        return "Received Call \(who) with invalid source, expecting 'SOURCE_EXECUTOR'"
      }
      return status.state == .staging ? "Received TASK_STAGING \(who) which is not allowed" : nil
    }
  }
}

extension Node {
  fileprivate func executorKind(_ type: String) throws(V1Error) -> V1ExecutorCall.Kind {
    switch type {
    case "UNKNOWN": return .unknown
    case "HEARTBEAT": return .heartbeat
    case "SUBSCRIBE":
      guard let node = try object("subscribe") else { return .bare("subscribe") }
      var tasks: [TaskID] = []
      var faults = ResourceFaults()
      for task in try node.objects("unacknowledged_tasks") {
        tasks.append(try task.taskInfo(&faults).taskID)
      }
      var updates: [TaskStatus] = []
      for update in try node.objects("unacknowledged_updates") {
        updates.append(try update.status())
      }
      return .subscribe(updates: updates, tasks: tasks)
    case "UPDATE":
      guard let node = try object("update") else { return .bare("update") }
      return .update(try node.status())
    case "MESSAGE":
      guard let node = try object("message") else { return .bare("message") }
      if !node.has("data") { node.lacks("data") }
      return .message(try node.bytes("data") ?? [])
    default: return .none
    }
  }

  private func status() throws(V1Error) -> TaskStatus {
    guard let node = try object("status") else {
      lacks("status")
      return TaskStatus(taskID: "", state: .staging)
    }
    return try node.taskStatus()
  }
}
