// Part of mesosim. Apache-2.0, see LICENSE.
//
// A stage for one scheduler without a cluster: a driver that notes what it is asked, and an
// environment whose clock the test moves.

import Mesos
import VirtualTime

/// Notes every call; the test reads and clears `calls`.
final class NotingDriver: SchedulerDriver {
  var status = DriverStatus.running
  var calls: [String] = []
  var launched: [TaskInfo] = []
  /// All operations accepted, launches included.
  var operations: [OfferOperation] = []

  private func note(_ call: String) -> DriverStatus {
    calls.append(call)
    return status
  }

  func start() -> DriverStatus { note("start") }
  func stop(failover: Bool) -> DriverStatus {
    status = .stopped
    return note("stop")
  }
  func abort() -> DriverStatus {
    status = .aborted
    return note("abort")
  }
  func launchTasks(
    _ offerIDs: [OfferID], _ tasks: [TaskInfo], filters: Filters
  ) -> DriverStatus {
    launched += tasks
    let ids = tasks.map(\.taskID.value).joined(separator: " ")
    return note("launch \(offerIDs.map(\.value).joined(separator: ",")): \(ids)")
  }
  func acceptOffers(
    _ offerIDs: [OfferID], _ operations: [OfferOperation], filters: Filters
  ) -> DriverStatus {
    self.operations += operations
    launched += operations.flatMap(\.tasks)
    let words = operations.map(\.testDescription).joined(separator: ", ")
    return note("accept \(offerIDs.map(\.value).joined(separator: ",")): \(words)")
  }
  func declineOffer(_ offerID: OfferID, filters: Filters) -> DriverStatus {
    note("decline \(offerID) for \(filters.refuseSeconds) s")
  }
  /// Whether offers that are declined together are noted as one call, unseen, by their indices.
  var notesDeclinesTogether = false
  func declineOffers(_ offers: Offers, filters: Filters) -> DriverStatus {
    if notesDeclinesTogether {
      return offers.isEmpty ? status : note("decline \(offers.indices) together")
    }
    for offer in offers { _ = declineOffer(offer.id, filters: filters) }
    return status
  }
  func killTask(_ taskID: TaskID) -> DriverStatus { note("kill \(taskID)") }
  func reviveOffers(roles: [Role]?) -> DriverStatus { note("revive") }
  func suppressOffers(roles: [Role]?) -> DriverStatus { note("suppress") }
  func reconcileTasks(_ tasks: [TaskQuery]) -> DriverStatus { note("reconcile \(tasks.count)") }
  func acknowledgeStatusUpdate(_ status: TaskStatus) -> DriverStatus {
    note("acknowledge \(status.taskID)")
  }
  func requestResources(_ requests: [Request]) -> DriverStatus { note("request") }
  func sendFrameworkMessage(
    _ executorID: ExecutorID, _ slaveID: SlaveID, _ data: [UInt8]
  ) -> DriverStatus {
    note("message to \(executorID) on \(slaveID)")
  }
  func updateFramework(_ info: FrameworkInfo, suppressedRoles: [Role]) -> DriverStatus {
    note("update framework")
  }

  func takeCalls() -> [String] {
    defer { calls = [] }
    return calls
  }
}

extension OfferOperation {
  /// The operation in a word, with what it names.
  fileprivate var testDescription: String {
    switch self {
    case .launch(let tasks): "launch \(tasks.map(\.taskID.value).joined(separator: " "))"
    case .launchGroup(_, let group): "launch group of \(group.tasks.count)"
    case .reserve(let resources): "reserve \(resources)"
    case .unreserve(let resources): "unreserve \(resources)"
    case .create(let volumes): "create \(volumes)"
    case .destroy(let volumes): "destroy \(volumes)"
    case .growVolume, .shrinkVolume, .named, .malformed, .unknown: "operation no framework makes"
    }
  }
}

/// Notes what an executor says.
final class NotingExecutorDriver: ExecutorDriver {
  var status = DriverStatus.running
  var calls: [String] = []

  private func note(_ call: String) -> DriverStatus {
    calls.append(call)
    return status
  }

  func start() -> DriverStatus { note("start") }
  func stop() -> DriverStatus { note("stop") }
  func abort() -> DriverStatus { note("abort") }
  func sendStatusUpdate(_ status: TaskStatus) -> DriverStatus {
    note("\(status.taskID) \(status.state)")
  }
  func sendFrameworkMessage(_ data: [UInt8]) -> DriverStatus {
    note("message \(String(decoding: data, as: UTF8.self))")
  }

