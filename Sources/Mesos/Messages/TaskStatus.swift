// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is reported about a task: its state, who says so and why.

public import VirtualTime

/// The states of a task, numbered as on the wire (mesos.proto, `TaskState`).
public enum TaskState: UInt8, Hashable, Sendable, CaseIterable {
  /// Accepted by the master, not yet started; no update is ever sent for it.
  case staging = 6
  /// The executor is preparing the task.
  case starting = 0
  /// The executor runs the task.
  case running = 1
  /// Terminal: the task ended as it should.
  case finished = 2
  /// Terminal: the task ended with an error.
  case failed = 3
  /// Terminal: the task was killed on request.
  case killed = 4
  /// Terminal: the cluster lost the task, or it was launched on an offer no longer valid.
  case lost = 5
  /// Terminal: the description of the task was invalid.
  case error = 7
  /// The executor is ending the task on request; only for frameworks that know it
  /// (`FrameworkInfo.Capabilities.taskKillingState`).
  case killing = 8
  /// Terminal: the task was never launched.
  ///
  /// This and those below are told only to frameworks that know them
  /// (`FrameworkInfo.Capabilities.partitionAware`), by a master of newer Mesos; others are told
  /// that the task is lost.
  case dropped = 9
  /// The task's slave does not answer; the task may yet come back with it.
  case unreachable = 10
  /// Terminal: the task's slave is sure that it no longer runs.
  case gone = 11
  /// Terminal: an operator says that the task's slave is gone for good.
  case goneByOperator = 12
  /// Nothing is known of the task.
  case unknown = 13

  /// Whether no other state can follow.
  public var isTerminal: Bool {
    switch self {
    case .staging, .starting, .running, .killing, .unreachable, .unknown: false
    case .finished, .failed, .killed, .lost, .error, .dropped, .gone, .goneByOperator: true
    }
  }
}

extension TaskState: CustomStringConvertible {
  /// The name on the wire, such as `TASK_RUNNING`.
  public var description: String {
    switch self {
    case .staging: "TASK_STAGING"
    case .starting: "TASK_STARTING"
    case .running: "TASK_RUNNING"
    case .finished: "TASK_FINISHED"
    case .failed: "TASK_FAILED"
    case .killed: "TASK_KILLED"
    case .lost: "TASK_LOST"
    case .error: "TASK_ERROR"
    case .killing: "TASK_KILLING"
    case .dropped: "TASK_DROPPED"
    case .unreachable: "TASK_UNREACHABLE"
    case .gone: "TASK_GONE"
    case .goneByOperator: "TASK_GONE_BY_OPERATOR"
    case .unknown: "TASK_UNKNOWN"
    }
  }
}

/// The state of a task, as reported to its framework (mesos.proto, `TaskStatus`).
///
/// All of it is behind one reference, as for `TaskInfo`.
public struct TaskStatus: Hashable, Sendable {
  @usableFromInline struct Body: Hashable, Sendable {
    // What every hop reads comes first (Performance.md).
    @usableFromInline var taskID: TaskID
    @usableFromInline var uuid: UpdateID?
    @usableFromInline var state: TaskState
    @usableFromInline var source: StatusSource
    @usableFromInline var reason: StatusReason?
    @usableFromInline var slaveID: SlaveID?
    @usableFromInline var message: String
    @usableFromInline var timestamp: Instant
    @usableFromInline var rare = Rare<RareStatusParts>()
  }

  @Boxed @usableFromInline var body: Body

  /// The task.
  public var taskID: TaskID {
    @inlinable get { body.taskID }
    set { body.taskID = newValue }
  }

  /// What happened, for people.
  public var message: String {
    @inlinable get { body.message }
    set { body.message = newValue }
  }

  /// The slave that the task is or was on, where known.
  public var slaveID: SlaveID? {
    @inlinable get { body.slaveID }
    set { body.slaveID = newValue }
  }

  /// When the update was made.
  public var timestamp: Instant {
    @inlinable get { body.timestamp }
    set { body.timestamp = newValue }
  }

  /// Names the update; `nil` for those of master and driver, which are sent once and never
  /// acknowledged.
  public var uuid: UpdateID? {
    @inlinable get { body.uuid }
    set { body.uuid = newValue }
  }

