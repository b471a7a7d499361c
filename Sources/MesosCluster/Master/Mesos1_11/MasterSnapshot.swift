// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master knows at an instant, as a value: for those who look and decide nothing.

public import Mesos
import MesosAllocation
public import VirtualTime

/// What a master knows at an instant.
public struct MasterSnapshot: Sendable {
  /// A slave that is registered, connected or not.
  ///
  /// Never changes: snapshots share those to which nothing has happened.
  public final class Slave: Sendable {
    /// The machine.
    public let index: SlaveIndex
    /// Its id.
    public let id: SlaveID
    /// How it introduced itself.
    public let info: SlaveInfo
    /// What it has.
    public let total: Resources
    /// Whether it is connected.
    public let isConnected: Bool
    /// Whether an operator wants no offers of it.
    public let isDeactivated: Bool
    /// Since when it is registered.
    public let registeredAt: Instant
    /// When it came back last.
    public let reregisteredAt: Instant?
    /// How an operator has it run dry, if one does.
    public let drain: Drain?
    /// When it will be down for maintenance.
    public let unavailability: Unavailability?

    init(_ index: SlaveIndex, id: SlaveID, _ record: SlaveRecord) {
      self.index = index
      self.id = id
      info = record.info
      total = record.total
      isConnected = record.state == .connected
      isDeactivated = record.isDraining
      registeredAt = record.registeredAt
      reregisteredAt = record.reregisteredAt
      drain = record.drain
      unavailability = record.unavailability
    }

    /// Whether offers of it are made.
    public var isActive: Bool { isConnected && !isDeactivated }
  }

  /// How a slave is run dry.
  public struct Drain: Hashable, Sendable {
    /// How.
    public var config: DrainConfig
    /// Since when.
    public var since: Instant
  }

  /// A framework that has not ended.
  public struct Framework: Sendable {
    /// The framework.
    public var index: FrameworkIndex
    /// How it introduced itself, with its id.
    public var info: FrameworkInfo
    /// Whether it is offered anything.
    public var isActive: Bool
    /// Whether its scheduler is there.
    public var isConnected: Bool
    /// Whether only slaves have told of it.
    public var isRecovered: Bool
    /// Since when it is known.
    public var registeredAt: Instant
    /// When its scheduler came back last.
    public var reregisteredAt: Instant?
    /// When it ended, if it has.
    public var endedAt: Instant?
    /// The address of its scheduler, where that is said.
    public var pid: String?
    /// Which slaves it wants to be offered; `nil` for all.
    public var constraints: OfferConstraints?
  }

  /// A framework that has ended, with what is remembered of it.
  public final class EndedFramework: Sendable {
    /// The framework.
    public let framework: Framework
    /// Its tasks that had ended, oldest first.
    public let completedTasks: [Task]
    /// Its tasks whose slaves did not answer.
    public let unreachableTasks: [Task]

    init(_ framework: Framework, completed: [Task], unreachable: [Task]) {
      self.framework = framework
      completedTasks = completed
      unreachableTasks = unreachable
    }
  }

  /// A task that is tracked.
  public struct Task: Sendable {
    /// Whose it is.
    public var framework: FrameworkIndex
    /// Where it is.
    public var slave: SlaveIndex
    /// Its id.
    public var id: TaskID
    /// Its name.
    public var name: String
    /// The executor of the framework's own that runs it.
    public var executor: ExecutorID?
    /// The role that its resources are allocated to.
    public var role: Role
    /// What it holds, or held.
    public var resources: Resources
    /// The newest state that is known.
    public var state: TaskState
    /// What was reported of it, one after the other.
    public var statuses: [TaskStatus]
    /// What else is said of it, if anything.
    public var details: TaskDetails?
    /// The id of its framework.
    public var frameworkID: FrameworkID
    /// The id of its slave.
    public var slaveID: SlaveID
  }

  /// An executor that lives.
  public struct Executor: Sendable {
    /// Whose it is.
    public var framework: FrameworkIndex
    /// Where it is.
    public var slave: SlaveIndex
    /// How it is described.
    public var info: ExecutorInfo
    /// The role that its resources are allocated to.
    public var role: Role
  }

  /// An open offer.
  public struct OpenOffer: Sendable {
    /// Its id.
    public var id: OfferID
    /// Whom it was made to.
    public var framework: FrameworkIndex
    /// Where the resources are.
    public var slave: SlaveIndex
    /// In which role.
    public var role: Role
    /// What is offered.
    public var resources: Resources
  }

