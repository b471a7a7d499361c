// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations that a run under invariants once took for a cluster that does not recover, though
// somebody wanted them so; and that the time to recover is given and then asked for, whenever the
// last event was.

import Testing

@testable import MesosScenarios

@Suite("Situations: recovers-from-faults tells faults from intentions")
struct RecoverySituationTests {
  /// A cluster of four slaves under faults, with half an hour to recover.
  private func scenario(
    faults: String, cluster: String = "", frameworks: String = Self.batch,
    allocator: String = "drf", rest: String = "", until: String = "35m"
  ) -> String {
    """
    name: recovery
    seed: 1
    until: \(until)
    cluster:
      \(cluster)
      slaves: [{count: 4, name: "node-{index}", resources: "cpus:4;mem:8GB"}]
    frameworks: [\(frameworks)]
    allocators: [{name: \(allocator)}]
    faults: [\(faults)]
    \(rest)
    """
  }

  private static let batch = batch("reports", "{constant: 50s}")

  private static func batch(
    _ name: String, _ arrivals: String, _ more: String = "", need: String = "cpus:1;mem:100"
  ) -> String {
    "{name: \(name), role: \(name), type: batch, checkpoint: true, failoverTimeout: 1h, \(more) "
      + "workload: {jobs: 120, arrivals: \(arrivals), "
      + "stages: [{name: map, tasks: 6, resources: \"\(need)\", duration: 20s}]}}"
  }

  private func violation(_ text: String, isLiteral: Bool = false) throws -> String? {
    try ScenarioText.run(text, isLiteral: isLiteral).violation?.text
  }

  private func expectRecovery(_ text: String) throws {
    #expect(try violation(text) == nil)
    #expect(try violation(text, isLiteral: true) == nil)
  }

  @Test(
    "BUG: what is down or cut off for ever was missed",
    arguments: [
      "{at: 5m, kill: {master: leader}}", "{at: 5m, pause: {masters: \"*\"}}",
      "{at: 5m, partition: {masters: \"*\", from: zookeeper}}",
      "{at: 5m, crash: {slaves: node-1}}, {at: 6m, kill: {slaves: node-2, for: 20s}}",
      "{at: 5m, partition: {slaves: node-1, from: master, oneWay: true}}",
      "{at: 5m, partition: {schedulers: reports, from: master}}",
      "{at: 5m, pause: {schedulers: reports}}", "{at: 5m, kill: {schedulers: reports}}",
      "{at: 5m, network: {loss: 30%}}, {at: 6m, kill: {slaves: node-1, for: 20s}}",
    ])
  func standing(faults: String) throws { try expectRecovery(scenario(faults: faults)) }

  // In each of them a framework wants offers to the end and gets none after the fault.
  @Test("BUG: a framework that nobody can serve was missed")
  func unserved() throws {
    let fault = "{at: 5m, kill: {slaves: node-1, for: 20s}}"
    let hoarded = Self.batch("services", "{constant: 50s}")
    let hoarder =
      "{name: builds, role: builds, type: batch, holdTimeout: none, workload: {jobs: 1, stages: "
      + "[{name: build, tasks: 40, gang: true, resources: \"cpus:1;mem:1GB\", duration: 60s}]}}"
    let full =
      "{name: store, role: store, type: batch, workload: {jobs: 1, stages: "
      + "[{name: serve, tasks: 16, resources: \"cpus:1;mem:2GB\", duration: 85m}]}}"
    let texts = [
      scenario(faults: fault, frameworks: "\(hoarder), \(hoarded)"),
      scenario(faults: fault, frameworks: "\(full), \(hoarded)"),
      scenario(
        faults: fault, rest: "operator: [{at: 4m, whitelist: []}]"),
      scenario(
        faults: fault,
        rest: "operator: [\((0..<4).map { "{at: 4m, drain: node-\($0)}" }.joined(separator: ", "))]"
      ),
      scenario(
        faults: fault, rest: "roles: {reports: {quota: {limit: \"cpus:0;mem:0;disk:0;ports:0\"}}}"),
      scenario(faults: fault, rest: "roles: {other: {quota: {guarantee: \"cpus:16;mem:32GB\"}}}"),
      scenario(faults: fault, cluster: "master: {roles: [other]}"),
      scenario(
        faults: fault, frameworks: "\(Self.batch), \(hoarded)",
        allocator: "static, partition: {by: framework, counts: {reports: 4, services: 0}}"),
      // The only slave that it may be offered is gone.
      scenario(
        faults: "{at: 5m, crash: {slaves: node-1}}",
        allocator: "constrained, constraints: {reports: \"rack:r1\"}"
      ).replacing(
        "name: \"node-{index}\",", with: "name: \"node-{index}\", attributes: \"rack:r{index}\","),
      scenario(faults: fault, rest: "operator: [{at: 4m, teardown: reports}]"),
    ]
    for text in texts { try expectRecovery(text) }
  }

  @Test("BUG: a slave that drained before it was killed was missed under 'static'")
  func drainedPart() throws {
    try expectRecovery(
      scenario(
        faults: "{at: 20m, kill: {slaves: \"*\", for: 7s}}",
        frameworks: "{name: ci, type: long-lived, role: a, duration: 5m}", allocator: "static",
        rest: "operator: [{at: 17m, drain: node-2}]", until: "50m"))
  }

  @Test("BUG: a framework that is refused and started again was missed each time")
  func refused() throws {
    try expectRecovery(
      scenario(
        faults: "{at: 5m, kill: {slaves: node-1, for: 20s}}", cluster: "master: {roles: [other]}",
        frameworks: Self.batch("reports", "{constant: 50s}", "restartAfter: 75s,")))
  }

  @Test("BUG: a cluster whose settings let it take long was asked too soon")
  func slow() throws {
    try expectRecovery(
      scenario(
        faults: "{at: 5m, crash: {slaves: node-1}}",
        cluster: "master: {pingTimeout: 2m, pingTimeouts: 20}", until: "150m"))
  }

  // Goal: how long a run goes on after its last event decides nothing.
  @Test(
    "BUG: a run was judged when its events ended, and not when its time to recover was over",
    arguments: ["31m", "90m"])
  func early(until: String) throws {
    let done = Self.batch.replacing("jobs: 120", with: "jobs: 2")
    for faults in [
      "{at: 5m, crash: {slaves: \"*\"}}", "{at: 5m, kill: {masters: \"*\"}}",
      "{at: 5m, kill: {schedulers: \"*\"}}",
    ] {
      try expectRecovery(scenario(faults: faults, frameworks: done, until: until))
    }
  }
}
