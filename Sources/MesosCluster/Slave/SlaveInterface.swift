// Part of mesosim. Apache-2.0, see LICENSE.
//
// Everything that reaches a slave, and everything that it wants done: towards masters, towards the
// executors on it, and towards the containers that they run in.

public import Mesos
public import VirtualTime

/// Everything that reaches a slave process.
public enum SlaveInput: Hashable, Sendable {
  /// The process starts: for the first time, after a crash of the process alone, or with its whole
  /// machine; what survived is in the slave's checkpoint.
  case start
  /// An operator ends the slave in good order (SIGUSR1): it unregisters and ends what runs on it.
  case stop
  /// The detector says which master leads; `nil` for none.
  case leaderDetected(MasterIndex?)
  /// From now on pings come as messages; the last one that did not, came at this instant.
  case watchPings(last: Instant)
  /// From now on pings come for certain, and no longer as messages.
  case ignorePings
  /// A message of a master.
  case master(MasterIndex, SlaveMessage)
  /// A report of the driver of the executor in this container.
  case executor(ContainerNumber, ExecutorReport)
  /// News of a container.
  case container(ContainerNumber, ContainerNews)
  /// The instant that `nextDeadline` named has come.
  case deadline
}

/// Numbers the containers of a slave; a number is used again when its container's end was handled.
public typealias ContainerNumber = UInt32

/// Names an executor, or a command (whose executor id is its task's), on one slave.
public struct ExecutorKey: Hashable, Sendable {
  /// Whose it is.
  public var framework: FrameworkIndex
  /// Its id; for a command the id of its task.
  public var executor: ExecutorID

  /// Names an executor.
  public init(framework: FrameworkIndex, executor: ExecutorID) {
    self.framework = framework
    self.executor = executor
  }
}

/// What an executor's driver says to its slave.
public enum ExecutorReport: Hashable, Sendable {
  /// I have started.
  case register
  /// I am still here, after the slave's restart; these updates you have not acknowledged, and these
  /// tasks you may have lost sight of.
  case reregister(updates: [TaskStatus], tasks: [TaskInfo])
  /// I have started or am back, by the v1 API, in which both are said alike: these updates you have
  /// not acknowledged, and these tasks you may have lost sight of.
  case subscribe(updates: [TaskStatus], tasks: [TaskID])
  /// The state of a task has changed.
  case statusUpdate(TaskStatus)
  /// Hand this to my scheduler.
  case frameworkMessage([UInt8])
}

/// What a slave says to an executor's driver.
public enum ExecutorMessage: Sendable {
  /// The slave has taken the executor on.
  indirect case registered(ExecutorInfo, FrameworkInfo, SlaveInfo)
  /// The slave was restarted and asks who is there.
  case reconnect
  /// The slave is back.
  indirect case reregistered(SlaveInfo)
  /// Run this task.
  case launchTask(TaskInfo)
  /// Run these tasks, which belong together; for Mesos's own executor of groups only.
  case launchTaskGroup([TaskInfo])
  /// Kill this task.
  case killTask(TaskID)
  /// Kill this task by this policy, whatever its own says.
  indirect case killTaskBy(KillPolicy, TaskID)
  /// The scheduler sends this.
  case frameworkMessage([UInt8])
  /// End.
  case shutdown
  /// The slave has taken this update over.
  case acknowledge(TaskID, UpdateID)
}

/// What becomes of a container.
public enum ContainerNews: Hashable, Sendable {
  /// It is being made, which takes time: files are fetched or an image is pulled.
  case preparing
  /// It could not be made: something could not be fetched or pulled.
  case launchFailed(String)
  /// Its process ended; `status` as `wait` gives it, -1 where it is not known.
  case exited(status: Int32, ContainerEnd)
  /// The command in it is in another state; only for commands, whose executor is Mesos's own. With
  /// a terminal state the container is gone, and nothing more is heard of it.
  case command(CommandReport)
  /// The command's executor is in touch again, after the slave's restart.
  case reconnected
}

/// What Mesos's own executor says of its command.
public struct CommandReport: Hashable, Sendable {
  /// The state it is in.
  public var state: TaskState
  /// What happened, for people.
  public var message: String
  /// Why it is told, where that is said.
  public var reason: StatusReason?
  /// Whether the last health check came out well, where there was one.
  public var isHealthy: Bool?
  /// What the check has seen, where it is that which is told.
  public var checkStatus: CheckStatus?

  /// Describes what is told of a command.
  public init(
    _ state: TaskState, message: String = "", reason: StatusReason? = nil, isHealthy: Bool? = nil,
    checkStatus: CheckStatus? = nil
  ) {
    self.state = state
    self.message = message
    self.reason = reason
    self.isHealthy = isHealthy
    self.checkStatus = checkStatus
  }
}

/// Why a container's process ended.
public enum ContainerEnd: Hashable, Sendable {
  /// By itself.
  case itself
  /// The slave asked for it.
  case destroyed
  /// It went past a limit.
  indirect case limit(StatusReason, message: String, limitation: Resources)
  /// It was sacrificed for others, whose resources it used.
  case preempted
}

/// What a slave wants done.
///
/// What is rare and large is behind a reference, here and in what the actions hold: all are as
/// large as the largest, and are moved at every step.
public enum SlaveAction: Sendable {
  /// Send this to the master.
  case toMaster(MasterIndex, SlaveReport)
  /// Send this straight to the scheduler, as executors' messages go.
  case toScheduler(FrameworkIndex, ExecutorID, [UInt8])
  /// Hand this to the driver of the executor in this container; it is not there when its process
  /// has ended.
  case toExecutor(ContainerNumber, ExecutorMessage)
  /// Make a container with these resources and start in it an executor of the framework's own;
  /// `isKept` when it outlives its slave's process (its framework has checkpointing).
  indirect case startExecutor(
    ContainerNumber, ExecutorKey, ExecutorInfo, Resources, isKept: Bool)
  /// Make a container and run a task's command in it, by Mesos's own executor.
  case startCommand(ContainerNumber, FrameworkIndex, TaskInfo, CommandTerms)
  /// Ask Mesos's own executor to end the command: by its kill policy, or, at a shutdown, within the
  /// slave's grace period.
  case killCommand(ContainerNumber, isShutdown: Bool)
  /// Ask Mesos's own executor to end the command by this policy, whatever its own says.
  indirect case killCommandBy(KillPolicy, ContainerNumber)
  /// Ask Mesos's own executor who survived the slave's restart to report what it kept meanwhile.
  case reconnectCommand(ContainerNumber)
  /// The container holds these resources from now on: its executor's and its tasks'.
  indirect case resizeContainer(ContainerNumber, Resources)
  /// End the container and everything in it at once.
  case destroyContainer(ContainerNumber)
  /// The process ends, after a shutdown: everything on the slave has ended.
  case exit
}

/// What the executor of a command knows of its framework.
public struct CommandTerms: OptionSet, Hashable, Sendable {
  /// The set as bits.
  public let rawValue: UInt8
  /// Makes a set from bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// The framework has checkpointing: the executor outlives its slave's process.
  public static let isKept = CommandTerms(rawValue: 1)
  /// The framework knows TASK_KILLING.
  public static let reportsKilling = CommandTerms(rawValue: 2)
}
