// Part of mesosim. Apache-2.0, see LICENSE.
//
// The executor half of a framework: eight callbacks, by the names of the v0 API.

/// What a framework implements to run its tasks on a slave.
///
/// An executor lives in a process of its own on one slave and runs tasks of one framework; a slave
/// starts it with the first task that names it. A driver calls these one at a time, never two at
/// once and never from inside a driver call; while one runs, later messages wait. Nothing is called
/// after `stop` or `abort` has returned, except `error`. All but `launchTask` and `killTask` have
/// an empty default.
///
/// The order of a healthy life: `registered`, then `launchTask` and `killTask` in any number and
/// order, then `shutdown`. The executor owes an update (`sendStatusUpdate`) for every change of
/// state of its tasks; an executor that ends without having told how its tasks ended loses them.
public protocol Executor: AnyObject {
  /// Called once, when the slave has taken the executor on, before any task comes.
  ///
  /// `executorInfo` is what the framework wrote, `data` included.
  func registered(
    _ driver: any ExecutorDriver, executorInfo: ExecutorInfo, frameworkInfo: FrameworkInfo,
    slaveInfo: SlaveInfo)

  /// Called when a slave that was restarted is connected again: with a new process, and maybe with
  /// a new `SlaveInfo`. Updates that it had not acknowledged are sent again by the driver.
  func reregistered(_ driver: any ExecutorDriver, slaveInfo: SlaveInfo)

  /// Called when the slave is gone, if the framework has checkpointing; tasks go on running.
  ///
  /// The executor has 15 min (the slave's `recovery_timeout`) to see the slave again; then
  /// `shutdown` is called. Without checkpointing `shutdown` is called at once, and this never.
  func disconnected(_ driver: any ExecutorDriver)

  /// Called with a task to run.
  ///
  /// Called once a task. It must not block: a task that takes time is started here and told of by
  /// timers; while this runs, nothing else is delivered, not even a request to kill. Answer with
  /// `sendStatusUpdate`, first TASK_RUNNING, at last a terminal state.
  func launchTask(_ driver: any ExecutorDriver, task: TaskInfo)

  /// Called when the framework wants a task killed.
  ///
  /// Only for tasks that `launchTask` was called with, possibly more than once and possibly after
  /// the task has ended: what is known to have ended needs no answer. Customary is TASK_KILLED.
  func killTask(_ driver: any ExecutorDriver, taskID: TaskID)

  /// Called with a message from the scheduler. Best effort: it may come twice or never.
  func frameworkMessage(_ driver: any ExecutorDriver, data: [UInt8])

  /// Called when the executor must end: its framework is gone, or its slave for too long.
  ///
  /// Kill all tasks and send their updates. The driver is aborted when this has returned; what
  /// still lives after the grace period (`shutdownGracePeriod`, by default 5 s) is killed.
  func shutdown(_ driver: any ExecutorDriver)

  /// Called when the executor cannot go on; the driver has been aborted before.
  func error(_ driver: any ExecutorDriver, message: String)
}

extension Executor {
  /// Does nothing.
  public func registered(
    _ driver: any ExecutorDriver, executorInfo: ExecutorInfo, frameworkInfo: FrameworkInfo,
    slaveInfo: SlaveInfo
  ) {}
  /// Does nothing.
  public func reregistered(_ driver: any ExecutorDriver, slaveInfo: SlaveInfo) {}
  /// Does nothing.
  public func disconnected(_ driver: any ExecutorDriver) {}
  /// Does nothing.
  public func frameworkMessage(_ driver: any ExecutorDriver, data: [UInt8]) {}
  /// Does nothing: the tasks end with the executor.
  public func shutdown(_ driver: any ExecutorDriver) {}
  /// Does nothing.
  public func error(_ driver: any ExecutorDriver, message: String) {}
}
