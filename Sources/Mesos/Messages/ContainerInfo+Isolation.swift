// Part of mesosim. Apache-2.0, see LICENSE.
//
// Networks, rights and limits of a container. A simulation hands them on and acts on none of them.

/// A network that a container joins (mesos.proto, `NetworkInfo`).
public struct NetworkInfo: Hashable, Sendable {
  /// The name of the network; `nil` for the slave's standard one.
  public var name: String?
  /// Addresses: wanted where a task describes them, given where a status does.
  public var addresses: [String]
  /// Groups whose members may reach one another.
  public var groups: [String]
  /// Free notes for the provider of the network.
  public var labels: Labels
  /// Which ports of the host lead into the container.
  public var portMappings: [DockerInfo.PortMapping]

  /// Describes a network.
  public init(
    name: String? = nil, addresses: [String] = [], groups: [String] = [],
    labels: Labels = Labels(), portMappings: [DockerInfo.PortMapping] = []
  ) {
    self.name = name
    self.addresses = addresses
    self.groups = groups
    self.labels = labels
    self.portMappings = portMappings
  }
}

/// What a container may do under Linux (mesos.proto, `LinuxInfo`).
public struct LinuxInfo: Hashable, Sendable {
  /// The capabilities it can ever have, such as `NET_ADMIN`; `nil` for the slave's standard.
  public var boundingCapabilities: [String]?
  /// The capabilities it starts with; `nil` for the slave's standard.
  public var effectiveCapabilities: [String]?
  /// Whether it sees the processes of the container around it.
  public var sharesPIDNamespace: Bool

  /// Describes what a container may do.
  public init(
    boundingCapabilities: [String]? = nil, effectiveCapabilities: [String]? = nil,
    sharesPIDNamespace: Bool = false
  ) {
    self.boundingCapabilities = boundingCapabilities
    self.effectiveCapabilities = effectiveCapabilities
    self.sharesPIDNamespace = sharesPIDNamespace
  }
}

/// A limit that the operating system enforces (mesos.proto, `RLimitInfo.RLimit`).
public struct ResourceLimitInfo: Hashable, Sendable {
  /// What is limited, such as `RLMT_NOFILE`.
  public var name: String
  /// The limit in force, in the unit of `setrlimit`; `nil` for none.
  public var soft: UInt64?
  /// How far the process may raise it, in the unit of `setrlimit`; `nil` for none.
  public var hard: UInt64?

  /// Describes a limit.
  public init(_ name: String, soft: UInt64? = nil, hard: UInt64? = nil) {
    self.name = name
    self.soft = soft
    self.hard = hard
  }
}

/// The terminal of a container (mesos.proto, `TTYInfo`).
public struct TerminalInfo: Hashable, Sendable {
  /// How many lines it has, where that is said.
  public var rows: UInt32?
  /// How many characters a line has, where that is said.
  public var columns: UInt32?

  /// Describes a terminal.
  public init(rows: UInt32? = nil, columns: UInt32? = nil) {
    self.rows = rows
    self.columns = columns
  }
}
