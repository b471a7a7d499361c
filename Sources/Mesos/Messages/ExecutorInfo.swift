// Part of mesosim. Apache-2.0, see LICENSE.
//
// An executor as a framework describes it: the process on a slave that runs tasks for it.

/// A process that runs a framework's tasks on a slave (mesos.proto, `ExecutorInfo`).
///
///     let executor = ExecutorInfo(
///       "worker", command: CommandInfo("./worker"), resources: Resources(cpus: 0.1, mem: 64))
///
/// A slave starts it with the first task that names it and hands it all further tasks that do.
public struct ExecutorInfo: Hashable, Sendable {
  /// Who provides the program (mesos.proto, `ExecutorInfo.Type`).
  public enum Kind: UInt8, Hashable, Sendable, Codable {
    /// Not understood by this version.
    case unknown = 0
    /// Mesos's own, for groups of tasks; without a command.
    case `default` = 1
    /// The framework's.
    case custom = 2
  }

  /// Names the executor on its slave, by the rules of task ids.
  public var executorID: ExecutorID
  /// Who provides the program; `nil` is accepted for single tasks only.
  public var kind: Kind?
  /// The framework it belongs to; the master fills it in for single tasks.
  public var frameworkID: FrameworkID?
  /// How it is started; `nil` only for Mesos's own.
  public var command: CommandInfo?
  /// The container it runs in; `nil` for the slave's standard one.
  public var container: ContainerInfo?
  /// What it takes beside its tasks, as long as it lives.
  public var resources: Resources
  /// What people call it.
  public var name: String?
  /// Where it comes from, for people; out of use in newer Mesos.
  public var source: String?
  /// Anything the framework wants it to have.
  public var data: [UInt8]
  /// How others find it.
  public var discovery: DiscoveryInfo?
  /// How long it has to end itself when told to; `nil` for the slave's standard, 5 s.
  ///
  /// The master refuses what is negative.
  public var shutdownGracePeriod: Duration?
  /// Free notes.
  public var labels: Labels

  /// Describes an executor.
  public init(
    _ executorID: ExecutorID, kind: Kind? = nil, frameworkID: FrameworkID? = nil,
    command: CommandInfo?, container: ContainerInfo? = nil, resources: Resources = Resources(),
    name: String? = nil, source: String? = nil, data: [UInt8] = [],
    discovery: DiscoveryInfo? = nil, shutdownGracePeriod: Duration? = nil,
    labels: Labels = Labels()
  ) {
    self.executorID = executorID
    self.kind = kind
    self.frameworkID = frameworkID
    self.command = command
    self.container = container
    self.resources = resources
    self.name = name
    self.source = source
    self.data = data
    self.discovery = discovery
    self.shutdownGracePeriod = shutdownGracePeriod
    self.labels = labels
  }
}

extension ExecutorInfo {
  /// Whether a task that describes its executor so may go to a living one described as `other`.
  ///
  /// Labels and grace period play no part, nor do the order of files to fetch and of environment
  /// variables and whether files are cached (Rules 3.3, row 12; Mesos: `common/type_utils.cpp`).
  public func isCompatible(with other: ExecutorInfo) -> Bool {
    executorID == other.executorID && kind == other.kind && frameworkID == other.frameworkID
      && isStartedLike(other) && container == other.container && resources == other.resources
      && name == other.name && source == other.source && data == other.data
      && discovery == other.discovery
  }

  private func isStartedLike(_ other: ExecutorInfo) -> Bool {
    guard let command, let theirs = other.command else {
      return self.command == nil && other.command == nil
    }
    return command.isCompatible(with: theirs)
  }
}
