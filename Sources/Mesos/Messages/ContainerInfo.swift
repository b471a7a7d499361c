// Part of mesosim. Apache-2.0, see LICENSE.
//
// The container that a task or an executor runs in, as far as its framework has a say in it.

/// The container of a task or an executor (mesos.proto, `ContainerInfo`).
///
///     let container = ContainerInfo.docker("redis:7", network: .bridge)
public struct ContainerInfo: Hashable, Sendable {
  /// Who makes the container.
  public enum Kind: UInt8, Hashable, Sendable {
    /// The Docker daemon of the slave's host; `docker` must be there.
    case docker = 1
    /// The slave itself.
    case mesos = 2
  }

  /// Who makes the container.
  public var kind: Kind
  /// What Docker is told; for its containers only.
  public var docker: DockerInfo?
  /// The image of a container that the slave makes; `nil` for the slave's own file system.
  public var image: Image?
  /// What is mounted into it.
  public var volumes: [Volume]
  /// The name of the host within it; `nil` for the slave's.
  public var hostname: String?
  /// The networks it joins.
  public var networks: [NetworkInfo]
  /// Rights and isolation under Linux.
  public var linux: LinuxInfo?
  /// Limits that the operating system enforces.
  public var resourceLimits: [ResourceLimitInfo]
  /// The terminal it is attached to.
  public var terminal: TerminalInfo?

  /// Describes a container.
  public init(
    _ kind: Kind, docker: DockerInfo? = nil, image: Image? = nil, volumes: [Volume] = [],
    hostname: String? = nil, networks: [NetworkInfo] = [], linux: LinuxInfo? = nil,
    resourceLimits: [ResourceLimitInfo] = [], terminal: TerminalInfo? = nil
  ) {
    self.kind = kind
    self.docker = docker
    self.image = image
    self.volumes = volumes
    self.hostname = hostname
    self.networks = networks
    self.linux = linux
    self.resourceLimits = resourceLimits
    self.terminal = terminal
  }

  /// Describes a container that Docker makes from an image.
  public static func docker(
    _ image: String, network: DockerInfo.Network = .host, volumes: [Volume] = []
  ) -> ContainerInfo {
    ContainerInfo(.docker, docker: DockerInfo(image, network: network), volumes: volumes)
  }
}

/// What Docker is told of a container (mesos.proto, `ContainerInfo.DockerInfo`).
public struct DockerInfo: Hashable, Sendable {
  /// How the container is connected.
  public enum Network: UInt8, Hashable, Sendable {
    /// It has the host's network.
    case host = 1
    /// It has an address of its own on the host; ports are mapped.
    case bridge = 2
    /// It has no network.
    case none = 3
    /// It is in a network that the operator made, named in the container's `networks`.
    case user = 4
  }

  /// A port of the host that leads to one of the container.
  public struct PortMapping: Hashable, Sendable {
    /// The port of the host; it must be among the task's ports.
    public var hostPort: UInt32
    /// The port within the container.
    public var containerPort: UInt32
    /// The transport, `tcp` or `udp`; `nil` for `tcp`.
    public var `protocol`: String?

    /// Maps a port.
    public init(hostPort: UInt32, containerPort: UInt32, protocol: String? = nil) {
      self.hostPort = hostPort
      self.containerPort = containerPort
      self.protocol = `protocol`
    }
  }

  /// One more option of `docker run`.
  public struct Parameter: Hashable, Sendable {
    /// The name of the option; the master refuses `name`, which is the slave's to choose.
    public var key: String
    /// The value of the option.
    public var value: String

    /// Describes an option.
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The name of the image.
  public var image: String
  /// How the container is connected.
  public var network: Network
  /// Which ports lead into it.
  public var portMappings: [PortMapping]
  /// Whether it has the rights of the host.
  public var isPrivileged: Bool
  /// Further options of `docker run`.
  public var parameters: [Parameter]
  /// Whether the image is pulled even if it is there.
  public var forcesPull: Bool

  /// Describes a container of Docker.
  public init(
    _ image: String, network: Network = .host, portMappings: [PortMapping] = [],
    isPrivileged: Bool = false, parameters: [Parameter] = [], forcesPull: Bool = false
  ) {
    self.image = image
    self.network = network
    self.portMappings = portMappings
    self.isPrivileged = isPrivileged
    self.parameters = parameters
    self.forcesPull = forcesPull
  }
}

/// What a container's file system is made from (mesos.proto, `Image`).
public struct Image: Hashable, Sendable {
  /// The format of an image.
  public enum Kind: UInt8, Hashable, Sendable {
    /// The format of App Container.
    case appc = 1
    /// The format of Docker.
    case docker = 2
  }

  /// The format.
  public var kind: Kind
  /// The name, with a tag or digest.
  public var name: String
  /// Whether a copy that the slave has may be used.
  public var isCached: Bool

  /// Describes an image.
  public init(_ kind: Kind, name: String, isCached: Bool = true) {
    self.kind = kind
    self.name = name
    self.isCached = isCached
  }
}
