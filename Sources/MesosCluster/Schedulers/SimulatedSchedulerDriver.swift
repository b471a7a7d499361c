// Part of mesosim. Apache-2.0, see LICENSE.
//
// The driver of a scheduler (Rules 3.4; Mesos: `sched/sched.cpp`): connects it to the leader,
// says things on its behalf, and tells it only what it may hear.

package import Mesos
import SimulationKernel
import VirtualTime

/// The `SchedulerDriver` of a simulation, in whatever surroundings.
//
// Generic, so that in a cluster what it asks of its host is called directly.
package final class SimulatedSchedulerDriver<Host: DriverHost>: SchedulerDriver {
  // One thread, and no two of these are ever touched by one expression.
  @exclusivity(unchecked) package private(set) var status = DriverStatus.notStarted
  @exclusivity(unchecked) package private(set) var isConnected = false
  /// How it has ended, if it has.
  package private(set) var ending: DriverEnding?
  /// The framework's id, once it has one.
  private(set) var id: FrameworkID?
  private let framework: FrameworkIndex
  private let incarnation: Incarnation
  /// The number under which masters and slaves know the framework.
  private let number: FrameworkIndex
  private var info: FrameworkInfo
  private let credential: Credential?
  private let acknowledgesExplicitly: Bool
  /// Whether all launches make slaves known to it, and what Mesos ends the process for ends it.
  private let followsMesos1_11: Bool
  private unowned let cluster: Host

  /// The master that leads, as far as the driver has been told.
  @exclusivity(unchecked) private var leader: MasterIndex?
  /// Whether the driver has ever been connected: from then on it no longer takes over by force.
  private var wasConnected = false
  private var hasID = false
  /// Roles in which no offers are wanted, for the next subscription.
  private var suppressed: [Role] = []
  /// Roles in which the scheduler wants no offers now, also where the next subscription will not
  /// tell.
  private(set) var unwanted: [Role] = []
  /// Whether something changed while there was no master: a subscription under way does not tell.
  private var mustUpdate = false
  private var attempts = 0
  /// When to subscribe again, unless an answer has come.
  private var retry: Instant?
  /// Offers that came before the answer to the last subscription, which they may have overtaken.
  private var missed = OfferIDs()
  /// Slaves that a launch went to: messages to their executors go there directly.
  private var knownSlaves: Set<SlaveID> = []

  @exclusivity(unchecked) private var isInCallback = false
  /// Declines of one callback with one filter, which travel as one message: a framework that can
  /// use one offer of forty says so forty times.
  @exclusivity(unchecked) private var declined = OfferIDs()
  @exclusivity(unchecked) private var declinedFilters = Filters()
  /// How many blocks the last message had, which the next will be about.
  @exclusivity(unchecked) private var declinedLast = 0

  package init(
    framework: FrameworkIndex, incarnation: Incarnation, number: FrameworkIndex,
    info: FrameworkInfo, credential: Credential?, acknowledgesExplicitly: Bool, host: Host,
    followsMesos1_11: Bool = false
  ) {
    self.framework = framework
    self.incarnation = incarnation
    self.number = number
    self.info = info
    self.credential = credential
    self.acknowledgesExplicitly = acknowledgesExplicitly
    self.followsMesos1_11 = followsMesos1_11
    hasID = info.id != nil
    id = info.id
    cluster = host
  }

  package func start() -> DriverStatus {
    guard status == .notStarted else { return status }
    status = .running
    cluster.watchLeader(framework)
    return status
  }

  package func stop(failover: Bool) -> DriverStatus {
    switch status {
    case .notStarted, .stopped: return status
    case .running, .aborted:
      sendDeclined()
      // A driver that was aborted before says so one last time (Rules 3.4).
      let answer = status == .aborted ? DriverStatus.aborted : .stopped
      status = .stopped
      if !failover, isConnected { post(.teardown) }
      end(as: failover ? .handedOver : .stopped)
      return answer
    }
  }

  package func abort() -> DriverStatus {
    guard status == .running else { return status }
    deactivate()
    end(as: .aborted)
    return status
  }

  /// Aborts the driver for an error; in the callback that tells the scheduler of it.
  package func fail() {
    if status == .running { deactivate() }
    end(as: .failed)
  }

  private func deactivate() {
    status = .aborted
    sendDeclined()
    if isConnected { post(.deactivate) }
  }

  /// A process ends with its driver, when the callback that it is in has returned.
  private func end(as ending: DriverEnding) {
    self.ending = self.ending ?? ending
    if !isInCallback { cluster.driverEnded(of: framework, incarnation) }
  }

  // MARK: Offers

  package func launchTasks(
    _ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters
  ) -> DriverStatus {
    acceptOffers(offerIDs, tasks.isEmpty ? [] : [.launch(tasks)], filters: filters)
  }

  package func acceptOffers(
    _ offerIDs: [OfferID], _ operations: [OfferOperation], filters: Filters
  ) -> DriverStatus {
    guard status == .running else { return status }
    if followsMesos1_11, operations.contains(where: \.isNamed) {
      // The v0 API has no answer to give (sched.cpp, `acceptOffers`).
      status = .aborted
      end(as: .crashed)
      return status
    }
    guard isConnected else {
      for case .launch(let tasks) in operations {
        for task in tasks { loseLocally(task) }
      }
      return status
    }
    for operation in operations { noteSlaves(of: operation.tasks) }
    return send(.acceptOffers(offerIDs, operations, filters))
  }

  private func noteSlaves(of tasks: [TaskInfo]) {
    for task in tasks where followsMesos1_11 || !task.isOrdinary && task.executor != nil {
      knownSlaves.insert(task.slaveID)
    }
  }

  /// A launch without a master is lost here and now (Rules 6.5).
  private func loseLocally(_ task: TaskInfo) {
    let lost = TaskStatus(
      taskID: task.taskID, state: .lost, message: "Master disconnected", slaveID: task.slaveID,
      timestamp: cluster.now, source: .master, reason: .masterDisconnected)
    cluster.deliverLocally(.statusUpdate(lost), to: framework, incarnation)
  }

  package func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus {
    guard status == .running, isConnected else { return status }
    prepareToDecline(with: filters)
    declined.append(offerID)
    if !isInCallback { sendDeclined() }
    return status
  }

  package func declineOffers(_ offers: Offers, filters: Filters) -> DriverStatus {
    guard status == .running, isConnected, !offers.isEmpty else { return status }
    prepareToDecline(with: filters)
    declined.append(contentsOf: offers)
    if !isInCallback { sendDeclined() }
    return status
  }

  private func prepareToDecline(with filters: Filters) {
    if filters != declinedFilters { sendDeclined() }
    declinedFilters = filters
    if declined.isEmpty { declined.reserveBlocks(declinedLast) }
  }

  /// Runs a callback; what it declined is on its way when it has returned.
  package func inCallback(_ body: () -> Void) {
    isInCallback = true
    body()
    callbackReturned()
  }

  private func callbackReturned() {
    isInCallback = false
    sendDeclined()
    if ending != nil { cluster.driverEnded(of: framework, incarnation) }
  }

  private func sendDeclined() {
    guard !declined.isEmpty else { return }
    declinedLast = declined.blocks.count
    let ids = declined
    declined = OfferIDs()
    post(.declineOffers(ids, declinedFilters))
  }

  package func reviveOffers(roles: [Role]?) -> DriverStatus {
    guard status == .running, roles?.isEmpty != true else { return status }
    if let roles {
      suppressed.removeAll(where: roles.contains)
      unwanted.removeAll(where: roles.contains)
    } else {
      suppressed = []
      unwanted = []
    }
    if !isConnected { mustUpdate = true }
    return send(.reviveOffers(roles ?? []))
  }

  package func suppressOffers(roles: [Role]?) -> DriverStatus {
    guard status == .running, roles?.isEmpty != true else { return status }
    // As in Mesos the suppression of a framework with a single role, which is not in `roles`, does
    // not survive its next registration (Rules 13.7).
    for role in roles ?? info.roles where !suppressed.contains(role) { suppressed.append(role) }
    for role in roles ?? info.effectiveRoles where !unwanted.contains(role) {
      unwanted.append(role)
    }
    if !isConnected { mustUpdate = true }
    return send(.suppressOffers(roles ?? []))
  }

  // MARK: Other calls

  package func killTask(_ taskID: TaskID) -> DriverStatus { send(.killTask(taskID, nil)) }

  package func reconcileTasks(_ tasks: [TaskQuery]) -> DriverStatus { send(.reconcileTasks(tasks)) }

  package func requestResources(_ requests: [Request]) -> DriverStatus {
    send(.requestResources(requests))
  }

  package func sendFrameworkMessage(
    _ executorID: ExecutorID, _ slaveID: SlaveID, _ data: [UInt8]
  ) -> DriverStatus {
    guard status == .running, isConnected else { return status }
    sendDeclined()
    if knownSlaves.contains(slaveID),
      cluster.sendDirectly(data, to: executorID, on: slaveID, from: framework, number)
    {
      return status
    }
    return send(.frameworkMessage(executorID, slaveID, data))
  }

  package func updateFramework(_ new: FrameworkInfo, suppressedRoles: [Role]) -> DriverStatus {
    guard status == .running else { return status }
    guard let id, new.id == id else {
      let message =
        id == nil
        ? "updateFramework before the framework is registered"
        : "updateFramework with id '\(new.id?.value ?? "")', registered is '\(id?.value ?? "")'"
      // The process ends with the callback that tells of it.
      deactivate()
      cluster.deliverLocally(.error(message), to: framework, incarnation)
      return status
    }
    // Left out, they are as the driver filled them in at the start.
    let (user, hostname) = (info.user, info.hostname)
    info = new
    if info.user.isEmpty { info.user = user }
    if info.hostname.isEmpty { info.hostname = hostname }
    suppressed = suppressedRoles
    unwanted = suppressed
    if !isConnected { mustUpdate = true }
    return send(.updateFramework(info, suppressed: suppressedRoles))
  }

  package func acknowledgeStatusUpdate(_ update: TaskStatus) -> DriverStatus {
    if acknowledgesExplicitly {
      acknowledge(update)
    } else if followsMesos1_11, status == .running {
      status = .aborted
      end(as: .crashed)
    }
    return status
  }

  /// Acknowledges an update whose callback has returned, unless the callback ended the driver.
  package func acknowledgeImplicitly(_ update: TaskStatus) {
    if !acknowledgesExplicitly { acknowledge(update) }
  }

  private func acknowledge(_ update: TaskStatus) {
    if let seen = Acknowledgement(update) { send(.acknowledge(seen)) }
  }

  @discardableResult
  private func send(_ call: consuming SchedulerCall) -> DriverStatus {
    guard status == .running, isConnected else { return status }
    sendDeclined()
    post(consume call)
    return status
  }

  private func post(_ call: consuming SchedulerCall) {
    guard let leader else { return }
    cluster.call(consume call, from: framework, number, incarnation, to: leader)
  }
}

