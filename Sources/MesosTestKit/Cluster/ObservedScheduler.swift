// Part of mesosim. Apache-2.0, see LICENSE.
//
// Stands between a driver and a scheduler and writes down what passes.

import Mesos
import VirtualTime

/// What all processes of one framework heard and said, and how the next is made.
final class FrameworkRecord {
  let name: String
  var makeScheduler: (any Environment) -> any Scheduler
  private(set) var entries: [HistoryEntry] = []
  /// By id, in the order in which they were launched first.
  private(set) var tasks: [TestTask] = []
  private var places: [TaskID: Int] = [:]
  private var hosts: [SlaveID: TestSlave] = [:]
  private let slaves: [String: TestSlave]
  /// The scheduler of the present process.
  var scheduler: (any Scheduler)?
  var isSuppressed = false
  var isRegistered = false

  init(
    _ name: String, _ slaves: [TestSlave],
    _ makeScheduler: @escaping (any Environment) -> any Scheduler
  ) {
    self.name = name
    self.makeScheduler = makeScheduler
    self.slaves = Dictionary(slaves.map { ($0.hostname, $0) }) { first, _ in first }
  }

  func add(_ content: HistoryEntry.Content, at now: Instant) {
    entries.append(HistoryEntry(instant: now, content: content))
    switch content {
    case .event(let event): note(event)
    case .call(let call): note(call)
    }
  }

  private func note(_ event: SchedulerCallback) {
    switch event {
    case .registered, .reregistered: isRegistered = true
    case .disconnected: isRegistered = false
    case .resourceOffers(let offers):
      for offer in offers { hosts[offer.slaveID] = slaves[offer.hostname] }
    case .statusUpdate(let status):
      if let place = places[status.taskID] { tasks[place].state = status.state }
    default: break
    }
  }

  private func note(_ call: DriverCall) {
    switch call {
    case .launchTasks(_, let tasks, _): launch(tasks)
    case .acceptOffers(_, let operations, _): launch(operations.flatMap(\.tasks))
    case .suppressOffers: isSuppressed = true
    case .reviveOffers: isSuppressed = false
    default: break
    }
  }

  private func launch(_ infos: [TaskInfo]) {
    for info in infos {
      guard let slave = hosts[info.slaveID] else { continue }
      let task = TestTask(id: info.taskID, name: info.name, slave: slave, state: .staging)
      if let place = places[info.taskID] {
        tasks[place] = task
      } else {
        places[info.taskID] = tasks.count
        tasks.append(task)
      }
    }
  }
}

/// A scheduler whose callbacks are written down.
final class ObservedScheduler: Scheduler {
  private let inner: any Scheduler
  private let record: FrameworkRecord
  private let environment: any Environment
  private var driver: ObservedDriver?

  init(_ inner: any Scheduler, _ record: FrameworkRecord, _ environment: any Environment) {
    self.inner = inner
    self.record = record
    self.environment = environment
    record.scheduler = inner
    // The next process begins as any new one does.
    record.isRegistered = false
    record.isSuppressed = false
  }

  /// Notes what happened and says through whom the scheduler answers.
  private func note(_ event: SchedulerCallback, _ driver: any SchedulerDriver) -> ObservedDriver {
    record.add(.event(event), at: environment.now)
    if let known = self.driver, known.inner === driver { return known }
    let observed = ObservedDriver(driver, record, environment)
    self.driver = observed
    return observed
  }

  func configure(_ info: inout FrameworkInfo) { inner.configure(&info) }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    let driver = note(.registered(frameworkID), driver)
    inner.registered(driver, frameworkID: frameworkID, masterInfo: masterInfo)
  }

  func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) {
    inner.reregistered(note(.reregistered, driver), masterInfo: masterInfo)
  }

  func disconnected(_ driver: any SchedulerDriver) {
    inner.disconnected(note(.disconnected, driver))
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    inner.resourceOffers(note(.resourceOffers(offers), driver), offers: offers)
  }

  func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    inner.offerRescinded(note(.offerRescinded(offerID), driver), offerID: offerID)
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    inner.statusUpdate(note(.statusUpdate(status), driver), status: status)
  }

  func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {
    let driver = note(.frameworkMessage(executorID, slaveID, data), driver)
    inner.frameworkMessage(driver, executorID: executorID, slaveID: slaveID, data: data)
  }

  func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    inner.slaveLost(note(.slaveLost(slaveID), driver), slaveID: slaveID)
  }

  func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    let driver = note(.executorLost(executorID, slaveID, status: status), driver)
    inner.executorLost(driver, executorID: executorID, slaveID: slaveID, status: status)
  }

  func error(_ driver: any SchedulerDriver, message: String) {
    inner.error(note(.error(message), driver), message: message)
  }
}

/// A driver whose calls are written down before they are made.
final class ObservedDriver: SchedulerDriver {
  let inner: any SchedulerDriver
  private let record: FrameworkRecord
  private let environment: any Environment

  init(_ inner: any SchedulerDriver, _ record: FrameworkRecord, _ environment: any Environment) {
    self.inner = inner
    self.record = record
    self.environment = environment
  }

  private func note(_ call: DriverCall) { record.add(.call(call), at: environment.now) }

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
