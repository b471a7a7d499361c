// Part of mesosim. Apache-2.0, see LICENSE.
//
// What slaves and the master say to one another.

public import Mesos

/// What a slave says to the master.
public enum SlaveReport: Hashable, Sendable {
  /// Take me on as a slave.
  indirect case register(SlaveInfo)
  /// Take me back, with what runs on me.
  indirect case reregister(SlaveID, SlaveInfo, SlaveInventory)
  /// I am shut down for good.
  case unregister(SlaveID)
  /// The state of a task has changed; `latest` is the newest state known here, which later updates
  /// will tell of (Rules 6.2).
  case statusUpdate(FrameworkIndex, TaskStatus, latest: TaskState)
  /// An executor of the framework's own has ended with this status, -1 where it is not known.
  case executorExited(FrameworkIndex, ExecutorID, status: Int32)
  /// An executor sends this to its scheduler.
  case frameworkMessage(FrameworkIndex, ExecutorID, [UInt8])
  /// I am here: the answer to a ping.
  case pong
  /// So much of what is allocated here is not used, and can be offered as revocable.
  indirect case oversubscribed(Resources)
}

extension SlaveReport {
  var isPong: Bool { if case .pong = self { true } else { false } }

  /// Whether the slave says it again until it is answered, or it does no harm when it is lost.
  var isRepeated: Bool {
    switch self {
    case .register, .reregister, .statusUpdate, .pong, .frameworkMessage, .oversubscribed: true
    case .unregister, .executorExited: false
    }
  }
}

/// What runs on a slave, as it tells a master when it comes back.
public struct SlaveInventory: Hashable, Sendable {
  /// A framework that has something on the slave.
  public struct Framework: Hashable, Sendable {
    /// The framework.
    public var index: FrameworkIndex
    /// How it introduced itself, its id included.
    public var info: FrameworkInfo
    /// Describes a framework.
    public init(index: FrameworkIndex, info: FrameworkInfo) {
      self.index = index
      self.info = info
    }
  }

  /// An executor of a framework's own that has not ended.
  public struct Executor: Hashable, Sendable {
    /// Whose it is.
    public var framework: FrameworkIndex
    /// How it is described.
    public var info: ExecutorInfo
    /// The role that its resources are allocated to.
    public var role: Role
    /// Describes an executor.
    public init(framework: FrameworkIndex, info: ExecutorInfo, role: Role) {
      self.framework = framework
      self.info = info
      self.role = role
    }
  }

  /// A task that has not ended, or whose last update is not acknowledged.
  public struct Task: Hashable, Sendable {
    /// Whose it is.
    public var framework: FrameworkIndex
    /// The task.
    public var id: TaskID
    /// Its name, for people.
    public var name: String
    /// The executor of the framework's own that runs it; `nil` for a command.
    public var executor: ExecutorID?
    /// The role that its resources are allocated to.
    public var role: Role
    /// What it holds.
    public var resources: Resources
    /// The newest state known on the slave.
    public var state: TaskState
    /// The state of the update under way, if there is one: what its framework will have seen.
    public var updateState: TaskState?
    /// The name of that update, where it is said.
    public var updateID: UpdateID?

    /// Describes a task.
    public init(
      framework: FrameworkIndex, id: TaskID, name: String, executor: ExecutorID?, role: Role,
      resources: Resources, state: TaskState, updateState: TaskState?
    ) {
      self.framework = framework
      self.id = id
      self.name = name
      self.executor = executor
      self.role = role
      self.resources = resources
      self.state = state
      self.updateState = updateState
    }
  }

  /// Frameworks, in the order of their indices.
  public var frameworks: [Framework] = []
  /// Executors, in the order in which they were started.
  public var executors: [Executor] = []
  /// Tasks, in the order in which they came.
  public var tasks: [Task] = []

  /// Nothing runs.
  public init() {}
}

/// Names a task among those of all frameworks.
public struct TaskKey: Hashable, Sendable {
  /// Whose it is.
  public var framework: FrameworkIndex
  /// Its id.
  public var task: TaskID

  /// Names a task.
  public init(framework: FrameworkIndex, task: TaskID) {
    self.framework = framework
    self.task = task
  }
}

