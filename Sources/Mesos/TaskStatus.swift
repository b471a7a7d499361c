// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is reported about a task: its state, who says so and why.

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
