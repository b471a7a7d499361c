// Part of mesosim. Apache-2.0, see LICENSE.
//
// What happens when things fail, on small clusters. The scenarios that ship are run whole by
// `Tests/Scenarios/run`, on optimized programs; they do not belong here.

import Foundation
import MesosCluster
import MesosMetrics
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Failure scenarios")
struct FailureScenarioTests {
  @Test("the elided and the literal run decide the same, and keep every invariant")
  func literal() throws {
    // Goal: leaving out pings, ticks and visits that change nothing changes nothing.
    // Method: the hash over all facts of both runs, of a scenario in which every fault occurs that
    // is not drawn per message.
    let digests = try [false, true].map { isLiteral in
      let run = try run(small(), isLiteral: isLiteral)
      #expect(run.violation?.text == nil)
      return run.measured(window: run.window).result.digest
    }
    #expect(digests[0] == digests[1])
  }

  @Test("everything at once breaks no invariant and is recovered from", arguments: [1, 2, 101])
  func everythingAtOnce(seed: UInt64) throws {
    let faults = """
      faults:
        - {at: 0s, network: {loss: 5%, for: 20m}}
        - at: 0s
          random:
            slaveMTBF: 30m
            schedulerMTBF: 1h
            masterMTBF: 2h
            downtime: 60s
            partitionEvery: 10m
            partitionFor: 2m
            for: 20m

      """
    let text = try small()
    let start = try #require(text.range(of: "faults:"))
    // With work to the end, and schedulers that ask again for what they were not told.
    let stormy = String(text[..<start.lowerBound] + faults)
      .replacing("until: 37m", with: "until: 50m")
      .replacing("  masters: 3", with: "  masters: 3\n  offerTimeout: 60s")
      .replacing(
        "    type: batch", with: "    type: batch\n    reconcile: 2m\n    restartAfter: 20s"
      )
      .replacing("jobs: 10", with: "jobs: 30")
    let run = try run(stormy, seed: seed)
    #expect(run.violation?.text == nil)
    #expect(run.measured(window: run.window).result.tasks.lost > 0)
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
      #expect(try run(text, isLiteral: isLiteral).violation?.text == nil)
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
      let run = try run(text, isLiteral: isLiteral)
      return run.measured(window: run.window).result.digest
    }
    #expect(digests[0] == digests[1])
  }

  @Test("everything at once strikes each kind of party, and leaves time to recover")
  func everythingIsThere() throws {
    let path = packageFolder.appending(path: "scenarios/failures/everything-at-once.yaml")
    let scenario = try Scenario.load(path.path(percentEncoded: false)).scenario
    let plan = scenario.faultPlan(Simulation(seed: scenario.seed).seeds, traces: [])
    var struck: Set<String> = []
    for timed in plan {
      switch timed.fault {
      case .kill(let parties), .crash(let parties):
        if !parties.masters.isEmpty { struck.insert("masters") }
        if !parties.slaves.isEmpty { struck.insert("slaves") }
        if !parties.schedulers.isEmpty { struck.insert("schedulers") }
      case .partition: struck.insert("connections")
      case .network(let conditions): if let conditions { struck.insert("loss \(conditions.loss)") }
      case .restart, .pause, .resume, .reset, .messages: break
      }
    }
    // Masters fail too rarely for every seed to have one.
    #expect(
      struck.subtracting(["masters"]) == ["slaves", "schedulers", "connections", "loss 0.05"])
    let last = try #require(scenario.lastFault(of: plan))
    #expect(try last + .seconds(25 * 60) <= .start + #require(scenario.until))
  }

  /// The small cluster on which each part fails once.
  private func small() throws -> String {
    try String(
      contentsOf: packageFolder.appending(path: "Tests/Scenarios/small-failures.yaml"),
      encoding: .utf8)
  }

  /// Runs a scenario under its first allocator, with the invariants watched.
  private func run(
    _ text: String, seed: UInt64? = nil, isLiteral: Bool = false
  ) throws -> ScenarioRun {
    let prepared = try PreparedScenario(ScenarioText.read(text), seed: seed)
    let run = try ScenarioRun(
      prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
    run.checkInvariants()
    run.run()
    return run
  }
}
