// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations in which pings that are left out once decided otherwise than pings that are sent.

import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("Reported situations: pings")
struct PingSituationTests {
  private func scenario(_ faults: String, master: String = "") -> String {
    """
    name: pings
    seed: 1
    until: 20m
    cluster:
      \(master)
      slaves: [{count: 6, name: "node-{index}", resources: "cpus:4;mem:8GB"}]
    frameworks:
      - name: reports
        role: reports
        type: batch
        checkpoint: true
        failoverTimeout: 1h
        workload:
          jobs: 20
          arrivals: {constant: 50s}
          stages: [{name: map, tasks: 24, resources: "cpus:1;mem:100", duration: 20s}]
    allocators: [{name: drf}]
    faults: [\(faults)]
    """
  }

  private func run(_ text: String, isLiteral: Bool) throws -> ScenarioRun {
    let prepared = try PreparedScenario(
      Scenario.decode(
        Array(text.utf8), file: "s.yaml", files: ScenarioFiles(folder: "."),
        vocabulary: ScenarioVocabulary()))
    let run = try ScenarioRun(
      prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
    run.checkInvariants()
    run.run()
    return run
  }

  // Goal: leaving pings out changes nothing. Method: the hash over all facts, elided and literal.
  @Test(
    "BUG: a slave was held to answer after one old pong, though disconnected or removed",
    arguments: [
      "{at: 5m, reset: {slaves: \"*\"}}", "{at: 10m, reset: {slaves: node-2}}",
      "{at: 102s, pause: {slaves: \"*\", for: 100s}}, {at: 4m, network: {loss: 0%, for: 1m}}",
    ])
  func oldPongs(faults: String) throws {
    for master in ["", "master: {removalInterval: 10m}"] {
      let text = scenario(faults, master: master)
      let elided = try run(text, isLiteral: false)
      let literal = try run(text, isLiteral: true)
      #expect(elided.violation?.text == nil)
      let results = [elided, literal].map { $0.measured(window: $0.window).result }
      #expect(results[0].digest == results[1].digest)
      #expect(results[0].simulatedSeconds == results[1].simulatedSeconds)
    }
  }

  @Test("after a reset at the instant of a ping every slave is back, and every job is done")
  func reset() throws {
    let run = try run(scenario("{at: 5m, reset: {slaves: \"*\"}}"), isLiteral: false)
    let result = run.measured(window: run.window).result
    #expect(result.frameworks[0].jobs.finished == 20)
    #expect(result.tasks.lost == 0)
  }
}
