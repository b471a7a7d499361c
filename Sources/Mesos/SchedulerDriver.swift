// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a scheduler calls: the driver connects it to the master.

/// The state of a driver; every call returns it (mesos.proto, `Status`).
public enum DriverStatus: UInt8, Hashable, Sendable, Codable {
  /// Made, not started.
  case notStarted = 1
  /// Started; connected to a master or looking for one.
  case running = 2
  /// Aborted by the framework or by an error; calls have no effect.
  case aborted = 3
  /// Stopped by the framework; calls have no effect.
  case stopped = 4
}

/// A scheduler's connection to the master.
///
/// Calls never block and never call back before they return. In a driver that is not running they
/// have no effect and return the state it is in.
public protocol SchedulerDriver: AnyObject {
  /// The state of the driver.
  var status: DriverStatus { get }

  /// Starts looking for a master and registers with it; `registered` follows.
  @discardableResult func start() -> DriverStatus

  /// Ends the framework: the master kills its tasks and takes its offers back.
  ///
  /// With `failover` the tasks go on and another scheduler may take over.
  @discardableResult func stop(failover: Bool) -> DriverStatus

  /// Ends all callbacks at once. The framework stays known, inactive, with its tasks.
  @discardableResult func abort() -> DriverStatus

  /// Uses up offers, which must all be of one slave, to launch tasks on it.
  ///
  /// What the tasks leave over is declined with `filters`. Without tasks this declines the offers.
  /// Offers no longer valid give TASK_LOST for each task, an invalid task TASK_ERROR.
  @discardableResult
  func launchTasks(_ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters) -> DriverStatus

  /// Declines an offer in whole; the same resources stay away for `filters.refuseSeconds`.
  @discardableResult func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus

  /// Asks that a task be killed; what comes of it is told by `statusUpdate`. Never retried.
  @discardableResult func killTask(_ taskID: TaskID) -> DriverStatus

  /// Drops all of this framework's filters, ends suppression and asks for offers.
  @discardableResult func reviveOffers() -> DriverStatus

  /// Asks for no further offers until `reviveOffers`; open offers stay open.
  @discardableResult func suppressOffers() -> DriverStatus
}

extension SchedulerDriver {
  /// Launches tasks on one offer with the default filter for what is left over.
  @discardableResult
  public func launchTasks(_ offerID: OfferID, _ tasks: [TaskInfo]) -> DriverStatus {
    launchTasks([offerID], tasks, filters: Filters())
  }
}
