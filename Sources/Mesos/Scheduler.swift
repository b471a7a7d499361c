// Part of mesosim. Apache-2.0, see LICENSE.
//
// The scheduler half of a framework: ten callbacks, by the names of the v0 API, and what comes
// before them.

/// What a framework implements to receive offers and launch tasks.
///
/// A driver calls these one at a time, never two at once and never from inside a driver call; while
/// one runs, later messages wait. Nothing is called after `stop` or `abort` has returned, except
/// `error`. Each has an empty default, so that a framework writes only what it needs.
///
/// The order of a healthy life: `registered`, then `resourceOffers` and `statusUpdate` in any
/// number and order. A reply from the master may refer to offers that this scheduler has since
/// answered: treat offers and tasks you don't know as news from the past, not as errors.
public protocol Scheduler: AnyObject {
  /// Called once for each process, before its driver is started, with what the driver is about to
  /// register with.
  ///
  /// Stands for the lines of a framework's `main` that fill in its `FrameworkInfo`: the process of
  /// a framework that was registered before puts in the id that `registered` was given then and
  /// that it wrote to `Environment.store`. Without an id it is a new framework, and what the old
  /// one ran is lost to it.
  func configure(_ info: inout FrameworkInfo)

  /// Called when the master has accepted the framework: once, and again by a new master.
  ///
  /// Write `frameworkID` down: a scheduler that takes over for this one registers with it.
  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo)

  /// Called when a driver that had lost its master is connected again.
  func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo)

  /// Called when the master is lost. All offers are void; tasks go on running.
  func disconnected(_ driver: any SchedulerDriver)

  /// Called with resources this framework may use.
  ///
  /// Each offer is for one slave and stays open until it is used in `launchTasks`, declined or
  /// rescinded; what is held counts against the framework's share. Several offers may name the same
  /// slave. The same resources are in one open offer at a time, unless the allocator overlaps
  /// offers as `optimistic` does: then the first to launch gets them (Rules 4.9).
  ///
  /// A big cluster makes offers by the ten thousand. Who has what it needs declines the rest
  /// without a look at each: `driver.declineOffers(offers[place...])`.
  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers)

  /// Called when an open offer is no longer valid. A launch on it ends in TASK_LOST.
  func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID)

  /// Called when a task's state has changed, at least once for each update that has a `uuid`.
  ///
  /// The update counts as acknowledged when this returns; until then it may come again.
  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus)

  /// Called with a message from an executor. Best effort: it may come twice or never.
  func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8])

  /// Called when a slave is lost; a TASK_LOST comes for each task that ran there.
  func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID)

  /// Called when an executor ended. Best effort: the updates of its tasks are what counts.
  func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int)

  /// Called when the framework cannot go on; the driver has been aborted before.
  func error(_ driver: any SchedulerDriver, message: String)
}

extension Scheduler {
  /// Leaves everything as it is: after a restart the framework is a new one.
  public func configure(_ info: inout FrameworkInfo) {}
  /// Does nothing.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {}
  /// Does nothing.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {}
  /// Does nothing.
  public func disconnected(_ driver: any SchedulerDriver) {}
  /// Declines every offer with the default filter.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    driver.declineOffers(offers, filters: Filters())
  }
  /// Does nothing.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {}
  /// Does nothing.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {}
  /// Does nothing.
  public func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {}
  /// Does nothing.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {}
  /// Does nothing.
  public func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {}
  /// Does nothing.
  public func error(_ driver: any SchedulerDriver, message: String) {}
}
