// Part of mesosim. Apache-2.0, see LICENSE.
//
// A task as a framework describes it.

/// A task to be launched on an offer (mesos.proto, `TaskInfo`).
///
///     TaskInfo(name: "map 7", taskID: "job3.map.7", slaveID: offer.slaveID,
///              resources: Resources(cpus: 1, mem: 1024), command: CommandInfo("sleep 20"))
///
/// The master accepts exactly one of `command` and `executor`. All of it is behind one reference,
/// copied when a task is changed that others have too: a task is handed on in a word.
public struct TaskInfo: Hashable, Sendable {
  @usableFromInline struct Body: Hashable, Sendable {
    @usableFromInline var name: String
    @usableFromInline var taskID: TaskID
    @usableFromInline var slaveID: SlaveID
    @Packed @usableFromInline var resources: Resources
    @usableFromInline var command: CommandInfo?
    @usableFromInline var rare = Rare<RareTaskParts>()
  }

  @Boxed @usableFromInline var body: Body

  /// What people call the task.
  public var name: String {
    @inlinable get { body.name }
    set { body.name = newValue }
  }

  /// Unique among the framework's active tasks; up to 255 bytes, no slash, no control character.
  public var taskID: TaskID {
    @inlinable get { body.taskID }
    set { body.taskID = newValue }
  }

  /// The slave whose offer is used.
  public var slaveID: SlaveID {
    @inlinable get { body.slaveID }
    set { body.slaveID = newValue }
  }

  /// What the task takes of the offer; must not be empty.
  public var resources: Resources {
    @inlinable get { body.resources }
    set { body.resources = newValue }
  }

  /// The command that the slave's command executor runs; `nil` for a task with an executor.
  public var command: CommandInfo? {
    @inlinable get { body.command }
    set { body.command = newValue }
  }

  /// Describes a task that is a command.
  public init(
    name: String, taskID: TaskID, slaveID: SlaveID, resources: Resources, command: CommandInfo,
    data: [UInt8] = []
  ) {
    _body = Boxed(
      Body(
        name: name, taskID: taskID, slaveID: slaveID, resources: resources, command: command))
    if !data.isEmpty { self.data = data }
  }

  /// Describes a task as it was sent, right or wrong.
  package init(
    name: String, taskID: TaskID, slaveID: SlaveID, resources: Resources, command: CommandInfo?,
    executor: ExecutorInfo?
  ) {
    _body = Boxed(
      Body(
        name: name, taskID: taskID, slaveID: slaveID, resources: resources, command: command))
    if executor != nil { self.executor = executor }
  }

  /// Describes a task that a framework's own executor runs.
  public init(
    name: String, taskID: TaskID, slaveID: SlaveID, resources: Resources, executor: ExecutorInfo,
    data: [UInt8] = []
  ) {
    _body = Boxed(
      Body(name: name, taskID: taskID, slaveID: slaveID, resources: resources))
    body.rare.change {
      $0.executor = executor
      $0.data = data
    }
  }
}

/// What few tasks have.
@usableFromInline struct RareTaskParts: RareParts {
  var executor: ExecutorInfo?
  var data: [UInt8] = []
  var healthCheck: HealthCheck?
  var check: CheckInfo?
  var container: ContainerInfo?
  var labels = Labels()
  var discovery: DiscoveryInfo?
  var killPolicy: KillPolicy?
  var maxCompletionTime: Duration?
  var limits: [String: TaskLimit] = [:]
  var emptyResources: [String] = []

  @usableFromInline init() {}
}

extension TaskInfo {
  /// Whether nothing is said of the task but what nearly all tasks say.
  @inlinable package var isOrdinary: Bool { body.rare.isEmpty }

  /// The framework's own executor that runs the task; `nil` for a command.
  public var executor: ExecutorInfo? {
    // Asked of every task, and nil for nearly all.
    @inlinable get { isOrdinary ? nil : rareExecutor }
    set { body.rare.change { $0.executor = newValue } }
  }

  @usableFromInline var rareExecutor: ExecutorInfo? { body.rare.parts?.executor }

  /// Anything the framework wants to have carried along.
  public var data: [UInt8] {
    get { body.rare.parts?.data ?? [] }
    set { body.rare.change { $0.data = newValue } }
  }

  /// How the executor sees whether the task is healthy.
  public var healthCheck: HealthCheck? {
    get { body.rare.parts?.healthCheck }
    set { body.rare.change { $0.healthCheck = newValue } }
  }

  /// How the executor watches the task without killing it.
  public var check: CheckInfo? {
    get { body.rare.parts?.check }
    set { body.rare.change { $0.check = newValue } }
  }

  /// The container of the task; `nil` for the slave's standard one.
  public var container: ContainerInfo? {
    get { body.rare.parts?.container }
    set { body.rare.change { $0.container = newValue } }
  }

  /// Free notes.
  public var labels: Labels {
    get { body.rare.parts?.labels ?? Labels() }
    set { body.rare.change { $0.labels = newValue } }
  }

  /// How others find the task.
  public var discovery: DiscoveryInfo? {
    get { body.rare.parts?.discovery }
    set { body.rare.change { $0.discovery = newValue } }
  }

  /// How the task is killed.
  public var killPolicy: KillPolicy? {
    get { body.rare.parts?.killPolicy }
    set { body.rare.change { $0.killPolicy = newValue } }
  }

  /// The time after which the executor ends the task with TASK_FAILED, counted from its launch.
  ///
  /// The master refuses what is negative.
  public var maxCompletionTime: Duration? {
    get { body.rare.parts?.maxCompletionTime }
    set { body.rare.change { $0.maxCompletionTime = newValue } }
  }

  /// How far the task may go beyond its `resources`, by name; the master accepts `cpus` and `mem`.
  public var limits: [String: TaskLimit] {
    get { body.rare.parts?.limits ?? [:] }
    set { body.rare.change { $0.limits = newValue } }
  }

  /// The names of scalars of which it was said to take 0: nothing of them is in `resources`, and
  /// only newer Mesos makes something of their being named.
  package var emptyResources: [String] {
    get { body.rare.parts?.emptyResources ?? [] }
    set { body.rare.change { $0.emptyResources = newValue } }
  }
}

/// How much of a resource a task may use while no other task needs it; at least what it asked for.
public enum TaskLimit: Hashable, Sendable {
  /// So much of it.
  case amount(Scalar)
  /// All there is.
  case infinite
}

/// Tasks that are launched together or not at all (mesos.proto, `TaskGroupInfo`).
public struct TaskGroupInfo: Hashable, Sendable {
  /// The tasks, all with the same executor.
  public var tasks: [TaskInfo]
  /// Groups tasks.
  public init(_ tasks: [TaskInfo]) { self.tasks = tasks }
}
