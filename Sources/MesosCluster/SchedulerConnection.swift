// Part of mesosim. Apache-2.0, see LICENSE.
//
// One framework's side of the wire: its scheduler, the simulated driver and the environment.

import Mesos
import VirtualTime

/// A framework's scheduler with its driver and environment: one incarnation.
final class SchedulerConnection {
  let driver: SimulatedSchedulerDriver
  let environment: SimulatedEnvironment
  private let scheduler: any Scheduler

  init(index: FrameworkIndex, setup: ClusterSetup.Framework, cluster: Cluster) {
    environment = SimulatedEnvironment(
      framework: index, name: setup.info.name, cluster: cluster)
    driver = SimulatedSchedulerDriver(framework: index, info: setup.info, cluster: cluster)
    scheduler = setup.makeScheduler(environment)
  }

  /// Runs the timer whose instant has come.
  func fire(_ timer: UInt32) {
    driver.inCallback { environment.fire(timer) }
  }

  /// Delivers one message of the master as a callback.
  func receive(_ message: SchedulerMessage) {
    // Nothing is called after stop or abort has returned.
    guard driver.status == .running else { return }
    driver.inCallback { deliver(message) }
  }

  private func deliver(_ message: SchedulerMessage) {
    switch message {
    case .registered(let id, let master):
      scheduler.registered(driver, frameworkID: id, masterInfo: master)
    case .resourceOffers(let offers): scheduler.resourceOffers(driver, offers: offers)
    case .rescindOffer(let offer): scheduler.offerRescinded(driver, offerID: offer)
    case .statusUpdate(let status):
      environment.observe(status)
      scheduler.statusUpdate(driver, status: status)
      driver.acknowledge(status)
    case .error(let text):
      _ = driver.abort()
      scheduler.error(driver, message: text)
    }
  }
}

/// The `SchedulerDriver` of a simulation (mesos.md section 3.4; Mesos: `sched/sched.cpp`).
final class SimulatedSchedulerDriver: SchedulerDriver {
  private(set) var status = DriverStatus.notStarted
  private let framework: FrameworkIndex
  private let info: FrameworkInfo
  private unowned let cluster: Cluster
  private var isInCallback = false
  /// Declines of one callback with one filter, which travel as one message: a framework that can
  /// use one offer of forty says so forty times.
  private var declined: [OfferID] = []
  private var declinedFilters = Filters()

  init(framework: FrameworkIndex, info: FrameworkInfo, cluster: Cluster) {
    self.framework = framework
    self.info = info
    self.cluster = cluster
  }

  func start() -> DriverStatus {
    guard status == .notStarted else { return status }
    status = .running
    return send(.register(info))
  }

  func stop(failover: Bool) -> DriverStatus {
    switch status {
    case .notStarted, .stopped: return status
    case .running, .aborted:
      sendDeclined()
      cluster.call(failover ? .deactivate : .unregister, from: framework)
      // A driver that was aborted before says so one last time (mesos.md 3.4).
      defer { status = .stopped }
      return status == .aborted ? .aborted : .stopped
    }
  }

  func abort() -> DriverStatus {
    guard status == .running else { return status }
    status = .aborted
    sendDeclined()
    cluster.call(.deactivate, from: framework)
    return status
  }

  func launchTasks(
    _ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters
  ) -> DriverStatus {
    send(.launchTasks(offerIDs, tasks, filters))
  }

  func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus {
    guard status == .running else { return status }
    if filters != declinedFilters { sendDeclined() }
    declinedFilters = filters
    declined.append(offerID)
    if !isInCallback { sendDeclined() }
    return status
  }

  /// Runs a callback; what it declined is on its way when it has returned.
  func inCallback(_ body: () -> Void) {
    isInCallback = true
    body()
    isInCallback = false
    sendDeclined()
  }

  private func sendDeclined() {
    guard !declined.isEmpty else { return }
    cluster.call(.declineOffers(declined, declinedFilters), from: framework)
    declined = []
  }

  func killTask(_ taskID: TaskID) -> DriverStatus { send(.killTask(taskID)) }

  func reviveOffers() -> DriverStatus { send(.reviveOffers) }

  func suppressOffers() -> DriverStatus { send(.suppressOffers) }

  /// Acknowledges an update whose callback has returned, unless the callback ended the driver.
  func acknowledge(_ update: TaskStatus) {
    guard let uuid = update.uuid, let slave = update.slaveID else { return }
    send(.acknowledge(slave, update.taskID, uuid))
  }

  @discardableResult
  private func send(_ call: SchedulerCall) -> DriverStatus {
    guard status == .running else { return status }
    sendDeclined()
    cluster.call(call, from: framework)
    return status
  }
}
