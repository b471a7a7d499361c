// Part of mesosim. Apache-2.0, see LICENSE.
//
// Tasks and executors.

import Mesos

extension Node {
  /// A task; what is wrong with its resources, or its executor's, is noted in `faults`.
  func taskInfo(_ faults: inout ResourceFaults) throws(V1Error) -> TaskInfo {
    let resources = try resources("resources")
    faults.note(resources)
    var task = TaskInfo(
      name: try required("name"), taskID: TaskID(try requiredID("task_id")),
      slaveID: SlaveID(try requiredID("agent_id")), resources: resources.resources,
      command: try command("command"), executor: nil)
    if !resources.emptyNames.isEmpty { task.emptyResources = resources.emptyNames }
    if let executor = try object("executor") {
      task.executor = try executor.executorInfo(&faults)
    }
    if let data = try bytes("data"), !data.isEmpty { task.data = data }
    if let check = try object("health_check") { task.healthCheck = try check.healthCheck() }
    if let check = try object("check") { task.check = try check.checkInfo() }
    if let container = try container("container") { task.container = container }
    let labels = try labels("labels")
    if !labels.isEmpty { task.labels = labels }
    if let discovery = try object("discovery") { task.discovery = try discovery.discoveryInfo() }
    if let policy = try killPolicy("kill_policy") { task.killPolicy = policy }
    if let time = try duration("max_completion_time") { task.maxCompletionTime = time }
    for member in try object("limits")?.value.members ?? [] {
      let node = Node(member.value, path: "\(path).limits.\(member.key)", missing: missing)
      task.limits[member.key] = try node.taskLimit()
    }
    return task
  }

  private func taskLimit() throws(V1Error) -> TaskLimit {
    if value["value"]?.string == "Infinity" { return .infinite }
    let amount = try number("value") ?? 0
    return amount.isInfinite ? .infinite : .amount(Scalar(amount) ?? Scalar(thousandths: 0))
  }

  func killPolicy(_ key: String) throws(V1Error) -> KillPolicy? {
    guard let node = try object(key) else { return nil }
    return KillPolicy(gracePeriod: try node.duration("grace_period"))
  }

  func executorInfo(_ faults: inout ResourceFaults) throws(V1Error) -> ExecutorInfo {
    let resources = try resources("resources")
    faults.note(resources)
    let kind: ExecutorInfo.Kind? =
      switch try string("type") {
      case nil: nil
      case "DEFAULT": .default
      case "CUSTOM": .custom
      default: .unknown
      }
    return ExecutorInfo(
      ExecutorID(try requiredID("executor_id")), kind: kind,
      frameworkID: try id("framework_id").map { FrameworkID($0) },
      command: try command("command"), container: try container("container"),
      resources: resources.resources, name: try string("name"), source: try string("source"),
      data: try bytes("data") ?? [], discovery: try object("discovery")?.discoveryInfo(),
      shutdownGracePeriod: try duration("shutdown_grace_period"), labels: try labels("labels"))
  }

  private func checkKind() throws(V1Error) -> CheckKind? {
    switch try string("type") {
    case nil: nil
    case "COMMAND": .command
    case "HTTP": .http
    case "TCP": .tcp
    default: .unknown
    }
  }

  private func page() throws(V1Error) -> HealthCheck.HTTP? {
    guard let node = try object("http") else { return nil }
    var statuses: [UInt32] = []
    for status in try node.list("statuses") { statuses.append(UInt32(status.value.unsigned ?? 0)) }
    if !node.has("port") { node.lacks("port") }
    return HealthCheck.HTTP(
      port: try node.unsigned("port") ?? 0, path: try node.string("path"),
      scheme: try node.string("scheme"), statuses: statuses)
  }

  private func connection() throws(V1Error) -> HealthCheck.TCP? {
    guard let node = try object("tcp") else { return nil }
    if !node.has("port") { node.lacks("port") }
    return HealthCheck.TCP(port: try node.unsigned("port") ?? 0)
  }

  private func healthCheck() throws(V1Error) -> HealthCheck {
    HealthCheck(
      try checkKind(), command: try command("command"), http: try page(), tcp: try connection(),
      delaySeconds: try number("delay_seconds") ?? 15,
      intervalSeconds: try number("interval_seconds") ?? 10,
      timeoutSeconds: try number("timeout_seconds") ?? 20,
      consecutiveFailures: try unsigned("consecutive_failures") ?? 3,
      gracePeriodSeconds: try number("grace_period_seconds") ?? 10)
  }

  private func checkInfo() throws(V1Error) -> CheckInfo {
    CheckInfo(
      try checkKind(), command: try object("command")?.command("command"), http: try page(),
      tcp: try connection(), delaySeconds: try number("delay_seconds") ?? 15,
      intervalSeconds: try number("interval_seconds") ?? 10,
      timeoutSeconds: try number("timeout_seconds") ?? 20)
  }

  private func visibility(_ key: String) throws(V1Error) -> Visibility? {
    switch try string(key) {
    case nil: nil
    case "CLUSTER": .cluster
    case "EXTERNAL": .external
    default: .framework
    }
  }

  func discoveryInfo() throws(V1Error) -> DiscoveryInfo {
    if !has("visibility") { lacks("visibility") }
    var info = DiscoveryInfo(try visibility("visibility") ?? .framework)
    info.name = try string("name")
    info.environment = try string("environment")
    info.location = try string("location")
    info.version = try string("version")
    for port in try object("ports")?.objects("ports") ?? [] {
      info.ports.append(
        Port(
          try port.unsigned("number") ?? 0, name: try port.string("name"),
          protocol: try port.string("protocol"), visibility: try port.visibility("visibility"),
          labels: try port.labels("labels")))
    }
    info.labels = try labels("labels")
    return info
  }
}

/// What is wrong with the resources of an operation.
struct ResourceFaults {
  /// The first that is malformed, in the words of Mesos.
  var fault: String?

  mutating func note(_ resources: StatedResources) { fault = fault ?? resources.fault }
}
