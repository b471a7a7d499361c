// Part of mesosim. Apache-2.0, see LICENSE.
//
// The operations of allocator scripts, each as the call that a master makes.

internal import Mesos
internal import MesosAllocation
internal import VirtualTime

extension AllocatorReplay {
  /// Makes the call that an operation stands for; those resolved to recorded calls make none.
  mutating func handle(_ name: String, _ operation: JSONValue) throws {
    switch name {
    case "addSlave", "removeSlave", "activateSlave", "deactivateSlave", "updateSlave",
      "updateAvailable", "updateUnavailability":
      try handleSlave(name, operation)
    case "addFramework", "removeFramework", "activateFramework", "deactivateFramework",
      "updateFramework", "suppress", "revive", "requestResources":
      try handleFramework(name, operation)
    case "updateWeights":
      let weights = (operation["weights"]?.members ?? []).map {
        (role: Role($0.key), weight: $0.value.double ?? 1)
      }
      allocator.updateWeights(weights, at: now)
    case "updateQuota":
      let role = Role(try operation.requiredString("role"))
      allocator.updateQuota(try operation.quota, of: role, at: now)
    case "updateWhitelist":
      allocator.updateWhitelist(operation["hosts"]?.texts, at: now)
    case "recover": try recoverMaster(operation)
    case "recoverResources": try recover(operation)
    case "pause": allocator.pause(at: now)
    case "resume": allocator.resume(at: now)
    case "decline", "accept", "finish", "noop": break
    default: throw CaseInputError("operation '\(name)' is unknown")
    }
  }

  private mutating func handleSlave(_ name: String, _ operation: JSONValue) throws {
    let id = try operation.requiredString(operation["id"] == nil ? "slave" : "id")
    let slave = slaves.number(of: id)
    switch name {
    case "addSlave": allocator.addSlave(slave, try slaveEntry(id, operation), at: now)
    case "removeSlave": allocator.removeSlave(slave, at: now)
    case "activateSlave": allocator.activateSlave(slave, at: now)
    case "deactivateSlave": allocator.deactivateSlave(slave, at: now)
    case "updateSlave":
      let update = SlaveUpdate(
        total: try operation["resources"]?.string.map(Resources.init(caseText:)),
        attributes: try operation["attributes"]?.string.map(Attributes.init(parsing:)),
        capabilities: operation["capabilities"]?.slaveCapabilities)
      allocator.updateSlave(slave, update, at: now)
    case "updateUnavailability":
      let start = operation["start"]?.double.map { Instant.start + .rounded(seconds: $0) }
      allocator.updateUnavailability(of: slave, from: start, at: now)
    default: try updateAvailable(slave, operation)
    }
  }

  private mutating func updateAvailable(_ slave: SlaveIndex, _ operation: JSONValue) throws {
    let isReserving = operation["reserve"] != nil
    let text = try operation.requiredString(isReserving ? "reserve" : "unreserve")
    let reserved = try Resources(caseText: text)
    let free = reserved.poppingReservation()
    isRefused = !allocator.updateAvailable(
      on: slave, from: isReserving ? free : reserved, to: isReserving ? reserved : free, at: now)
  }

  private mutating func slaveEntry(
    _ id: String, _ operation: JSONValue
  ) throws -> SlaveEntry {
    var entry = SlaveEntry(
      id: SlaveID(id), hostname: operation["hostname"]?.string ?? id,
      total: try Resources(caseText: operation.requiredString("resources")))
    entry.attributes = try Attributes(parsing: operation["attributes"]?.string ?? "")
    if let capabilities = operation["capabilities"]?.slaveCapabilities {
      entry.capabilities = capabilities
    }
    for used in operation["used"]?.array ?? [] {
      entry.used.append(
        (
          frameworks.number(of: try used.requiredString("framework")),
          Role(try used.requiredString("role")),
          try Resources(caseText: used.requiredString("resources"))
        ))
    }
    return entry
  }

