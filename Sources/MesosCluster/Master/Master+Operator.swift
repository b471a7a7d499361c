// Part of mesosim. Apache-2.0, see LICENSE.
//
// What operators ask for, but for quota: weights, whitelist, reservations, maintenance, draining
// (Rules 9.2, 9.4, 9.5; Mesos: `master/http.cpp`, `master/weights_handler.cpp`).

import Mesos
import MesosAllocation
import VirtualTime

extension Master {
  mutating func handle(_ call: OperatorCall) -> OperatorAnswer {
    if settings.followsMesos1_11, let answer = handleFully(call) { return answer }
    switch call {
    case .deactivate, .drainBy, .schedule, .takeDown, .bringUp, .changeVolume:
      return .badRequest("only a master that follows Mesos 1.11 can do that")
    case .updateWeights(let weights):
      return updateWeights(weights)
    case .setQuota(let role, let guarantee, let isForced):
      return setQuota(of: role, guarantee, isForced: isForced)
    case .removeQuota(let role): return removeQuota(of: role)
    case .updateQuotas(let quotas, let isForced):
      return updateQuotas(quotas, isForced: isForced)
    case .updateWhitelist(let hosts):
      guard allocator.supports.contains(.whitelist) else {
        return .badRequest("this allocator has no whitelist")
      }
      allocator.updateWhitelist(hosts, at: now)
      return .done
    case .reserve(let slave, let resources):
      return convert(.reserve(resources), on: slave)
    case .unreserve(let slave, let resources):
      return convert(.unreserve(resources), on: slave)
    case .createVolumes(let slave, let volumes):
      return convert(.create(volumes), on: slave)
    case .destroyVolumes(let slave, let volumes):
      return convert(.destroy(volumes), on: slave)
    case .teardown(let framework):
      guard isKnown(framework) else { return .badRequest("no such framework is registered") }
      remove(framework)
      return .done
    case .updateMaintenance(let windows): return updateMaintenance(windows)
    case .drain(let slave): return drain(slave)
    case .reactivate(let slave): return reactivate(slave)
    case .markGone(let slave): return markGone(slave)
    }
  }

  func isRegistered(_ slave: SlaveIndex) -> Bool {
    slaves.has(slave) && slaves[slave].state.isRegistered
  }

  // MARK: Weights

  mutating func updateWeights(_ weights: [WeightInfo]) -> OperatorAnswer {
    guard allocator.supports.contains(.weights) else {
      return .badRequest("this allocator has no weights")
    }
    for info in weights where !settings.followsMesos1_11 {
      if let fault = faultOfRole(info.role) { return .badRequest(fault) }
      guard info.weight > 0, info.weight.isFinite else {
        return .badRequest("weight \(info.weight) of role '\(info.role)' is not above zero")
      }
    }
    for info in weights { registry.setWeight(info.weight, of: info.role) }
    allocator.updateWeights(weights.map { ($0.role, $0.weight) }, at: now)
    let listed = weights.map(\.role)
    let hasFrameworks = frameworks.contains { framework in
      framework.state.isKnown
        && framework.info.effectiveRoles.contains(where: listed.contains)
    }
    if hasFrameworks {
      for number in offers.numbers(where: { _ in true }) {
        rescind(number, refusal: nil)
      }
    }
    return .done
  }

  func faultOfRole(_ role: Role) -> String? {
    do throws(RoleError) { try role.validate() } catch { return "\(error)" }
    if let roles = settings.roles, !roles.contains(role), role != .unreserved {
      return "role '\(role)' is not among the roles of this master"
    }
    return nil
  }

  // MARK: Reservations and volumes

  private mutating func convert(
    _ operation: OfferOperation, on slave: SlaveIndex
  ) -> OperatorAnswer {
    guard isRegistered(slave) else { return .badRequest("no such slave is registered") }
    guard allocator.supports.contains(.reservations) else {
      return .badRequest("this allocator knows no reservations")
    }
    let change: Conversion
    do throws(OperationFault) {
      change = try conversion(operation, by: nil, on: slave)
    } catch {
      return error.isForbidden ? .forbidden(error.message) : .badRequest(error.message)
    }
    // Offers are rescinded one by one, until what is needed is free (Rules 9.4); a filter keeps
    // what was rescinded from going straight back.
    var pending = openOffers(of: slave)[...]
    while true {
      let isDone = allocator.updateAvailable(
        on: slave, from: change.consumed, to: change.converted, at: now)
      if isDone {
        apply(change, to: slave)
        return .done
      }
      guard let number = pending.popFirst() else {
        return .conflict("not enough of \(change.consumed) is free on the slave")
      }
      rescind(number, refusal: Filters())
    }
  }

  // MARK: Maintenance

  private mutating func updateMaintenance(_ windows: [SlaveUnavailability]) -> OperatorAnswer {
    let before = registry.maintenance.map(\.slave)
    registry.maintenance = windows
    var touched = before + windows.map(\.slave)
    touched.sort()
    for (place, slave) in touched.enumerated() where place == 0 || touched[place - 1] != slave {
      guard isRegistered(slave) else { continue }
      rescindOffers(of: slave)
      slaves[slave].unavailability = nil
      applyMaintenance(to: slave)
      if slaves[slave].unavailability == nil {
        allocator.updateUnavailability(of: slave, from: nil, at: now)
      }
    }
    return .done
  }

  /// Tells the allocator of a slave's maintenance, if there is one to come.
  mutating func applyMaintenance(to slave: SlaveIndex) {
    if settings.followsMesos1_11 {
      guard let window = plannedUnavailability(of: slave) else { return }
      slaves[slave].unavailability = window
      return allocator.updateUnavailability(of: slave, from: window.start, at: now)
    }
    guard let window = registry.maintenance.first(where: { $0.slave == slave }) else { return }
    slaves[slave].unavailability = window.unavailability
    allocator.updateUnavailability(of: slave, from: window.unavailability.start, at: now)
    // The v0 API has no callback for requests to leave a slave; offers say when it is down.
    if !settings.followsMesos1_11 { _ = allocator.takeInverseOffers() }
  }

  private mutating func drain(_ slave: SlaveIndex) -> OperatorAnswer {
    guard isRegistered(slave) else { return .badRequest("no such slave is registered") }
    slaves[slave].isDraining = true
    allocator.deactivateSlave(slave, at: now)
    rescindOffers(of: slave)
    for slot in tasks.slots(onSlave: slaves[slave].tasks)
    where !tasks[slot].state.isTerminal {
      let (id, framework) = (tasks[slot].id, tasks[slot].framework)
      kill(id, on: nil, of: framework)
    }
    return .done
  }

  private mutating func reactivate(_ slave: SlaveIndex) -> OperatorAnswer {
    guard isRegistered(slave) else { return .badRequest("no such slave is registered") }
    slaves[slave].isDraining = false
    if slaves[slave].isActive { allocator.activateSlave(slave, at: now) }
    return .done
  }

  private mutating func markGone(_ slave: SlaveIndex) -> OperatorAnswer {
    guard isRegistered(slave) else { return .badRequest("no such slave is registered") }
    let isConnected = slaves[slave].state == .connected
    remove(slave, .gone)
    if isConnected { send(.shutdown("the slave was declared gone"), to: slave) }
    return .done
  }
}
