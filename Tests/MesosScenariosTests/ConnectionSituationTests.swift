// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations in which messages between schedulers and the master are lost, run whole.

import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

/// What frameworks still want and which of them the master has removed.
private final class Wants: ClusterEventSink {
  var waiting: [FrameworkIndex: Int] = [:]
  var most = 0
  var removed: [FrameworkIndex] = []
  func record(_ event: ClusterEvent, at now: Instant) {
    switch event {
    case .demand(let framework, _, let delta):
      waiting[framework, default: 0] += delta
      most = max(most, waiting[framework, default: 0])
    case .demandEnded(let framework): waiting[framework] = 0
    case .frameworkRemoved(let framework): removed.append(framework)
    default: break
    }
  }
}

@Suite("Reported situations: connections")
struct ConnectionSituationTests {
  /// A framework with one job that is done after a minute, and one that has work for half an hour.
  private func scenario(
    _ faults: String, seed: Int = 1, first: String = "", both: String
  ) -> String {
    """
    name: connections
    seed: \(seed)
    until: 1h
    cluster:
      slaves: [{count: 2, name: "node-{index}", resources: "cpus:4;mem:8GB"}]
    frameworks:
      - name: first
        role: first
        type: batch
        reconcile: 30s
        \(both)
        \(first)
        workload:
          jobs: 1
          stages: [{name: map, tasks: 8, resources: "cpus:1;mem:1GB", duration: 30s}]
      - name: second
        role: second
        type: batch
        reconcile: 30s
        \(both)
        workload:
          jobs: 10
          start: 1m
          arrivals: {constant: 2m}
          stages: [{name: map, tasks: 8, resources: "cpus:1;mem:1GB", duration: 30s}]
    allocators: [{name: drf}]
    faults: [\(faults)]

    """
  }

  private func run(
    _ text: String, isLiteral: Bool
  ) throws -> (result: RunResult, wants: Wants, violation: String?) {
    let prepared = try PreparedScenario(ScenarioText.read(text))
    let run = try ScenarioRun(
      prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
    let wants = Wants()
    run.attach(wants)
    run.checkInvariants()
    run.run()
    return (run.measured(window: run.window).result, wants, run.violation?.text)
  }

  /// Runs a scenario elided and literally, which must be the same, and keep every invariant.
  private func runBoth(_ text: String) throws -> (result: RunResult, wants: Wants) {
    let elided = try run(text, isLiteral: false)
    let literal = try run(text, isLiteral: true)
    #expect(elided.violation == nil)
    #expect(elided.result.digest == literal.result.digest)
    return (elided.result, elided.wants)
  }

  @Test(
    "BUG: a framework that was done while messages were lost stood to the end",
    arguments: [0, 1, 2],
    [
      "{at: 25s, network: {loss: 60%, for: 2m}}", "{at: 20s, network: {loss: 90%, for: 1m}}",
      "{at: 25s, partition: {scheduler: first, from: masters, for: 3m}}",
      "{at: 25s, partition: {scheduler: first, from: masters, oneWay: true, for: 3m}}",
    ])
  func lostTeardown(seed: Int, faults: String) throws {
    for first in ["", "failoverTimeout: 2m"] {
      let (result, wants) = try runBoth(
        scenario(faults, seed: seed, first: first, both: "checkpoint: true"))
      #expect(wants.removed.contains(0))
      #expect(result.frameworks.map(\.jobs.finished) == [1, 10])
    }
  }

  @Test(
    "BUG: offers that were lost were never made again, without a timeout for offers",
    arguments: [0, 1, 2],
    [
      "{at: 2m, network: {loss: 30%, for: 5m}}",
      "{at: 2m, partition: {scheduler: second, from: masters, for: 7m}}",
      "{at: 2m, partition: {masters: \"*\", from: {scheduler: second}, oneWay: true, for: 7m}}",
      "{at: 2m, network: {loss: 5%, reordering: 20%, duplication: 10%, for: 15m}}",
    ])
  func lostOffers(seed: Int, faults: String) throws {
    let (result, _) = try runBoth(
      scenario(faults, seed: seed, both: "checkpoint: true"))
    #expect(result.frameworks.map(\.jobs.finished) == [1, 10])
  }

  @Test(
    "BUG: demand of processes that had ended was counted, and twice after a restart",
    arguments: [
      "{at: 200s, kill: {scheduler: second, for: 30s}}",
      "{at: 10s, kill: {scheduler: first}}, {at: 15s, kill: {scheduler: second, for: 5m}}",
      "{at: 5s, reset: {schedulers: \"*\"}}, {at: 10s, restart: {schedulers: \"*\"}}",
    ],
    ["restartAfter: 20s", "failoverTimeout: 10m"])
  func demand(faults: String, both: String) throws {
    let text = scenario(faults, both: both).replacing("tasks: 8", with: "tasks: 40")
    let (result, wants) = try runBoth(text)
    #expect(wants.waiting.values.allSatisfy { $0 == 0 })
    #expect(wants.most <= 400)
    #expect(result.frameworks[1].jobs.finished == 10)
  }
}
