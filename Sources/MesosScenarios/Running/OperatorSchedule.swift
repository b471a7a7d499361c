// Part of mesosim. Apache-2.0, see LICENSE.
//
// The operator of a scenario: asks for what it says at the instants it says, and remembers what the
// master would not do.

import Mesos
import MesosAllocation
import MesosCluster
import MesosMetrics
import SimulationKernel
import VirtualTime

/// Carries the actions of a scenario out.
final class OperatorSchedule: EventHandler {
  private let scenario: Scenario
  private lazy var slaves: [String: SlaveIndex] = {
    let names = scenario.cluster.slaveNames
    return Dictionary(
      zip(names, names.indices).map { ($0, SlaveIndex($1)) }, uniquingKeysWith: { one, _ in one })
  }()
  private unowned let cluster: Cluster
  private let collector: MetricsCollector
  private var actions: [OperatorAction]
  private var handler: HandlerID?
  /// What the master would not do, in the order of time.
  private(set) var warnings: [String] = []

  /// Makes the operator of a scenario's cluster.
  init(_ scenario: Scenario, _ cluster: Cluster, _ collector: MetricsCollector) {
    self.scenario = scenario
    self.cluster = cluster
    self.collector = collector
    actions = scenario.operations
  }

  /// Sets the quotas that hold from the start, and plans everything else.
  func start() {
    let quotas = scenario.roles.compactMap { role in
      role.value.quota.map { QuotaConfig(Role(role.name), $0) }
    }
    if !quotas.isEmpty {
      // No slave has registered, so nothing would be seen to suffice.
      note(cluster.operate(.updateQuotas(quotas, isForced: true)), of: "roles: quota")
    }
    for index in actions.indices { plan(index, at: cluster.simulation.now + actions[index].at) }
  }

  private func plan(_ index: Int, at instant: Instant) {
    let simulation = cluster.simulation
    let handler = handler ?? simulation.register(self)
    self.handler = handler
    simulation.schedule(
      at: instant, priority: .message, to: handler, code: 0, word: UInt64(index))
  }

  /// Carries out one more action, now or at a later instant.
  func add(_ action: OperatorAction, at instant: Instant) {
    actions.append(action)
    if instant > cluster.simulation.now {
      plan(actions.count - 1, at: instant)
    } else {
      carryOut(actions.count - 1, at: cluster.simulation.now)
    }
  }

  func handle(_ event: Event, at now: Instant) { carryOut(Int(event.word), at: now) }

  private func carryOut(_ index: Int, at now: Instant) {
    let place = "operator[\(index)]"
    let request = actions[index].request
    guard let call = call(request) else {
      return warnings.append("\(place): names nobody in this scenario")
    }
    let answer = cluster.operate(call)
    let refusal = note(answer, of: place)
    cluster.recorder.record(.operated(json: request.json, refusal: refusal ?? ""), at: now)
    if case (.updateWeights(let weights), .done) = (call, answer) { tell(weights, at: now) }
  }

  /// Lets the measurement of fairness know what is fair from here on.
  private func tell(_ weights: [WeightInfo], at now: Instant) {
    for (index, framework) in scenario.frameworks.enumerated() {
      for info in weights where info.role == framework.effectiveRoles.first {
        collector.setWeight(info.weight, of: FrameworkIndex(index), at: now)
      }
    }
  }

  /// Warns of what the master would not do, and returns what it said.
  @discardableResult
  private func note(_ answer: OperatorAnswer, of place: String) -> String? {
    let (status, reason): (String, String)
    switch answer {
    case .done: return nil
    case .badRequest(let text): (status, reason) = ("400 Bad Request", text)
    case .forbidden(let text): (status, reason) = ("403 Forbidden", text)
    case .conflict(let text): (status, reason) = ("409 Conflict", text)
    case .notFound(let text): (status, reason) = ("404 Not Found", text)
    }
    warnings.append("\(place), at \(cluster.simulation.now): \(status): \(reason)")
    return "\(status): \(reason)"
  }

  /// The request, with the numbers that slaves and frameworks have in the run.
  private func call(_ request: OperatorAction.Request) -> OperatorCall? {
    switch request {
    case .weights(let weights):
      .updateWeights(weights.map { WeightInfo(Role($0.name), $0.value) })
    case .quota(let quotas):
      .updateQuotas(quotas.map { QuotaConfig(Role($0.name), $0.value) }, isForced: false)
    case .removeQuota(let role): .removeQuota(Role(role))
    case .whitelist(let hosts): .updateWhitelist(hosts)
    case .reserve(let change): slaves[change.slave].map { .reserve($0, change.reserved) }
    case .unreserve(let change): slaves[change.slave].map { .unreserve($0, change.reserved) }
    case .createVolumes(let change): slaves[change.slave].map { .createVolumes($0, change.volume) }
    case .destroyVolumes(let change):
      slaves[change.slave].map { .destroyVolumes($0, change.volume) }
    case .teardown(let name):
      scenario.frameworks.firstIndex { $0.name == name }.map { .teardown(FrameworkIndex($0)) }
    case .maintenance(let windows): maintenance(windows)
    case .drain(let slave): slaves[slave].map(OperatorCall.drain)
    case .reactivate(let slave): slaves[slave].map(OperatorCall.reactivate)
    case .markGone(let slave): slaves[slave].map(OperatorCall.markGone)
    }
  }

  private func maintenance(_ windows: [MaintenanceWindow]) -> OperatorCall? {
    let known = windows.compactMap { window in
      slaves[window.slave].map {
        SlaveUnavailability(
          $0, Unavailability(start: .start + window.start, duration: window.duration))
      }
    }
    return known.count == windows.count ? .updateMaintenance(known) : nil
  }
}
