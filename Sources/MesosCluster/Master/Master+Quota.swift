// Part of mesosim. Apache-2.0, see LICENSE.
//
// Quota at run time (Rules 9.3; Mesos: `master/quota_handler.cpp`).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func setQuota(of role: Role, _ guarantee: Resources, isForced: Bool) -> OperatorAnswer {
    if settings.followsMesos1_11 { return setQuotaFully(of: role, guarantee, isForced: isForced) }
    if let fault = faultOfQuotaRole(role) { return .badRequest(fault) }
    if registry.quota(of: role) != nil {
      return .badRequest("role '\(role)' has a quota; remove it first")
    }
    let entries = guarantee.entries
    if entries.isEmpty { return .badRequest("quota guarantees nothing") }
    for (place, entry) in entries.enumerated() {
      guard case .scalar = entry.value else {
        return .badRequest("quota of '\(entry.name)', which is no amount")
      }
      if !entry.reservations.isEmpty || entry.isRevocable || entry.disk != nil {
        return .badRequest("quota of '\(entry.name)' is neither plain nor for all")
      }
      if entries[..<place].contains(where: { $0.name == entry.name }) {
        return .badRequest("quota names '\(entry.name)' twice")
      }
    }
    var limits = Limits()
    if let bounds = try? Limits(parsing: guarantee.scalarQuantities.description) {
      limits = bounds
    }
    let quota = Quota(guarantees: guarantee.scalarQuantities, limits: limits)
    let config = QuotaConfig(role, quota)
    if !isForced, let fault = overcommitment(setting: [config]) { return .conflict(fault) }
    put([config])
    makeRoom(for: role, quota.guarantees)
    return .done
  }

  mutating func removeQuota(of role: Role) -> OperatorAnswer {
    guard registry.quota(of: role) != nil else {
      if settings.followsMesos1_11 { return .badRequest("Role '\(role)' has no quota set") }
      return .badRequest("role '\(role)' has no quota")
    }
    registry.setQuota(Quota(), of: role)
    allocator.updateQuota(Quota(), of: role, at: now)
    return .done
  }

  mutating func updateQuotas(_ quotas: [QuotaConfig], isForced: Bool) -> OperatorAnswer {
    if settings.followsMesos1_11 { return updateQuotasFully(quotas, isForced: isForced) }
    for config in quotas {
      let (role, quota) = (config.role, config.quota)
      if let fault = faultOfQuotaRole(role) { return .badRequest(fault) }
      if let entry = (quota.guarantees.entries + quota.limits.entries)
        .first(where: { $0.thousandths > Self.quotaMax })
      {
        return .badRequest("role '\(role)' has a quota of '\(entry.name)' beyond 1e12")
      }
      for entry in quota.guarantees.entries {
        if let limit = quota.limits[entry.name], limit < entry.thousandths {
          return .badRequest("role '\(role)' is guaranteed more '\(entry.name)' than its limit")
        }
      }
      if !isForced, !quota.limits.contains(consumption(of: role)) {
        return .badRequest("role '\(role)' consumes more than its limit already")
      }
    }
    if !isForced, let fault = overcommitment(setting: quotas) { return .badRequest(fault) }
    put(quotas)
    return .done
  }

  /// The most that a quota may say of one name, in thousandths.
  static var quotaMax: Int64 { 1_000_000_000_000 * 1000 }

  private func faultOfQuotaRole(_ role: Role) -> String? {
    guard allocator.supports.contains(.quota) else { return "this allocator has no quotas" }
    if let fault = faultOfRole(role) { return fault }
    if role == .unreserved { return "role '*' cannot have a quota" }
    if role.value.utf8.contains(UInt8(ascii: "/")) {
      return "role '\(role)' is nested; only top-level roles have quotas"
    }
    return nil
  }

  /// Why all guarantees together cannot be given, or `nil`.
  private func overcommitment(setting quotas: [QuotaConfig]) -> String? {
    excess(setting: quotas).map {
      "all guarantees come to \($0.guarantees), the cluster has \($0.capacity); force it if that is "
        + "meant"
    }
  }

  /// What all guarantees would come to, and what there is, if that is less.
  func excess(
    setting quotas: [QuotaConfig]
  ) -> (guarantees: Quantities, capacity: Quantities)? {
    var sum = Quantities()
    for config in registry.quotas where !quotas.contains(where: { $0.role == config.role }) {
      sum += config.quota.guarantees
    }
    for config in quotas { sum += config.quota.guarantees }
    var capacity = Quantities()
    for slave in slaves where slave.state.isRegistered {
      capacity += slave.total.nonRevocable.scalarQuantities
    }
    return capacity.contains(sum) ? nil : (sum, capacity)
  }

  /// What a role holds and what is reserved for it, of all amounts.
  ///
  /// - Complexity: O(tasks, slaves).
  func consumption(of role: Role) -> Quantities {
    func isBelow(_ other: Role) -> Bool { other == role || role.isAncestor(of: other) }
    var sum = Quantities()
    for slave in slaves where slave.state.isRegistered {
      for slot in tasks.slots(onSlave: slave.tasks)
      where !tasks[slot].state.isTerminal && isBelow(tasks[slot].role) {
        sum += tasks[slot].resources.governed.scalarQuantities
      }
      for executor in slave.executors where isBelow(executor.role) {
        sum += executor.info.resources.governed.scalarQuantities
      }
      for reserved in slave.total.reservationRoles where isBelow(reserved) {
        sum += slave.total.reserved(for: reserved).scalarQuantities
      }
    }
    return sum
  }

  mutating func put(_ list: [QuotaConfig]) {
    for config in list {
      registry.setQuota(
        config.quota, of: config.role, keepsNone: settings.followsMesos1_11)
      allocator.updateQuota(config.quota, of: config.role, at: now)
    }
    // What a role is offered beyond its limit is taken back.
    for config in list {
      let role = config.role
      if config.quota.limits.contains(consumption(of: role) + offered(to: role)) { continue }
      for number in offers.numbers(where: { $0.role == role || role.isAncestor(of: $0.role) }) {
        rescind(number, refusal: nil)
      }
    }
  }

  /// Rescinds offers, slave by slave, until what comes free covers a guarantee and as many slaves
  /// as the role has frameworks were touched (only `POST /quota` does).
  mutating func makeRoom(for role: Role, _ guarantee: Quantities) {
    let wanted = frameworks.count {
      $0.state == .active && $0.info.effectiveRoles.contains(role)
    }
    var freed = Quantities()
    var visited = 0
    for slave in slaves.indices where slaves[slave].isActive {
      if freed.contains(guarantee), visited >= wanted { return }
      let open = openOffers(of: SlaveIndex(slave))
      if open.isEmpty { continue }
      for number in open {
        freed += offers[number]?.resources.governed.scalarQuantities ?? Quantities()
        rescind(number, refusal: nil)
      }
      visited += 1
    }
  }

  func offered(to role: Role) -> Quantities {
    var sum = Quantities()
    for number in offers.numbers(where: {
      $0.isOpen && ($0.role == role || role.isAncestor(of: $0.role))
    }) {
      sum += offers[number]?.resources.governed.scalarQuantities ?? Quantities()
    }
    return sum
  }
}