// MARK: - Connecting

extension SimulatedSchedulerDriver {
  /// The detector says who leads; true when the scheduler must be told that it is disconnected.
  package func detect(_ new: MasterIndex?) -> Bool {
    guard status == .running else { return false }
    let wasConnected = isConnected
    leader = new
    isConnected = false
    declined = OfferIDs()
    missed = OfferIDs()
    attempts = 0
    retry = nil
    if new != nil { subscribe() }
    return wasConnected
  }

  /// Subscribes, and again after a random delay until an answer comes (Rules R3.4).
  package func subscribe() {
    guard status == .running, !isConnected, leader != nil else { return }
    var introduced = info
    introduced.id = id
    post(
      .subscribe(
        Subscription(
          introduced, isForced: hasID && !wasConnected, suppressed: suppressed,
          credential: credential)))
    attempts += 1
    var most = 60.0
    if info.failoverTimeoutSeconds > 0 { most = min(most, info.failoverTimeoutSeconds / 10) }
    let window = min(most, 2 * Double(1 << min(attempts - 1, 6)))
    let delay = window * cluster.backoff(of: framework, incarnation)
    let instant = cluster.now + .rounded(seconds: max(delay, 0.001))
    retry = instant
    cluster.scheduleRetry(of: framework, incarnation, at: instant)
  }

