// Part of mesosim. Apache-2.0, see LICENSE.
//
// The master as a value: a message and a time go in, actions come out. It keeps the books of
// slaves, frameworks, offers and tasks; whom to offer what, it asks its allocator.

public import Mesos
public import MesosAllocation
public import VirtualTime

/// The Mesos master: keeps the books and turns an allocator's decisions into offers.
///
/// Follows mesos.md sections 4 and 6 (Mesos: `master/master.cpp`).
public struct Master {
  /// The master's id, the prefix of all ids it gives.
  public let info: MasterInfo
  /// Whoever decides on offers.
  var allocator: any Allocator

  var slaves: [SlaveRecord] = []
  var slaveIndices: [SlaveID: SlaveIndex] = [:]
  var slavesRegistered = 0
  var frameworks: [FrameworkRecord] = []
  var frameworksRegistered = 0
  var frameworksPresent = 0

  /// Open offers by their number.
  var offers: [Int: OpenOffer] = [:]
  var offersMade = 0
  var tasksLaunched = 0

  /// When `.deadline` wants to be handled next; an instant in the past means at once.
  public private(set) var nextDeadline: Instant?

  /// What an allocation run fills; kept for its memory.
  var allocations: [Allocation] = []
  var visits: [UInt64] = []
  var offersByFramework: [[Offer]] = []

  /// A slave as the master knows it.
  struct SlaveRecord {
    var id: SlaveID?
    var info = SlaveInfo(hostname: "", resources: Resources())
  }

  /// A framework as the master knows it.
  struct FrameworkRecord {
    enum State { case unknown, active, inactive, removed }
    var state = State.unknown
    var id = FrameworkID("")
    var info = FrameworkInfo(name: "")
    var tasks: [TaskID: TaskRecord] = [:]
  }

  /// An offer that has not been answered.
  struct OpenOffer {
    let framework: FrameworkIndex
    let slave: SlaveIndex
    let role: Role
    let resources: Resources
  }

  /// A task from its launch until its terminal update is acknowledged.
  struct TaskRecord {
    let slave: SlaveIndex
    let role: Role
    let resources: Resources
    /// Number in the order of launches: the order in which many tasks are ended at once.
    let number: Int
    var state: TaskState
  }

  /// Makes a master that knows nobody yet.
  public init(info: MasterInfo, allocator: any Allocator) {
    self.info = info
    self.allocator = allocator
  }

  /// Handles one message and appends what follows from it to `actions`.
  public mutating func handle(
    _ message: MasterMessage, at now: Instant, into actions: inout ActionBuffer<MasterAction>
  ) {
    switch message {
    case .scheduler(let framework, let call):
      handle(call, from: framework, at: now, into: &actions)
    case .slave(let slave, .register(let info)):
      register(slave, info, at: now, into: &actions)
    case .slave(let slave, .statusUpdate(let framework, let status)):
      statusUpdate(status, of: framework, from: slave, at: now, into: &actions)
    case .deadline:
      makeOffers(at: now, into: &actions)
    }
    // With nobody to make offers to, there is nothing to wait for.
    nextDeadline = frameworksPresent > 0 ? allocator.nextDeadline : nil
  }

  private mutating func handle(
    _ call: SchedulerCall, from framework: FrameworkIndex, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    if case .register(let info) = call {
      return register(framework, info, at: now, into: &actions)
    }
    // A call that was under way when its framework ended finds nobody.
    guard isKnown(framework) else { return }
    switch call {
    case .register: break
    case .unregister: remove(framework, at: now, into: &actions)
    case .deactivate: deactivate(framework, at: now, into: &actions)
    case .launchTasks(let ids, let tasks, let filters):
      launch(tasks, on: ids, filters: filters, for: framework, at: now, into: &actions)
    case .declineOffers(let ids, let filters):
      decline(ids, filters: filters, for: framework, at: now, into: &actions)
    case .reviveOffers: allocator.revive(framework, roles: [], at: now)
    case .suppressOffers: allocator.suppress(framework, roles: [], at: now)
    case .killTask(let task): kill(task, of: framework, at: now, into: &actions)
    case .acknowledge(let slave, let task, let update):
      acknowledge(update, of: task, on: slave, for: framework, into: &actions)
    }
  }

  func isKnown(_ framework: FrameworkIndex) -> Bool {
    guard frameworks.indices.contains(Int(framework)) else { return false }
    switch frameworks[Int(framework)].state {
    case .active, .inactive: return true
    case .unknown, .removed: return false
    }
  }
}

// MARK: - Slaves

extension Master {
  private mutating func register(
    _ slave: SlaveIndex, _ info: SlaveInfo, at now: Instant,
    into actions: inout ActionBuffer<MasterAction>
  ) {
    while slaves.count <= Int(slave) { slaves.append(SlaveRecord()) }
    if let id = slaves[Int(slave)].id {
      // A repeated registration: the slave has not had our answer.
      return actions.append(.toSlave(slave, .registered(id)))
    }
    let id = SlaveID("\(self.info.id)-S\(slavesRegistered)")
    slavesRegistered += 1
    slaves[Int(slave)] = SlaveRecord(id: id, info: info)
    slaveIndices[id] = slave
    actions.record(.slaveAdded(slave, info.resources))
    actions.append(.toSlave(slave, .registered(id)))
    allocator.addSlave(
      slave, SlaveEntry(id: id, hostname: info.hostname, total: info.resources), at: now)
  }
}
