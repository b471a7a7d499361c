// Part of mesosim. Apache-2.0, see LICENSE.
//
// Names in what an operator does, and work that never ends.

internal import Mesos
internal import MesosAllocation

extension MeaningCheck {
  /// Says so when a run without `until` has only its latest end before it, or hardly begins.
  mutating func checkEndless() {
    guard scenario.until == nil else { return }
    if scenario.frameworks.isEmpty {
      warn(
        Path() + "frameworks",
        "without frameworks the run is over as soon as the slaves have registered; set 'until'")
    }
    for (index, framework) in scenario.frameworks.enumerated()
    where framework.isEndless && framework.isThereAtLast {
      warn(
        Path() + "frameworks" + index,
        "'\(framework.name)' never ends by itself; set 'until', or the run takes 30d")
    }
  }

  /// Looks for those that an operator's action names.
  mutating func checkOperation(_ index: Int) {
    let path = Path() + "operator" + index
    let action = scenario.operations[index]
    switch action.request {
    case .weights(let weights): checkRoles(weights.map(\.name), path + "weights")
    case .quota(let quotas):
      checkRoles(quotas.map(\.name), path + "quota")
      for quota in quotas { checkQuota(quota.value, path + "quota" + quota.name) }
    case .removeQuota(let role): checkRoles([role], path + "removeQuota")
    case .whitelist(let hosts):
      for host in hosts ?? [] { checkSlave(host, path + "whitelist") }
    case .reserve(let change): checkSlave(change.slave, path + "reserve" + "slave")
    case .unreserve(let change): checkSlave(change.slave, path + "unreserve" + "slave")
    case .createVolumes(let change): checkSlave(change.slave, path + "createVolumes" + "slave")
    case .destroyVolumes(let change): checkSlave(change.slave, path + "destroyVolumes" + "slave")
    case .teardown(let name):
      look(for: name, .framework, path + "teardown")
    case .maintenance(let windows):
      for (place, window) in windows.enumerated() {
        checkSlave(window.slave, path + "maintenance" + place + "slave")
      }
    case .drain(let slave): checkSlave(slave, path + "drain")
    case .reactivate(let slave): checkSlave(slave, path + "reactivate")
    case .markGone(let slave): checkSlave(slave, path + "markGone")
    }
    if let until = scenario.until, action.at > until {
      warn(path + "at", "after the end, \(until.scenarioText): it is never done")
    }
  }

  private mutating func checkRoles(_ names: [String], _ path: Path) {
    for name in names {
      do throws(RoleError) { try Role(name).validate() } catch { fail(path, error.description) }
    }
  }

  private mutating func checkSlave(_ name: String, _ path: Path) { look(for: name, .hosts, path) }
}
