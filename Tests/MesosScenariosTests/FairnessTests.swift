// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics
import Testing

@testable import MesosScenarios

@Suite("Fairness by weight in a scenario") struct FairnessTests {
  /// Two frameworks that always want more; a role that is not listed has a weight of 1.
  private func fairness(_ lines: String) throws -> FairnessResult {
    let frameworks = ["a", "b"].map { name in
      """
        - name: \(name)
          type: batch
          role: \(name)
          workload:
            jobs: 2
            arrivals: {constant: 1s}
            stages: [{name: m, tasks: 400, resources: "cpus:1;mem:128", duration: 10s}]

      """
    }
    let run = try ScenarioText.run(
      """
      name: weights
      until: 4m
      cluster: {slaves: [{count: 4, resources: "cpus:4;mem:4096"}], network: {latency: 1ms}}
      allocators: [{name: drf}]
      frameworks:

      """ + frameworks.joined() + lines)
    return run.measured(window: run.window).result.fairness
  }

  @Test("who gets thrice as much by a weight of 3 gets his due")
  func roles() throws {
    let fairness = try fairness("roles: {a: {weight: 3}}\n")
    #expect(try #require(fairness.jainContended) > 0.97)
    #expect(try #require(fairness.jainDominantShare) < 0.85)
    #expect(try #require(fairness.contendedSeconds) > 200)
  }

  @Test("a weight that an operator sets counts from then on")
  func operators() throws {
    let index = try fairness("operator: [{at: 1m, weights: {a: 3}}]\n").jainContended
    #expect(try #require(index) > 0.95)
  }
}
