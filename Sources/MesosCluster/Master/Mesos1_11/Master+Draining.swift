// Part of mesosim. Apache-2.0, see LICENSE.
//
// How an operator runs a slave dry, has nothing more offered of it or gives it up, and takes
// machines down for maintenance, as in Mesos 1.11 (Mesos: `master/http.cpp`, `master/master.cpp`).

import Mesos
import MesosAllocation
import VirtualTime

/// What an operator wants of a slave.
enum SlaveOrder: Hashable, Sendable {
  /// No more offers of it.
  case deactivated
  /// Its tasks are to end.
  case draining(DrainConfig)
}

extension Master {
  mutating func order(_ order: SlaveOrder, of slave: SlaveIndex) -> OperatorAnswer {
    guard slaves.has(slave), let id = slaves[slave].id, isAdmitted(id, slave) else {
      return .badRequest("Unknown agent")
    }
    if case .draining = order,
      slaves[slave].info.capabilities?.contains("AGENT_DRAINING") == false
    {
      return .badRequest("Agent \(id) is not capable of draining")
    }
    registry.orders[id] = order
    slaves[slave].drain = nil
    if case .draining(let config) = order {
      slaves[slave].drain = MasterSnapshot.Drain(config: config, since: now)
    }
    guard isRegistered(slave) else { return .done }
    if case .draining(let config) = order, slaves[slave].state == .connected {
      send(.drain(config), to: slave)
    }
    slaves[slave].isDraining = true
    allocator.deactivateSlave(slave, at: now)
    rescindOffers(of: slave)
    rescindInverseOffers(of: slave)
    finishDraining(slave)
    return .done
  }

  /// Whether a slave is registered, awaited or unreachable.
  private func isAdmitted(_ id: SlaveID, _ slave: SlaveIndex) -> Bool {
    slaves[slave].state != .absent || registry.unreachableSince(id) != nil
  }

  /// Offers nothing of a slave that comes back and of which an operator wants no offers.
  mutating func resumeOrder(of slave: SlaveIndex) {
    guard let id = slaves[slave].id, let order = registry.orders[id] else { return }
    slaves[slave].isDraining = true
    if case .draining(let config) = order, slaves[slave].drain == nil {
      slaves[slave].drain = MasterSnapshot.Drain(config: config, since: now)
    }
    allocator.deactivateSlave(slave, at: now)
  }

  /// Reminds a slave that comes back that it is to run dry.
  mutating func remindOfDrain(_ slave: SlaveIndex) {
    guard let id = slaves[slave].id, case .draining(let config) = registry.orders[id] else {
      return
    }
    send(.drain(config), to: slave)
    finishDraining(slave)
  }

  /// Declares a slave gone that is to be when it is dry, and is.
  mutating func finishDraining(_ slave: SlaveIndex) {
    guard let id = slaves[slave].id, slaves[slave].state.isRegistered,
      case .draining(let config) = registry.orders[id], config.marksGone,
      slaves[slave].tasks.isEmpty
    else { return }
    _ = markGoneFully(slave)
  }

  mutating func reactivateFully(_ slave: SlaveIndex) -> OperatorAnswer {
    guard slaves.has(slave), let id = slaves[slave].id,
      registry.orders.removeValue(forKey: id) != nil
    else { return .badRequest("Agent is not deactivated") }
    slaves[slave].isDraining = false
    slaves[slave].drain = nil
    if slaves[slave].isActive { allocator.activateSlave(slave, at: now) }
    return .done
  }

  mutating func markGoneFully(_ slave: SlaveIndex) -> OperatorAnswer {
    guard slaves.has(slave), let id = slaves[slave].id else { return .notFound("no such agent") }
    if registry.gone.contains(id) { return .done }
    registry.orders[id] = nil
    if slaves[slave].state == .absent {
      guard registry.unreachableSince(id) != nil else {
        return .notFound("Agent '\(id)' not found")
      }
      registry.giveUp(id)
      giveUpUnreachableTasks(of: slave, id)
      return .done
    }
    if slaves[slave].state == .recovered {
      // Nothing is known of what it runs, and nobody is told.
      registry.gone.append(id)
      return .done
    }
    if slaves[slave].state == .connected {
      send(.shutdown("Agent has been marked gone"), to: slave)
    }
    remove(slave, .gone)
    return .done
  }

  /// Tells frameworks that their unreachable tasks are gone with their slave.
  private mutating func giveUpUnreachableTasks(of slave: SlaveIndex, _ id: SlaveID) {
    for index in frameworks.indices {
      let ended = frameworks[index].unreachableShown.filter { $0.task.slave == slave }
      if ended.isEmpty { continue }
      let framework = FrameworkIndex(index)
      let tellsApart = isPartitionAware(framework)
      frameworks[index].unreachableShown.removeAll { $0.task.slave == slave }
      for task in ended.map(\.task) {
        frameworks[index].unreachableTasks[task.id] = nil
        var status = TaskStatus(
          taskID: task.id, state: tellsApart ? .goneByOperator : .lost,
          message: "Agent has been marked gone", slaveID: id, timestamp: now, source: .master,
          reason: tellsApart ? .slaveRemovedByOperator : .slaveRemoved)
        if let executor = task.executor { status.executorID = executor }
        var shown = task
        shown.state = status.state
        frameworks[index].completedTasks.add(
          CompletedTask(shown), atMost: settings.completedTasksMax)
        send(.statusUpdate(status), to: framework)
      }
    }
  }

