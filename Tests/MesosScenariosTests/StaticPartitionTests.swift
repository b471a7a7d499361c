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
    return run.measured(window: run.window).jobs[framework]
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

  /// Two kinds of machines and two frameworks, of which one needs the large kind.
  private func shapes(_ allocators: String, groups: String = "") -> String {
    """
    name: shapes
    cluster:
      slaves:
        - {count: 6, name: "std-{index}", resources: "cpus:4;mem:8192;ports:[31000-31001]"}
        - {count: 6, name: "big-{index}", resources: "cpus:16;mem:65536"\(groups)}
      network: {latency: 1ms}
    frameworks:
    \(framework("web", gap: "20s", tasks: 6))
    \(framework("train", gap: "45s", tasks: 11).replacing("cpus:1;", with: "cpus:8;"))
    allocators: [\(allocators)]
    """
  }

  private func outcomes(_ text: String) throws -> [[[JobOutcome]]] {
    let loaded = try Scenario.decode(
      Array(text.utf8), file: "shapes.yaml", files: ScenarioFiles(folder: "/"))
    #expect(loaded.warnings == [])
    return try loaded.scenario.allocators.map { entry in
      let run = try ScenarioRun(try PreparedScenario(loaded), allocator: entry)
      run.run()
      return run.measured(window: run.window).jobs
    }
  }

  @Test(
    "BUG: static gave one framework machines that the other needed; the split by hand is the same",
    arguments: [
      "{slaves: [{group: std, counts: {web: 3, train: 3}}, {group: big, counts: {web: 3, train: 3}}]}",
      "{slaves: [{hosts: \"std-*\", shares: {web: 1, train: 1}}]}", "{shares: {web: 2, train: 2}}",
      "{counts: {web: 6, train: 6}}",
    ])
  func byHand(partition: String) throws {
    let both = try outcomes(
      shapes("{name: static}, {name: static, label: by-hand, partition: \(partition)}"))
    #expect(both[0][1].allSatisfy { $0.fate == .finished })
    #expect(both[0] == both[1])
  }

  private func warnings(_ text: String) throws -> [String] {
    try ScenarioText.read(text).warnings.map(\.message)
  }

  @Test("a part that cannot run its framework's shapes, gangs or ports is warned of by name")
  func unfit() throws {
    func partition(_ rules: String) -> String {
      "{name: static, label: by-hand, partition: {slaves: [\(rules)]}}"
    }
    let mine = partition("{group: std, shares: {web: 1, train: 1}}, {group: big, shares: {web: 1}}")
    #expect(
      try warnings(shapes(mine)) == [
        "no slave of 'train' under 'by-hand' has cpus:8; mem:1024 for role 'train'; "
          + "the stage never starts"
      ])
    let ports = shapes(
      partition("{group: std, shares: {train: 1}}, {group: big, shares: {web: 1, train: 1}}"))
    let needsPorts = ports.replacing(
      "tasks: 6, resources: \"cpus:1;mem:1024",
      with: "tasks: 6, resources: \"cpus:1;mem:1024;ports:[31000-31000]")
    #expect(
      try warnings(needsPorts) == [
        "no slave of 'web' under 'by-hand' has cpus:1; mem:1024; ports:[31000-31000] "
          + "for role 'web'; the stage never starts"
      ])
    let gangs = shapes("{name: static}").replacing(
      "tasks: 11,", with: "tasks: {uniform: {min: 3, max: 9}}, gang: true,")
    #expect(
      try warnings(gangs) == [
        "gangs of 3 to 9, but the part of 'train' under 'static' has room for 6 at most; "
          + "larger ones never start"
      ])
  }

  @Test("gangs whose size is drawn without a bound are held against their framework's part")
  func unboundedGangs() throws {
    func warnings(_ allocator: String, mean: Int) throws -> [String] {
      let text = shapes(allocator).replacing(
        "tasks: 11,", with: "tasks: {exponential: {mean: \(mean)}}, gang: true,")
      let loaded = try ScenarioText.read(text)
      #expect(loaded.warnings.isEmpty)
      return try PreparedScenario(loaded).warnings(under: loaded.scenario.allocators)
    }
    // 6 large slaves have room for 12 tasks, and half of them for 6.
    let some = try warnings("{name: static}", mean: 6)
    try #require(some.count == 2)
    #expect(some[0].hasSuffix("the cluster has room for 12 of them at most"))
    #expect(some[1].contains(" of 'train' never start: the largest has "))
    #expect(some[1].hasSuffix(", and its part under 'static' has room for 6 of them at most"))
    #expect(try warnings("{name: drf}", mean: 6) == [some[0]])
    #expect(try warnings("{name: static}", mean: 1) == [])
  }

  @Test("groups are named by 'group', or after their slaves, and written out")
  func groups() throws {
    let scenario = try ScenarioText.read(shapes("{name: static}", groups: ", group: large"))
      .scenario
    #expect(scenario.cluster.groupNames == ["std", "large"])
    #expect(scenario.resolvedYAML.contains("group: std"))
    // The same name without its number is no reason to deal two shapes as one.
    let text = ScenarioText.with(
      "{count: 2, ",
      "{count: 2, name: \"n{index}\", resources: \"cpus:1\"}, {count: 2, name: \"n{index+2}\", ")
    #expect(try ScenarioText.read(text).scenario.cluster.groupNames == ["n", "n2"])
  }

  @Test("counts of a rule are held against the slaves that it is about")
  func ruleCounts() throws {
    func complaint(_ partition: String) -> [String] {
      ScenarioText.complaints(shapes("{name: static, partition: \(partition)}"))
    }
    #expect(
      complaint("{slaves: [{group: big, counts: {web: 7}}]}").first?.hasSuffix(
        "partition.slaves[0].counts: the counts add up to 7 slaves; these are 6") == true)
    #expect(
      complaint("{slaves: [{group: big, shares: {web: 7}}], counts: {train: 8}}").first?.hasSuffix(
        "partition.counts: the counts add up to 8 slaves; left are 6") == true)
    for (rule, reason) in [
      ("{shares: {web: 1}}", "which slaves? expected 'group', 'attribute' or 'hosts'"),
      ("{group: big}", "who gets them? expected 'counts' or 'shares'"),
      (
        "{group: big, hosts: std-1, shares: {web: 1}}",
        "expected only one of 'group', 'attribute' and 'hosts'"
      ),
    ] {
      #expect(complaint("{slaves: [\(rule)]}").first?.hasSuffix(reason) == true, "\(rule)")
    }
  }
}
