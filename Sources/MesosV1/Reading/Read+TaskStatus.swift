// Part of mesosim. Apache-2.0, see LICENSE.
//
// The status of a task, as executors report it.

import Mesos

extension Node {
  /// A status without its time.
  func taskStatus() throws(V1Error) -> TaskStatus {
    let id = try requiredID("task_id")
    var status = TaskStatus(
      taskID: TaskID(id), state: try taskState(), message: try string("message") ?? "",
      data: try bytes("data") ?? [])
    status.slaveID = try self.id("agent_id").map { SlaveID($0) }
    // The time is for whoever takes it to say: the executor's clock is another.
    _ = try number("timestamp")
    status.executorID = try self.id("executor_id").map { ExecutorID($0) }
    let source = try word("source")
    let known = StatusSource.allCases.first { $0.wireName == source }
    status.source = known ?? .master
    status.hasSource = known != nil
    let reason = try word("reason")
    status.reason = StatusReason.allCases.first { $0.wireName == reason }
    if let isHealthy = try bool("healthy") { status.isHealthy = isHealthy }
    status.uuid = try bytes("uuid").flatMap { UpdateID($0) }
    let labels = try labels("labels")
    if !labels.isEmpty { status.labels = labels }
    if let container = try object("container_status") {
      var networks: [NetworkInfo] = []
      for network in try container.objects("network_infos") {
        networks.append(try network.networkInfo())
      }
      status.containerStatus = ContainerStatus(
        containerID: try container.id("container_id").map { ContainerID($0) },
        networks: networks, executorPID: try container.unsigned("executor_pid"))
    }
    return status
  }

  private func taskState() throws(V1Error) -> TaskState {
    guard let word = try string("state") else {
      lacks("state")
      return .staging
    }
    guard let state = TaskState.allCases.first(where: { $0.description == word }) else {
      throw V1Error(path: path, description: "Failed to find enum for '\(word)'")
    }
    return state
  }

  /// A word as the first API has it, which says SLAVE where the v1 API says AGENT.
  private func word(_ key: String) throws(V1Error) -> String? {
    guard let word = try string(key) else { return nil }
    return word.split(separator: "_", omittingEmptySubsequences: false)
      .map { $0 == "AGENT" ? "SLAVE" : $0 }.joined(separator: "_")
  }
}
