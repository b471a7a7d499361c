// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who says something of a task, and why.

/// Who made a status update (mesos.proto, `TaskStatus.Source`).
public enum StatusSource: UInt8, Hashable, Sendable, CaseIterable {
  /// The master, or the scheduler's own driver.
  case master = 0
  /// The slave.
  case slave = 1
  /// The executor.
  case executor = 2

  /// The name on the wire, such as `SOURCE_MASTER`.
  public var wireName: String {
    switch self {
    case .master: "SOURCE_MASTER"
    case .slave: "SOURCE_SLAVE"
    case .executor: "SOURCE_EXECUTOR"
    }
  }
}

/// Why a status update was made, numbered as on the wire (mesos.proto, `TaskStatus.Reason`).
public enum StatusReason: UInt8, Hashable, Sendable, CaseIterable {
  /// The executor of a command ended without having reported its task (older Mesos).
  case commandExecutorFailed = 0
  /// An executor ended without having reported its tasks, or was ending when a task came.
  case executorTerminated = 1
  /// An executor was killed before it had registered (older Mesos).
  case executorUnregistered = 2
  /// The framework is gone.
  case frameworkRemoved = 3
  /// The slave could not keep what an earlier executor left from being swept away.
  case gcError = 4
  /// The framework of the task is not the one that launches it.
  case invalidFrameworkID = 5
  /// The offers used in a launch are not valid, or no longer.
  case invalidOffers = 6
  /// The driver has no master.
  case masterDisconnected = 7
  /// The container went past its memory (older name: `REASON_MEMORY_LIMIT`).
  case containerLimitationMemory = 8
  /// An answer to `reconcileTasks`, or what came out when master and slave compared their books.
  case reconciliation = 9
  /// The slave's connection broke.
  case slaveDisconnected = 10
  /// The slave is gone.
  case slaveRemoved = 11
  /// The slave was restarted before the task had started.
  case slaveRestarted = 12
  /// The master does not know the slave.
  case slaveUnknown = 13
  /// The description of the task is not valid.
  case taskInvalid = 14
  /// The framework may not launch such a task.
  case taskUnauthorized = 15
  /// The task is known nowhere.
  case taskUnknown = 16
  /// The container was sacrificed for others on its slave.
  case containerPreempted = 17
  /// The slave lost track of resources that the task uses.
  case resourcesUnknown = 18
  /// The container went past a limit.
  case containerLimitation = 19
  /// The container went past its disk.
  case containerLimitationDisk = 20
  /// The container could not be launched: a file or an image could not be fetched.
  case containerLaunchFailed = 21
  /// The container could not be given the task's resources.
  case containerUpdateFailed = 22
  /// The executor did not register in time.
  case executorRegistrationTimeout = 23
  /// The executor did not register again in time after its slave's restart.
  case executorReregistrationTimeout = 24
  /// The description of the group, or of one of its tasks, is not valid.
  case taskGroupInvalid = 25
  /// The framework may not launch one of the group's tasks.
  case taskGroupUnauthorized = 26
  /// The process that carries the container's input and output ended.
  case ioSwitchboardExited = 27
  /// A check has seen something new.
  case taskCheckStatusUpdated = 28
  /// A health check has come out otherwise than before.
  case taskHealthCheckStatusUpdated = 29
  /// The task was killed before its executor had it.
  case taskKilledDuringLaunch = 30
  /// An operator said that the slave is gone for good.
  case slaveRemovedByOperator = 31
  /// A slave that was given up is back.
  case slaveReregistered = 32
  /// The task took longer than it may.
  case maxCompletionTimeReached = 33
  /// The slave is being emptied.
  case slaveDraining = 34
}

extension StatusReason {
  /// The name on the wire, such as `REASON_TASK_INVALID`.
  ///
  /// The v1 API writes `AGENT` for `SLAVE`.
  public var wireName: String {
    "REASON_" + Self.wireNames[Int(rawValue)]
  }

  /// By number.
  private static let wireNames = [
    "COMMAND_EXECUTOR_FAILED", "EXECUTOR_TERMINATED", "EXECUTOR_UNREGISTERED",
    "FRAMEWORK_REMOVED", "GC_ERROR", "INVALID_FRAMEWORKID", "INVALID_OFFERS",
    "MASTER_DISCONNECTED", "CONTAINER_LIMITATION_MEMORY", "RECONCILIATION",
    "SLAVE_DISCONNECTED", "SLAVE_REMOVED", "SLAVE_RESTARTED", "SLAVE_UNKNOWN", "TASK_INVALID",
    "TASK_UNAUTHORIZED", "TASK_UNKNOWN", "CONTAINER_PREEMPTED", "RESOURCES_UNKNOWN",
    "CONTAINER_LIMITATION", "CONTAINER_LIMITATION_DISK", "CONTAINER_LAUNCH_FAILED",
    "CONTAINER_UPDATE_FAILED", "EXECUTOR_REGISTRATION_TIMEOUT",
    "EXECUTOR_REREGISTRATION_TIMEOUT", "TASK_GROUP_INVALID", "TASK_GROUP_UNAUTHORIZED",
    "IO_SWITCHBOARD_EXITED", "TASK_CHECK_STATUS_UPDATED", "TASK_HEALTH_CHECK_STATUS_UPDATED",
    "TASK_KILLED_DURING_LAUNCH", "SLAVE_REMOVED_BY_OPERATOR", "SLAVE_REREGISTERED",
    "MAX_COMPLETION_TIME_REACHED", "SLAVE_DRAINING",
  ]
}
