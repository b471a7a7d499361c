// Part of mesosim. Apache-2.0, see LICENSE.
//
// Stands between a driver and a scheduler and tells what passes.

public import Mesos
public import VirtualTime

/// Is told what a scheduler heard and said, before each goes on.
public protocol SchedulerObserver: AnyObject {
  /// A callback of the scheduler is about to be called.
  func heard(_ event: SchedulerCallback, at now: Instant)
  /// The scheduler has called its driver, which is about to act.
  func said(_ call: DriverCall, at now: Instant)
}

/// A scheduler whose callbacks, and whose calls of its driver, somebody is told.
///
/// It decides nothing: a run with it is the same as one without.
public final class ObservedScheduler: Scheduler {
  let inner: any Scheduler
  private let observer: any SchedulerObserver
  private let environment: any Environment
  private var driver: ObservedDriver?

  /// Puts an observer between a scheduler and its driver.
  /// - Parameters:
  ///   - inner: The scheduler.
  ///   - observer: Who is told.
  ///   - environment: The scheduler's environment, whose time it is told with.
  public init(
    _ inner: any Scheduler, _ observer: any SchedulerObserver, _ environment: any Environment
  ) {
    self.inner = inner
    self.observer = observer
    self.environment = environment
  }

  /// Notes what happened and says through whom the scheduler answers.
  private func note(_ event: SchedulerCallback, _ driver: any SchedulerDriver) -> ObservedDriver {
    observer.heard(event, at: environment.now)
    if let known = self.driver, known.inner === driver { return known }
    let observed = ObservedDriver(driver, observer, environment)
    self.driver = observed
    return observed
  }

  /// Passes it on.
  public func configure(_ info: inout FrameworkInfo) { inner.configure(&info) }

  /// Tells of it and passes it on.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    let driver = note(.registered(frameworkID), driver)
    inner.registered(driver, frameworkID: frameworkID, masterInfo: masterInfo)
  }

  /// Tells of it and passes it on.
  public func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    inner.reregistered(note(.reregistered, driver), masterInfo: masterInfo)
  }

  /// Tells of it and passes it on.
  public func disconnected(_ driver: any SchedulerDriver) {
    inner.disconnected(note(.disconnected, driver))
  }

  /// Tells of it and passes it on.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    inner.resourceOffers(note(.resourceOffers(offers), driver), offers: offers)
  }

  /// Tells of it and passes it on.
  public func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    inner.offerRescinded(note(.offerRescinded(offerID), driver), offerID: offerID)
  }

  /// Tells of it and passes it on.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    inner.statusUpdate(note(.statusUpdate(status), driver), status: status)
  }

  /// Tells of it and passes it on.
  public func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {
    let driver = note(.frameworkMessage(executorID, slaveID, data), driver)
    inner.frameworkMessage(driver, executorID: executorID, slaveID: slaveID, data: data)
  }

  /// Tells of it and passes it on.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    inner.slaveLost(note(.slaveLost(slaveID), driver), slaveID: slaveID)
  }

  /// Tells of it and passes it on.
  public func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    let driver = note(.executorLost(executorID, slaveID, status: status), driver)
    inner.executorLost(driver, executorID: executorID, slaveID: slaveID, status: status)
  }

  /// Tells of it and passes it on.
  public func error(_ driver: any SchedulerDriver, message: String) {
    inner.error(note(.error(message), driver), message: message)
  }
}

/// A driver whose calls somebody is told before they are made.
final class ObservedDriver: SchedulerDriver {
  let inner: any SchedulerDriver
  private let observer: any SchedulerObserver
  private let environment: any Environment

  init(
    _ inner: any SchedulerDriver, _ observer: any SchedulerObserver, _ environment: any Environment
  ) {
    self.inner = inner
    self.observer = observer
    self.environment = environment
  }

  private func note(_ call: DriverCall) { observer.said(call, at: environment.now) }

  var status: DriverStatus { inner.status }

  func start() -> DriverStatus { inner.start() }

  func stop(failover: Bool) -> DriverStatus {
    note(.stop(failover: failover))
    return inner.stop(failover: failover)
  }

  func abort() -> DriverStatus {
    note(.abort)
    return inner.abort()
  }

  func launchTasks(
    _ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters
  ) -> DriverStatus {
    note(.launchTasks(offerIDs, tasks, filters))
    return inner.launchTasks(offerIDs, tasks, filters: filters)
  }

  func acceptOffers(
    _ offerIDs: [OfferID], _ operations: [OfferOperation], filters: Filters
  ) -> DriverStatus {
    note(.acceptOffers(offerIDs, operations, filters))
    return inner.acceptOffers(offerIDs, operations, filters: filters)
  }

  func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus {
    note(.declineOffers([offerID], filters))
    return inner.declineOffer(offerID, filters: filters)
  }

  func declineOffers(_ offers: Offers, filters: Filters) -> DriverStatus {
    var ids = OfferIDs()
    ids.append(contentsOf: offers)
    note(.declineOffers(ids, filters))
    return inner.declineOffers(offers, filters: filters)
  }

  func killTask(_ taskID: TaskID) -> DriverStatus {
    note(.killTask(taskID))
    return inner.killTask(taskID)
  }

  func reviveOffers(roles: [Role]?) -> DriverStatus {
    note(.reviveOffers(roles))
    return inner.reviveOffers(roles: roles)
  }

  func suppressOffers(roles: [Role]?) -> DriverStatus {
    note(.suppressOffers(roles))
    return inner.suppressOffers(roles: roles)
  }

  func reconcileTasks(_ tasks: [TaskQuery]) -> DriverStatus {
    note(.reconcileTasks(tasks))
    return inner.reconcileTasks(tasks)
  }

  func acknowledgeStatusUpdate(_ status: TaskStatus) -> DriverStatus {
    note(.acknowledgeStatusUpdate(status))
    return inner.acknowledgeStatusUpdate(status)
  }

  func requestResources(_ requests: [Request]) -> DriverStatus {
    note(.requestResources(requests))
    return inner.requestResources(requests)
  }

  func sendFrameworkMessage(
    _ executorID: ExecutorID, _ slaveID: SlaveID, _ data: [UInt8]
  ) -> DriverStatus {
    note(.sendFrameworkMessage(executorID, slaveID, data))
    return inner.sendFrameworkMessage(executorID, slaveID, data)
  }

  func updateFramework(_ info: FrameworkInfo, suppressedRoles: [Role]) -> DriverStatus {
    note(.updateFramework(info, suppressedRoles: suppressedRoles))
    return inner.updateFramework(info, suppressedRoles: suppressedRoles)
  }
}