  private mutating func handleFramework(_ name: String, _ operation: JSONValue) throws {
    let id = try operation.requiredString(operation["id"] == nil ? "framework" : "id")
    let framework = frameworks.number(of: id)
    let roles = (operation["roles"]?.texts ?? []).map(Role.init)
    switch name {
    case "addFramework":
      allocator.addFramework(framework, try frameworkEntry(id, operation), at: now)
    case "updateFramework":
      allocator.updateFramework(framework, try frameworkEntry(id, operation), at: now)
    case "removeFramework": allocator.removeFramework(framework, at: now)
    case "activateFramework": allocator.activateFramework(framework, at: now)
    case "deactivateFramework": allocator.deactivateFramework(framework, at: now)
    case "suppress": allocator.suppress(framework, roles: roles, at: now)
    case "revive": allocator.revive(framework, roles: roles, at: now)
    default: allocator.requested(framework, [], at: now)
    }
  }

  private func frameworkEntry(_ id: String, _ operation: JSONValue) throws -> FrameworkEntry {
    var entry = FrameworkEntry(
      id: FrameworkID(id), name: id, roles: (operation["roles"]?.texts ?? []).map(Role.init),
      suppressedRoles: (operation["suppressed"]?.texts ?? []).map(Role.init),
      isActive: operation["active"]?.bool ?? true)
    if let capabilities = operation["capabilities"]?.frameworkCapabilities {
      entry.capabilities = capabilities
    }
    for member in operation["min_allocatable"]?.members ?? [] {
      let sets = try (member.value.texts ?? []).map(Quantities.init(parsing:))
      entry.minAllocatable.append((Role(member.key), sets))
    }
    return entry
  }

  /// Gives back what a recorded call says; that an offer became tasks changes no decision.
  mutating func recover(_ call: JSONValue) throws {
    let kind = call["call"]?.string
    guard kind == nil || kind == "recoverResources" else { return }
    allocator.recover(
      try Resources(caseText: call.requiredString("resources")),
      from: frameworks.number(of: try call.requiredString("framework")),
      role: Role(try call.requiredString("role")),
      on: slaves.number(of: try call.requiredString("slave")),
      refusal: call["refuse_seconds"]?.double.map(Filters.init(refuseSeconds:)), at: now)
  }

  private mutating func recoverMaster(_ operation: JSONValue) throws {
    let quotas = try (operation["quotas"]?.members ?? []).map {
      (role: Role($0.key), quota: try $0.value.quota)
    }
    let count = Int(try operation.requiredNumber("expected_slaves"))
    allocator.recover(expectedSlaves: count, quotas: quotas, at: now)
  }
}

extension JSONValue {
  fileprivate var texts: [String]? { array?.compactMap(\.string) }

  fileprivate var quota: Quota {
    get throws {
      Quota(
        guarantees: try Quantities(parsing: self["guarantees"]?.string ?? ""),
        limits: try Limits(parsing: self["limits"]?.string ?? ""))
    }
  }

  fileprivate var frameworkCapabilities: FrameworkCapabilities? {
    texts.map { names in
      let known: [(String, FrameworkCapabilities)] = [
        ("MULTI_ROLE", .multiRole), ("RESERVATION_REFINEMENT", .reservationRefinement),
        ("GPU_RESOURCES", .gpuResources), ("REVOCABLE_RESOURCES", .revocableResources),
        ("SHARED_RESOURCES", .sharedResources),
      ]
      return FrameworkCapabilities(known.filter { names.contains($0.0) }.map(\.1))
    }
  }

  fileprivate var slaveCapabilities: SlaveCapabilities? {
    texts.map { names in
      let known: [(String, SlaveCapabilities)] = [
        ("MULTI_ROLE", .multiRole), ("HIERARCHICAL_ROLE", .hierarchicalRole),
      ]
      return SlaveCapabilities(known.filter { names.contains($0.0) }.map(\.1))
    }
  }
}