/// What the master says to a slave.
public enum SlaveMessage: Hashable, Sendable {
  /// The slave is registered under this id, and waits so long for pings.
  indirect case registered(SlaveID, pingTimeout: Duration = .seconds(75))
  /// The slave is back. The tasks listed are on it as the master has it, and were not reported: it
  /// answers for those that it does not know (Rules 8.5). It waits so long for pings.
  indirect case reregistered(SlaveID, missing: [TaskKey], pingTimeout: Duration = .seconds(75))
  /// Run this task.
  case runTask(TaskLaunch)
  /// Run these tasks, all or none.
  case runTaskGroup([TaskLaunch])
  /// Kill this task.
  case killTask(FrameworkIndex, TaskID)
  /// The framework has seen this update, of which task and name count.
  case acknowledge(FrameworkIndex, Acknowledgement)
  /// The framework is gone: end everything of it.
  case shutdownFramework(FrameworkIndex)
  /// End this executor.
  case shutdownExecutor(FrameworkIndex, ExecutorID)
  /// Hand this to the executor.
  case frameworkMessage(FrameworkIndex, ExecutorID, [UInt8])
  /// The resources are divided up like this from now on (reservations and volumes).
  indirect case checkpointResources(Resources)
  /// Are you there? Says, too, whether the master holds the slave for connected.
  case ping(isConnected: Bool)
  /// You have been given up: end everything and come back as a new slave, or not at all.
  case shutdown(String)
  /// Kill this task in this way.
  indirect case killTaskBy(KillPolicy, FrameworkIndex, TaskID)
  /// The framework is now as it says (newer Mesos).
  indirect case updateFramework(FrameworkIndex, FrameworkInfo)
  /// Run the slave dry (newer Mesos).
  indirect case drain(DrainConfig)
  /// Start this executor, which has no task yet: a group without members (newer Mesos).
  indirect case runExecutor(FrameworkIndex, FrameworkInfo, ExecutorInfo, isNew: Bool)
}

/// How a slave is run dry (mesos.proto, `DrainConfig`).
public struct DrainConfig: Hashable, Sendable {
  /// How long its tasks have to end themselves at most; `nil` for as long as they say.
  public var graceMax: Duration?
  /// Whether it is declared gone once it is dry.
  public var marksGone: Bool

  /// Describes how.
  public init(graceMax: Duration? = nil, marksGone: Bool = false) {
    self.graceMax = graceMax
    self.marksGone = marksGone
  }
}

extension SlaveMessage {
  var isPing: Bool { if case .ping = self { true } else { false } }

  /// Whether it is said again until it is answered, or does no harm when it is lost.
  var isRepeated: Bool {
    switch self {
    case .reregistered, .acknowledge, .ping, .frameworkMessage, .shutdown: true
    // Without its id a slave drops what is launched on it, unnoticed.
    case .registered, .runTask, .runTaskGroup, .killTask, .shutdownFramework, .shutdownExecutor,
      .checkpointResources, .killTaskBy, .updateFramework, .drain, .runExecutor:
      false
    }
  }

  /// Whether the slave hears it before whatever is said after it.
  var keepsOrder: Bool { isAnswerToRegistration || !isRepeated }

  /// Whether it says that the slave is registered, over a connection that is new.
  var isAnswerToRegistration: Bool {
    switch self {
    case .registered, .reregistered: true
    default: false
    }
  }
}

/// A task on its way to a slave.
public struct TaskLaunch: Hashable, Sendable {
  /// The framework.
  public var framework: FrameworkIndex
  /// How the framework introduced itself, its id included.
  public var frameworkInfo: FrameworkInfo
  /// The role that the task's resources are allocated to.
  public var role: Role
  /// The task; its executor, if it has one, with the framework's id filled in.
  public var task: TaskInfo
  /// Whether the master holds the executor for new on this slave (Rules 13.4); true for a command.
  public var startsExecutor: Bool

  /// Describes a launch.
  public init(
    framework: FrameworkIndex, frameworkInfo: FrameworkInfo, role: Role,
    task: TaskInfo, startsExecutor: Bool
  ) {
    self.framework = framework
    self.frameworkInfo = frameworkInfo
    self.role = role
    self.task = task
    self.startsExecutor = startsExecutor
  }
}
