// Part of mesosim. Apache-2.0, see LICENSE.
//
// Commands and containers.

package import Mesos

extension JSONWriter {
  /// Writes a command.
  package mutating func command(_ command: CommandInfo) {
    object { writer in
      if !command.uris.isEmpty {
        writer.key("uris")
        writer.array { list in for uri in command.uris { list.uri(uri) } }
      }
      if !command.environment.isEmpty {
        writer.key("environment")
        writer.object {
          $0.key("variables")
          $0.array { list in
            for variable in command.environment { list.variable(variable) }
          }
        }
      }
      writer.member("shell", command.usesShell, unless: true)
      if !command.value.isEmpty { writer.member("value", command.value) }
      writer.member("arguments", texts: command.arguments)
      writer.member("user", command.user)
    }
  }

  private mutating func uri(_ uri: CommandInfo.URI) {
    object {
      $0.member("value", uri.value)
      $0.member("executable", uri.isExecutable)
      $0.member("extract", uri.isExtracted, unless: true)
      $0.member("cache", uri.isCached)
      $0.member("output_file", uri.outputFile)
    }
  }

  private mutating func variable(_ variable: EnvironmentVariable) {
    object { writer in
      writer.member("name", variable.name)
      switch variable.kind {
      case nil: if writer.writesDefaults { writer.member("type", "VALUE") }
      case .unknown: writer.member("type", "UNKNOWN")
      case .value: writer.member("type", "VALUE")
      case .secret: writer.member("type", "SECRET")
      }
      writer.member("value", variable.value)
      if let secret = variable.secret { writer.secret(secret) }
    }
  }

  private mutating func secret(_ secret: Secret) {
    key("secret")
    object { writer in
      switch secret {
      case .reference(let name, let key):
        writer.member("type", "REFERENCE")
        writer.key("reference")
        writer.object {
          $0.member("name", name)
          $0.member("key", key)
        }
      case .value(let data):
        writer.member("type", "VALUE")
        writer.key("value")
        writer.object { $0.member("data", bytes: data) }
      }
    }
  }

  /// Writes a container.
  package mutating func container(_ info: ContainerInfo) {
    object { writer in
      writer.member("type", info.kind == .docker ? "DOCKER" : "MESOS")
      if !info.volumes.isEmpty {
        writer.key("volumes")
        writer.array { list in for volume in info.volumes { list.volume(volume) } }
      }
      writer.member("hostname", info.hostname)
      if let docker = info.docker { writer.docker(docker) }
      if let image = info.image {
        writer.key("mesos")
        writer.object { $0.image(image) }
      }
      if !info.networks.isEmpty {
        writer.key("network_infos")
        writer.array { list in for network in info.networks { list.network(network) } }
      }
      if let linux = info.linux { writer.linux(linux) }
      if !info.resourceLimits.isEmpty { writer.limits(info.resourceLimits) }
      if let terminal = info.terminal { writer.terminal(terminal) }
    }
  }

  private mutating func docker(_ docker: DockerInfo) {
    key("docker")
    object { writer in
      writer.member("image", docker.image)
      switch docker.network {
      case .host: if writer.writesDefaults { writer.member("network", "HOST") }
      case .bridge: writer.member("network", "BRIDGE")
      case .none: writer.member("network", "NONE")
      case .user: writer.member("network", "USER")
      }
      writer.portMappings(docker.portMappings)
      writer.member("privileged", docker.isPrivileged, unless: false)
      writer.parameters("parameters", docker.parameters)
      writer.member("force_pull_image", docker.forcesPull)
    }
  }

  private mutating func parameters(_ key: StaticString, _ parameters: [DockerInfo.Parameter]) {
    if parameters.isEmpty { return }
    self.key(key)
    array { list in
      for parameter in parameters {
        list.object {
          $0.member("key", parameter.key)
          $0.member("value", parameter.value)
        }
      }
    }
  }

