// Part of mesosim. Apache-2.0, see LICENSE.
//
// How the clients of a service find its tasks. Mesos passes this on to those who ask its endpoints.

/// Who is to find something (mesos.proto, `DiscoveryInfo.Visibility`).
public enum Visibility: UInt8, Hashable, Sendable {
  /// The framework itself.
  case framework = 0
  /// Everybody on the cluster.
  case cluster = 1
  /// Everybody.
  case external = 2
}

/// How a task or an executor is found (mesos.proto, `DiscoveryInfo`).
public struct DiscoveryInfo: Hashable, Sendable {
  /// Who is to find it.
  public var visibility: Visibility
  /// The name of the service; `nil` for that of the task.
  public var name: String?
  /// What the service is for, such as `test` or `prod`.
  public var environment: String?
  /// Where the service is, such as a region.
  public var location: String?
  /// The version of the service.
  public var version: String?
  /// The ports it listens on (mesos.proto, `Ports`).
  public var ports: [Port]
  /// Free notes.
  public var labels: Labels

  /// Describes a service.
  public init(
    _ visibility: Visibility, name: String? = nil, environment: String? = nil,
    location: String? = nil, version: String? = nil, ports: [Port] = [], labels: Labels = Labels()
  ) {
    self.visibility = visibility
    self.name = name
    self.environment = environment
    self.location = location
    self.version = version
    self.ports = ports
    self.labels = labels
  }
}

/// A port that a service listens on (mesos.proto, `Port`).
public struct Port: Hashable, Sendable {
  /// The number of the port on the slave's host.
  public var number: UInt32
  /// What the port is for, such as `http`.
  public var name: String?
  /// What is spoken on it, such as `tcp`.
  public var `protocol`: String?
  /// Who is to find it; `nil` for those who are to find the service.
  public var visibility: Visibility?
  /// Free notes.
  public var labels: Labels

  /// Describes a port.
  public init(
    _ number: UInt32, name: String? = nil, protocol: String? = nil,
    visibility: Visibility? = nil, labels: Labels = Labels()
  ) {
    self.number = number
    self.name = name
    self.protocol = `protocol`
    self.visibility = visibility
    self.labels = labels
  }
}
