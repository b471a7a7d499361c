// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks' own executors: how they are started, handed tasks and shut down (Rules 3.5, 6.3
// and 13).

import Mesos
import VirtualTime

// MARK: - Records

extension Slave {
  func findExecutor(_ executor: ExecutorID, of framework: FrameworkIndex) -> Int? {
    let hash = SlotIndex.hash(framework, executor)
    return executorIndex.find(hash) {
      executors[$0].key.framework == framework && executors[$0].key.executor == executor
    }
  }

  /// The executor in a container, if one is.
  func executor(in container: ContainerNumber) -> Int? {
    guard Int(container) < owners.count, owners[Int(container)].kind == .executor else {
      return nil
    }
    return Int(owners[Int(container)].slot)
  }

  mutating func takeContainer() -> ContainerNumber {
    if let number = freeContainers.popLast() { return number }
    owners.append(ContainerOwner(slot: noSlot, run: 0, kind: .nobody))
    return ContainerNumber(owners.count - 1)
  }

  mutating func own(_ container: ContainerNumber, by kind: ContainerOwner.Kind, _ slot: Int) {
    owners[Int(container)] = ContainerOwner(slot: UInt32(slot), run: nextSerial(), kind: kind)
  }

  mutating func freeContainer(_ container: ContainerNumber) {
    owners[Int(container)].kind = .nobody
    freeContainers.append(container)
  }

  /// Makes a record of an executor and has it started.
  mutating func startExecutor(_ info: ExecutorInfo, for launch: TaskLaunch) -> Int {
    let place = enter(launch.framework, launch.frameworkInfo)
    let container = takeContainer()
    let key = ExecutorKey(framework: launch.framework, executor: info.executorID)
    let hash = SlotIndex.hash(launch.framework, info.executorID)
    let slot = executors.insert(
      SlaveExecutor(
        key: key, hash: hash, info: info, role: launch.role, container: container,
        serial: nextSerial(), isKept: frameworks[place].isKept,
        isOfCommand: launch.task.executor == nil, held: info.resources))
    executorIndex.insert(hash, slot: slot)
    own(container, by: .executor, slot)
    history?.starts[executors[slot].serial] = now
    // Fetching and pulling count against the time to register.
    setDeadline(.registration, of: container, until: now + settings.executorRegistrationTimeout)
    let resources = info.resources + launch.task.resources
    request(.startExecutor(container, key, info, resources, isKept: executors[slot].isKept))
    return slot
  }

  /// Sets a deadline for what is in a container now.
  mutating func setDeadline(
    _ kind: SlaveDeadlines.Kind, of container: ContainerNumber, until instant: Instant
  ) {
    deadlines.push(
      .init(
        instant: instant, slot: container, serial: owners[Int(container)].run, kind: kind))
  }

  /// Forgets an executor that ended when no task names it any more.
  mutating func removeExecutorIfDone(_ slot: Int) {
    guard executors[slot].state == .terminated, executors[slot].records == 0 else { return }
    if history != nil { noteRemoval(ofExecutor: slot) }
    let executor = executors.take(slot)
    executorIndex.remove(executor.hash, slot: slot)
    leave(executor.key.framework)
  }
}

// MARK: - Reports

extension Slave {
  mutating func handle(_ report: consuming ExecutorReport, of container: ContainerNumber) {
    guard phase != .down else { return }
    guard let slot = executor(in: container) else { return turnAway(report, from: container) }
    switch consume report {
    case .register: register(slot)
    case .reregister(let updates, let tasks):
      reregister(slot, updates: updates, tasks: tasks)
    case .subscribe(let updates, let tasks): subscribe(slot, updates: updates, tasks: tasks)
    case .statusUpdate(let status): handle(status, of: slot)
    case .frameworkMessage(let data):
      let key = executors[slot].key
      guard phase == .registered, !isTerminating(key.framework) else { return }
      request(.toScheduler(key.framework, key.executor, data))
    }
  }

  /// An executor that the slave does not know, or no longer, is not wanted (Rules 3.5).
  private mutating func turnAway(_ report: ExecutorReport, from container: ContainerNumber) {
    switch report {
    case .register, .reregister, .subscribe: send(.shutdown, toExecutorIn: container)
    case .statusUpdate, .frameworkMessage: break
    }
  }

