// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is reported about a task: its state, who says so and why.

public import VirtualTime

/// The states of a task, numbered as on the wire (mesos.proto, `TaskState`).
public enum TaskState: UInt8, Hashable, Sendable, Codable, CaseIterable {
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

  /// Whether no other state can follow.
  public var isTerminal: Bool {
    switch self {
    case .staging, .starting, .running: false
    case .finished, .failed, .killed, .lost, .error: true
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
    }
  }
}

/// Who made a status update (mesos.proto, `TaskStatus.Source`).
public enum StatusSource: UInt8, Hashable, Sendable, Codable {
  /// The master, or the scheduler's own driver.
  case master = 0
  /// The slave.
  case slave = 1
  /// The executor.
  case executor = 2
}

/// Why a status update was made, numbered as on the wire (mesos.proto, `TaskStatus.Reason`).
public enum StatusReason: UInt8, Hashable, Sendable, Codable {
  /// An executor ended without having reported its tasks.
  case executorTerminated = 1
  /// The framework is gone.
  case frameworkRemoved = 3
  /// The offers used in a launch are not valid, or no longer.
  case invalidOffers = 6
  /// The driver has no master.
  case masterDisconnected = 7
  /// An answer to `reconcileTasks`.
  case reconciliation = 9
  /// The slave is gone.
  case slaveRemoved = 11
  /// The description of the task is not valid.
  case taskInvalid = 14
  /// The task was killed before its executor had it.
  case taskKilledDuringLaunch = 30
}

/// Names one status update; a repeated delivery carries the same name.
public struct UpdateID: Hashable, Sendable {
  /// The slave that made the update, as a number within the run.
  public let slave: Int32
  /// The update's number at that slave.
  public let number: UInt32

  /// Names an update.
  public init(slave: Int32, number: UInt32) {
    self.slave = slave
    self.number = number
  }
}

/// The state of a task, as reported to its framework (mesos.proto, `TaskStatus`).
public struct TaskStatus: Hashable, Sendable {
  /// The task.
  public var taskID: TaskID
  /// The state it is in.
  public var state: TaskState
  /// What happened, for people.
  public var message: String
  /// The slave that the task is or was on, where known.
  public var slaveID: SlaveID?
  /// When the update was made.
  public var timestamp: Instant
  /// Who made it.
  public var source: StatusSource
  /// Why it was made, where that is said.
  public var reason: StatusReason?
  /// Names the update; `nil` for those of master and driver, which are sent once and never
  /// acknowledged.
  public var uuid: UpdateID?

  /// Describes a status.
  public init(
    taskID: TaskID, state: TaskState, message: String = "", slaveID: SlaveID? = nil,
    timestamp: Instant, source: StatusSource, reason: StatusReason? = nil, uuid: UpdateID? = nil
  ) {
    self.taskID = taskID
    self.state = state
    self.message = message
    self.slaveID = slaveID
    self.timestamp = timestamp
    self.source = source
    self.reason = reason
    self.uuid = uuid
  }
}
