// Part of mesosim. Apache-2.0, see LICENSE.
//
// The scenarios in which things fail: run whole, held to every invariant and to recovery.

import Foundation
import MesosCluster
import MesosMetrics
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Failure scenarios")
struct FailureScenarioTests {
  @Test("the elided and the literal run decide the same", arguments: reliableScenarios)
  func literal(path: String) throws {
    // Goal: leaving out pings, ticks and visits that change nothing changes nothing.
    // Method: the hash over all facts of both runs, for every shipped scenario that loses no
    // message at random and needs no outside file.
    let elided = try run(path, isLiteral: false)
    let literal = try run(path, isLiteral: true)
    #expect(elided == literal)
  }

  @Test("everything at once breaks no invariant and is recovered from", arguments: [101])
  func everythingAtOnce(seed: UInt64) throws {
    let prepared = try prepare("scenarios/failures/everything-at-once.yaml", seed: seed)
    let run = try ScenarioRun(prepared, allocator: prepared.scenario.allocators[0])
    run.checkInvariants()
    run.run()
    #expect(run.violation?.text == nil)
  }

  @Test("each failure scenario keeps every invariant", arguments: failureScenarios)
  func invariants(path: String) throws {
    let prepared = try prepare(path)
    let run = try ScenarioRun(prepared, allocator: prepared.scenario.allocators[0])
    run.checkInvariants()
    run.run()
    #expect(run.violation?.text == nil)
  }

  @Test("a slave that was given up while a ping was under way comes back")
  func pingUnderWay() throws {
    // Goal: the master's last ping, sent before it gave the slave up, does not put the slave at
    // ease: the next ones that it misses are what makes it register again.
    // Method: a removal limited so that it falls between the sending and the arrival of a ping.
    let text = """
      name: ping-removal
      question: Does a slave that was given up while a ping was under way come back?
      until: 2h
      cluster:
        network: {latency: 2ms}
        master: {removalInterval: 60.001s}
        slaves: [{count: 4, name: "node-{index}", resources: "cpus:8;mem:16GB"}]
      frameworks:
        - name: f
          type: batch
          role: f
          workload:
            jobs: 1
            arrivals: {at: [0s]}
            stages: [{name: m, tasks: 1, resources: "cpus:1;mem:1GB", duration: 5s}]
      allocators: [{name: drf}]
      faults:
        - {at: 1m, partition: {slaves: [node-1, node-2], from: master, oneWay: true, for: 20m}}

      """
    for isLiteral in [false, true] {
      let prepared = try PreparedScenario(ScenarioText.read(text))
      let run = try ScenarioRun(
        prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
      run.checkInvariants()
      run.run()
      #expect(run.violation?.text == nil)
    }
  }

  @Test("after a leader that stood still the elided and the literal run decide the same")
  func pausedLeader() throws {
    // Goal: what slaves waited for of the old leader they do not wait for of the new one.
    // Method: as above, with many tasks under way 75 s after the failover, when a slave that
    // still counted the old leader's pings would register again.
    let text = """
      name: paused-leader
      question: Is a failover from a leader that stands still the same with and without pings?
      until: 30m
      cluster:
        masters: 3
        network: {latency: {mean: 20ms, min: 1ms}}
        slaves: [{count: 6, name: "node-{index}", resources: "cpus:8;mem:16GB"}]
      frameworks:
        - name: f
          type: batch
          role: f
          failoverTimeout: 1h
          workload:
            jobs: 60
            arrivals: {poisson: {mean: 30s}}
            stages: [{name: m, tasks: 8, resources: "cpus:1;mem:1GB", duration: 20s}]
      allocators: [{name: drf}]
      faults:
        - {at: 10m, pause: {masters: [leader], for: 60s}}

      """
    let digests = try [false, true].map { isLiteral in
      let prepared = try PreparedScenario(ScenarioText.read(text))
      let run = try ScenarioRun(
        prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
      run.run()
      return run.measured(window: run.window).result.digest
    }
    #expect(digests[0] == digests[1])
  }

  @Test("loss without a timeout for offers is warned of")
  func lossWithoutTimeout() throws {
    func warnings(cluster: String, faults: String) throws -> [String] {
      let text = """
        name: loss
        question: What is lost?
        until: 1h
        cluster:
          slaves: [{count: 1, name: n, resources: "cpus:8;mem:16GB"}]
        \(cluster)
        frameworks: [{name: f, type: long-lived}]
        allocators: [{name: drf}]
        \(faults)

        """
      return try ScenarioText.read(text).warnings.map { $0.line(in: "s.yaml") }
    }
    let text =
      "an offer that is lost on its way stays out for ever; "
      + "set 'cluster.offerTimeout', such as 60s"
    let fault = "faults: [{at: 1m, network: {duplication: 1%}}, {at: 2m, network: {loss: 1%}}]"
    #expect(
      try warnings(cluster: "  network: {loss: 1%}", faults: fault)
        == ["s.yaml:6:19: cluster.network.loss: \(text)"])
    #expect(
      try warnings(cluster: "", faults: fault)
        == ["s.yaml:9:73: faults[1].network.loss: \(text)"])
    #expect(try warnings(cluster: "  offerTimeout: 60s", faults: fault) == [])
    #expect(try warnings(cluster: "", faults: "") == [])
  }

  @Test("everything at once is as the question of its issue has it")
  func everythingIsThere() throws {
    let scenario = try prepare("scenarios/failures/everything-at-once.yaml").scenario
    #expect(scenario.cluster.masters == 3)
    #expect(scenario.cluster.slaveCount == 50)
    #expect(scenario.frameworks.count == 4)
    let losses = scenario.faults.compactMap { fault -> Double? in
      guard case .fault(.network(let conditions)) = fault.event else { return nil }
      return conditions?.loss
    }
    #expect(losses == [0.05])
  }

  private func prepare(_ path: String, seed: UInt64? = nil) throws -> PreparedScenario {
    let url = packageFolder.appending(path: path)
    return try PreparedScenario(
      Scenario.load(url.path(percentEncoded: false)), seed: seed)
  }

  private func run(_ path: String, isLiteral: Bool) throws -> String {
    let prepared = try prepare(path)
    let run = try ScenarioRun(
      prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
    run.run()
    return run.measured(window: run.window).result.digest
  }
}

/// Scenarios in which things fail, but for the long one.
private let failureScenarios = shippedScenarios.filter {
  $0.contains("/failures/") && !$0.contains("everything-at-once")
}

/// Scenarios that lose no message at random and can be run without outside data.
private let reliableScenarios = shippedScenarios.filter { path in
  let others = ["lossy", "everything-at-once", "/traces/"]
  return !others.contains { path.contains($0) }
}