  /// The time to subscribe again has come, unless it is not wanted any more.
  package func retryIfDue() {
    guard let due = retry, due <= cluster.now else { return }
    retry = nil
    subscribe()
  }

  /// The master has taken the framework on; false for a repetition, which is not called back.
  package func connected(as id: FrameworkID) -> Bool {
    guard !isConnected else { return false }
    isConnected = true
    wasConnected = true
    unwanted = suppressed
    retry = nil
    attempts = 0
    self.id = id
    info.id = id
    if mustUpdate {
      mustUpdate = false
      post(.updateFramework(info, suppressed: suppressed))
    }
    if !missed.isEmpty {
      post(.declineOffers(missed, Filters(refuseSeconds: 0)))
      missed = OfferIDs()
    }
    if cluster.isConnectionBroken(framework) { cluster.notifyOfLeader(scheduler: framework) }
    return true
  }

  /// Whether it waits for the answer of this master.
  package func isSubscribing(to master: MasterIndex) -> Bool {
    status == .running && !isConnected && leader == master
  }

  /// Takes note of offers that the scheduler does not hear of (Rules R3.2): else the master would
  /// hold them for open.
  package func miss(_ offers: Offers) { missed.append(contentsOf: offers) }

  /// Whether a message of a master may be heard: only of the one that leads (Rules R3.2).
  package func hears(_ master: MasterIndex) -> Bool { status == .running && leader == master }
}