  /// How the master introduces itself.
  public var info: MasterInfo
  /// What it was told at its start.
  public var settings: MasterSettings
  /// The instant.
  public var now: Instant
  /// Slaves, in the order of their machines.
  public var slaves: [Slave] = []
  /// Slaves that are awaited after a failover.
  public var recoveredSlaves: [Slave] = []
  /// Frameworks, in the order of their numbers.
  public var frameworks: [Framework] = []
  /// The ids of frameworks that have ended, newest last.
  public var completedFrameworks: [FrameworkID] = []
  /// Those of them of which something is remembered, newest last.
  public var ended: [EndedFramework] = []
  /// How many slaves were given up and may come back.
  public var unreachableSlaves = 0
  /// Tasks, by slave and in the order of launches.
  public var tasks: [Task] = []
  /// Tasks that have ended and been acknowledged, by framework, oldest first; the newest only.
  public var completedTasks: [Task] = []
  /// Tasks whose slaves do not answer, by framework.
  public var unreachableTasks: [Task] = []
  /// Executors, by slave.
  public var executors: [Executor] = []
  /// Open offers, oldest first.
  public var offers: [OpenOffer] = []
  /// Wishes that frameworks leave slaves, oldest first.
  public var inverseOffers: [(framework: FrameworkIndex, offer: Offer.Inverse)] = []
  /// Weights that an operator set.
  public var weights: [WeightInfo] = []
  /// Quotas that an operator set.
  public var quotas: [QuotaConfig] = []
  /// When machines will be down.
  public var windows: [MaintenanceWindow] = []
  /// How many filters frameworks have set on slaves, by role; only what allocators tell.
  public var activeFilters: [(role: Role, count: Int)] = []
  /// Machines that are down.
  public var down: [MachineID] = []
  /// The machine of each slave that the master has heard of.
  public var indices: [SlaveID: SlaveIndex] = [:]
}

extension Master {
  /// What it knows at an instant.
  ///
  /// A slave to which nothing has happened since the last one is shared with it.
  ///
  /// - Complexity: O(slaves + frameworks + tasks + offers).
  public mutating func snapshot(at now: Instant) -> MasterSnapshot {
    var snapshot = MasterSnapshot(info: info, settings: settings, now: now)
    for index in slaves.indices {
      guard let id = slaves[index].id else { continue }
      snapshot.indices[id] = SlaveIndex(index)
      guard slaves[index].state != .absent else { continue }
      let slave = shown(SlaveIndex(index), id)
      slaves[index].shown = slave
      if slaves[index].state == .recovered {
        snapshot.recoveredSlaves.append(slave)
        continue
      }
      snapshot.slaves.append(slave)
      addLoad(of: SlaveIndex(index), to: &snapshot)
    }
    for index in frameworks.indices where frameworks[index].state.isKnown {
      let record = frameworks[index]
      snapshot.frameworks.append(shown(FrameworkIndex(index)))
      snapshot.completedTasks += record.completedTasks.views(frameworkID: record.id)
      snapshot.unreachableTasks += record.unreachableShown.map(\.task)
    }
    for number in offers.numbers(where: \.isOpen) {
      guard let offer = offers[number] else { continue }
      snapshot.offers.append(
        MasterSnapshot.OpenOffer(
          id: OfferID(master: info.id, number: number), framework: offer.framework,
          slave: offer.slave, role: offer.role, resources: offer.resources))
    }
    for open in inverseOffers {
      guard let window = slaves[open.slave].unavailability else { continue }
      let offer = Offer.Inverse(
        id: OfferID(master: info.id, number: open.number),
        frameworkID: frameworks[open.framework].id, slaveID: slaves[open.slave].id,
        unavailability: window)
      snapshot.inverseOffers.append((open.framework, offer))
    }
    snapshot.completedFrameworks = completedFrameworks
    snapshot.ended = endedFrameworks
    snapshot.unreachableSlaves = registry.unreachable.count
    snapshot.weights = registry.weights
    snapshot.quotas = registry.quotas
    snapshot.activeFilters = allocator.activeFilters
    snapshot.windows = registry.windows
    snapshot.down = registry.down
    return snapshot
  }

  /// A slave as it is shown.
  func shown(_ slave: SlaveIndex, _ id: SlaveID) -> MasterSnapshot.Slave {
    slaves[slave].shown ?? MasterSnapshot.Slave(slave, id: id, slaves[slave])
  }

  /// A framework as it is shown.
  func shown(_ framework: FrameworkIndex) -> MasterSnapshot.Framework {
    let record = frameworks[framework]
    return MasterSnapshot.Framework(
      index: framework, info: record.info, isActive: record.state == .active,
      isConnected: record.state.isConnected, isRecovered: record.state == .recovered,
      registeredAt: record.registeredAt, reregisteredAt: record.reregisteredAt,
      pid: record.pid, constraints: record.constraints)
  }

  /// A task as it is shown, in its state or in another.
  func shown(_ slot: Int32, as state: TaskState? = nil) -> MasterSnapshot.Task {
    let task = tasks[slot]
    let note = taskNotes[TaskKey(framework: task.framework, task: task.id)]
    return MasterSnapshot.Task(
      framework: task.framework, slave: task.slave, id: task.id,
      name: note?.name ?? task.id.value, executor: task.executor, role: task.role,
      resources: task.resources, state: state ?? task.state,
      statuses: note?.statuses ?? [], details: note?.details,
      frameworkID: frameworks[task.framework].id, slaveID: slaves[task.slave].id ?? "")
  }

  private func addLoad(of slave: SlaveIndex, to snapshot: inout MasterSnapshot) {
    for slot in tasks.slots(onSlave: slaves[slave].tasks) { snapshot.tasks.append(shown(slot)) }
    for executor in slaves[slave].executors {
      snapshot.executors.append(
        MasterSnapshot.Executor(
          framework: executor.framework, slave: slave, info: executor.info, role: executor.role))
    }
  }
}
