// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the tasks of one configuration have in common, made once, and what each gets beside it.

import Mesos

/// Makes the tasks of one configuration of an app.
struct TaskTemplate {
  private let name: String
  private let command: CommandInfo
  /// The variables that all tasks have.
  private let variables: [EnvironmentVariable]
  private let container: ContainerInfo?
  private let network: AppDefinition.Network
  private let mappings: [AppContainer.Mapping]
  private let ports: [AppDefinition.Port]
  private let labels: Labels
  private let killPolicy: KillPolicy?
  private let nativeCheck: AppHealthCheck?
  /// What Marathon itself would check: the executor looks, and reports what it sees.
  private let marathonCheck: AppHealthCheck?
  private let readiness: AppReadinessCheck?
  private let isPlain: Bool

  init(_ app: AppDefinition, version: String) {
    name = app.id.segments.reversed().joined(separator: ".")
    network = app.network
    mappings = app.network == .host ? [] : app.container?.mappings ?? []
    ports = app.ports ?? []
    labels = Labels(app.labels.map { Label(key: $0.key, value: $0.value) })
    killPolicy = app.killGraceSeconds.map { KillPolicy(gracePeriod: .seconds($0)) }
    nativeCheck = app.healthChecks.first { !$0.isMarathons }
    marathonCheck = app.healthChecks.first { $0.isMarathons }
    readiness = app.readinessChecks.first
    command = Self.command(app)
    variables = Self.variables(app, version: version)
    container = app.container.flatMap { Self.container($0, app) }
    isPlain =
      container == nil && labels.isEmpty && killPolicy == nil && nativeCheck == nil
      && marathonCheck == nil && readiness == nil
  }

  /// The task for one launch.
  ///
  /// - Parameters:
  ///   - id: Its id.
  ///   - slave: Where it goes.
  ///   - hostname: The host there.
  ///   - resources: What it takes of the offer.
  ///   - hostPorts: Its host ports, in the order of the app's.
  /// - Returns: The task.
  func task(
    _ id: TaskID, on slave: SlaveID, _ hostname: String, taking resources: Resources,
    _ hostPorts: [Int?]
  ) -> TaskInfo {
    var command = command
    var variables = self.variables
    addVariables(id, hostname, hostPorts, to: &variables)
    command.environment = variables
    var task = TaskInfo(
      name: name, taskID: id, slaveID: slave, resources: resources, command: command)
    if isPlain { return task }
    if !labels.isEmpty { task.labels = labels }
    if let killPolicy { task.killPolicy = killPolicy }
    if var container {
      if container.docker != nil {
        container.docker?.portMappings = dockerMappings(hostPorts)
      }
      task.container = container
    }
    if let nativeCheck { task.healthCheck = healthCheck(nativeCheck, hostPorts) }
    task.check = probe(hostPorts)
    return task
  }

  // MARK: Commands and variables

  private static func command(_ app: AppDefinition) -> CommandInfo {
    var command: CommandInfo
    if let line = app.command, !line.isEmpty || app.interface == .v1 {
      command = CommandInfo(line)
    } else {
      command = CommandInfo(
        app.arguments.first ?? "", usesShell: false, arguments: app.arguments)
    }
    command.user = app.user
    command.uris = app.artifacts.map { artifact in
      CommandInfo.URI(
        artifact.uri, isExecutable: artifact.isExecutable, isExtracted: artifact.isExtracted,
        isCached: artifact.isCached, outputFile: artifact.destination)
    }
    return command
  }

  private static func variables(_ app: AppDefinition, version: String) -> [EnvironmentVariable] {
    let own = app.environment.filter { !app.secretVariables.contains($0.key) }
    let standard: [(String, String)] = [
      ("MARATHON_APP_ID", app.id.description), ("MARATHON_APP_VERSION", version),
      ("MARATHON_APP_RESOURCE_CPUS", String(app.cpus)),
      ("MARATHON_APP_RESOURCE_MEM", String(app.mem)),
      ("MARATHON_APP_RESOURCE_DISK", String(app.disk)),
      ("MARATHON_APP_RESOURCE_GPUS", String(app.gpus)),
      ("MARATHON_APP_LABELS", app.labels.map(\.key).joined(separator: " ")),
    ]
    return own.map { EnvironmentVariable(name: $0.key, value: $0.value) }
      + standard.map { EnvironmentVariable(name: $0.0, value: $0.1) }
  }

