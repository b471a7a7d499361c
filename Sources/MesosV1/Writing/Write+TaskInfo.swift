// Part of mesosim. Apache-2.0, see LICENSE.
//
// Tasks, executors and frameworks, as agents are told of them.

package import Mesos

extension JSONWriter {
  /// Writes a task, allocated to a role.
  package mutating func task(_ task: TaskInfo, role: Role?) {
    object { writer in
      writer.member("name", task.name)
      writer.member("task_id", id: task.taskID.value)
      writer.member("agent_id", id: task.slaveID.value)
      writer.key("resources")
      writer.taskResources(task, role)
      if let executor = task.executor {
        writer.key("executor")
        writer.executor(executor, role: role)
      }
      if let command = task.command {
        writer.key("command")
        writer.command(command)
      }
      guard !task.isOrdinary else { return }
      writer.rareParts(of: task)
    }
  }

  private mutating func taskResources(_ task: TaskInfo, _ role: Role?) {
    array { list in
      for name in task.emptyResources {
        let nothing = Resource(name, .scalar(Scalar(thousandths: 0)))
        list.resource(nothing, allocatedTo: role, form: .refined)
      }
      for entry in task.resources.entries {
        list.resource(entry, allocatedTo: role, form: .refined)
      }
    }
  }

  private mutating func rareParts(of task: TaskInfo) {
    if let container = task.container {
      key("container")
      self.container(container)
    }
    if let check = task.healthCheck {
      key("health_check")
      healthCheck(check)
    }
    if let check = task.check {
      key("check")
      self.check(check)
    }
    if let policy = task.killPolicy {
      key("kill_policy")
      killPolicy(policy)
    }
    member("data", bytes: task.data)
    labels(task.labels)
    if let discovery = task.discovery {
      key("discovery")
      self.discovery(discovery)
    }
    member("max_completion_time", duration: task.maxCompletionTime)
    if !task.limits.isEmpty { limits(task.limits) }
  }

  private mutating func limits(_ limits: [String: TaskLimit]) {
    key("limits")
    object { writer in
      for (name, limit) in limits.sorted(by: { $0.key < $1.key }) {
        writer.key(named: name)
        writer.object {
          $0.key("value")
          switch limit {
          case .amount(let amount): $0.number(amount)
          case .infinite: $0.string("Infinity")
          }
        }
      }
    }
  }

  /// Writes how a task is killed.
  package mutating func killPolicy(_ policy: KillPolicy) {
    object { $0.member("grace_period", duration: policy.gracePeriod) }
  }

  /// Writes an executor, allocated to a role.
  package mutating func executor(_ executor: ExecutorInfo, role: Role?) {
    object { writer in
      switch executor.kind {
      case nil: break
      case .unknown: writer.member("type", "UNKNOWN")
      case .default: writer.member("type", "DEFAULT")
      case .custom: writer.member("type", "CUSTOM")
      }
      writer.member("executor_id", id: executor.executorID.value)
      writer.member("framework_id", id: executor.frameworkID?.value)
      if let command = executor.command {
        writer.key("command")
        writer.command(command)
      }
      if let container = executor.container {
        writer.key("container")
        writer.container(container)
      }
      if !executor.resources.isEmpty {
        writer.key("resources")
        writer.resources(executor.resources, allocatedTo: role)
      }
      writer.member("name", executor.name)
      writer.member("source", executor.source)
      writer.member("data", bytes: executor.data)
      if let discovery = executor.discovery {
        writer.key("discovery")
        writer.discovery(discovery)
      }
      writer.member("shutdown_grace_period", duration: executor.shutdownGracePeriod)
      writer.labels(executor.labels)
    }
  }

  private mutating func kind(_ kind: CheckKind?) {
    switch kind {
    case nil: break
    case .unknown: member("type", "UNKNOWN")
    case .command: member("type", "COMMAND")
    case .http: member("type", "HTTP")
    case .tcp: member("type", "TCP")
    }
  }

  private mutating func pages(_ http: HealthCheck.HTTP?, _ tcp: HealthCheck.TCP?) {
    if let http {
      key("http")
      object { writer in
        writer.member("port", http.port)
        writer.member("path", http.path)
        writer.member("scheme", http.scheme)
        guard !http.statuses.isEmpty else { return }
        writer.key("statuses")
        writer.array { for status in http.statuses { $0.number(status) } }
      }
    }
    if let tcp {
      key("tcp")
      object { $0.member("port", tcp.port) }
    }
  }

  /// Writes how the health of a task is found out.
  package mutating func healthCheck(_ check: HealthCheck) {
    object { writer in
      writer.kind(check.kind)
      if let command = check.command {
        writer.key("command")
        writer.command(command)
      }
      writer.pages(check.http, check.tcp)
      writer.member("delay_seconds", check.delaySeconds, unless: 15)
      writer.member("interval_seconds", check.intervalSeconds, unless: 10)
      writer.member("timeout_seconds", check.timeoutSeconds, unless: 20)
      if check.consecutiveFailures != 3 {
        writer.member("consecutive_failures", check.consecutiveFailures)
      }
      writer.member("grace_period_seconds", check.gracePeriodSeconds, unless: 10)
    }
  }

  private mutating func check(_ check: CheckInfo) {
    object { writer in
      writer.kind(check.kind)
      if let command = check.command {
        writer.key("command")
        writer.object {
          $0.key("command")
          $0.command(command)
        }
      }
      writer.pages(check.http, check.tcp)
      writer.member("delay_seconds", check.delaySeconds, unless: 15)
      writer.member("interval_seconds", check.intervalSeconds, unless: 10)
      writer.member("timeout_seconds", check.timeoutSeconds, unless: 20)
    }
  }

  private mutating func visibility(_ visibility: Visibility?) {
    switch visibility {
    case nil: break
    case .framework: member("visibility", "FRAMEWORK")
    case .cluster: member("visibility", "CLUSTER")
    case .external: member("visibility", "EXTERNAL")
    }
  }

  /// Writes how others find a task.
  package mutating func discovery(_ info: DiscoveryInfo) {
    object { writer in
      writer.visibility(info.visibility)
      writer.member("name", info.name)
      writer.member("environment", info.environment)
      writer.member("location", info.location)
      writer.member("version", info.version)
      if !info.ports.isEmpty { writer.ports(info.ports) }
      writer.labels(info.labels)
    }
  }

  private mutating func ports(_ ports: [Port]) {
    key("ports")
    object { writer in
      writer.key("ports")
      writer.array { list in
        for port in ports {
          list.object {
            $0.member("number", port.number)
            $0.member("name", port.name)
            $0.member("protocol", port.protocol)
            $0.visibility(port.visibility)
            $0.labels(port.labels)
          }
        }
      }
    }
  }
}