  private mutating func register(_ slot: Int) {
    let container = executors[slot].container
    guard executors[slot].state == .registering, phase != .recovering,
      let place = findFramework(executors[slot].key.framework)
    else {
      // It was told to end before it could hear it, or belongs to a slave that is gone.
      return send(.shutdown, toExecutorIn: container)
    }
    executors[slot].state = .running
    // All its tasks may have been killed meanwhile.
    if executors[slot].tasks.isEmpty { return shutdown(executor: slot) }
    send(
      .registered(
        executors[slot].info, frameworks[place].info, currentInfo),
      toExecutorIn: container)
    deliver(executors[slot].tasks.map(Int.init), to: slot)
  }

  /// An executor of the v1 API has started, is back, or opens another stream
  /// (Mesos: `slave/slave.cpp`, `Slave::subscribe`).
  private mutating func subscribe(_ slot: Int, updates: [TaskStatus], tasks known: [TaskID]) {
    let container = executors[slot].container
    let state = executors[slot].state
    guard state == .registering || state == .running, phase != .ending,
      let place = findFramework(executors[slot].key.framework), !frameworks[place].isTerminating
    else { return send(.shutdown, toExecutorIn: container) }
    executors[slot].state = .running
    executors[slot].isReconnecting = false
    send(
      .registered(executors[slot].info, frameworks[place].info, currentInfo),
      toExecutorIn: container)
    for update in updates { handle(update, of: slot) }
    guard executors[slot].state == .running else { return }
    let live = executors[slot].tasks.map(Int.init)
    for task in live where tasks[task].state == .staging && !tasks[task].flags.contains(.isQueued) {
      // It was handed over and never arrived.
      if known.contains(tasks[task].info.taskID) { continue }
      report(task, frameworks[place].stateOfDropped, textOfLostInRestart, .slaveRestarted)
    }
    deliver(live.filter { tasks[$0].flags.contains(.isQueued) }, to: slot)
    // One that never had a task, as far as it has said, is not needed.
    if executors[slot].tasks.isEmpty, !executors[slot].hasReported { shutdown(executor: slot) }
  }

  /// Hands tasks to a registered executor, those of a group together.
  mutating func deliver(_ arrived: [Int], to slot: Int) {
    if arrived.isEmpty { return }
    let container = executors[slot].container
    executors[slot].hasHadTask = true
    request(.resizeContainer(container, executors[slot].held))
    var place = 0
    while place < arrived.count {
      let task = arrived[place]
      tasks[task].flags.remove(.isQueued)
      let group = tasks[task].group
      var end = place + 1
      if group == 0 {
        send(.launchTask(tasks[task].info), toExecutorIn: container)
      } else {
        while end < arrived.count, tasks[arrived[end]].group == group { end += 1 }
        for member in arrived[place..<end] { tasks[member].flags.remove(.isQueued) }
        let infos = arrived[place..<end].map { tasks[$0].info }
        send(.launchTaskGroup(infos), toExecutorIn: container)
      }
      place = end
    }
  }

  /// An executor's driver reports on a task.
  mutating func handle(_ status: TaskStatus, of slot: Int) {
    let key = executors[slot].key
    if isTerminating(key.framework) { return }
    if status.state == .staging {
      // Only the master may say so (Rules 3.5).
      return shutdown(executor: slot)
    }
    let container = executors[slot].container
    var status = status
    status.slaveID = id
    status.executorID = key.executor
    let uuid = status.uuid ?? makeUpdateID()
    status.uuid = uuid
    if let draining { status = drained(status, by: draining) }
    executors[slot].hasReported = true
    defer { send(.acknowledge(status.taskID, uuid), toExecutorIn: container) }
    guard let task = findTask(status.taskID, of: key.framework) else {
      return takeUnknownTask(status, of: key.framework)
    }
    // What was taken before, or comes after the end, is only acknowledged (Rules 6.2).
    guard !tasks[task].state.isTerminal,
      updatesTaken[tasks[task].serial, default: []].insert(uuid).inserted
    else { return }
    take(status, of: task)
  }

  func isTerminating(_ framework: FrameworkIndex) -> Bool {
    guard let place = findFramework(framework) else { return false }
    return frameworks[place].isTerminating
  }

