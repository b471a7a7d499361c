// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations in which an allocator, or what watches it, once did otherwise than it says.

import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("Reported situations: allocators")
struct AllocatorSituationTests {
  private func run(_ text: String) throws -> ScenarioRun {
    let prepared = try PreparedScenario(ScenarioText.read(text))
    let run = try ScenarioRun(prepared, allocator: prepared.scenario.allocators[0])
    run.checkInvariants()
    run.run()
    return run
  }

  private func result(_ text: String) throws -> RunResult {
    let run = try run(text)
    #expect(run.violation?.text == nil)
    return run.measured(window: run.window).result
  }

  private func framework(_ name: String, role: String, resources: String = "cpus:1;mem:100")
    -> String
  {
    "  - {name: \(name), role: \(role), type: batch, workload: {jobs: 1, stages: [{name: s, "
      + "tasks: 20, resources: \"\(resources)\", duration: 60s}]}}"
  }

  // Goal: what frameworks below a role with a limit are given is not held against the role.
  // Method: runs under invariants, which once saw the limit broken.
  @Test(
    "BUG: quota-limits-kept counted what roles below were given in the same allocation",
    arguments: [
      ("cpus:6;mem:64GB", "eng", "eng/ci"), ("cpus:3;mem:10GB", "eng", "eng/ci/fast"),
      ("cpus:0;mem:0", "eng", "eng/ci"), ("cpus:6;mem:64GB", "eng/web", "eng/ci"),
    ])
  func nestedRoles(limit: String, first: String, second: String) throws {
    for allocator in ["drf", "fifo", "fair", "drf, offerUnit: task"] {
      let text = """
        name: nested
        until: 3m
        cluster: {slaves: [{count: 4, resources: "cpus:4;mem:8GB"}]}
        roles: {eng: {quota: {limit: "\(limit)"}}}
        frameworks:
        \(framework("web", role: first, resources: "cpus:1;mem:1000"))
        \(framework("ci", role: second, resources: "cpus:1;mem:1000"))
        allocators: [{name: \(allocator)}]
        """
      let run = try run(text)
      #expect(run.violation?.text == nil)
    }
  }

  @Test("BUG: under offerUnit task, tasks below minAllocatable were never offered a second time")
  func smallTasks() throws {
    for least in ["[\"cpus:2;mem:1GB\"]", "[\"cpus:8\", \"cpus:3\"]", "[\"disk:10\"]", "[]"] {
      let text = """
        name: small
        until: 20m
        cluster: {slaves: [{count: 2, resources: "cpus:4;mem:8GB;disk:100"}]}
        allocation: {minAllocatable: \(least)}
        frameworks:
        \(framework("web", role: "web"))
        allocators: [{name: drf, offerUnit: task}]
        """
      #expect(try result(text).frameworks[0].jobs.finished == 1)
    }
  }

  @Test("BUG: a whitelist could not be lifted by the word none", arguments: ["none", "all"])
  func whitelist(word: String) throws {
    func text(_ action: String) -> String {
      """
      name: lifted
      until: 20m
      cluster: {slaves: [{count: 2, name: "node-{index}", resources: "cpus:4;mem:8GB"}]}
      frameworks:
      \(framework("web", role: "web"))
      allocators: [{name: drf}]
      operator: [{at: 0s, whitelist: []}\(action)]
      """
    }
    #expect(try result(text("")).frameworks[0].jobs.finished == 0)
    #expect(try result(text(", {at: 60s, whitelist: \(word)}")).frameworks[0].jobs.finished == 1)
    let loaded = try ScenarioText.read(text(", {at: 60s, whitelist: \(word)}"))
    let again = try ScenarioText.read(loaded.scenario.resolvedYAML)
    #expect(again.scenario == loaded.scenario)
  }
}
