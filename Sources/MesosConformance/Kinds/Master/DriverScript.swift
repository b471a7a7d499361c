// Part of mesosim. Apache-2.0, see LICENSE.
//
// A process with our scheduler driver, in the surroundings of a case: what it says goes to the
// master of the case, what it is told becomes callbacks, and callbacks become events.

import Mesos
import MesosCluster
import MesosOperator
import MesosV1
import VirtualTime

/// A process of a case that drives a framework.
final class DriverProcess: DriverHost, Scheduler {
  let name: String
  private unowned let replay: MasterReplay
  /// What is called within which callback.
  private let hooks: [String: String]
  private let framework: FrameworkIndex
  private let incarnation: Incarnation
  private var driver: SimulatedSchedulerDriver<DriverProcess>?
  private var isJoining = false
  /// Whether the process has ended.
  private(set) var hasEnded = false

  init(
    _ name: String, _ info: FrameworkInfo, _ framework: FrameworkIndex, _ incarnation: Incarnation,
    hooks: [String: String], acknowledgesExplicitly: Bool, _ replay: MasterReplay
  ) {
    self.name = name
    self.replay = replay
    self.hooks = hooks
    self.framework = framework
    self.incarnation = incarnation
    driver = SimulatedSchedulerDriver(
      framework: framework, incarnation: incarnation, number: framework, info: info,
      credential: nil, acknowledgesExplicitly: acknowledgesExplicitly, host: self,
      followsMesos1_11: true)
  }

  private func note(_ callback: String, _ members: [(String, JSONValue?)] = []) {
    replay.note(EventForm.object([("callback", .text(callback))] + members), to: name)
  }

  // MARK: Calls

  /// Makes a call; what it returned.
  func call(_ op: String, _ arguments: JSONValue) throws -> String? {
    guard let driver, !hasEnded else { return nil }
    if op == "join" {
      if driver.status == .running { isJoining = true } else { noteJoin(driver) }
      return nil
    }
    if op == "quit" {
      quit()
      return "(process ended)"
    }
    let status = try make(op, arguments, driver)
    if driver.ending == .crashed {
      quit()
      return "(process ended)"
    }
    noteEndOfJoin()
    return status.word
  }

  private func noteJoin(_ driver: SimulatedSchedulerDriver<DriverProcess>) {
    note("(join returns)", [("status", .number(driver.status.rawValue))])
  }

  private func noteEndOfJoin() {
    guard isJoining, let driver, driver.status != .running else { return }
    isJoining = false
    noteJoin(driver)
  }

  private func quit() {
    hasEnded = true
    note("(process ended)")
    replay.driverQuit(name)
  }

  private func make(
    _ op: String, _ arguments: JSONValue, _ driver: SimulatedSchedulerDriver<DriverProcess>
  ) throws -> DriverStatus {
    func text(_ key: String) -> String { arguments[key]?.string ?? "" }
    switch op {
    case "start": return driver.start()
    case "stop":
      let failover = arguments["failover"]?.bool ?? arguments.array?.first?.bool
      return driver.stop(failover: failover ?? false)
    case "abort": return driver.abort()
    case "launchTasks", "acceptOffers":
      let (ids, operations, filters) = try V1Messages.operations(arguments)
      if op == "acceptOffers" {
        return driver.acceptOffers(ids, operations, filters: filters)
      }
      return driver.launchTasks(ids, operations.flatMap(\.tasks), filters: filters)
    case "declineOffer":
      let seconds = arguments["filters"]?["refuse_seconds"]?.double
      return driver.declineOffer(
        SchedulerCalls.offerID(text("offer")),
        filters: seconds.map { Filters(refuseSeconds: $0) } ?? Filters())
    case "killTask": return driver.killTask(TaskID(text("task")))
    case "reconcileTasks":
      let queries = (arguments["statuses"]?.array ?? []).map { status in
        TaskQuery(
          TaskID(status["task_id"]?["value"]?.string ?? ""),
          on: status["agent_id"]?["value"]?.string.map { SlaveID($0) })
      }
      return driver.reconcileTasks(queries)
    case "requestResources": return driver.requestResources([])
    case "reviveOffers":
      return driver.reviveOffers(roles: arguments["roles"]?.array?.map { Role($0.string ?? "") })
    case "suppressOffers":
      return driver.suppressOffers(roles: arguments["roles"]?.array?.map { Role($0.string ?? "") })
    case "sendFrameworkMessage":
      return driver.sendFrameworkMessage(
        ExecutorID(text("executor")), SlaveID(text("agent")),
        V1Bytes.bytes(of: text("data")) ?? [])
    case "acknowledgeStatusUpdate":
      let status = arguments["status"] ?? .object([:])
      let uuid = status["uuid"]?.string.flatMap { V1Bytes.bytes(of: $0) }.flatMap { UpdateID($0) }
      return driver.acknowledgeStatusUpdate(
        TaskStatus(
          taskID: TaskID(status["task_id"]?["value"]?.string ?? ""), state: .running,
          slaveID: status["agent_id"]?["value"]?.string.map { SlaveID($0) }, timestamp: now,
          source: .executor, uuid: uuid))
    default: throw CaseInputError("driver call '\(op)' is unknown")
    }
  }

