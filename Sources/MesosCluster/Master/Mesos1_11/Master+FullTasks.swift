// Part of mesosim. Apache-2.0, see LICENSE.
//
// The life of a task where the master follows Mesos 1.11 to the word
// (Mesos: `master/master.cpp`).

public import Mesos
import MesosAllocation
import VirtualTime

/// What is shown of a task, and no decision needs.
struct TaskNote: Sendable {
  let name: String
  let details: TaskDetails?
  /// What was reported of it, one after the other, without its data.
  var statuses: [TaskStatus] = []

  init(name: String, details: TaskDetails? = nil) {
    self.name = name
    self.details = details
  }

  /// Takes over what an update says; one of the same state takes the place of the last.
  mutating func note(_ update: TaskStatus) {
    var status = update
    if !status.data.isEmpty { status.data = [] }
    if statuses.last?.state == update.state { statuses.removeLast() }
    statuses.append(status)
  }
}

extension Master {
  /// Takes an update of a framework that is known; one without a name is passed over.
  mutating func follow(
    _ update: TaskStatus, latest: TaskState, of framework: FrameworkIndex
  ) {
    // Who sends it plays no part, only whose slave it names.
    guard let uuid = update.uuid, let slave = update.slaveID.flatMap({ slaveIndices[$0] }),
      slaves[slave].state.isRegistered, isKnown(framework)
    else { return }
    if let slot = tasks.find(update.taskID, of: framework), tasks[slot].slave == slave {
      let before = tasks[slot].state
      self.update(slot, to: latest, update.state == latest ? update.reason : nil)
      if frameworks[framework].state.isConnected {
        // The last one that was sent counts, whatever was sent before it.
        tasks[slot].sentState = update.state
        tasks[slot].wasForwarded = true
        tasks[slot].terminalUpdate = update.state.isTerminal ? uuid : nil
      }
      noteUpdate(update, of: framework, from: before, to: latest)
    }
    send(.statusUpdate(update), to: framework)
  }

  func isPartitionAware(_ framework: FrameworkIndex) -> Bool {
    frameworks[framework].info.capabilities.contains(.partitionAware)
  }

  /// Ends a task of a slave that is removed, whatever its state, and tells its framework.
  mutating func lose(_ slot: Int32, _ cause: RemovalCause, _ message: String) {
    let task = tasks[slot]
    let framework = task.framework
    var status = TaskStatus(
      taskID: task.id, state: .lost, message: message, slaveID: slaves[task.slave].id,
      timestamp: now, source: .master, reason: .slaveRemoved)
    if let executor = task.executor { status.executorID = executor }
    var isKept = false
    switch cause {
    case .unreachable:
      if isPartitionAware(framework) { status.state = .unreachable }
      status.unreachableTime = now
      isKept = true
    case .gone:
      // As Mesos has it: only who tells the ways apart gets the id back.
      isKept = !isPartitionAware(framework)
      if !isKept {
        status.state = .goneByOperator
        status.reason = .slaveRemovedByOperator
      }
    case .unregistered, .replaced: break
    }
    noteUpdate(status, of: framework, from: task.state, to: status.state)
    end(slot, .lost, .slaveRemoved)
    if isKept {
      var shown = shown(slot)
      shown.state = status.state
      frameworks[framework].unreachableTasks[task.id] = task.slave
      frameworks[framework].unreachableShown.append(EndedTask(shown))
    }
    complete(slot, isKept: isKept, shownAs: status.state)
    send(.statusUpdate(status), to: framework)
  }

  /// Ends a task whose slave's connection broke, whatever its state, and tells its framework.
  mutating func loseFully(_ slot: Int32, _ reason: StatusReason, _ message: String) {
    let task = tasks[slot]
    var status = TaskStatus(
      taskID: task.id, state: .lost, message: message, slaveID: slaves[task.slave].id,
      timestamp: now, source: .master, reason: reason)
    if let executor = task.executor { status.executorID = executor }
    noteUpdate(status, of: task.framework, from: task.state, to: .lost)
    end(slot, .lost, reason)
    complete(slot)
    send(.statusUpdate(status), to: task.framework)
  }

  /// What frameworks are told of why a slave was removed.
  func message(of cause: RemovalCause, _ slave: SlaveIndex) -> String {
    guard settings.followsMesos1_11 else { return cause.message }
    let hostname = slaves[slave].info.hostname
    return switch cause {
    case .unreachable: "health check timed out"
    case .unregistered: "Agent \(hostname) removed: the agent unregistered"
    case .replaced: "Agent \(hostname) removed: a new agent registered at the same address"
    case .gone: "Agent has been marked gone"
    }
  }