  /// The state it is in.
  public var state: TaskState {
    @inlinable get { body.state }
    set { body.state = newValue }
  }

  /// Who made it.
  public var source: StatusSource {
    @inlinable get { body.source }
    set { body.source = newValue }
  }

  /// Why it was made, where that is said.
  public var reason: StatusReason? {
    @inlinable get { body.reason }
    set { body.reason = newValue }
  }

  /// Describes a status.
  public init(
    taskID: TaskID, state: TaskState, message: String = "", slaveID: SlaveID? = nil,
    timestamp: Instant, source: StatusSource, reason: StatusReason? = nil, uuid: UpdateID? = nil
  ) {
    _body = Boxed(
      Body(
        taskID: taskID, uuid: uuid, state: state, source: source, reason: reason,
        slaveID: slaveID, message: message, timestamp: timestamp))
  }

  /// Describes a status as an executor sends it: its driver puts in time, source and name.
  public init(taskID: TaskID, state: TaskState, message: String = "", data: [UInt8] = []) {
    self.init(
      taskID: taskID, state: state, message: message, timestamp: .start, source: .executor)
    if !data.isEmpty { self.data = data }
  }
}

/// What few updates say.
@usableFromInline struct RareStatusParts: RareParts {
  var data: [UInt8] = []
  var isHealthy: Bool?
  var executorID: ExecutorID?
  var labels = Labels()
  var containerStatus: ContainerStatus?
  var checkStatus: CheckStatus?
  var unreachableTime: Instant?
  var limitation: Resources?
  var lacksSource = false

  @usableFromInline init() {}
}

extension TaskStatus {
  /// Anything the executor wants its scheduler to have.
  public var data: [UInt8] {
    get { body.rare.parts?.data ?? [] }
    set { body.rare.change { $0.data = newValue } }
  }

  /// Whether the last health check came out well; `nil` without one (mesos.proto, `healthy`).
  public var isHealthy: Bool? {
    get { body.rare.parts?.isHealthy }
    set { body.rare.change { $0.isHealthy = newValue } }
  }

  /// The executor that runs or ran the task, where it is the framework's own.
  public var executorID: ExecutorID? {
    get { body.rare.parts?.executorID }
    set { body.rare.change { $0.executorID = newValue } }
  }

  /// Free notes.
  public var labels: Labels {
    get { body.rare.parts?.labels ?? Labels() }
    set { body.rare.change { $0.labels = newValue } }
  }

  /// What is known of the task's container.
  public var containerStatus: ContainerStatus? {
    get { body.rare.parts?.containerStatus }
    set { body.rare.change { $0.containerStatus = newValue } }
  }

  /// What the task's check has seen last.
  public var checkStatus: CheckStatus? {
    get { body.rare.parts?.checkStatus }
    set { body.rare.change { $0.checkStatus = newValue } }
  }

  /// When the master gave the task's slave up.
  public var unreachableTime: Instant? {
    get { body.rare.parts?.unreachableTime }
    set { body.rare.change { $0.unreachableTime = newValue } }
  }

  /// Whether it says who made it; a slave that is no one's of ours may leave that out.
  package var hasSource: Bool {
    get { body.rare.parts?.lacksSource != true }
    set { body.rare.change { $0.lacksSource = !newValue } }
  }

  /// The resources whose limit the container went past (mesos.proto, `TaskResourceLimitation`).
  public var limitation: Resources? {
    get { body.rare.parts?.limitation }
    set { body.rare.change { $0.limitation = newValue } }
  }
}

/// What is known of a task's container (mesos.proto, `ContainerStatus`).
public struct ContainerStatus: Hashable, Sendable {
  /// Names the container.
  public var containerID: ContainerID?
  /// The networks it is in, with its addresses.
  public var networks: [NetworkInfo]
  /// The number of the executor's process on its host.
  public var executorPID: UInt32?

  /// Describes a container that runs.
  public init(
    containerID: ContainerID? = nil, networks: [NetworkInfo] = [], executorPID: UInt32? = nil
  ) {
    self.containerID = containerID
    self.networks = networks
    self.executorPID = executorPID
  }
}
