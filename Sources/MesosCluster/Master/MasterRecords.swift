// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master remembers of each slave and each framework.

import Mesos
import VirtualTime

/// A slave as the master knows it.
struct SlaveRecord {
  enum State: UInt8 {
    /// Never heard of, or gone.
    case absent
    /// Known from the registry after a failover, not yet back.
    case recovered
    /// Its connection broke; it has time to come back.
    case disconnected
    /// Registered.
    case connected

    /// Whether its tasks are in the books.
    var isRegistered: Bool { self == .connected || self == .disconnected }
  }

  var state = State.absent { didSet { changed() } }
  /// The id it has, or, once it is gone, had.
  var id: SlaveID? { didSet { changed() } }
  var info = SlaveInfo(hostname: "", resources: Resources()) { didSet { changed() } }
  /// The number of what offers say of it, if that has been looked up and is like of most others.
  var face = SlaveRecord.unknownFace
  /// What snapshots show of it, made when one is taken: one that has not changed since is not
  /// copied again.
  var shown: MasterSnapshot.Slave?
  /// What it has, as divided up by operations, with what is oversubscribed.
  var total = Resources() { didSet { shown = nil } }
  /// The part of `total` that is offered although others hold it.
  var oversubscribed = Resources()
  var executors: [ExecutorRecord] = [] { didSet { face = SlaveRecord.unknownFace } }
  /// Its tasks, as a list through the task table.
  var tasks = SlotList()
  /// Kills that were asked for, until the task is gone: sent again when the slave comes back.
  var kills: [Kill] = []
  /// Its open offers, but for one in a run.
  var openOffers = SlotList()
  /// Offers that were rescinded because a launch overtook them, until none can come on them.
  var overtakenOffers = SlotList()
  var watch = SlaveWatch()
  /// Counts what was launched on it and what became free, where offers may overlap.
  var version: UInt32 = 0
  /// When it will be down for maintenance.
  var unavailability: Unavailability? { didSet { changed() } }
  /// Whether an operator is emptying it.
  var isDraining = false { didSet { changed() } }
  /// How an operator has it run dry, and since when; only as in Mesos 1.11.
  var drain: MasterSnapshot.Drain? { didSet { shown = nil } }
  /// When it was taken on.
  var registeredAt = Instant.start { didSet { shown = nil } }
  /// When it came back last.
  var reregisteredAt: Instant? { didSet { shown = nil } }

  static let unknownFace: Int32 = -1

  /// Neither offers nor snapshots show it as they did.
  private mutating func changed() {
    face = SlaveRecord.unknownFace
    shown = nil
  }

  struct Kill {
    let framework: FrameworkIndex
    let task: TaskID
  }

  /// Whether offers of it are made and answers to them are valid.
  var isActive: Bool { state == .connected && !isDraining }
}

/// An executor of a framework's own that the master holds for alive.
struct ExecutorRecord {
  let framework: FrameworkIndex
  let info: ExecutorInfo
  let role: Role
}

/// A framework as the master knows it.
struct FrameworkRecord {
  enum State: UInt8 {
    /// Never heard of.
    case unknown
    /// Known from slaves that came back after a failover; its scheduler is not back yet.
    case recovered
    /// Its scheduler's connection broke; it has its failover timeout to come back.
    case disconnected
    /// Connected, wants no offers: its driver was aborted.
    case inactive
    /// Connected.
    case active
    /// Gone for good.
    case removed

    /// Whether what is said to it is heard.
    var isConnected: Bool { self == .active || self == .inactive }
    /// Whether it has not ended.
    var isKnown: Bool { self != .unknown && self != .removed }
  }

  var state = State.unknown
  var id = FrameworkID("")
  /// How it introduced itself, with its id.
  var info = FrameworkInfo(name: "")
  /// The process that speaks for it.
  var incarnation: Incarnation = 0
  var failoverDeadline: Instant?
  /// Its tasks, as a list through the task table.
  var taskList = SlotList()
  /// Tasks of slaves that were given up and may come back with them: their ids stay taken.
  ///
  /// Only where lost slaves are readmitted.
  var unreachableTasks: [TaskID: SlaveIndex] = [:]
  /// What is shown of those; only as in Mesos 1.11.
  var unreachableShown: [EndedTask] = []
  /// Whether its scheduler speaks the v1 API.
  var speaksV1 = false
  /// The address of its scheduler, where that is said.
  var pid: String?
  /// Which slaves it wants to be offered, by role; `nil` for all.
  var constraints: OfferConstraints?
  /// When it was taken on.
  var registeredAt = Instant.start
  /// When its scheduler came back last.
  var reregisteredAt: Instant?
  /// Tasks that have ended and been acknowledged: the newest only.
  var completedTasks = CompletedTasks()
}

/// A task that has ended and been acknowledged.
struct CompletedTask {
  let framework: FrameworkIndex
  let slave: SlaveIndex
  let id: TaskID
  let slaveID: SlaveID
  let state: TaskState
  let role: Role
  let executor: ExecutorID?
  @Packed var resources: Resources
  /// All that is shown of it, with its name and history; only as in Mesos 1.11.
  var shown: EndedTask?

  @inline(__always)
  init(
    framework: FrameworkIndex, slave: SlaveIndex, id: TaskID, slaveID: SlaveID, state: TaskState,
    role: Role, executor: ExecutorID?, resources: Resources, shown: EndedTask?
  ) {
    self.framework = framework
    self.slave = slave
    self.id = id
    self.slaveID = slaveID
    self.state = state
    self.role = role
    self.executor = executor
    _resources = Packed(wrappedValue: resources)
    self.shown = shown
  }

  init(_ task: MasterSnapshot.Task) {
    self.init(
      framework: task.framework, slave: task.slave, id: task.id, slaveID: task.slaveID,
      state: task.state, role: task.role, executor: task.executor, resources: task.resources,
      shown: EndedTask(task))
  }

  /// What operators see of it.
  func view(frameworkID: FrameworkID) -> MasterSnapshot.Task {
    if let shown { return shown.task }
    return MasterSnapshot.Task(
      framework: framework, slave: slave, id: id, name: id.value, executor: executor, role: role,
      resources: resources, state: state, statuses: [], details: nil, frameworkID: frameworkID,
      slaveID: slaveID)
  }
}

/// What is shown of a task that is no longer tracked.
final class EndedTask: Sendable {
  let task: MasterSnapshot.Task
  init(_ task: MasterSnapshot.Task) { self.task = task }
}

/// The tasks of a framework that completed last: a ring, as the oldest makes room for the newest.
struct CompletedTasks {
  private var ring: [CompletedTask] = []
  private var oldest = 0

  /// What operators see of them, oldest first.
  func views(frameworkID: FrameworkID) -> [MasterSnapshot.Task] {
    (ring[oldest...] + ring[..<oldest]).map { $0.view(frameworkID: frameworkID) }
  }

  // Taken over rather than copied: there is one for each task.
  @inline(__always)
  mutating func add(_ task: consuming CompletedTask, atMost limit: Int) {
    guard ring.count == limit else { return ring.append(consume task) }
    ring[oldest] = consume task
    oldest = oldest + 1 == limit ? 0 : oldest + 1
  }
}