  /// A task has ended: what it held is free, and its executor's container shrinks.
  mutating func release(_ slot: Int) {
    let task = tasks[slot]
    if task.isCommand || task.flags.contains(.isUnknown) { return }
    let executor = Int(task.runner)
    guard let place = executors[executor].tasks.firstIndex(of: UInt32(slot)) else { return }
    executors[executor].tasks.remove(at: place)
    executors[executor].held -= task.info.resources
    if executors[executor].state != .terminated, !task.flags.contains(.isQueued) {
      request(.resizeContainer(executors[executor].container, executors[executor].held))
    }
  }

  /// A message from a scheduler: lost unless everybody is up (Rules 13.5).
  mutating func deliver(_ data: [UInt8], to executor: ExecutorID, of framework: FrameworkIndex) {
    guard phase == .registered, !isTerminating(framework),
      let slot = findExecutor(executor, of: framework), executors[slot].state == .running
    else { return }
    send(.frameworkMessage(data), toExecutorIn: executors[slot].container)
  }
}

// MARK: - Shutdown

extension Slave {
  /// Asks an executor to end, and ends it when it has not within its grace period.
  mutating func shutdown(executor slot: Int) {
    switch executors[slot].state {
    case .terminating, .terminated: return
    case .registering: break
    case .running:
      send(.shutdown, toExecutorIn: executors[slot].container)
    }
    executors[slot].state = .terminating
    let grace =
      executors[slot].info.shutdownGracePeriod
      ?? settings.executorShutdownGracePeriod
    setDeadline(.grace, of: executors[slot].container, until: now + grace)
  }

  /// An executor whose first tasks were all killed before it had them is not needed.
  mutating func shutdownIfUseless(_ slot: Int) {
    guard executors[slot].state == .running, !executors[slot].hasHadTask,
      executors[slot].tasks.isEmpty
    else { return }
    shutdown(executor: slot)
  }

  mutating func shutdown(_ executor: ExecutorID, of framework: FrameworkIndex) {
    guard phase == .registered || phase == .disconnected, !isTerminating(framework) else { return }
    if let slot = findExecutor(executor, of: framework) {
      return shutdown(executor: slot)
    }
    // The executor of a command is named like its task.
    guard let slot = findTask(TaskID(executor.value), of: framework), tasks[slot].isCommand,
      !tasks[slot].state.isTerminal
    else { return }
    if tasks[slot].flags.contains(.isPreparing) {
      request(.destroyContainer(tasks[slot].runner))
    } else {
      request(.killCommand(tasks[slot].runner, isShutdown: true))
    }
  }

  /// The framework is gone: all that it has here ends, unreported.
  mutating func shutdown(_ framework: FrameworkIndex) {
    guard phase == .registered || phase == .disconnected || phase == .ending else { return }
    for slot in tasksInOrder()
    where tasks[slot].framework == framework && tasks[slot].flags.contains(.isUnknown) {
      removeTask(slot)
    }
    guard let place = findFramework(framework), !frameworks[place].isTerminating else { return }
    frameworks[place].isTerminating = true
    for slot in tasksInOrder() where tasks[slot].framework == framework {
      dropUpdates(of: slot)
      if tasks[slot].state.isTerminal {
        removeTask(slot)
      } else if tasks[slot].flags.contains(.hasContainer) {
        let isPreparing = tasks[slot].flags.contains(.isPreparing)
        request(
          isPreparing
            ? .destroyContainer(tasks[slot].runner)
            : .killCommand(tasks[slot].runner, isShutdown: true))
      }
    }
    for slot in executorsInOrder() where executors[slot].key.framework == framework {
      shutdown(executor: slot)
    }
  }

  func isOwned(_ entry: SlaveDeadlines.Entry) -> Bool {
    owners[Int(entry.slot)].run == entry.serial && owners[Int(entry.slot)].kind != .nobody
  }

  mutating func graceEnded(_ entry: SlaveDeadlines.Entry) {
    if isOwned(entry) { request(.destroyContainer(entry.slot)) }
  }

  mutating func registrationTimedOut(_ entry: SlaveDeadlines.Entry) {
    guard isOwned(entry) else { return }
    let slot = Int(owners[Int(entry.slot)].slot)
    switch owners[Int(entry.slot)].kind {
    case .nobody: return
    case .command:
      guard tasks[slot].flags.contains(.isPreparing) else { return }
    case .executor:
      guard executors[slot].state == .registering else { return }
      executors[slot].terminationReason = .executorRegistrationTimeout
    }
    request(.destroyContainer(entry.slot))
  }
}
