// Part of mesosim. Apache-2.0, see LICENSE.
//
// One framework's side of the wire: its scheduler, the simulated driver and the environment.

import Mesos
import VirtualTime

/// A framework's scheduler with its driver and environment: one process, one incarnation.
final class SchedulerProcess {
  /// What a process is up to.
  enum State {
    /// There is no such process: its framework has not come yet, or has left.
    case absent
    case running
    /// It stands still, and what arrives waits.
    case paused
    /// It ended, and can be started again.
    case dead
    /// It ended with all done that it was there for.
    case done

    var isAlive: Bool { self == .running || self == .paused }
  }

  let incarnation: Incarnation
  var state = State.running
  private var waitingMessages: [UInt32] = []
  private var waitingTimers: [UInt32] = []
  let index: FrameworkIndex
  /// The number under which masters and slaves know its framework.
  let number: FrameworkIndex
  private unowned let cluster: Cluster
  /// What each process of the framework is made from.
  let setup: ClusterSetup.Framework
  let driver: SimulatedSchedulerDriver<Cluster>
  let environment: SimulatedEnvironment
  /// What the framework's processes have written down.
  let storage: FrameworkStorage
  private let scheduler: any Scheduler

  init(
    index: FrameworkIndex, incarnation: Incarnation, setup: ClusterSetup.Framework,
    storage: FrameworkStorage, cluster: Cluster, after old: SchedulerProcess? = nil,
    makeScheduler: ((any Environment) -> any Scheduler)? = nil
  ) {
    self.incarnation = incarnation
    self.index = index
    self.cluster = cluster
    self.setup = setup
    self.storage = storage
    environment = SimulatedEnvironment(
      framework: index, name: setup.info.name, store: storage.scheduler, cluster: cluster)
    scheduler = (makeScheduler ?? setup.makeScheduler)(environment)
    var info = setup.info
    scheduler.configure(&info)
    if info.hostname.isEmpty { info.hostname = "scheduler-\(index)" }
    if info.user.isEmpty { info.user = "mesos" }
    // Who comes back without an id is another framework to everybody.
    number =
      if let old, info.id != nil || !old.hasEverRun { old.number } else {
        cluster.newNumber(for: index)
      }
    driver = SimulatedSchedulerDriver(
      framework: index, incarnation: incarnation, number: number, info: info,
      credential: setup.credential, acknowledgesExplicitly: setup.acknowledgesExplicitly,
      host: cluster, followsMesos1_11: cluster.setup.master.followsMesos1_11)
  }

  /// Holds the place of a framework that is still to come; its scheduler is not made before.
  convenience init(absent index: FrameworkIndex, setup: ClusterSetup.Framework, cluster: Cluster) {
    final class Nothing: Scheduler {}
    self.init(
      index: index, incarnation: Self.neverRun, setup: setup, storage: FrameworkStorage(),
      cluster: cluster,
      makeScheduler: { _ in Nothing() })
    state = .absent
  }

  private static let neverRun: Incarnation = -1

  /// Whether this is the process of a framework that has come.
  private var hasEverRun: Bool { incarnation != Self.neverRun }

  /// Whether something remains to be done by it, or by a process that is started after it.
  var hasWorkLeft: Bool {
    switch state {
    case .absent, .done: false
    // An operator may have ended its framework.
    case .running, .paused: !environment.isOver
    case .dead: driver.ending != .aborted || setup.restartDelay != nil
    }
  }

  /// Keeps a message until the process goes on.
  func wait(for slot: UInt32) { waitingMessages.append(slot) }

  func takeWaitingMessages() -> [UInt32] {
    defer { waitingMessages = [] }
    return waitingMessages
  }

  func takeWaitingTimers() -> [UInt32] {
    defer { waitingTimers = [] }
    return waitingTimers
  }

  func timerPassed(_ timer: UInt32) {
    switch state {
    case .running: fire(timer)
    case .paused: waitingTimers.append(timer)
    case .absent, .dead, .done: break
    }
  }

  /// Runs the timer whose instant has come.
  func fire(_ timer: UInt32) {
    driver.inCallback { environment.fire(timer) }
  }

  /// The scheduler itself, whoever stands before it to watch.
  var ownScheduler: any Scheduler { (scheduler as? ObservedScheduler)?.inner ?? scheduler }

  /// Calls into the scheduler between two callbacks, as a user of its framework does.
  func enter(_ body: (any Scheduler) -> Void) {
    driver.inCallback { body(ownScheduler) }
  }

  /// Another master leads, or none.
  func detect(_ leader: MasterIndex?) {
    guard driver.detect(leader) else { return }
    driver.inCallback { scheduler.disconnected(driver) }
  }

  /// Delivers what the driver itself has to say.
  func receiveLocally(_ message: SchedulerMessage) {
    switch message {
    case .error(let text): driver.inCallback { tellOfError(text) }
    case .statusUpdate(let update) where driver.status == .running:
      environment.observe(update)
      driver.inCallback { scheduler.statusUpdate(driver, status: update) }
    default: break
    }
  }

  /// Delivers one message as a callback; `master` is `nil` for one straight from a slave.
  func receive(_ message: SchedulerMessage, from master: MasterIndex?) {
    // Nothing is called after stop or abort has returned.
    guard driver.status == .running else { return }
    guard let master else {
      return driver.inCallback { deliver(message) }
    }
    guard driver.hears(master) else { return }
    driver.inCallback {
      switch message {
      case .registered(let id, let info):
        guard driver.connected(as: id) else { return }
        scheduler.registered(driver, frameworkID: id, masterInfo: info)
      case .reregistered(let id, let info):
        guard driver.connected(as: id) else { return }
        scheduler.reregistered(driver, masterInfo: info)
      case .error(let text):
        tellOfError(text)
      case .frameworkMessage: deliver(message)
      case .resourceOffers(let offers) where !driver.isConnected: driver.miss(offers)
      default: if driver.isConnected { deliver(message) }
      }
    }
  }

  /// Tells of an error, with which the driver is aborted and the process ends.
  private func tellOfError(_ text: String) {
    driver.fail()
    scheduler.error(driver, message: text)
  }

  private func deliver(_ message: SchedulerMessage) {
    switch message {
    case .registered, .reregistered, .error: break
    case .resourceOffers(let offers): scheduler.resourceOffers(driver, offers: offers)
    case .rescindOffer(let offer): scheduler.offerRescinded(driver, offerID: offer)
    case .statusUpdate(let update):
      environment.observe(update)
      scheduler.statusUpdate(driver, status: update)
      driver.acknowledgeImplicitly(update)
    case .frameworkMessage(let executor, let slave, let data):
      scheduler.frameworkMessage(driver, executorID: executor, slaveID: slave, data: data)
    case .slaveLost(let slave): scheduler.slaveLost(driver, slaveID: slave)
    case .executorLost(let executor, let slave, let status):
      scheduler.executorLost(driver, executorID: executor, slaveID: slave, status: status)
    // The v0 API has no callback for them.
    case .inverseOffers, .rescindInverseOffer, .operationStatus: break
    }
  }
}
