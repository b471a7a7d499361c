// Part of mesosim. Apache-2.0, see LICENSE.
//
// What reservations and volumes turn into, and what is not allowed (Rules 9.4, 9.5;
// Mesos: `master/validation.cpp`, `common/resources_utils.cpp`).

import Mesos

/// What an operation replaces, and by what.
struct Conversion {
  var consumed: Resources
  var converted: Resources
}

/// Why an operation is not done.
struct OperationFault: Error {
  let message: String
  var isForbidden = false
}

extension Master {
  /// What a framework's operation does to what it was offered; `nil` when it is dropped.
  func conversion(_ operation: OfferOperation, on context: AcceptContext) -> Conversion? {
    let info = frameworks[context.framework].info
    guard let conversion = try? conversion(operation, by: info.principal, on: context.slave),
      context.remainder.contains(conversion.consumed)
    else { return nil }
    if case .destroy(let volumes) = operation, isUsed(volumes, on: context.slave) { return nil }
    if case .reserve(let resources) = operation {
      // A framework reserves for the role in which it was offered, and in its own name.
      for entry in resources.entries {
        guard entry.role == context.role else { return nil }
        if let principal = info.principal, entry.reservations.last?.principal != principal {
          return nil
        }
      }
    }
    return conversion
  }

  /// What an operation turns into what, if the resources it names may be treated so.
  func conversion(
    _ operation: OfferOperation, by principal: String?, on slave: SlaveIndex
  ) throws(OperationFault) -> Conversion {
    switch operation {
    case .launch, .launchGroup, .growVolume, .shrinkVolume, .unknown, .named, .malformed:
      throw OperationFault(message: "a launch converts nothing")
    case .reserve(let resources): try reservation(of: resources, by: principal)
    case .unreserve(let resources): try unreservation(of: resources, by: principal)
    case .create(let volumes): try creation(of: volumes, by: principal, on: slave)
    case .destroy(let volumes): try destruction(of: volumes, by: principal)
    }
  }

  private func reservation(
    of resources: Resources, by principal: String?
  ) throws(OperationFault) -> Conversion {
    for entry in try valid(resources) {
      guard let last = entry.reservations.last, last.kind == .dynamic else {
        throw OperationFault(message: "'\(entry.name)' has no dynamic reservation")
      }
      if last.role == .unreserved {
        throw OperationFault(message: "'\(entry.name)' is reserved for role '*'")
      }
      if entry.isRevocable { throw OperationFault(message: "'\(entry.name)' is revocable") }
      if entry.disk?.persistenceID != nil {
        throw OperationFault(message: "a persistent volume cannot be reserved")
      }
      try check(.reserveResources, by: principal, on: last.role.value)
    }
    return Conversion(consumed: resources.poppingReservation(), converted: resources)
  }

  private func unreservation(
    of resources: Resources, by principal: String?
  ) throws(OperationFault) -> Conversion {
    for entry in try valid(resources) {
      guard let last = entry.reservations.last, last.kind == .dynamic else {
        throw OperationFault(message: "'\(entry.name)' is not dynamically reserved")
      }
      if entry.disk?.persistenceID != nil {
        throw OperationFault(message: "a persistent volume cannot be unreserved; destroy it first")
      }
      try check(.unreserveResources, by: principal, on: last.principal)
    }
    return Conversion(consumed: resources, converted: resources.poppingReservation())
  }

  private func creation(
    of volumes: Resources, by principal: String?, on slave: SlaveIndex
  ) throws(OperationFault) -> Conversion {
    let existing = slaves[slave].total.persistentVolumes.entries
    let entries = try valid(volumes)
    for (place, entry) in entries.enumerated() {
      guard entry.name == "disk", let id = entry.disk?.persistenceID else {
        throw OperationFault(message: "'\(entry.name)' is no persistent volume")
      }
      if let fault = Self.faultOfID(id, "persistence") { throw OperationFault(message: fault) }
      if entry.reservations.isEmpty { throw OperationFault(message: "volume is not reserved") }
      if entry.isRevocable { throw OperationFault(message: "volume is revocable") }
      if (existing + entries[..<place]).contains(where: {
        $0.role == entry.role && $0.disk?.persistenceID == id
      }) {
        throw OperationFault(message: "persistence id '\(id)' is in use on the slave")
      }
      try check(.createVolumes, by: principal, on: entry.role.value)
    }
    return Conversion(consumed: volumes.withoutPersistence, converted: volumes)
  }

  private func destruction(
    of volumes: Resources, by principal: String?
  ) throws(OperationFault) -> Conversion {
    for entry in try valid(volumes) {
      guard entry.disk?.persistenceID != nil else {
        throw OperationFault(message: "'\(entry.name)' is no persistent volume")
      }
      try check(.destroyVolumes, by: principal, on: entry.reservations.last?.principal)
    }
    return Conversion(consumed: volumes, converted: volumes.withoutPersistence)
  }

  /// Whether a task uses one of these volumes: of shared ones there are copies in offers meanwhile.
  func isUsed(_ volumes: Resources, on slave: SlaveIndex) -> Bool {
    let shared = volumes.shared.entries
    if shared.isEmpty { return false }
    return tasks.slots(onSlave: slaves[slave].tasks).contains { slot in
      !tasks[slot].state.isTerminal
        && shared.contains { tasks[slot].resources.contains(Resources([$0])) }
    }
  }

  private func valid(_ resources: Resources) throws(OperationFault) -> [Resource] {
    let entries = resources.entries
    if entries.isEmpty { throw OperationFault(message: "no resources are named") }
    for entry in entries {
      do throws(ResourceSyntaxError) { try entry.validate() } catch {
        throw OperationFault(message: error.message)
      }
    }
    return entries
  }

  func check(
    _ action: ACLs.Action, by principal: String?, on object: String?
  ) throws(OperationFault) {
    guard let acls = settings.acls, !acls.allows(action, by: principal, on: object) else { return }
    throw OperationFault(
      message: "principal '\(principal ?? "")' may not \(action.rawValue)", isForbidden: true)
  }
}
