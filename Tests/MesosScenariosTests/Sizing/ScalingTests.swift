// Part of mesosim. Apache-2.0, see LICENSE.

import MesosAllocation
import Testing

@testable import MesosScenarios

@Suite("Scaled clusters") struct ScalingTests {
  private func scenario() throws -> Scenario {
    try ScenarioText.read(
      """
      name: groups
      cluster:
        slaves:
          - {count: 6, name: "small-{index}", resources: "cpus:4;mem:4096"}
          - {count: 3, name: "large-{index}", resources: "cpus:16;mem:65536"}
          - {count: 1, name: "gpu", resources: "cpus:16;mem:65536;disk:100"}
      frameworks:
        - name: a
          type: batch
          workload:
            jobs: 3
            stages: [{name: map, tasks: 2, resources: "cpus:1;mem:128", duration: 10s}]
        - name: b
          type: batch
          workload:
            jobs: 3
            stages: [{name: map, tasks: 2, resources: "cpus:1;mem:128", duration: 10s}]
      allocators:
        - {name: static, partition: {by: framework, counts: {a: 4, b: 2}}}
        - {name: drf}
      """
    ).scenario
  }

  @Test(
    "groups keep their proportions, each with one slave before any has a second",
    arguments: [
      (1, [1]), (2, [1, 1]), (3, [1, 1, 1]), (5, [3, 1, 1]), (10, [6, 3, 1]), (20, [12, 6, 2]),
      (13, [7, 4, 2]),
    ])
  func groups(slaves: Int, counts: [Int]) throws {
    let scaled = try scenario().scaled(toSlaves: slaves)
    #expect(scaled.cluster.slaves.map(\.count) == counts)
    #expect(scaled.cluster.slaveCount == slaves)
  }

  @Test("one group grows and shrinks alone, the others staying as they are")
  func oneGroup() throws {
    let scenario = try scenario()
    let large = scenario.scaled(toSlaves: 9, of: "large")
    #expect(large.cluster.slaves.map(\.count) == [6, 9, 1])
    #expect(scenario.scaled(toSlaves: 3, of: "large") == scenario)
    #expect(scenario.scaled(toSlaves: 1, of: "large").cluster.slaves.map(\.count) == [6, 1, 1])
    #expect(scenario.scaled(toSlaves: 2, of: "gpu").cluster.slaves[2].name.source == "gpu-{index}")
  }

  @Test("the scenario's own number of slaves is the scenario")
  func same() throws {
    let scenario = try scenario()
    #expect(scenario.scaled(toSlaves: 10) == scenario)
  }

  @Test("a group of one without a number in its name gets one when it grows")
  func names() throws {
    let scaled = try scenario().scaled(toSlaves: 20)
    #expect(scaled.cluster.slaves[2].name.source == "gpu-{index}")
    #expect(scaled.cluster.slaves[0].name.source == "small-{index}")
  }

  @Test("counts of static are dealt like slaves, those left over included")
  func counts() throws {
    func counts(_ slaves: Int) throws -> [Double] {
      let scaled = try scenario().scaled(toSlaves: slaves)
      return scaled.allocators[0].partition?.others?.parties.map(\.amount) ?? []
    }
    #expect(try counts(10) == [4, 2])
    #expect(try counts(20) == [8, 4])
    #expect(try counts(5) == [2, 1])
    #expect(try counts(1) == [1, 0])
  }

  @Test(
    "more to deal never gives anybody less", arguments: [[6.0, 3, 1], [5, 5], [1, 0, 97, 2]])
  func monotone(weights: [Double]) {
    var last = Apportionment.deal(0, weights)
    for count in 1...120 {
      let dealt = Apportionment.deal(count, weights)
      #expect(dealt.reduce(0, +) == count)
      #expect(zip(last, dealt).allSatisfy { $0 <= $1 })
      last = dealt
    }
  }
}
