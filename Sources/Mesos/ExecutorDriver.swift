// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an executor calls: the driver connects it to its slave.

/// An executor's connection to its slave.
///
/// Calls never block and never call back before they return. In a driver that is not running they
/// have no effect and return the state it is in. (Mesos also has `join` and `run`, which block the
/// thread of a real process; there is none here.)
public protocol ExecutorDriver: AnyObject {
  /// The state of the driver.
  var status: DriverStatus { get }

  /// Registers with the slave that started the executor; `registered` follows.
  ///
  /// For a driver that was never started. A slave that hears nothing of it for 60 s
  /// (`executor_registration_timeout`) kills the executor and fails its tasks.
  @discardableResult func start() -> DriverStatus

  /// Ends all callbacks and the executor with them; the slave is told nothing but sees it end.
  ///
  /// A driver that was aborted before is stopped, too, and says `aborted` one last time.
  @discardableResult func stop() -> DriverStatus

  /// Ends all callbacks at once; the slave is told nothing.
  @discardableResult func abort() -> DriverStatus

  /// Tells of a task's state, reliably: the driver repeats the update after each new registration
  /// with the slave until the slave has acknowledged it.
  ///
  /// The driver puts in `timestamp`, `source` and a new `uuid`. Updates of one task reach the
  /// scheduler in the order in which they are sent, each at least once. TASK_STAGING must not be
  /// sent: the slave ends the executor for it.
  @discardableResult func sendStatusUpdate(_ status: TaskStatus) -> DriverStatus

  /// Sends bytes to the scheduler. Best effort: nothing is repeated, nothing is answered, and the
  /// order relative to updates is open.
  @discardableResult func sendFrameworkMessage(_ data: [UInt8]) -> DriverStatus
}
