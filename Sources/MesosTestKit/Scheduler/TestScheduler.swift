// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scheduler alone, in the hands of a test: offers and updates in, calls out, and no cluster
// around it.

public import Mesos
import VirtualTime

/// A scheduler in the hands of a test: it is called by the test, and what it asks of its driver is
/// handed to the test.
///
///     let web = TestScheduler { _ in Web(instances: 1) }
///     web.register()
///     let calls = try web.offer(resources)            // launches a task
///     web.update(web.tasks[0].taskID, .failed)
///
/// Each step returns the calls that it led to; ``history`` has all of them, and what came before
/// each.
public final class TestScheduler {
  /// What the scheduler answers through.
  public let driver = ScriptedDriver()
  /// Its clock, its timers and what it has written down.
  public let environment: TestEnvironment
  /// The scheduler.
  public let scheduler: any Scheduler
  /// How its framework introduces itself.
  public let info: FrameworkInfo
  /// What it heard and said, in order.
  public private(set) var history = History()
  /// The offers that it has not answered, in the order in which they were made.
  public private(set) var offers: [Offer] = []
  private var offersMade = 0

  /// Makes the scheduler; nobody has called it.
  ///
  /// - Parameters:
  ///   - info: How its framework introduces itself, unless it says otherwise.
  ///   - store: What earlier processes have left.
  ///   - make: Makes the scheduler.
  public init(
    _ info: FrameworkInfo = FrameworkInfo(name: "f"), store: any Store = MemoryStore(),
    _ make: (any Environment) -> any Scheduler
  ) {
    environment = TestEnvironment(store: store)
    scheduler = make(environment)
    var info = info
    scheduler.configure(&info)
    self.info = info
    driver.onCall = { [unowned self] in note($0) }
  }

  /// The tasks that it launched, in order.
  public var tasks: [TaskInfo] { driver.launched }

  private func note(_ call: DriverCall) {
    history.append(HistoryEntry(instant: environment.now, content: .call(call)))
    let answered = call.answered
    if !answered.isEmpty { offers.removeAll { answered.contains($0.id) } }
  }

  /// Notes what it is told, tells it, and has what it then calls.
  private func tell(
    _ event: SchedulerCallback, _ call: (any SchedulerDriver) -> Void
  ) -> [DriverCall] {
    let before = driver.calls.count
    history.append(HistoryEntry(instant: environment.now, content: .event(event)))
    call(driver)
    return Array(driver.calls[before...])
  }

  // MARK: What happens

  /// Tells it that it is registered.
  @discardableResult
  public func register(as id: FrameworkID = "f") -> [DriverCall] {
    tell(.registered(id)) {
      scheduler.registered(
        $0, frameworkID: id, masterInfo: MasterInfo(id: "m", hostname: "master"))
    }
  }

  /// Tells it that it is registered with another master, or again.
  @discardableResult
  public func reregister() -> [DriverCall] {
    tell(.reregistered) {
      scheduler.reregistered($0, masterInfo: MasterInfo(id: "n", hostname: "master"))
    }
  }

  /// Tells it that the connection is gone, with which its offers are.
  @discardableResult
  public func disconnect() -> [DriverCall] {
    offers = []
    return tell(.disconnected) { scheduler.disconnected($0) }
  }

  /// Offers it something.
  ///
  /// - Parameters:
  ///   - resources: What is offered, as the flag `--resources` has it.
  ///   - slave: Where; its host is called the same.
  ///   - role: The role that it is offered to.
  ///   - attributes: Of the slave, as the flag `--attributes` has them.
  /// - Returns: What it called its driver with.
  /// - Throws: `ResourceSyntaxError` for what is not written as Mesos reads it.
  @discardableResult
  public func offer(
    _ resources: String, on slave: SlaveID = "s0", role: Role = .unreserved,
    attributes: String = ""
  ) throws -> [DriverCall] {
    offer([
      try makeOffer(resources, on: slave, role: role, attributes: attributes)
    ])
  }

