// Part of mesosim. Apache-2.0, see LICENSE.
//
// What operators ask for where the master follows Mesos 1.11 to the word (Mesos: `master/http.cpp`,
// `master/weights_handler.cpp`, `master/quota_handler.cpp`).

public import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  /// Handles a request that Mesos 1.11 answers otherwise; `nil` for any other.
  mutating func handleFully(_ call: OperatorCall) -> OperatorAnswer? {
    switch call {
    case .updateWeights(let weights):
      if let fault = fullFault(of: weights) { return .badRequest(fault) }
      return updateWeights(weights)
    case .reserve(let slave, let resources):
      return convertFully(.reserve(resources), "RESERVE", on: slave)
    case .unreserve(let slave, let resources):
      return convertFully(.unreserve(resources), "UNRESERVE", on: slave)
    case .createVolumes(let slave, let volumes):
      return convertFully(.create(volumes), "CREATE", on: slave)
    case .destroyVolumes(let slave, let volumes):
      return convertFully(.destroy(volumes), "DESTROY", on: slave)
    case .changeVolume(let slave, let operation):
      var word = "SHRINK_VOLUME"
      if case .growVolume = operation { word = "GROW_VOLUME" }
      return convertFully(operation, word, on: slave)
    case .teardown(let framework):
      guard isKnown(framework) else {
        return .badRequest("No framework found with specified ID")
      }
      remove(framework)
      return .done
    case .deactivate(let slave): return order(.deactivated, of: slave)
    case .drain(let slave): return order(.draining(DrainConfig()), of: slave)
    case .drainBy(let slave, let config): return order(.draining(config), of: slave)
    case .reactivate(let slave): return reactivateFully(slave)
    case .markGone(let slave): return markGoneFully(slave)
    case .schedule(let windows): return schedule(windows)
    case .takeDown(let machines): return takeDown(machines)
    case .bringUp(let machines): return bringUp(machines)
    default: return nil
    }
  }

  private func fullFault(of weights: [WeightInfo]) -> String? {
    let what = "Failed to validate update weights request JSON"
    for info in weights {
      if let fault = FullFault.of(info.role) {
        return "\(what): Invalid role '\(info.role)': \(fault)"
      }
      if let roles = settings.roles, info.role != .unreserved, !roles.contains(info.role) {
        return "\(what): Unknown role '\(info.role)'"
      }
      if !(info.weight > 0) {
        return "\(what) for role '\(info.role)': Invalid weight '\(info.weight.mesosText)': "
          + "Weights must be positive"
      }
    }
    return nil
  }

  // MARK: Reservations and volumes

  private mutating func convertFully(
    _ operation: OfferOperation, _ word: String, on slave: SlaveIndex
  ) -> OperatorAnswer {
    guard isRegistered(slave), let id = slaves[slave].id else {
      return .badRequest("No agent found with specified ID")
    }
    let change: Conversion
    do throws(OperationFault) {
      change = try fullConversion(operation, principal: nil, on: slave)
    } catch {
      let place =
        word == "DESTROY"
        ? "" : " on agent \(id) at \(slaves[slave].info.pid) (\(slaves[slave].info.hostname))"
      return .badRequest("Invalid \(word) operation\(place): \(error.message)")
    }
    rescindOffers(thatHold: change.consumed, of: slave)
    let isDone = allocator.updateAvailable(
      on: slave, from: change.consumed, to: change.converted, at: now)
    guard isDone else {
      return .conflict("\(free(on: slave).mesosText) does not contain \(change.consumed.mesosText)")
    }
    apply(change, to: slave)
    return .done
  }

  /// Rescinds offers that hold some of what is needed, until enough is rescinded.
  private mutating func rescindOffers(thatHold wanted: Resources, of slave: SlaveIndex) {
    var required = wanted
    for number in openOffers(of: slave) {
      if required.isEmpty { return }
      guard let held = offers[number]?.resources, required - held != required else { continue }
      required -= held
      rescind(number, refusal: Filters())
    }
  }

  /// What of a slave neither offers nor tasks hold.
  private func free(on slave: SlaveIndex) -> Resources {
    var free = slaves[slave].total
    for slot in tasks.slots(onSlave: slaves[slave].tasks) where !tasks[slot].state.isTerminal {
      free -= tasks[slot].resources
    }
    for executor in slaves[slave].executors { free -= executor.info.resources }
    for number in openOffers(of: slave) { free -= offers[number]?.resources ?? Resources() }
    return free
  }

  // MARK: Quota

  mutating func setQuotaFully(
    of role: Role, _ guarantee: Resources, isForced: Bool
  ) -> OperatorAnswer {
    let what = "Failed to validate set quota request: "
    if let roles = settings.roles, role != .unreserved, !roles.contains(role) {
      return .badRequest("\(what)Unknown role '\(role)'")
    }
    if registry.quota(of: role) != nil {
      return .badRequest("\(what)Cannot set quota for role '\(role)' which already has quota")
    }
    let amounts = guarantee.scalarQuantities
    if let slash = role.value.utf8.lastIndex(of: UInt8(ascii: "/")) {
      let parent = Role(String(role.value[..<slash]))
      var sum = amounts
      for config in registry.quotas
      where parent.isAncestor(of: config.role) && config.role != role {
        sum += config.quota.guarantees
      }
      let own = registry.quota(of: parent)?.guarantees ?? Quantities()
      if !own.contains(sum) {
        return .badRequest(
          "\(what)Invalid quota configuration. Parent role '\(parent.lastComponent)' with guarantees (\(own)) does "
            + "not contain the sum of its children's guarantees (\(sum))")
      }
      return .badRequest("Setting quota on nested role '\(role)' is not supported yet")
    }
    var limits = Limits()
    if !amounts.isEmpty, let bounds = try? Limits(parsing: amounts.compactText) { limits = bounds }
    let config = QuotaConfig(role, Quota(guarantees: amounts, limits: limits))
    if !isForced, let (sum, capacity) = excess(setting: [config]) {
      return .conflict(
        "Quota guarantees overcommit the cluster (use 'force' to bypass this check): Total quota "
          + "guarantees '\(sum)' exceed cluster capacity '\(capacity)'")
    }
    put([config])
    makeRoom(for: role, config.quota.guarantees)
    return .done
  }

  mutating func updateQuotasFully(
    _ quotas: [QuotaConfig], isForced: Bool
  ) -> OperatorAnswer {
    for config in quotas {
      if let fault = fullFault(of: config) { return .badRequest(fault) }
    }
    let hint = "(use 'force' flag to bypass this check)"
    for config in quotas where !isForced {
      let consumed = consumption(of: config.role)
      if !config.quota.limits.contains(consumed) {
        return .badRequest(
          "Invalid QuotaConfig: Role '\(config.role)' is already consuming '\(consumed)'; this is "
            + "more than the requested limits '\(config.quota.limits)' \(hint)")
      }
    }
    if !isForced, let (sum, capacity) = excess(setting: quotas) {
      return .badRequest(
        "Invalid QuotaConfig: total quota guarantees '\(sum)' exceed cluster capacity "
          + "'\(capacity)' \(hint)")
    }
    for config in quotas {
      registry.setQuota(config.quota, of: config.role, keepsNone: true)
      allocator.updateQuota(config.quota, of: config.role, at: now)
    }
    for config in quotas { makeRoom(for: config) }
    return .done
  }

  /// Rescinds offers of a role beyond its limits, then offers of others for its guarantees, one by
  /// one.
  private mutating func makeRoom(for config: QuotaConfig) {
    let role = config.role
    func isOfRole(_ other: Role) -> Bool { other == role || role.isAncestor(of: other) }
    var held = consumption(of: role)
    let own = offers.numbers { $0.isOpen && isOfRole($0.role) }
    for number in own { held += offers[number]?.resources.quantities ?? Quantities() }
    for number in own {
      if config.quota.limits.contains(held) { break }
      held -= offers[number]?.resources.quantities ?? Quantities()
      rescind(number, refusal: nil)
    }
    for slave in slaves.indices where slaves[slave].state.isRegistered {
      for number in openOffers(of: SlaveIndex(slave)) {
        if held.contains(config.quota.guarantees) { return }
        guard let offer = offers[number], !isOfRole(offer.role) else { continue }
        held += offer.resources.quantities
        rescind(number, refusal: nil)
      }
    }
  }

  private func fullFault(of config: QuotaConfig) -> String? {
    let (role, quota) = (config.role, config.quota)
    if let roles = settings.roles, role != .unreserved, !roles.contains(role) {
      return "Invalid QuotaConfig: '\(role)' is not on the roles whitelist"
    }
    if role.value.utf8.contains(UInt8(ascii: "/")) {
      return "Updating quota on nested role '\(role)' is not supported yet"
    }
    if let fault = FullFault.of(role) {
      return "Invalid QuotaConfig: Invalid 'QuotaConfig.role': \(fault)"
    }
    for (what, entries) in [
      ("guarantees", quota.guarantees.entries), ("limits", quota.limits.entries),
    ] {
      // An exabyte in MB, or a trillion of anything else.
      func bound(_ name: String) -> Int64 {
        name == "mem" || name == "disk" ? 1_099_511_627_776 : 1_000_000_000_000
      }
      guard let entry = entries.first(where: { $0.thousandths > bound($0.name) * 1000 }) else {
        continue
      }
      let word = bound(entry.name) > 1_000_000_000_000 ? "exabyte" : "trillion"
      return "Invalid QuotaConfig: Invalid 'QuotaConfig.\(what)': {'\(entry.name)': "
        + "\(Scalar(thousandths: entry.thousandths))} is invalid: values greater than 1 \(word) "
        + "(\(bound(entry.name))) are not supported"
    }
    let isWithin = quota.guarantees.entries.allSatisfy {
      $0.thousandths <= quota.limits[$0.name] ?? .max
    }
    if isWithin { return nil }
    func text(_ entries: [Quantities.Entry]) -> String {
      let parts = entries.map { "\($0.name): \(Scalar(thousandths: $0.thousandths))" }
      return FullFault.text(ofSet: parts)
    }
    return "Invalid QuotaConfig: 'QuotaConfig.guarantees' \(text(quota.guarantees.entries)) is not "
      + "contained within the 'QuotaConfig.limits' \(text(quota.limits.entries))"
  }

}

extension Quantities {
  /// The amounts in the form that is read back.
  var compactText: String {
    entries.map { "\($0.name):\(Scalar(thousandths: $0.thousandths))" }.joined(separator: ";")
  }
}

extension Role {
  /// What stands after the last slash.
  fileprivate var lastComponent: String {
    String(value.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
  }
}

extension SlaveInfo {
  /// The slave as libprocess names it.
  public var pid: String { "slave(\(process))@127.0.0.1:\(port)" }
}
