// Part of mesosim. Apache-2.0, see LICENSE.
//
// A slave as a value: messages from the master and reports of its executors go in, actions come
// out. It sees to it that every update of a task is delivered, one at a time and in order.

public import Mesos
public import VirtualTime

/// What reaches a slave.
public enum SlaveInput: Sendable {
  /// The slave starts and looks for its master.
  case start
  /// A message of the master.
  case master(SlaveMessage)
  /// An executor reports the state of its task.
  case executor(FrameworkIndex, TaskID, TaskState, message: String)
}

/// A Mesos slave: runs tasks in containers and reports on them reliably.
///
/// Follows mesos.md section 6.2 (Mesos: `slave/slave.cpp`, `status_update_manager.cpp`).
public struct Slave {
  /// What the slave says of itself.
  public let info: SlaveInfo
  /// The slave's number within the run.
  public let index: SlaveIndex
  /// The id given by the master, once registered.
  public private(set) var id: SlaveID?

  private var tasks: [TaskKey: SlaveTask] = [:]
  private var updatesMade: UInt32 = 0
  private var tasksReceived = 0

  private struct TaskKey: Hashable {
    let framework: FrameworkIndex
    let task: TaskID
  }

  private struct SlaveTask {
    /// The newest state, reported or not.
    var state = TaskState.staging
    /// Number in the order of arrival: the order in which many tasks are ended at once.
    let number: Int
    /// The update under way to the framework, not yet acknowledged.
    var inFlight: UpdateID?
    /// Updates that wait until the one under way is acknowledged.
    var waiting: [TaskStatus] = []
  }

  /// Makes a slave that has not started.
  public init(index: SlaveIndex, info: SlaveInfo) {
    self.index = index
    self.info = info
  }

  /// Handles one input and appends what follows from it to `actions`.
  public mutating func handle(
    _ input: SlaveInput, at now: Instant, into actions: inout ActionBuffer<SlaveAction>
  ) {
    switch input {
    case .start: actions.append(.toMaster(.register(info)))
    case .master(.registered(let id)): self.id = id
    case .master(.runTask(let framework, let task)):
      run(task, of: framework, into: &actions)
    case .master(.killTask(let framework, let task)):
      kill(TaskKey(framework: framework, task: task), at: now, into: &actions)
    case .master(.acknowledge(let framework, let task, let update)):
      acknowledge(update, of: TaskKey(framework: framework, task: task), into: &actions)
    case .master(.shutdownFramework(let framework)):
      shutdown(framework, into: &actions)
    case .executor(let framework, let task, let state, let message):
      let key = TaskKey(framework: framework, task: task)
      update(key, to: state, message, .executor, nil, at: now, into: &actions)
    }
  }

  private mutating func run(
    _ task: TaskInfo, of framework: FrameworkIndex, into actions: inout ActionBuffer<SlaveAction>
  ) {
    let key = TaskKey(framework: framework, task: task.taskID)
    tasks[key] = SlaveTask(number: tasksReceived)
    tasksReceived += 1
    actions.append(.startContainer(framework, task))
  }

  private mutating func kill(
    _ key: TaskKey, at now: Instant, into actions: inout ActionBuffer<SlaveAction>
  ) {
    guard let task = tasks[key] else {
      // The task ended and was forgotten, or never came (mesos.md 6.4).
      let status = makeStatus(
        key.task, .lost, "task is unknown to the slave", .slave, .executorTerminated, at: now)
      return actions.append(.toMaster(.statusUpdate(key.framework, status)))
    }
    if !task.state.isTerminal { actions.append(.killContainer(key.framework, key.task)) }
  }

  private mutating func shutdown(
    _ framework: FrameworkIndex, into actions: inout ActionBuffer<SlaveAction>
  ) {
    let mine = tasks.filter { $0.key.framework == framework }
      .sorted { $0.value.number < $1.value.number }
    for (key, task) in mine {
      tasks[key] = nil
      if !task.state.isTerminal { actions.append(.killContainer(framework, key.task)) }
    }
  }

  private mutating func update(
    _ key: TaskKey, to state: TaskState, _ message: String, _ source: StatusSource,
    _ reason: StatusReason?, at now: Instant, into actions: inout ActionBuffer<SlaveAction>
  ) {
    guard let place = tasks.index(forKey: key), !tasks.values[place].state.isTerminal else {
      return
    }
    let status = makeStatus(key.task, state, message, source, reason, at: now)
    tasks.values[place].state = state
    if tasks.values[place].inFlight == nil {
      tasks.values[place].inFlight = status.uuid
      actions.append(.toMaster(.statusUpdate(key.framework, status)))
    } else {
      tasks.values[place].waiting.append(status)
    }
  }

  private mutating func acknowledge(
    _ update: UpdateID, of key: TaskKey, into actions: inout ActionBuffer<SlaveAction>
  ) {
    // An acknowledgement of anything but the update under way is a duplicate.
    guard let place = tasks.index(forKey: key), tasks.values[place].inFlight == update else {
      return
    }
    if !tasks.values[place].waiting.isEmpty {
      let next = tasks.values[place].waiting.removeFirst()
      tasks.values[place].inFlight = next.uuid
      actions.append(.toMaster(.statusUpdate(key.framework, next)))
    } else if tasks.values[place].state.isTerminal {
      tasks.remove(at: place)
    } else {
      tasks.values[place].inFlight = nil
    }
  }

  private mutating func makeStatus(
    _ task: TaskID, _ state: TaskState, _ message: String, _ source: StatusSource,
    _ reason: StatusReason?, at now: Instant
  ) -> TaskStatus {
    let uuid = UpdateID(slave: index, number: updatesMade)
    updatesMade += 1
    return TaskStatus(
      taskID: task, state: state, message: message, slaveID: id, timestamp: now, source: source,
      reason: reason, uuid: uuid)
  }
}
