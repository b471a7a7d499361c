// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a slave comes back where the master follows Mesos 1.11 to the word
// (Mesos: `master/master.cpp`).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func reregisterFully(
    _ slave: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo, _ inventory: SlaveInventory
  ) {
    if registry.gone.contains(id) {
      return send(.shutdown("Agent has been marked gone"), to: slave)
    }
    if isDown(info) {
      return send(.shutdown("Machine is 'DOWN'"), to: slave)
    }
    guard isWelcome(info) else { return }
    let known = slaves[slave]
    let before = inventory.frameworks.map { isKnown($0.index) }
    if known.id == id, known.state.isRegistered {
      if known.info.hostname != info.hostname {
        let text = "Agent attempted to reregister with different IP / hostname"
        return send(.shutdown(text), to: slave)
      }
      comeBack(slave, id, info, inventory)
    } else {
      // Another id of the same machine goes.
      if known.id != id, known.state != .absent { remove(slave, .replaced) }
      let isRecovered = slaves[slave].state == .recovered
      let isUnreachable = registry.unreachableSince(id) != nil
      if !isRecovered { record(.slaveAdded(slave, info.resources)) }
      restore(slave, id, info, inventory)
      resumeOrder(of: slave)
      remindOfDrain(slave)
      send(.reregistered(id, missing: [], pingTimeout: settings.totalPingTimeout), to: slave)
      endCompleted(inventory, on: slave)
      tellOfFrameworks(inventory, knownBefore: before, to: slave)
      if !isRecovered { tellOfTasks(inventory, of: slave, wasUnreachable: isUnreachable) }
      startPings(slave)
    }
  }

  /// Whether a slave may register, by what it says of itself and by where it is; one that may not
  /// gets no answer.
  func isWelcome(_ info: SlaveInfo) -> Bool {
    if info.fault != nil { return false }
    guard settings.followsMesos1_11 else { return true }
    if let version = info.version, !Self.isSupported(version) { return false }
    if info.domain != nil { return settings.domain != nil }
    return !settings.requiresSlaveDomain
  }

  /// Whether slaves of a version are taken on: since 1.0.0 (`MINIMUM_AGENT_VERSION`).
  private static func isSupported(_ version: String) -> Bool {
    version.split(separator: ".").first.flatMap { Int($0) }.map { $0 >= 1 } ?? false
  }

  /// Takes a slave back whose tasks are in the books.
  private mutating func comeBack(
    _ slave: SlaveIndex, _ id: SlaveID, _ info: SlaveInfo, _ inventory: SlaveInventory
  ) {
    let (old, before) = (slaves[slave].info, slaves[slave].total)
    resumeOrder(of: slave)
    // What came about at run time is as it is here, whether the slave has heard of it or not.
    let total =
      info.resources.keepingConversions(of: before.nonRevocable) + slaves[slave].oversubscribed
    slaves[slave].info = info
    slaves[slave].total = total
    reconnect(slave)
    slaves[slave].reregisteredAt = now
    if isWatched { notes.append(.slaveReturned(id)) }
    if old != info || total != before {
      record(.slaveChanged(slave, slaves[slave].total))
      allocator.updateSlave(
        slave,
        SlaveUpdate(
          total: slaves[slave].total, attributes: info.attributes,
          capabilities: info.allocatorCapabilities, hostname: info.hostname), at: now)
    }
    let missing = missingTasks(in: inventory, of: slave)
    removeMissingExecutors(inventory, of: slave)
    send(.reregistered(id, missing: missing, pingTimeout: settings.totalPingTimeout), to: slave)
    for kill in slaves[slave].kills { send(.killTask(kill.framework, kill.task), to: slave) }
    remindOfDrain(slave)
    endCompleted(inventory, on: slave)
    tellOfFrameworks(
      inventory, knownBefore: inventory.frameworks.map { isKnown($0.index) }, to: slave)
    send(.checkpointResources(slaves[slave].total.nonRevocable), to: slave)
    // What it runs for those that nobody knows is not taken on; they are.
    recoverFrameworks(inventory)
  }

  /// The tasks that the books have on a slave and the slave does not report, ended ones included.
  private func missingTasks(in inventory: SlaveInventory, of slave: SlaveIndex) -> [TaskKey] {
    let reported = Set(inventory.tasks.map { TaskKey(framework: $0.framework, task: $0.id) })
    return tasks.slots(onSlave: slaves[slave].tasks)
      .map { TaskKey(framework: tasks[$0].framework, task: tasks[$0].id) }
      .filter { !reported.contains($0) }
  }

  private mutating func removeMissingExecutors(
    _ inventory: SlaveInventory, of slave: SlaveIndex
  ) {
    func isReported(_ executor: ExecutorRecord) -> Bool {
      inventory.executors.contains {
        $0.framework == executor.framework && $0.info.executorID == executor.info.executorID
      }
    }
    let executors = slaves[slave].executors
    let ended = executors.filter { !isReported($0) }
    if ended.isEmpty { return }
    slaves[slave].executors = executors.filter(isReported)
    for executor in ended { release(executor, on: slave) }
  }

  /// Ends what a slave still runs for frameworks that have ended.
  private mutating func endCompleted(_ inventory: SlaveInventory, on slave: SlaveIndex) {
    for framework in inventory.frameworks where !isCurrent(framework) {
      guard let id = framework.info.id, completedFrameworks.contains(id) else { continue }
      send(.shutdownFramework(framework.index), to: slave)
    }
  }

  private func isCurrent(_ framework: SlaveInventory.Framework) -> Bool {
    isKnown(framework.index) && frameworks[framework.index].id == framework.info.id
  }

  private mutating func tellOfFrameworks(
    _ inventory: SlaveInventory, knownBefore: [Bool], to slave: SlaveIndex
  ) {
    for (framework, wasKnown) in zip(inventory.frameworks, knownBefore)
    where wasKnown && isCurrent(framework) {
      send(.updateFramework(framework.index, frameworks[framework.index].info), to: slave)
    }
  }

  /// Frameworks hear of the tasks that a slave brings along.
  private mutating func tellOfTasks(
    _ inventory: SlaveInventory, of slave: SlaveIndex, wasUnreachable: Bool
  ) {
    let text = wasUnreachable ? "Unreachable agent re-reregistered" : "Unknown agent reregistered"
    for task in inventory.tasks where isKnown(task.framework) {
      var status = TaskStatus(
        taskID: task.id, state: task.state, message: text,
        slaveID: slaves[slave].id, timestamp: now, source: .master, reason: .slaveReregistered)
      if let executor = task.executor { status.executorID = executor }
      send(.statusUpdate(status), to: task.framework)
    }
  }

  /// Tells slaves how a framework describes itself now.
  mutating func tellSlaves(of framework: FrameworkIndex) {
    guard settings.followsMesos1_11 else { return }
    let info = frameworks[framework].info
    for slave in slaves.indices where slaves[slave].state == .connected {
      send(.updateFramework(framework, info), to: SlaveIndex(slave))
    }
  }
}

extension SlaveInfo {
  /// What of its capabilities an allocator looks at.
  var allocatorCapabilities: SlaveCapabilities {
    guard let capabilities else { return [.multiRole, .hierarchicalRole] }
    var known: SlaveCapabilities = []
    if capabilities.contains("MULTI_ROLE") { known.insert(.multiRole) }
    if capabilities.contains("HIERARCHICAL_ROLE") { known.insert(.hierarchicalRole) }
    return known
  }
}

extension Resources {
  /// The list with what was reserved and made into volumes at run time as another list has it.
  fileprivate func keepingConversions(of other: Resources) -> Resources {
    if isPlain && other.isPlain { return self }
    var result = Resources(entries.flatMap { Resources([$0]).origin.entries })
    for entry in other.entries {
      let made = Resources([entry])
      let origin = made.origin
      if origin == made { continue }
      guard result.contains(origin) else { return self }
      result -= origin
      result += made
    }
    return result
  }

  /// What a single entry was made of at run time.
  private var origin: Resources {
    var origin = withoutPersistence
    while origin.entries.first?.reservations.last?.kind == .dynamic {
      origin = origin.poppingReservation()
    }
    return origin
  }
}