  func takeCalls() -> [String] {
    defer { calls = [] }
    return calls
  }
}

/// A clock and timers moved by `advance`; the journal is noted like the driver's calls.
final class HandEnvironment: Environment, Journal {
  private(set) var now = Instant.start
  let epoch: Int64 = 0
  var journal: any Journal { self }
  /// What earlier processes have left; a test hands it on.
  let store: any Store
  var notes: [String] = []
  private var timers: [(id: TimerID, due: Instant, action: () -> Void)] = []
  private var timersMade: UInt64 = 0

  init(store: any Store = MemoryStore()) { self.store = store }

  func startTimer(after delay: Duration, _ action: @escaping () -> Void) -> TimerID {
    timersMade += 1
    timers.append((TimerID(timersMade), now + delay, action))
    return TimerID(timersMade)
  }

  func cancelTimer(_ timer: TimerID) { timers.removeAll { $0.id == timer } }

  func advance(toSecond second: Int) {
    let target = Instant.start + .seconds(second)
    while let next = timers.filter({ $0.due <= target }).min(by: { $0.due < $1.due }) {
      timers.removeAll { $0.id == next.id }
      now = max(now, next.due)
      next.action()
    }
    now = target
  }

  func random(named name: String) -> any RandomSource { Zero() }

  private final class Zero: RandomSource {
    func uniform() -> Double { 0 }
    func integer(below bound: Int) -> Int { 0 }
  }

  func jobSubmitted(_ job: JobID, name: String) { notes.append("submitted \(name)") }
  func jobFinished(_ job: JobID) { notes.append("finished \(job)") }
  func jobAbandoned(_ job: JobID) { notes.append("abandoned \(job)") }
  func demand(_ shape: Resources, delta: Int) {
    if delta != 0 { notes.append("demand \(delta)") }
  }
  func launching(_ task: TaskID, of job: JobID, runnableSince: Instant) {
    notes.append("launching \(task) waiting since \(Int(runnableSince.seconds))")
  }

  func wanted(_ group: GroupID, count: Int) { notes.append("wanted \(count) of \(group)") }
  func up(_ task: TaskID, of group: GroupID) { notes.append("up \(task) of \(group)") }

  func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }
}

/// An offer of one slave.
func makeOffer(_ number: Int, cpus: Double, mem: Double = 8192, slave: SlaveID = "s0") -> Offer {
  Offer(
    id: OfferID(master: "m", number: number), frameworkID: "f", slaveID: slave, hostname: "host",
    resources: Resources(cpus: cpus, mem: mem))
}

/// An offer of one slave of anything, in a role.
func makeOffer(
  _ number: Int, of resources: String, role: Role = .unreserved, slave: SlaveID = "s0",
  executors: [ExecutorID] = []
) throws -> Offer {
  var offer = Offer(
    id: OfferID(master: "m", number: number), frameworkID: "f", slaveID: slave, hostname: "host",
    role: role, resources: try Resources(parsing: resources))
  offer.executorIDs = executors
  return offer
}

/// Offers of one run, numbered from 0, of slaves with these cpus each; only those that are shown
/// may be looked at.
func makeRun(cpus: [Double], shown: Range<Int>? = nil) -> Offers {
  let directory = OfferedSlaves()
  for slave in shown ?? cpus.indices {
    _ = directory.append(SlaveFace(slaveID: SlaveID("s\(slave)"), hostname: "host"))
  }
  var shapes: [Double] = []
  for shape in cpus where !shapes.contains(shape) { shapes.append(shape) }
  return Offers(
    OfferRun(
      master: "m", firstNumber: 0, frameworkID: "f", role: .unreserved,
      faces: cpus.indices.map { Int32($0) }, directory: directory,
      shapes: shapes.map { Resources(cpus: $0, mem: 8192) },
      shapeOf: shapes.count == 1 ? [] : cpus.map { UInt16(shapes.firstIndex(of: $0) ?? 0) }))
}

extension Scheduler {
  /// Tells the scheduler that it is registered.
  func register(_ driver: NotingDriver) {
    registered(driver, frameworkID: "f", masterInfo: MasterInfo(id: "m", hostname: "h"))
  }

  /// Tells the scheduler of a task's state.
  func update(
    _ driver: NotingDriver, _ task: TaskID, _ state: TaskState, reason: StatusReason? = nil,
    slave: SlaveID? = "s0"
  ) {
    statusUpdate(
      driver,
      status: TaskStatus(
        taskID: task, state: state, slaveID: slave, timestamp: .start, source: .executor,
        reason: reason))
  }
}
