// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the faults of a scenario come to: alone, beside one another, and by chance.

import MesosCluster
import MesosMetrics
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Faults of a scenario")
struct FaultPlanTests {
  private func scenario(
    _ faults: String, cluster: String = "", framework: String = ""
  ) -> String {
    """
    name: faults
    seed: 1
    until: 30m
    cluster:
      \(cluster)
      slaves: [{count: 2, name: "node-{index}", resources: "cpus:4;mem:8GB"}]
    frameworks:
      - name: reports
        type: batch
        checkpoint: true
        failoverTimeout: 1h
        \(framework)
        workload:
          jobs: 20
          arrivals: {constant: 50s}
          stages: [{name: map, tasks: 8, resources: "cpus:1;mem:100", duration: 20s}]
    allocators: [{name: drf}]
    faults: [\(faults)]
    """
  }

  private func result(_ text: String, isLiteral: Bool) throws -> RunResult {
    let prepared = try PreparedScenario(ScenarioText.read(text))
    let run = try ScenarioRun(
      prepared, allocator: prepared.scenario.allocators[0], isLiteral: isLiteral)
    run.checkInvariants()
    run.run()
    #expect(run.violation?.text == nil)
    return run.measured(window: run.window).result
  }

  /// The jobs of a run that is the same elided and literal.
  private func jobs(
    _ faults: String, cluster: String = "", framework: String = ""
  ) throws -> [Double?] {
    let text = scenario(faults, cluster: cluster, framework: framework)
    let elided = try result(text, isLiteral: false)
    let literal = try result(text, isLiteral: true)
    #expect(elided.digest == literal.digest)
    let jobs = elided.frameworks[0].jobs
    return [Double(jobs.finished), jobs.sumSeconds]
  }

  @Test(
    "BUG: a failure that was over while another lasted put an end to both",
    arguments: [
      ("kill: {slaves: \"*\"", "kill: {slaves: node-0"),
      ("crash: {slaves: \"*\"", "crash: {slaves: node-?"),
      ("crash: {slaves: \"*\"", "kill: {slaves: \"*\""),
      ("pause: {slaves: \"*\"", "pause: {slaves: \"*\""),
      ("kill: {schedulers: reports", "kill: {schedulers: \"*\""),
      ("pause: {schedulers: reports", "pause: {schedulers: \"*\""),
      ("kill: {masters: leader", "kill: {masters: master-1"),
    ])
  func overlapping(first: String, second: String) throws {
    let alone = try jobs("{at: 100s, \(first), for: 600s}}")
    let both = try jobs("{at: 100s, \(first), for: 600s}}, {at: 200s, \(second), for: 100s}}")
    #expect(both == alone)
    #expect(alone[0] == 20)
  }

  @Test(
    "BUG: a leader that was struck for a while stayed out for ever",
    arguments: ["kill", "crash", "pause"], ["", "masters: 3"])
  func leader(kind: String, cluster: String) throws {
    let faults = "{at: 5m, \(kind): {master: leader, for: 40s}}"
    #expect(try jobs(faults, cluster: cluster)[0] == 20)
  }

  @Test("a leader that stands still can be resumed, and one that was killed started, as 'leader'")
  func leaderByHand() throws {
    for (fault, remedy) in [("pause", "resume"), ("kill", "restart")] {
      let faults = "{at: 5m, \(fault): {master: leader}}, {at: 6m, \(remedy): {master: leader}}"
      #expect(try jobs(faults)[0] == 20)
    }
  }

  @Test("every party that can be named is struck", arguments: ["kill", "crash", "pause", "reset"])
  func everyParty(kind: String) throws {
    // While a job runs; with a reset, when one is to begin.
    let (at, length) = kind == "reset" ? ("5m", "") : ("305s", ", for: 20s")
    for party in ["slaves: \"*\"", "schedulers: reports", "masters: leader"] {
      let faults = "{at: \(at), \(kind): {\(party)\(length)}}"
      #expect(try jobs(faults, framework: "restartAfter: 30s") != jobs(""))
    }
  }

  @Test("BUG: what is wrong with the network all the time ended with what was wrong for a while")
  func baseConditions() throws {
    let base = "network: {loss: 20%}\n  offerTimeout: 60s"
    let scenario = try ScenarioText.read(
      scenario("{at: 1m, network: {loss: 1%, for: 1m}}", cluster: base)
    ).scenario
    let plan = scenario.faultPlan(Seeds(1), traces: [])
    #expect(
      plan == [
        TimedFault(
          at: .start + .seconds(60), .network(NetworkConditions(loss: 0.01)),
          until: .start + .seconds(120)),
        TimedFault(at: .start, .network(NetworkConditions(loss: 0.2))),
      ])
  }

  @Test("BUG: two entries of faults by chance drew the same, and mended one another's partitions")
  func twoByChance() throws {
    let entry = "{at: 0s, random: {slaveMTBF: 10m, partitionEvery: 3m, for: 30m}}"
    func plan(_ faults: String) throws -> [TimedFault] {
      try ScenarioText.read(scenario(faults)).scenario.faultPlan(Seeds(1), traces: [])
    }
    let one = try plan(entry)
    let two = try plan("\(entry), \(entry)")
    #expect(Array(two.prefix(one.count)) == one)
    #expect(Set(two).count == two.count)
    #expect(two.allSatisfy { $0.end.map { $0 <= .start + .seconds(1800) } ?? false })
    _ = try jobs("\(entry), \(entry)")
  }

  @Test("BUG: keys that a fault did nothing with were let pass")
  func keysWithoutEffect() {
    let parties = "expected 'slaves', 'slave', 'schedulers', 'scheduler', 'masters', 'master'"
    let cases = [
      (
        "crash: {executor: a/x}",
        "s.yaml:10:27: faults[0].crash: unknown key 'executor'; \(parties) or 'for'"
      ),
      (
        "pause: {executors: a/x}",
        "s.yaml:10:27: faults[0].pause: unknown key 'executors'; \(parties) or 'for'"
      ),
      ("restart: {slave: a, for: 3s}", "s.yaml:10:39: faults[0].restart: unknown key 'for'"),
      ("reset: {slave: a, for: 3s}", "s.yaml:10:37: faults[0].reset: unknown key 'for'"),
      ("partition: {executor: a/x}", "s.yaml:10:31: faults[0].partition: unknown key 'executor'"),
      (
        "partition: {slave: a, from: {executor: a/x}}",
        "s.yaml:10:48: faults[0].partition.from: unknown key 'executor'"
      ),
      (
        "kill: {executor: a/x, for: 3s}",
        "s.yaml:10:41: faults[0].kill: 'for' beside executors alone"
      ),
      (
        "resume: {}",
        "s.yaml:10:27: faults[0].resume: nobody is named; name slaves, schedulers or masters"
      ),
    ]
    for (fault, complaint) in cases {
      let lines = ScenarioText.complaints(ScenarioText.adding("faults: [{at: 1m, \(fault)}]"))
      #expect(lines.first?.hasPrefix(complaint) == true, "\(lines)")
    }
    let fine = "kill: {executor: a/x, slave: slave-0, for: 3s}"
    #expect(ScenarioText.complaints(ScenarioText.adding("faults: [{at: 1m, \(fine)}]")).isEmpty)
  }
}
