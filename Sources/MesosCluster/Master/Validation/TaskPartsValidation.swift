// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with the parts that few tasks have (Rules 3.3, rows 5 and 7 to 9).

import Mesos

extension Master {
  /// What is wrong with the rarer parts of a task, or `nil`.
  func faultOfRareParts(_ task: TaskInfo) -> String? {
    if let grace = task.killPolicy?.gracePeriod, grace < .zero {
      return "kill policy has a negative grace period"
    }
    if let most = task.maxCompletionTime, most < .zero {
      return "max completion time is negative"
    }
    return task.check.flatMap { faultOfCheck($0) }
      ?? task.healthCheck.flatMap { faultOfHealthCheck($0) }
      ?? task.container.flatMap { faultOfContainer($0) } ?? faultOfLimits(task)
  }

  private func faultOfCheck(_ check: CheckInfo) -> String? {
    guard let kind = check.kind, kind != .unknown else { return "check says not of which type" }
    return faultOfProbe(
      "check", kind, command: check.command, http: check.http, hasTCP: check.tcp != nil,
      times: [check.delaySeconds, check.intervalSeconds, check.timeoutSeconds])
  }

  private func faultOfHealthCheck(_ check: HealthCheck) -> String? {
    guard let kind = check.inferredKind, kind != .unknown else {
      return "health check says not of which type"
    }
    if let scheme = check.http?.scheme, scheme != "http", scheme != "https" {
      return "health check has scheme '\(scheme)'; expected http or https"
    }
    return faultOfProbe(
      "health check", kind, command: check.command, http: check.http, hasTCP: check.tcp != nil,
      times: [
        check.delaySeconds, check.intervalSeconds, check.timeoutSeconds, check.gracePeriodSeconds,
      ])
  }

  private func faultOfProbe(
    _ what: String, _ kind: CheckKind, command: CommandInfo?, http: HealthCheck.HTTP?,
    hasTCP: Bool, times: [Double]
  ) -> String? {
    switch kind {
    case .command where command == nil, .http where http == nil, .tcp where !hasTCP:
      return "\(what) lacks the part that its type names"
    case .command where command?.value.isEmpty == true:
      return "\(what) has a command without a value"
    default: break
    }
    if let path = http?.path, !path.hasPrefix("/") {
      return "\(what) has path '\(path)'; expected one that begins with '/'"
    }
    if times.contains(where: { !($0 >= 0) }) { return "\(what) has a negative time" }
    return nil
  }

  /// What is wrong with the environment of a task's command or executor (row 7).
  func faultOfEnvironment(_ task: TaskInfo) -> String? {
    if let command = task.command, !command.environment.isEmpty,
      let fault = faultOfEnvironment(command)
    {
      return fault
    }
    return task.executor?.command.flatMap { faultOfEnvironment($0) }
  }

  private func faultOfEnvironment(_ command: CommandInfo) -> String? {
    for variable in command.environment where (variable.value == nil) == (variable.secret == nil) {
      return "environment variable '\(variable.name)' needs a value or a secret, not both"
    }
    return nil
  }

  private func faultOfContainer(_ container: ContainerInfo) -> String? {
    for volume in container.volumes where !volume.hasOneOrigin {
      return "volume '\(volume.containerPath)' needs exactly one of host path, image and source"
    }
    guard container.kind == .docker else { return nil }
    guard let docker = container.docker else { return "Docker container without an image" }
    if docker.parameters.contains(where: { $0.key == "name" }) {
      return "Docker parameter 'name' is the slave's to choose"
    }
    return nil
  }

  private func faultOfLimits(_ task: TaskInfo) -> String? {
    for (name, limit) in task.limits.sorted(by: { $0.key < $1.key }) {
      guard name == "cpus" || name == "mem" else {
        return "limit of '\(name)'; only cpus and mem can be limited"
      }
      if case .amount(let amount) = limit,
        amount.thousandths < task.resources.thousandths(of: name)
      {
        return "limit of '\(name)' is below what the task asks for"
      }
    }
    return nil
  }
}
