// Part of mesosim. Apache-2.0, see LICENSE.
//
// A static partition is nothing but several clusters: run as such, each framework sees the same.

import Foundation
import MesosAllocation
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Static partition in a scenario")
struct StaticPartitionScenarioTests {
  /// Latency is constant, so that a framework's messages don't depend on who else sends some.
  private func scenario(slaves: String, frameworks: [String], allocator: String) -> String {
    """
    name: parts
    allocation: {order: id}
    cluster:
      slaves: [{count: \(slaves), resources: "cpus:4;mem:8192"}]
      network: {latency: 1ms}
    frameworks:
    \(frameworks.joined(separator: "\n"))
    allocators: [\(allocator)]
    """
  }

  private func framework(_ name: String, gap: String, tasks: Int) -> String {
    """
      - name: \(name)
        type: batch
        role: \(name)
        workload:
          jobs: 40
          arrivals: {exponential: {mean: \(gap)}}
          stages:
            - {name: map, tasks: \(tasks), resources: "cpus:1;mem:1024", duration: {exponential: {mean: 30s}}}
    """
  }

  private func jobs(_ text: String, of framework: Int) throws -> [JobOutcome] {
    let loaded = try Scenario.decode(
      Array(text.utf8), file: "parts.yaml", files: ScenarioFiles(folder: "/"))
    let prepared = try PreparedScenario(loaded)
    let run = try ScenarioRun(prepared, allocator: loaded.scenario.allocators[0])
    run.run()
    return run.measured(window: run.end).jobs[framework]
  }

  @Test("running the parts as separate clusters gives equal results for each framework")
  func parts() throws {
    let left = framework("left", gap: "20s", tasks: 6)
    let right = framework("right", gap: "45s", tasks: 11)
    let whole = scenario(
      slaves: "5", frameworks: [left, right],
      allocator: "{name: static, partition: {by: framework, counts: {left: 3, right: 2}}}")
    let split = try [jobs(whole, of: 0), jobs(whole, of: 1)]
    let alone = try [
      jobs(scenario(slaves: "3", frameworks: [left], allocator: "{name: drf}"), of: 0),
      jobs(scenario(slaves: "2", frameworks: [right], allocator: "{name: drf}"), of: 0),
    ]
    #expect(split[0].count == 40)
    #expect(split == alone)
  }
}
