// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a scheduler calls: the driver connects it to the master.

/// The state of a driver; every call returns it (mesos.proto, `Status`).
public enum DriverStatus: UInt8, Hashable, Sendable {
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

  /// Ends all callbacks at once. The framework stays known, inactive, with its tasks, and from the
  /// end of its process on for its failover timeout.
  @discardableResult func abort() -> DriverStatus

  /// Uses up offers, which must all be of one slave, to launch tasks on it.
  ///
  /// What the tasks leave over is declined with `filters`. Without tasks this declines the offers.
  /// Offers no longer valid give TASK_LOST for each task, an invalid task TASK_ERROR.
  @discardableResult
  func launchTasks(_ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters) -> DriverStatus

  /// Uses up offers, which must all be of one slave and role, for a list of operations, in order.
  ///
  /// What they leave over is declined with `filters`; what they converted (reserved, made into a
  /// volume) comes back without a filter. An empty list declines.
  @discardableResult
  func acceptOffers(
    _ offerIDs: [OfferID], _ operations: [OfferOperation], filters: Filters
  ) -> DriverStatus

  /// Declines an offer in whole; the same resources stay away for `filters.refuseSeconds`.
  @discardableResult func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus

  /// Declines offers, each as `declineOffer` does; a driver may say it of all in one message.
  ///
  /// - Complexity: In a simulation O(1) for offers that nobody has looked at, however many.
  @discardableResult func declineOffers(_ offers: Offers, filters: Filters) -> DriverStatus

  /// Asks that a task be killed; what comes of it is told by `statusUpdate`. Never retried.
  @discardableResult func killTask(_ taskID: TaskID) -> DriverStatus

  /// Drops this framework's filters in these roles, ends suppression there and asks for offers.
  ///
  /// `nil` means all roles; an empty list means none and does nothing.
  @discardableResult func reviveOffers(roles: [Role]?) -> DriverStatus

  /// Asks for no further offers in these roles until `reviveOffers`; open offers stay open.
  ///
  /// `nil` means all roles; an empty list means none and does nothing.
  @discardableResult func suppressOffers(roles: [Role]?) -> DriverStatus

  /// Asks how these tasks are, or, with an empty list, all that the master knows of.
  ///
  /// The answers come as updates with the reason `reconciliation`, without a `uuid`. A task that
  /// is not known is answered with TASK_LOST; one whose slave is not back after a failover is not
  /// answered, so ask again.
  @discardableResult func reconcileTasks(_ tasks: [TaskQuery]) -> DriverStatus

  /// Acknowledges an update, for a driver made to leave that to the scheduler.
  ///
  /// Nothing happens for an update without `uuid` or `slaveID`: those are not acknowledged.
  @discardableResult func acknowledgeStatusUpdate(_ status: TaskStatus) -> DriverStatus

  /// Tells the allocator what the framework would like to be offered; Mesos's own ignores it.
  @discardableResult func requestResources(_ requests: [Request]) -> DriverStatus

  /// Sends bytes to an executor. Best effort: nothing is repeated, nothing is answered.
  @discardableResult
  func sendFrameworkMessage(
    _ executorID: ExecutorID, _ slaveID: SlaveID, _ data: [UInt8]
  ) -> DriverStatus

  /// Tells the master of other roles, capabilities, names or timeouts than those registered with.
  ///
  /// Nothing is called back on success. Before the first registration, with another id, user,
  /// principal or checkpointing, or with roles that are not valid, the driver is aborted.
  @discardableResult
  func updateFramework(_ info: FrameworkInfo, suppressedRoles: [Role]) -> DriverStatus
}

extension SchedulerDriver {
  /// Declines one offer after the other.
  @discardableResult
  public func declineOffers(_ offers: Offers, filters: Filters) -> DriverStatus {
    for offer in offers { declineOffer(offer.id, filters: filters) }
    return status
  }

  /// Declines offers; the same resources stay away for 5 s.
  @discardableResult public func declineOffers(_ offers: Offers) -> DriverStatus {
    declineOffers(offers, filters: Filters())
  }

  /// Launches tasks on one offer with the default filter for what is left over.
  @discardableResult
  public func launchTasks(_ offerID: OfferID, _ tasks: [TaskInfo]) -> DriverStatus {
    launchTasks([offerID], tasks, filters: Filters())
  }

  /// Drops all of this framework's filters, ends suppression and asks for offers.
  @discardableResult public func reviveOffers() -> DriverStatus { reviveOffers(roles: nil) }

  /// Asks for no further offers until `reviveOffers`; open offers stay open.
  @discardableResult public func suppressOffers() -> DriverStatus { suppressOffers(roles: nil) }

  /// Declines an offer in whole; the same resources stay away for 5 s.
  @discardableResult public func declineOffer(_ offerID: OfferID) -> DriverStatus {
    declineOffer(offerID, filters: Filters())
  }
}
