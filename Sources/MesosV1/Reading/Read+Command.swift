// Part of mesosim. Apache-2.0, see LICENSE.
//
// Commands, containers and what is around them.

import Mesos

extension Node {
  func command(_ key: String) throws(V1Error) -> CommandInfo? {
    guard let node = try object(key) else { return nil }
    var uris: [CommandInfo.URI] = []
    for uri in try node.objects("uris") {
      uris.append(
        CommandInfo.URI(
          try uri.required("value"), isExecutable: try uri.bool("executable") ?? false,
          isExtracted: try uri.bool("extract") ?? true, isCached: try uri.bool("cache") ?? false,
          outputFile: try uri.string("output_file")))
    }
    var variables: [EnvironmentVariable] = []
    for variable in try node.object("environment")?.objects("variables") ?? [] {
      variables.append(try variable.environmentVariable())
    }
    return CommandInfo(
      try node.string("value") ?? "", usesShell: try node.bool("shell") ?? true,
      arguments: try node.strings("arguments"), environment: variables, uris: uris,
      user: try node.string("user"))
  }

  private func environmentVariable() throws(V1Error) -> EnvironmentVariable {
    let kind: EnvironmentVariable.Kind? =
      switch try string("type") {
      case nil: nil
      case "VALUE": .value
      case "SECRET": .secret
      default: .unknown
      }
    return EnvironmentVariable(
      name: try required("name"), kind: kind, value: try string("value"),
      secret: try secret("secret"))
  }

  private func secret(_ key: String) throws(V1Error) -> Secret? {
    guard let node = try object(key) else { return nil }
    if let reference = try node.object("reference") {
      return .reference(name: try reference.required("name"), key: try reference.string("key"))
    }
    return .value(try node.object("value")?.bytes("data") ?? [])
  }

  func container(_ key: String) throws(V1Error) -> ContainerInfo? {
    guard let node = try object(key) else { return nil }
    var info = ContainerInfo(try node.required("type") == "DOCKER" ? .docker : .mesos)
    if let docker = try node.object("docker") { info.docker = try docker.dockerInfo() }
    info.image = try node.object("mesos")?.image("image")
    for volume in try node.objects("volumes") { info.volumes.append(try volume.volume()) }
    info.hostname = try node.string("hostname")
    for network in try node.objects("network_infos") {
      info.networks.append(try network.networkInfo())
    }
    if let linux = try node.object("linux_info") { info.linux = try linux.linuxInfo() }
    for limit in try node.object("rlimit_info")?.objects("rlimits") ?? [] {
      info.resourceLimits.append(
        ResourceLimitInfo(
          try limit.required("type"), soft: try limit.wide("soft").map { UInt64(max(0, $0)) },
          hard: try limit.wide("hard").map { UInt64(max(0, $0)) }))
    }
    if let terminal = try node.object("tty_info") {
      let window = try terminal.object("window_size")
      info.terminal = TerminalInfo(
        rows: try window?.unsigned("rows"), columns: try window?.unsigned("columns"))
    }
    return info
  }

  private func dockerInfo() throws(V1Error) -> DockerInfo {
    var docker = DockerInfo(try required("image"))
    switch try string("network") {
    case "BRIDGE": docker.network = .bridge
    case "NONE": docker.network = .none
    case "USER": docker.network = .user
    default: docker.network = .host
    }
    docker.portMappings = try portMappings()
    docker.isPrivileged = try bool("privileged") ?? false
    for parameter in try objects("parameters") {
      docker.parameters.append(try parameter.parameter())
    }
    docker.forcesPull = try bool("force_pull_image") ?? false
    return docker
  }

  private func parameter() throws(V1Error) -> DockerInfo.Parameter {
    DockerInfo.Parameter(key: try required("key"), value: try required("value"))
  }

  private func portMappings() throws(V1Error) -> [DockerInfo.PortMapping] {
    var mappings: [DockerInfo.PortMapping] = []
    for mapping in try objects("port_mappings") {
      mappings.append(
        DockerInfo.PortMapping(
          hostPort: try mapping.unsigned("host_port") ?? 0,
          containerPort: try mapping.unsigned("container_port") ?? 0,
          protocol: try mapping.string("protocol")))
    }
    return mappings
  }

  private func image(_ key: String) throws(V1Error) -> Image? {
    guard let node = try object(key) else { return nil }
    let kind: Image.Kind = try node.required("type") == "APPC" ? .appc : .docker
    let member = try node.object(kind == .appc ? "appc" : "docker")
    return Image(
      kind, name: try member?.required("name") ?? "", isCached: try node.bool("cached") ?? true)
  }

  private func volume() throws(V1Error) -> Volume {
    Volume(
      at: try required("container_path"), try required("mode") == "RO" ? .readOnly : .readWrite,
      hostPath: try string("host_path"), image: try image("image"),
      source: try object("source")?.volumeSource())
  }

  private func volumeSource() throws(V1Error) -> Volume.Source? {
    if let docker = try object("docker_volume") {
      var options: [DockerInfo.Parameter] = []
      for option in try docker.object("driver_options")?.objects("parameter") ?? [] {
        options.append(try option.parameter())
      }
      return .dockerVolume(
        driver: try docker.string("driver"), name: try docker.required("name"), options: options)
    }
    if let host = try object("host_path") { return .hostPath(try host.required("path")) }
    if let sandbox = try object("sandbox_path") {
      let owner: Volume.Sandbox = try sandbox.string("type") == "PARENT" ? .parent : .own
      return .sandboxPath(try sandbox.required("path"), of: owner)
    }
    return try secret("secret").map { .secret($0) }
  }

  func networkInfo() throws(V1Error) -> NetworkInfo {
    var addresses: [String] = []
    for address in try objects("ip_addresses") {
      if let text = try address.string("ip_address") { addresses.append(text) }
    }
    return NetworkInfo(
      name: try string("name"), addresses: addresses, groups: try strings("groups"),
      labels: try labels("labels"), portMappings: try portMappings())
  }

  private func linuxInfo() throws(V1Error) -> LinuxInfo {
    LinuxInfo(
      boundingCapabilities: try object("bounding_capabilities")?.strings("capabilities"),
      effectiveCapabilities: try object("effective_capabilities")?.strings("capabilities"),
      sharesPIDNamespace: try bool("share_pid_namespace") ?? false)
  }
}