  // MARK: Reconciliation

  mutating func answerFully(_ query: TaskQuery, of framework: FrameworkIndex) {
    if let slot = tasks.find(query.taskID, of: framework) {
      return send(.statusUpdate(reconciliation(of: slot)), to: framework)
    }
    let slave = query.slaveID.flatMap { slaveIndices[$0] }
    if let slave, slaves[slave].state == .recovered { return }
    if query.slaveID == nil, slavesRecovering > 0 { return }
    let tellsApart = isPartitionAware(framework)
    var status = TaskStatus(
      taskID: query.taskID, state: tellsApart ? .unknown : .lost,
      message: "Reconciliation: Task is unknown", slaveID: query.slaveID,
      timestamp: now, source: .master, reason: .reconciliation)
    if let slave, slaves[slave].state.isRegistered {
      if tellsApart { status.state = .gone }
      status.message = "Reconciliation: Task is unknown to the agent"
    } else if let since = query.slaveID.flatMap(registry.unreachableSince) {
      if tellsApart { status.state = .unreachable }
      status.message = "Reconciliation: Task is unreachable"
      status.unreachableTime = since
    } else if let id = query.slaveID, registry.gone.contains(id) {
      if tellsApart { status.state = .goneByOperator }
      status.message = "Reconciliation: Task is gone"
    }
    send(.statusUpdate(status), to: framework)
  }

  func fullReconciliation(of task: TaskRecord) -> TaskStatus {
    var status = TaskStatus(
      taskID: task.id, state: task.sentState ?? task.state,
      message: "Reconciliation: Latest task state", slaveID: slaves[task.slave].id,
      timestamp: now, source: .master, reason: .reconciliation)
    if let executor = task.executor { status.executorID = executor }
    let note = taskNotes[TaskKey(framework: task.framework, task: task.id)]
    if let last = note?.statuses.last {
      if let isHealthy = last.isHealthy { status.isHealthy = isHealthy }
      if let check = last.checkStatus { status.checkStatus = check }
      if let container = last.containerStatus { status.containerStatus = container }
    }
    return status
  }

  /// Answers for operations: the master itself keeps none, for slaves without resource providers
  /// take them on without an answer.
  mutating func reconcile(_ queries: [OperationQuery], of framework: FrameworkIndex) {
    for query in queries {
      var status = OperationStatus(
        query.id, .unknown,
        message: "Reconciliation: Operation is unknown and no 'agent_id' was provided",
        slaveID: query.slaveID)
      let slave = query.slaveID.flatMap { slaveIndices[$0] }
      if let slave, slaves[slave].state == .recovered {
        status.state = .recovering
        status.message = "Reconciliation: Agent is recovered but has not re-registered"
      } else if let slave, slaves[slave].state.isRegistered {
        status.message = "Reconciliation: Operation is unknown"
      } else if let id = query.slaveID, registry.unreachableSince(id) != nil {
        status.state = .unreachable
        status.message = "Reconciliation: Agent is unreachable"
      } else if let id = query.slaveID, registry.gone.contains(id) {
        status.state = .goneByOperator
        status.message = "Reconciliation: Agent marked gone by operator"
      } else if query.slaveID != nil {
        status.message = "Reconciliation: Both operation and agent are unknown"
      }
      send(.operationStatus(status), to: framework)
    }
  }

  /// Has an executor end, if its slave is there and it lives (v1 call SHUTDOWN).
  mutating func shutDown(
    _ executor: ExecutorID, on slaveID: SlaveID, of framework: FrameworkIndex
  ) {
    guard let slave = slaveIndices[slaveID], slaves[slave].state == .connected else { return }
    send(.shutdownExecutor(framework, executor), to: slave)
  }

  /// How a task that this master tracks is, as far as its slave is told; `nil` for none.
  public func state(of task: TaskID, _ framework: FrameworkIndex) -> TaskState? {
    tasks.find(task, of: framework).map { tasks[$0].sentState ?? tasks[$0].state }
  }
}

extension Duration {
  /// The time as Mesos prints it, in the largest unit of which it is a whole number.
  var mesosText: String {
    let count = wholeNanoseconds
    let units: [(String, Int64)] = [
      ("weeks", 604_800_000_000_000), ("days", 86_400_000_000_000),
      ("hrs", 3_600_000_000_000), ("mins", 60_000_000_000), ("secs", 1_000_000_000),
      ("ms", 1_000_000), ("us", 1000),
    ]
    for (name, size) in units where count != 0 && count % size == 0 {
      return "\(count / size)\(name)"
    }
    return "\(count)ns"
  }
}
