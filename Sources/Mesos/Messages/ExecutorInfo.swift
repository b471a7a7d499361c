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
  public enum Kind: UInt8, Hashable, Sendable {
    /// Not understood by this version.
    case unknown = 0
    /// Mesos's own, for groups of tasks; without a command.
    case `default` = 1
    /// The framework's.
    case custom = 2
  }

  @usableFromInline struct Body: Hashable, Sendable {
    @usableFromInline var executorID: ExecutorID
    @usableFromInline var kind: Kind?
    @usableFromInline var frameworkID: FrameworkID?
    @usableFromInline var command: CommandInfo?
    @usableFromInline var container: ContainerInfo?
    @Packed @usableFromInline var resources: Resources
    @usableFromInline var name: String?
    @usableFromInline var source: String?
    @usableFromInline var data: [UInt8]
    @usableFromInline var discovery: DiscoveryInfo?
    @usableFromInline var shutdownGracePeriod: Duration?
    @usableFromInline var labels: Labels
  }

  @Boxed @usableFromInline var body: Body

  /// Names the executor on its slave, by the rules of task ids.
  public var executorID: ExecutorID {
    @inlinable get { body.executorID }
    set { body.executorID = newValue }
  }

  /// Who provides the program; `nil` is accepted for single tasks only.
  public var kind: Kind? {
    @inlinable get { body.kind }
    set { body.kind = newValue }
  }

  /// The framework it belongs to; the master fills it in for single tasks.
  public var frameworkID: FrameworkID? {
    @inlinable get { body.frameworkID }
    set { body.frameworkID = newValue }
  }

  /// How it is started; `nil` only for Mesos's own.
  public var command: CommandInfo? {
    @inlinable get { body.command }
    set { body.command = newValue }
  }

  /// The container it runs in; `nil` for the slave's standard one.
  public var container: ContainerInfo? {
    @inlinable get { body.container }
    set { body.container = newValue }
  }

  /// What it takes beside its tasks, as long as it lives.
  public var resources: Resources {
    @inlinable get { body.resources }
    set { body.resources = newValue }
  }

  /// What people call it.
  public var name: String? {
    @inlinable get { body.name }
    set { body.name = newValue }
  }

  /// Where it comes from, for people; out of use in newer Mesos.
  public var source: String? {
    @inlinable get { body.source }
    set { body.source = newValue }
  }

  /// Anything the framework wants it to have.
  public var data: [UInt8] {
    @inlinable get { body.data }
    set { body.data = newValue }
  }

  /// How others find it.
  public var discovery: DiscoveryInfo? {
    @inlinable get { body.discovery }
    set { body.discovery = newValue }
  }

  /// How long it has to end itself when told to; `nil` for the slave's standard, 5 s.
  ///
  /// The master refuses what is negative.
  public var shutdownGracePeriod: Duration? {
    @inlinable get { body.shutdownGracePeriod }
    set { body.shutdownGracePeriod = newValue }
  }

  /// Free notes.
  public var labels: Labels {
    @inlinable get { body.labels }
    set { body.labels = newValue }
  }

  /// Describes an executor.
  public init(
    _ executorID: ExecutorID, kind: Kind? = nil, frameworkID: FrameworkID? = nil,
    command: CommandInfo?, container: ContainerInfo? = nil, resources: Resources = Resources(),
    name: String? = nil, source: String? = nil, data: [UInt8] = [],
    discovery: DiscoveryInfo? = nil, shutdownGracePeriod: Duration? = nil,
    labels: Labels = Labels()
  ) {
    _body = Boxed(
      Body(
        executorID: executorID, kind: kind, frameworkID: frameworkID, command: command,
        container: container, resources: resources, name: name, source: source, data: data,
        discovery: discovery, shutdownGracePeriod: shutdownGracePeriod, labels: labels))
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