  private mutating func portMappings(_ mappings: [DockerInfo.PortMapping]) {
    if mappings.isEmpty { return }
    key("port_mappings")
    array { list in
      for mapping in mappings {
        list.object {
          $0.member("host_port", mapping.hostPort)
          $0.member("container_port", mapping.containerPort)
          $0.member("protocol", mapping.protocol)
        }
      }
    }
  }

  private mutating func image(_ image: Image) {
    key("image")
    object { writer in
      writer.member("type", image.kind == .appc ? "APPC" : "DOCKER")
      if image.kind == .appc { writer.key("appc") } else { writer.key("docker") }
      writer.object { $0.member("name", image.name) }
      writer.member("cached", image.isCached, unless: true)
    }
  }

  private mutating func volume(_ volume: Volume) {
    object { writer in
      writer.member("container_path", volume.containerPath)
      writer.member("mode", volume.mode == .readOnly ? "RO" : "RW")
      writer.member("host_path", volume.hostPath)
      if let image = volume.image { writer.image(image) }
      if let source = volume.source {
        writer.key("source")
        writer.object { $0.volumeSource(source) }
      }
    }
  }

  private mutating func volumeSource(_ source: Volume.Source) {
    switch source {
    case .dockerVolume(let driver, let name, let options):
      member("type", "DOCKER_VOLUME")
      key("docker_volume")
      object { writer in
        writer.member("driver", driver)
        writer.member("name", name)
        guard !options.isEmpty else { return }
        writer.key("driver_options")
        writer.object { $0.parameters("parameter", options) }
      }
    case .hostPath(let path):
      member("type", "HOST_PATH")
      key("host_path")
      object { $0.member("path", path) }
    case .sandboxPath(let path, let owner):
      member("type", "SANDBOX_PATH")
      key("sandbox_path")
      object {
        $0.member("type", owner == .parent ? "PARENT" : "SELF")
        $0.member("path", path)
      }
    case .secret(let secret):
      member("type", "SECRET")
      self.secret(secret)
    }
  }

  /// Writes a network.
  mutating func network(_ network: NetworkInfo) {
    object { writer in
      if !network.addresses.isEmpty {
        writer.key("ip_addresses")
        writer.array { list in
          for address in network.addresses {
            list.object {
              $0.member("protocol", address.utf8.contains(UInt8(ascii: ":")) ? "IPv6" : "IPv4")
              $0.member("ip_address", address)
            }
          }
        }
      }
      writer.member("name", network.name)
      writer.member("groups", texts: network.groups)
      writer.labels(network.labels)
      writer.portMappings(network.portMappings)
    }
  }

  private mutating func linux(_ linux: LinuxInfo) {
    key("linux_info")
    object { writer in
      if let names = linux.boundingCapabilities {
        writer.key("bounding_capabilities")
        writer.object { $0.member("capabilities", texts: names) }
      }
      if let names = linux.effectiveCapabilities {
        writer.key("effective_capabilities")
        writer.object { $0.member("capabilities", texts: names) }
      }
      writer.member("share_pid_namespace", linux.sharesPIDNamespace)
    }
  }

  private mutating func limits(_ limits: [ResourceLimitInfo]) {
    key("rlimit_info")
    object { writer in
      writer.key("rlimits")
      writer.array { list in
        for limit in limits {
          list.object {
            $0.member("type", limit.name)
            if let hard = limit.hard {
              $0.key("hard")
              $0.number(hard)
            }
            if let soft = limit.soft {
              $0.key("soft")
              $0.number(soft)
            }
          }
        }
      }
    }
  }

  private mutating func terminal(_ terminal: TerminalInfo) {
    key("tty_info")
    object { writer in
      guard terminal.rows != nil || terminal.columns != nil else { return }
      writer.key("window_size")
      writer.object {
        $0.member("rows", terminal.rows)
        $0.member("columns", terminal.columns)
      }
    }
  }
}
