// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a framework introduces itself to the master, and the master to it.

/// What a framework tells the master when it registers (mesos.proto, `FrameworkInfo`).
public struct FrameworkInfo: Hashable, Sendable {
  /// The user that tasks run as; empty for the user that runs the driver.
  public var user: String
  /// What people call the framework.
  public var name: String
  /// The id given at an earlier registration; `nil` the first time.
  public var id: FrameworkID?
  /// How long, in seconds, the master keeps the framework's tasks after losing its scheduler.
  public var failoverTimeoutSeconds: Double
  /// Whether slaves write the framework's tasks to disk, so that they survive a slave's restart.
  public var hasCheckpointing: Bool
  /// The role in which the framework takes part in sharing; `*` is the default role.
  public var role: Role
  /// The host that the scheduler runs on.
  public var hostname: String
  /// Who the framework authenticates as.
  public var principal: String?

  /// Describes a framework; what is left out gets the defaults of mesos.proto.
  public init(
    user: String = "", name: String, id: FrameworkID? = nil, failoverTimeoutSeconds: Double = 0,
    hasCheckpointing: Bool = false, role: Role = .unreserved, hostname: String = "",
    principal: String? = nil
  ) {
    self.user = user
    self.name = name
    self.id = id
    self.failoverTimeoutSeconds = failoverTimeoutSeconds
    self.hasCheckpointing = hasCheckpointing
    self.role = role
    self.hostname = hostname
    self.principal = principal
  }
}

/// What a framework learns of the master it registered with (mesos.proto, `MasterInfo`).
public struct MasterInfo: Hashable, Sendable {
  /// The master's id, new with each incarnation.
  public var id: String
  /// The host that the master runs on.
  public var hostname: String
  /// The port that the master listens on.
  public var port: Int

  /// Describes a master.
  public init(id: String, hostname: String, port: Int = 5050) {
    self.id = id
    self.hostname = hostname
    self.port = port
  }
}