  // MARK: Maintenance

  private func machine(of slave: SlaveIndex) -> MachineID {
    MachineID(hostname: slaves[slave].info.hostname, ip: "127.0.0.1")
  }

  private func slaves(on machine: MachineID) -> [SlaveIndex] {
    slaves.indices.map { SlaveIndex($0) }.filter {
      slaves[$0].state.isRegistered && self.machine(of: $0) == machine
    }
  }

  mutating func schedule(_ windows: [MaintenanceWindow]) -> OperatorAnswer {
    var seen: [MachineID] = []
    for window in windows {
      if window.machines.isEmpty {
        return .badRequest("List of machines in the maintenance window is empty")
      }
      for machine in window.machines {
        if let fault = fault(of: machine) { return .badRequest(fault) }
        if seen.contains(machine) {
          return .badRequest("Machine '\(machine.text)' appears more than once in the schedule")
        }
        seen.append(machine)
      }
      if let duration = window.unavailability.duration, duration < .zero {
        return .badRequest("Unavailability 'duration' is negative")
      }
    }
    if let lost = registry.down.first(where: { !seen.contains($0) }) {
      return .badRequest(
        "Machine '\(lost.text)' is deactivated and cannot be removed from the schedule")
    }
    let before = registry.windows.flatMap(\.machines)
    registry.windows = windows
    // All that are named hear of it anew, also where nothing has changed.
    for machine in before where !seen.contains(machine) { plan(nil, for: machine) }
    for window in windows {
      for machine in window.machines { plan(window.unavailability, for: machine) }
    }
    return .done
  }

  private func fault(of machine: MachineID) -> String? {
    if machine.hostname.isEmpty, machine.ip.isEmpty {
      return "Both 'hostname' and 'ip' for a machine are empty"
    }
    if machine.ip.isEmpty { return nil }
    let parts = machine.ip.split(separator: ".", omittingEmptySubsequences: false)
    let isAddress = parts.count == 4 && parts.allSatisfy { UInt8($0) != nil && $0.utf8.count < 4 }
    return isAddress ? nil : "Failed to parse IPv4: \(machine.ip)"
  }

  /// Says when the slaves of a machine will be down.
  private mutating func plan(_ window: Unavailability?, for machine: MachineID) {
    for slave in slaves(on: machine) {
      rescindOffers(of: slave)
      rescindInverseOffers(of: slave)
      slaves[slave].unavailability = window
      allocator.updateUnavailability(of: slave, from: window?.start, at: now)
    }
  }

  /// When a slave's machine will be down, as operators have said it.
  func plannedUnavailability(of slave: SlaveIndex) -> Unavailability? {
    let machine = machine(of: slave)
    return registry.windows.first { $0.machines.contains(machine) }?.unavailability
  }

  private func faultOfList(_ machines: [MachineID]) -> String? {
    if machines.isEmpty { return "List of machines is empty" }
    for (place, machine) in machines.enumerated() {
      if let fault = fault(of: machine) { return fault }
      if machines[..<place].contains(machine) {
        return "Machine '\(machine.text)' appears more than once in the schedule"
      }
    }
    return nil
  }

  /// Why machines cannot change from the mode that they should be in, or `nil`.
  private func faultOfModes(_ machines: [MachineID], areDown: Bool) -> String? {
    let planned = registry.windows.flatMap(\.machines)
    for machine in machines {
      if !planned.contains(machine) {
        return "Machine '\(machine.text)' is not part of a maintenance schedule"
      }
      if registry.down.contains(machine) != areDown {
        return "Machine '\(machine.text)' is not in "
          + (areDown
            ? "DOWN mode and cannot be brought up" : "DRAINING mode and cannot be brought down")
      }
    }
    return nil
  }

  mutating func takeDown(_ machines: [MachineID]) -> OperatorAnswer {
    if let fault = faultOfList(machines) { return .badRequest(fault) }
    if let fault = faultOfModes(machines, areDown: false) { return .badRequest(fault) }
    registry.down += machines
    for machine in machines {
      for slave in slaves(on: machine) {
        if slaves[slave].state == .connected {
          send(.shutdown("Operator initiated 'Machine DOWN'"), to: slave)
        }
        remove(
          slave, .unregistered,
          "Agent \(slaves[slave].info.hostname) removed: Operator initiated 'Machine DOWN'")
      }
    }
    return .done
  }

  mutating func bringUp(_ machines: [MachineID]) -> OperatorAnswer {
    if let fault = faultOfList(machines) { return .badRequest(fault) }
    if let fault = faultOfModes(machines, areDown: true) { return .badRequest(fault) }
    registry.down.removeAll(where: machines.contains)
    for place in registry.windows.indices {
      registry.windows[place].machines.removeAll(where: machines.contains)
    }
    registry.windows.removeAll { $0.machines.isEmpty }
    return .done
  }

  /// Whether a slave's machine is down for maintenance.
  func isDown(_ info: SlaveInfo) -> Bool {
    !registry.down.isEmpty
      && registry.down.contains(MachineID(hostname: info.hostname, ip: "127.0.0.1"))
  }
}

extension MachineID {
  /// The machine as Mesos prints it.
  public var text: String {
    var parts: [String] = []
    if !hostname.isEmpty { parts.append("\"hostname\":\"\(hostname)\"") }
    if !ip.isEmpty { parts.append("\"ip\":\"\(ip)\"") }
    return "{" + parts.joined(separator: ",") + "}"
  }
}
