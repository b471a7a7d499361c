// Part of mesosim. Apache-2.0, see LICENSE.
//
// A task as a framework describes it, and the offer that it is launched on.

/// A task to be launched on an offer (mesos.proto, `TaskInfo`).
///
///     TaskInfo(name: "map 7", taskID: "job3.map.7", slaveID: offer.slaveID,
///              resources: Resources(cpus: 1, mem: 1024), command: CommandInfo("sleep 20"))
public struct TaskInfo: Hashable, Sendable {
  /// What people call the task.
  public var name: String
  /// Unique among the framework's active tasks.
  public var taskID: TaskID
  /// The slave whose offer is used.
  public var slaveID: SlaveID
  /// What the task takes of the offer; must not be empty.
  public var resources: Resources
  /// The command that the slave's command executor runs.
  @Boxed public var command: CommandInfo
  /// Anything the framework wants to have carried along.
  public var data: [UInt8]

  /// Describes a task.
  public init(
    name: String, taskID: TaskID, slaveID: SlaveID, resources: Resources, command: CommandInfo,
    data: [UInt8] = []
  ) {
    self.init(
      name: name, taskID: taskID, slaveID: slaveID, resources: resources,
      sharing: Boxed(wrappedValue: command), data: data)
  }

  /// Describes a task whose command is shared with other tasks: no copy, no allocation.
  public init(
    name: String, taskID: TaskID, slaveID: SlaveID, resources: Resources,
    sharing command: Boxed<CommandInfo>, data: [UInt8] = []
  ) {
    self.name = name
    self.taskID = taskID
    self.slaveID = slaveID
    self.resources = resources
    self._command = command
    self.data = data
  }
}

/// Resources on one slave that a framework may use until it answers or the offer is rescinded
/// (mesos.proto, `Offer`).
public struct Offer: Hashable, Sendable {
  /// Names the offer in the answer; dead afterwards.
  public var id: OfferID
  /// The framework that the offer is made to.
  public var frameworkID: FrameworkID
  /// The slave that the resources are on.
  public var slaveID: SlaveID
  /// The slave's host.
  public var hostname: String
  /// The role in which the framework is offered the resources.
  public var role: Role
  /// What is offered.
  public var resources: Resources
  /// The slave's attributes, unchanged.
  public var attributes: Attributes

  /// Describes an offer.
  public init(
    id: OfferID, frameworkID: FrameworkID, slaveID: SlaveID, hostname: String,
    role: Role = .unreserved, resources: Resources, attributes: Attributes = Attributes()
  ) {
    self.id = id
    self.frameworkID = frameworkID
    self.slaveID = slaveID
    self.hostname = hostname
    self.role = role
    self.resources = resources
    self.attributes = attributes
  }
}

/// How long refused resources are kept from a framework (mesos.proto, `Filters`).
public struct Filters: Hashable, Sendable {
  /// Seconds for which the same resources on the slave are not offered again: 0 sets no filter, a
  /// negative number counts as 5, more than a year as a year (mesos.md 4.3).
  public var refuseSeconds: Double

  /// Describes a filter; 5 s unless told otherwise, as in mesos.proto.
  public init(refuseSeconds: Double = 5) { self.refuseSeconds = refuseSeconds }
}

/// A slave as it introduces itself to the master (mesos.proto, `SlaveInfo`).
public struct SlaveInfo: Hashable, Sendable {
  /// The slave's host.
  public var hostname: String
  /// The port that the slave listens on.
  public var port: Int
  /// Everything that the slave manages.
  public var resources: Resources
  /// What is said of the slave; handed on in every offer.
  public var attributes: Attributes
  /// The id given at an earlier registration; `nil` the first time.
  public var id: SlaveID?

  /// Describes a slave.
  public init(
    hostname: String, port: Int = 5051, resources: Resources,
    attributes: Attributes = Attributes(), id: SlaveID? = nil
  ) {
    self.hostname = hostname
    self.port = port
    self.resources = resources
    self.attributes = attributes
    self.id = id
  }
}
