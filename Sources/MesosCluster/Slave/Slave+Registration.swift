// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a slave gets to its master and back to it: detection, registration with random back-off, and
// pings (Rules 8.1, 8.3, 8.5 and 13).

import Mesos
import VirtualTime

extension Slave {
  mutating func detect(_ master: MasterIndex?) {
    guard phase != .down else { return }
    leader = master
    switch phase {
    case .down, .recovering, .ending: return
    case .disconnected, .registered: break
    }
    // Updates wait until a master has answered.
    phase = .disconnected
    registrationDue = .distantFuture
    guard master != nil else { return }
    if registrationAttempts == 0 {
      attemptRegistration()
    } else {
      awaitRegistration()
    }
  }

  /// The slave no longer believes that its master knows it, and registers again soon.
  mutating func disconnect() {
    guard phase == .registered else { return }
    phase = .disconnected
    if leader != nil { awaitRegistration() }
  }

  /// Waits a random part of the back-off, so that not all slaves come at once.
  mutating func awaitRegistration() {
    registrationWindow = settings.registrationBackoff
    registrationDue = now + randomPart(of: registrationWindow)
  }

  mutating func attemptRegistration() {
    guard phase == .disconnected, let leader else {
      registrationDue = .distantFuture
      return
    }
    if registrationWindow == .zero { registrationWindow = settings.registrationBackoff }
    registrationWindow = min(registrationWindow * 2, settings.registrationBackoffMax)
    registrationDue = now + randomPart(of: registrationWindow)
    if let id {
      send(.reregister(id, currentInfo, inventory()), to: leader)
    } else {
      send(.register(currentInfo), to: leader)
    }
  }

  private mutating func randomPart(of window: Duration) -> Duration {
    registrationAttempts += 1
    let uniform = shared.uniform(
      shared.registrationKey, UInt64(UInt32(bitPattern: index.rawValue)),
      UInt64(registrationAttempts), 0)
    return .rounded(seconds: window.inSeconds * uniform)
  }

  /// What the slave says of itself now.
  var currentInfo: SlaveInfo {
    var info = info
    info.id = id
    if let checkpointed { info.resources = checkpointed.wrappedValue }
    return info
  }

  mutating func registered(_ id: SlaveID, _ pingTimeout: Duration) {
    guard phase == .disconnected || phase == .registered else { return }
    // The master took an old attempt for a new slave: it has given up the one that runs here (Rules
    // 8.3).
    if let own = self.id, own != id { return end() }
    self.id = id
    self.pingTimeout = pingTimeout
    if phase == .disconnected { connect() }
  }

  mutating func reregistered(_ id: SlaveID, missing: [TaskKey], _ pingTimeout: Duration) {
    guard phase == .disconnected || phase == .registered, id == self.id else { return }
    self.pingTimeout = pingTimeout
    if phase == .disconnected { connect() }
    for key in missing where findTask(key.task, of: key.framework) == nil {
      reportUnknownTask(
        key.task, of: key.framework, .lost,
        "Reconciliation: task unknown to the \(settings.saysAgent ? "agent" : "slave")",
        .reconciliation)
    }
  }

  private mutating func connect() {
    phase = .registered
    registrationDue = .distantFuture
    lastPing = now
    for exit in exitsToReport {
      sendToLeader(.executorExited(exit.key.framework, exit.key.executor, status: exit.status))
    }
    exitsToReport.removeAll()
    resumeUpdates()
  }

  mutating func answerPing(of master: MasterIndex, isConnected: Bool) {
    // A recovering slave does not know yet who leads, and answers all the same.
    guard phase != .down, master == leader || phase == .recovering else { return }
    send(.pong, to: master)
    // Where pings come as messages, that they cease to come means something.
    awaitPings(since: now)
    if !isConnected { disconnect() }
  }

  /// From now on pings may fail to come; one that was sent may have been read later than it came.
  mutating func awaitPings(since last: Instant) {
    awaitsPings = true
    lastPing = max(lastPing, last)
  }

  /// What runs here, as a master wants to know it.
  func inventory() -> SlaveInventory {
    var inventory = SlaveInventory()
    inventory.frameworks = frameworks.sorted { $0.index < $1.index }
      .map { SlaveInventory.Framework(index: $0.index, info: $0.info) }
    for slot in executorsInOrder()
    where executors[slot].state != .terminated && !executors[slot].isOfCommand {
      let executor = executors[slot]
      inventory.executors.append(
        .init(framework: executor.key.framework, info: executor.info, role: executor.role))
    }
    for slot in tasksInOrder() where !tasks[slot].flags.contains(.isUnknown) {
      let task = tasks[slot]
      inventory.tasks.append(
        .init(
          framework: task.framework, id: task.info.taskID, name: task.info.name,
          executor: executorID(ofTask: slot),
          role: task.role, resources: task.info.resources, state: task.state,
          updateState: task.head == noSlot ? nil : updates[Int(task.head)].status.state))
    }
    return inventory
  }

  /// The executor of the framework's own that runs a task; `nil` for a command.
  private func executorID(ofTask slot: Int) -> ExecutorID? {
    if tasks[slot].isCommand { return nil }
    let executor = Int(tasks[slot].runner)
    return executors[executor].isOfCommand ? nil : executors[executor].key.executor
  }

  /// Slots of tasks in the order of their arrival.
  func tasksInOrder() -> [Int] {
    tasks.usedSlots.map { (tasks[$0].serial, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Slots of executors in the order in which they were started.
  func executorsInOrder() -> [Int] {
    executors.usedSlots.map { (executors[$0].serial, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }
}