  // MARK: What the master says

  /// Takes what the master says, as the process of a cluster does.
  func receive(_ message: SchedulerMessage) {
    guard let driver, !hasEnded, driver.status == .running else { return }
    driver.inCallback { take(message, driver) }
    noteEndOfJoin()
  }

  private func take(
    _ message: SchedulerMessage, _ driver: SimulatedSchedulerDriver<DriverProcess>
  ) {
    switch message {
    case .registered(let id, let info):
      if driver.connected(as: id) { registered(driver, frameworkID: id, masterInfo: info) }
    case .reregistered(let id, let info):
      if driver.connected(as: id) { reregistered(driver, masterInfo: info) }
    case .error(let text):
      driver.fail()
      error(driver, message: text)
    case .resourceOffers(let offers) where !driver.isConnected: driver.miss(offers)
    case .resourceOffers(let offers): resourceOffers(driver, offers: offers)
    case .frameworkMessage(let executor, let slave, let data):
      frameworkMessage(driver, executorID: executor, slaveID: slave, data: data)
    case _ where !driver.isConnected: break
    case .rescindOffer(let id): offerRescinded(driver, offerID: id)
    case .statusUpdate(let update):
      statusUpdate(driver, status: update)
      driver.acknowledgeImplicitly(update)
    case .slaveLost(let slave): slaveLost(driver, slaveID: slave)
    case .executorLost(let executor, let slave, let status):
      executorLost(driver, executorID: executor, slaveID: slave, status: status)
    case .inverseOffers, .rescindInverseOffer, .operationStatus: break
    }
  }

  /// Notes a callback in the form of an event, and makes the call that is to be made within it.
  private func note(_ callback: String, _ message: SchedulerMessage) {
    let event = EventForm.event(message, V1Reader([], saysAgent: false), isV1: false)
    let members = event?.members?.filter { $0.key != "event" } ?? []
    note(callback, members.map { ($0.key, $0.value) })
    guard let op = hooks[callback], let driver else { return }
    let status: DriverStatus? =
      switch op {
      case "abort": driver.abort()
      case "stop": driver.stop(failover: false)
      default: nil
      }
    if let status { note("(inside) \(op)", [("status", .number(status.rawValue))]) }
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    note("registered", .registered(frameworkID, masterInfo))
  }

  func reregistered(_ driver: any SchedulerDriver, masterInfo: MasterInfo) { note("reregistered") }

  func disconnected(_ driver: any SchedulerDriver) { note("disconnected") }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    note("resourceOffers", .resourceOffers(offers))
  }

  func offerRescinded(_ driver: any SchedulerDriver, offerID: OfferID) {
    note("offerRescinded", .rescindOffer(offerID))
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    note("statusUpdate", .statusUpdate(status))
  }

  func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {
    note("frameworkMessage", .frameworkMessage(executorID, slaveID, data))
  }

  func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    note("slaveLost", .slaveLost(slaveID))
  }

  func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    note("executorLost", .executorLost(executorID, slaveID, status: status))
  }

  func error(_ driver: any SchedulerDriver, message: String) { note("error", .error(message)) }

  // MARK: What is around the driver

  var now: Instant { replay.now }

  func watchLeader(_ framework: FrameworkIndex) { _ = driver?.detect(0) }

  // The process goes on after its driver has ended.
  func driverEnded(of framework: FrameworkIndex, _ incarnation: Incarnation) {}

  func call(
    _ call: consuming SchedulerCall, from framework: FrameworkIndex, _ number: FrameworkIndex,
    _ incarnation: Incarnation, to master: MasterIndex
  ) {
    replay.carry(call, of: name, framework, incarnation)
  }

  func deliverLocally(
    _ message: SchedulerMessage, to framework: FrameworkIndex, _ incarnation: Incarnation
  ) {
    receive(message)
  }

  func sendDirectly(
    _ data: [UInt8], to executor: ExecutorID, on slaveID: SlaveID, from framework: FrameworkIndex,
    _ number: FrameworkIndex
  ) -> Bool {
    replay.carryDirectly(data, to: executor, on: slaveID, from: framework)
  }

  // Retries do not show.
  func backoff(of framework: FrameworkIndex, _ incarnation: Incarnation) -> Double { 0 }
  func scheduleRetry(
    of framework: FrameworkIndex, _ incarnation: Incarnation, at instant: Instant
  ) {}
  func isConnectionBroken(_ framework: FrameworkIndex) -> Bool { false }
  func notifyOfLeader(scheduler: FrameworkIndex) {}
}

extension DriverStatus {
  /// The word of mesos.proto.
  fileprivate var word: String {
    switch self {
    case .notStarted: "DRIVER_NOT_STARTED"
    case .running: "DRIVER_RUNNING"
    case .aborted: "DRIVER_ABORTED"
    case .stopped: "DRIVER_STOPPED"
    }
  }
}
