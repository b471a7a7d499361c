// Part of mesosim. Apache-2.0, see LICENSE.
//
// The `ExecutorDriver` of a simulation (Rules 3.5; Mesos: `exec/exec.cpp`).

import Mesos
import VirtualTime

/// What a driver needs of the process around it.
protocol ExecutorDriverHost: AnyObject {
  /// The present instant.
  var now: Instant { get }
  /// A name for an update.
  func makeUpdateID() -> UpdateID
  /// Hands a report to the slave.
  func send(_ report: ExecutorReport)
  /// The driver has ended: the process ends with this status, as `wait` gives it, when what is
  /// running in it has returned.
  func exit(status: Int32)
  /// Waits for the slave's return so long, then calls `recoveryTimedOut`.
  func startRecoveryTimer()
}

/// Connects one executor to its slave.
final class SimulatedExecutorDriver: ExecutorDriver {
  private(set) var status = DriverStatus.notStarted
  /// Whether the slave has taken the executor on and has not been lost since.
  private(set) var isConnected = false

  /// `nil` once the process is gone: executors keep their drivers, too.
  private var executor: (any Executor)?
  private let isKept: Bool
  private let skipsDisconnected: Bool
  private weak var host: (any ExecutorDriverHost)?
  /// Updates that the slave has not acknowledged, oldest first.
  private var updates: [TaskStatus] = []
  /// Tasks of which the slave has acknowledged no update, in the order in which they came.
  private var tasks: [TaskInfo] = []
  private var wasConnected = false

  init(
    executor: any Executor, isKept: Bool, skipsDisconnected: Bool, host: any ExecutorDriverHost
  ) {
    self.executor = executor
    self.isKept = isKept
    self.skipsDisconnected = skipsDisconnected
    self.host = host
  }

  // MARK: Calls

  func start() -> DriverStatus {
    guard status == .notStarted else { return status }
    status = .running
    host?.send(.register)
    return status
  }

  func stop() -> DriverStatus {
    switch status {
    case .notStarted, .stopped: return status
    case .running:
      status = .stopped
      host?.exit(status: 0)
      return .stopped
    case .aborted:
      // A driver that was aborted before says so one last time.
      status = .stopped
      return .aborted
    }
  }

  func abort() -> DriverStatus {
    guard status == .running else { return status }
    status = .aborted
    host?.exit(status: Self.aborted)
    return status
  }

  func sendStatusUpdate(_ status: TaskStatus) -> DriverStatus {
    guard self.status == .running, let host else { return self.status }
    var update = status
    update.timestamp = host.now
    update.source = .executor
    update.uuid = host.makeUpdateID()
    updates.append(update)
    // Without a slave it waits for the slave's return.
    if isConnected || !wasConnected { host.send(.statusUpdate(update)) }
    return self.status
  }

  func sendFrameworkMessage(_ data: [UInt8]) -> DriverStatus {
    guard status == .running else { return status }
    if isConnected { host?.send(.frameworkMessage(data)) }
    return status
  }

  /// What `main` returns after `run` was aborted: 1, as `wait` gives it.
  private static let aborted: Int32 = 1 << 8

  // MARK: Messages

  /// Delivers one message of the slave as a callback.
  func receive(_ message: ExecutorMessage) {
    // Nothing is called after stop or abort has returned.
    guard status == .running, let executor else { return }
    switch message {
    case .registered(let info, let framework, let slave):
      isConnected = true
      wasConnected = true
      executor.registered(self, executorInfo: info, frameworkInfo: framework, slaveInfo: slave)
    case .reconnect:
      // A slave does not know where it could ask one that had not registered (Rules 14.6).
      if wasConnected { host?.send(.reregister(updates: updates, tasks: tasks)) }
    case .reregistered(let slave):
      isConnected = true
      executor.reregistered(self, slaveInfo: slave)
    case .launchTask(let task): if isConnected { launch([task], isGroup: false) }
    case .launchTaskGroup(let group): if isConnected { launch(group, isGroup: true) }
    case .killTask(let task), .killTaskBy(_, let task):
      if isConnected { executor.killTask(self, taskID: task) }
    case .frameworkMessage(let data):
      if isConnected { executor.frameworkMessage(self, data: data) }
    case .shutdown: shutdown()
    case .acknowledge(let task, let update): acknowledge(update, of: task)
    }
  }

  private func launch(_ launched: [TaskInfo], isGroup: Bool) {
    guard let executor else { return }
    for task in launched {
      if tasks.contains(where: { $0.taskID == task.taskID }) {
        // Mesos's driver fails a check here, and takes the process along (SIGABRT).
        status = .aborted
        host?.exit(status: 6)
        return
      }
      tasks.append(task)
    }
    if isGroup, let executor = executor as? any TaskGroupExecutor {
      return executor.launchTaskGroup(self, tasks: launched)
    }
    for task in launched where status == .running { executor.launchTask(self, task: task) }
  }

  private func acknowledge(_ update: UpdateID, of task: TaskID) {
    updates.removeAll { $0.uuid == update }
    tasks.removeAll { $0.taskID == task }
  }

  private func shutdown() {
    executor?.shutdown(self)
    // The callback may have stopped the driver itself.
    if status == .running { _ = abort() }
  }

  /// The slave's process is gone.
  func slaveLost() {
    guard status == .running else { return }
    let hadSlave = isConnected
    isConnected = false
    guard isKept, hadSlave else { return shutdown() }
    host?.startRecoveryTimer()
    if !skipsDisconnected { executor?.disconnected(self) }
  }

  /// The process was killed: nothing more is called, and calls have no effect.
  func kill() {
    if status == .running { status = .aborted }
    executor = nil
  }

  /// The slave has not come back in time.
  func recoveryTimedOut() {
    guard status == .running, !isConnected else { return }
    shutdown()
  }
}

/// An executor that is handed the tasks of a group together: Mesos's own, for groups.
protocol TaskGroupExecutor: Executor {
  /// Runs tasks of which none goes on without the others.
  func launchTaskGroup(_ driver: any ExecutorDriver, tasks: [TaskInfo])
}