  /// What differs from task to task: where it is and which ports it has.
  private func addVariables(
    _ id: TaskID, _ hostname: String, _ hostPorts: [Int?],
    to variables: inout [EnvironmentVariable]
  ) {
    func add(_ name: String, _ value: String) {
      variables.append(EnvironmentVariable(name: name, value: value))
    }
    variables.reserveCapacity(variables.count + 4 + hostPorts.count * 3)
    add("MESOS_TASK_ID", id.value)
    add("HOST", hostname)
    guard !hostPorts.isEmpty else { return }
    let texts = effectivePorts(hostPorts).map { String($0) }
    for (index, text) in texts.enumerated() { add("PORT" + String(index), text) }
    add("PORT", texts[0])
    add("PORTS", texts.count == 1 ? texts[0] : texts.joined(separator: ","))
    for (index, text) in texts.enumerated() {
      let (number, name) = wanted(index)
      if number > 0 { add("PORT_" + String(number), text) }
      if let name {
        let word = name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }
        add("PORT_" + String(word), text)
      }
    }
  }

  private func wanted(_ index: Int) -> (number: Int, name: String?) {
    if mappings.indices.contains(index) {
      return (mappings[index].containerPort, mappings[index].name)
    }
    // The name of the port that an app has by default is none that anybody gave.
    guard ports.indices.contains(index) else { return (0, nil) }
    let name = ports.count == 1 && ports[0].name == "default" ? nil : ports[index].name
    return (ports[index].number, name)
  }

  /// The port at which each of its ports is reached; without one of the host, the container's.
  private func effectivePorts(_ hostPorts: [Int?]) -> [Int] {
    hostPorts.enumerated().map { index, port in
      port ?? (mappings.indices.contains(index) ? mappings[index].containerPort : 0)
    }
  }

  // MARK: Containers

  private static func container(_ made: AppContainer, _ app: AppDefinition) -> ContainerInfo? {
    guard let image = made.image else { return nil }
    if made.type == "DOCKER" {
      let network: DockerInfo.Network =
        switch app.network {
        case .host: .host
        case .bridge: .bridge
        case .container: .user
        }
      var container = ContainerInfo.docker(image, network: network)
      container.docker?.forcesPull = made.forcesPull
      return container
    }
    return ContainerInfo(
      .mesos, image: Image(.docker, name: image, isCached: !made.forcesPull))
  }

  private func dockerMappings(_ hostPorts: [Int?]) -> [DockerInfo.PortMapping] {
    zip(mappings, hostPorts).compactMap { mapping, port in
      port.map { port in
        DockerInfo.PortMapping(
          hostPort: UInt32(clamping: port),
          containerPort: UInt32(
            clamping: mapping.containerPort == 0 ? port : mapping.containerPort),
          protocol: mapping.transport)
      }
    }
  }

  // MARK: Checks

  private func port(of check: AppHealthCheck, _ hostPorts: [Int?]) -> UInt32 {
    if let port = check.port { return UInt32(clamping: port) }
    let ports = effectivePorts(hostPorts)
    guard let index = check.portIndex, ports.indices.contains(index) else { return 0 }
    return UInt32(clamping: ports[index])
  }

  private func healthCheck(_ check: AppHealthCheck, _ hostPorts: [Int?]) -> HealthCheck {
    var made: HealthCheck
    switch check.kind {
    case .command: made = .command(CommandInfo(check.command ?? ""))
    case .mesosTCP, .tcp: made = .tcp(port: port(of: check, hostPorts))
    case .mesosHTTP, .mesosHTTPS, .http, .https:
      made = .http(port: port(of: check, hostPorts), path: check.path)
      made.http?.scheme = check.kind == .mesosHTTPS ? "https" : nil
    }
    made.delaySeconds = Double(check.delaySeconds)
    made.intervalSeconds = Double(check.intervalSeconds)
    made.timeoutSeconds = Double(check.timeoutSeconds)
    made.gracePeriodSeconds = Double(check.graceSeconds)
    made.consecutiveFailures = check.failuresMax > 0 ? UInt32(clamping: check.failuresMax) : .max
    return made
  }

  /// What the executor looks at for Marathon: its first check, or else whether the task is ready.
  private func probe(_ hostPorts: [Int?]) -> CheckInfo? {
    if let check = marathonCheck {
      var made = CheckInfo(check.kind == .tcp ? .tcp : .http)
      let port = port(of: check, hostPorts)
      if check.kind == .tcp {
        made.tcp = HealthCheck.TCP(port: port)
      } else {
        made.http = HealthCheck.HTTP(port: port, path: check.path)
      }
      made.delaySeconds = Double(min(check.intervalSeconds, 5))
      made.intervalSeconds = Double(check.intervalSeconds)
      made.timeoutSeconds = Double(check.timeoutSeconds)
      return made
    }
    guard let readiness else { return nil }
    let names = network == .host ? ports.map(\.name) : mappings.map(\.name)
    let place = names.firstIndex(of: readiness.portName)
    let ports = effectivePorts(hostPorts)
    let port = place.flatMap { ports.indices.contains($0) ? ports[$0] : nil } ?? 0
    var made = CheckInfo(
      .http, http: HealthCheck.HTTP(port: UInt32(clamping: port), path: readiness.path))
    made.delaySeconds = 0
    made.intervalSeconds = Double(readiness.intervalSeconds)
    made.timeoutSeconds = Double(readiness.timeoutSeconds)
    return made
  }
}