  /// Makes an offer, and does not offer it.
  ///
  /// - Parameters:
  ///   - resources: What is offered, as the flag `--resources` has it.
  ///   - slave: Where; its host is called the same.
  ///   - role: The role that it is offered to.
  ///   - attributes: Of the slave, as the flag `--attributes` has them.
  /// - Returns: The offer, whose ids go up.
  /// - Throws: `ResourceSyntaxError` for what is not written as Mesos reads it.
  public func makeOffer(
    _ resources: String, on slave: SlaveID = "s0", role: Role = .unreserved,
    attributes: String = ""
  ) throws -> Offer {
    let offer = Offer(
      id: OfferID(master: "m", number: offersMade), frameworkID: "f", slaveID: slave,
      hostname: slave.value, role: role, resources: try Resources(parsing: resources),
      attributes: try Attributes(parsing: attributes))
    offersMade += 1
    return offer
  }

  /// Offers it several at once.
  @discardableResult
  public func offer(_ offers: [Offer]) -> [DriverCall] {
    self.offers += offers
    let list = Offers(offers)
    return tell(.resourceOffers(list)) { scheduler.resourceOffers($0, offers: list) }
  }

  /// Takes an offer back.
  @discardableResult
  public func rescind(_ offer: OfferID) -> [DriverCall] {
    offers.removeAll { $0.id == offer }
    return tell(.offerRescinded(offer)) { scheduler.offerRescinded($0, offerID: offer) }
  }

  /// Tells it of a task's state.
  ///
  /// - Parameters:
  ///   - task: The task.
  ///   - state: Its state.
  ///   - reason: Why.
  ///   - slave: Where; where it was launched by default.
  /// - Returns: What it called its driver with.
  @discardableResult
  public func update(
    _ task: TaskID, _ state: TaskState, reason: StatusReason? = nil, on slave: SlaveID? = nil
  ) -> [DriverCall] {
    let place = slave ?? tasks.last { $0.taskID == task }?.slaveID
    return update(
      TaskStatus(
        taskID: task, state: state, slaveID: place, timestamp: environment.now,
        source: .executor, reason: reason))
  }

  /// Tells it of an update.
  @discardableResult
  public func update(_ status: TaskStatus) -> [DriverCall] {
    tell(.statusUpdate(status)) { scheduler.statusUpdate($0, status: status) }
  }

  /// Tells it that a slave is lost.
  @discardableResult
  public func loseSlave(_ slave: SlaveID) -> [DriverCall] {
    tell(.slaveLost(slave)) { scheduler.slaveLost($0, slaveID: slave) }
  }

  /// Tells it that an executor has ended.
  @discardableResult
  public func loseExecutor(
    _ executor: ExecutorID, on slave: SlaveID, status: Int = -1
  ) -> [DriverCall] {
    tell(.executorLost(executor, slave, status: status)) {
      scheduler.executorLost($0, executorID: executor, slaveID: slave, status: status)
    }
  }

  /// Hands it a message of an executor.
  @discardableResult
  public func message(
    _ data: [UInt8], from executor: ExecutorID, on slave: SlaveID
  ) -> [DriverCall] {
    tell(.frameworkMessage(executor, slave, data)) {
      scheduler.frameworkMessage($0, executorID: executor, slaveID: slave, data: data)
    }
  }

  /// Tells it of an error, after which its driver is of no use.
  @discardableResult
  public func fail(_ message: String) -> [DriverCall] {
    driver.status = .aborted
    return tell(.error(message)) { scheduler.error($0, message: message) }
  }

  /// Lets time pass; its timers fire when they are due.
  ///
  /// - Parameter duration: How long; below zero is no time.
  /// - Returns: What it called its driver with meanwhile.
  @discardableResult
  public func advance(by duration: Duration) -> [DriverCall] {
    let before = driver.calls.count
    environment.advance(by: duration)
    return Array(driver.calls[before...])
  }
}
