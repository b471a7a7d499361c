// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosAllocation
import MesosFrameworks
import MesosWorkloads
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Scenarios")
struct ScenarioTests {
  @Test("what is left out has the documented default")
  func defaults() throws {
    let loaded = try ScenarioText.read(ScenarioText.plain)
    let scenario = loaded.scenario
    #expect(loaded.warnings == [])
    #expect(scenario.seed == 1)
    #expect(scenario.until == nil)
    #expect(scenario.horizon == .seconds(30 * 86_400))
    #expect(scenario.allocation.interval == .seconds(1))
    #expect(scenario.allocation.order == .shuffled)
    #expect(scenario.allocation.minAllocatable.map(\.description) == ["cpus:0.01", "mem:32"])
    #expect(scenario.cluster.network.latency.kind == .exponential(mean: 0.0015))
    #expect(scenario.cluster.network.latency.minimum == 0.0005)
    #expect(scenario.cluster.slaves[0].name.text(index: 1) == "slave-1")
    #expect(scenario.weight(of: Role("any")) == 1)
    #expect(scenario.frameworks[0].role == .unreserved)
    #expect(BatchOptions(scenario.frameworks[0].parameters) == BatchOptions())
    #expect(scenario.allocators.map(\.name) == ["static", "drf"])
    #expect(scenario.expect == [])
  }

  @Test("every key is read into its place")
  func everything() throws {
    let scenario = try ScenarioText.read(Self.full).scenario
    #expect(scenario.name == "full")
    #expect(scenario.question == "Why?")
    #expect(scenario.notes == "Because.")
    #expect(scenario.seed == UInt64.max)
    #expect(scenario.until == .seconds(7200))
    #expect(scenario.allocation.interval == .milliseconds(500))
    #expect(scenario.allocation.order == .id)
    #expect(scenario.allocation.minAllocatable == [Resources(cpus: 1)])
    #expect(scenario.cluster.slaveCount == 5)
    #expect(scenario.cluster.slaves[1].attributes.text(index: 3) == "rack:r1")
    #expect(scenario.cluster.network.latency.constant == 0.001)
    #expect(scenario.weight(of: Role("r")) == 2.5)
    let framework = scenario.frameworks[0]
    #expect(framework.role == Role("r"))
    let options = BatchOptions(framework.parameters)
    #expect(options.refusal.refuseSeconds == 30)
    #expect(options.holdTimeout == .seconds(60))
    #expect(options.attemptsMax == 7)
    guard case .synthetic(let workload) = framework.work else {
      Issue.record("no made-up jobs")
      return
    }
    #expect(workload.jobs == 3)
    #expect(workload.start == .seconds(60))
    #expect(workload.arrivals == .times([.seconds(1), .seconds(2), .seconds(3)]))
    #expect(workload.bins.map(\.share) == [.count(2), .count(1)])
    #expect(workload.bins[1].stages[0].rounds == 4)
    #expect(workload.bins[1].stages[0].isGang)
    #expect(scenario.expect[0].atLeast == 1.05)
    #expect(scenario.expect[0].atMost == 1.45)
    #expect(scenario.expect[0].isMet(by: 1.2))
    #expect(!scenario.expect[0].isMet(by: 1.5))
    #expect(scenario.expect[0].source == "the paper")
    let registry = AllocatorRegistry()
    for entry in scenario.allocators {
      _ = try registry.make(entry.name, AllocatorRequest(parameters: entry.parameters))
    }
  }

  private static let full = """
    name: full
    question: Why?
    notes: Because.
    seed: 18446744073709551615
    until: 2h
    allocation: {interval: 500ms, order: id, minAllocatable: ["cpus:1"]}
    cluster:
      masters: 1
      slaves:
        - {count: 1, name: big, resources: "cpus:64;mem:256GB"}
        - {count: 4, name: "n{index}", resources: "cpus:4;mem:8GB", attributes: "rack:r{index/2}"}
      network: {latency: 1ms, loss: 0}
    roles: {r: {weight: 2.5}}
    frameworks:
      - name: f
        type: batch
        role: r
        refuse: 30s
        holdTimeout: 1m
        attempts: 7
        workload:
          jobs: 3
          start: 1m
          arrivals: {at: [1s, 2s, 3s]}
          bins:
            - {name: a, count: 2, stages: [{name: s, tasks: 1, resources: "cpus:1", duration: 1s}]}
            - name: b
              count: 1
              stages:
                - {name: s, tasks: 2, resources: "cpus:1", duration: 1s, rounds: 4, gang: true}
    allocators: [{name: drf, fairnessExclude: [disk]}, {name: static, partition: {by: role}}]
    expect:
      - {metric: speedup, framework: f, allocator: drf, between: [1.05, 1.45], source: the paper}
    """

  @Test("anchors and merge keys let frameworks share a rule")
  func anchors() throws {
    let text = """
      name: shared
      x-work: &work
        jobs: 2
        stages: [&stage {name: s, tasks: 1, resources: "cpus:1", duration: 5s}]
      cluster: {slaves: [{count: 1, resources: "cpus:4"}]}
      frameworks:
        - {name: a, type: batch, workload: *work}
        - {name: b, type: batch, workload: {<<: *work, stages: [{<<: *stage, rounds: 3}]}}
      """
    let jobs = try ScenarioText.read(text).makeJobs()
    #expect(jobs.byFramework.map(\.count) == [2, 2])
    #expect(jobs.byFramework[1][0].stages.count == 3)
  }

  @Test("a mistake in a shared rule is told once, where it stands")
  func sharedMistake() {
    let text = """
      name: shared
      x-work: &work
        jobs: 2
        stages: [{name: s, tasks: 1, resources: "cpus:1", duration: 5}]
      cluster: {slaves: [{count: 1, resources: "cpus:4"}]}
      frameworks:
        - {name: a, type: batch, workload: *work}
        - {name: b, type: batch, workload: *work}
      """
    #expect(
      ScenarioText.complaints(text) == [
        "s.yaml:4:63: frameworks[0].workload.stages[0].duration: '5' has no unit; "
          + "expected a duration such as 250ms, 5s, 10m, 2h or 1d"
      ])
  }

  @Test("several mistakes are all told, in the order of the file, at most twenty")
  func severalMistakes() throws {
    let text = ScenarioText.plain
      .replacing("name: small", with: "nmae: small").replacing("10s", with: "10")
      .replacing("count: 2", with: "count: 0")
    let positions = ScenarioText.complaints(text).map { $0.split(separator: " ")[0] }
    #expect(positions == ["s.yaml:1:1:", "s.yaml:1:1:", "s.yaml:3:20:", "s.yaml:9:77:"])

    let many = (0..<30).map { "bad\($0): 1\n" }.joined()
    let lines = ScenarioText.complaints(ScenarioText.plain + many)
    #expect(lines.count == 21)
    #expect(lines.last == "s.yaml: and 10 problems more")
  }

  @Test("a missing file is another category than a bad one")
  func categories() throws {
    func category(_ body: () throws -> Void) -> ScenarioError.Category? {
      do { try body() } catch { return (error as? ScenarioError)?.category }
      return nil
    }
    #expect(category { _ = try Scenario.load("/no/such.yaml") } == .fileNotFound)
    #expect(category { _ = try Scenario.load("/tmp") } == .badData)
    #expect(category { _ = try ScenarioText.read("name: 1") } == .badData)
    let gone = ScenarioText.with("10s", "{empirical: {file: gone.csv, column: s}}")
    #expect(category { _ = try ScenarioText.read(gone) } == .fileNotFound)
    #expect(category { _ = try ScenarioText.read(gone + "seeed: 1\n") } == .badData)
    let error = #expect(throws: ScenarioError.self) { try Scenario.load("/no/such.yaml") }
    #expect(error?.lines == ["/no/such.yaml: no such file; expected a scenario in YAML"])
  }

  @Test("what is allowed but surely not meant is a warning")
  func warnings() throws {
    func warnings(_ text: String) throws -> [String] {
      try ScenarioText.read(text).warnings.map { $0.line(in: "s.yaml") }
    }
    let second =
      "  - {name: b, type: batch, workload: {jobs: 1, stages: [{name: s, tasks: 1, "
      + "resources: \"cpus:1\", duration: 1s}]}}\n"
    let allocators = "allocators: [{name: static, partition: {counts: {a: 2}}}]"
    #expect(
      try warnings(ScenarioText.plain + second + allocators) == [
        "s.yaml:11:49: allocators[0].partition.counts: nothing for 'b'; static gives them no slaves"
      ])
    #expect(
      try warnings(ScenarioText.with("\"cpus:1;mem:128\"", "\"cpus:5;mem:128\"")) == [
        "s.yaml:9:49: frameworks[0].workload.stages[0].resources: "
          + "no slave has cpus:5; mem:128 for role '*'; the stage never starts"
      ])
    #expect(
      try warnings(ScenarioText.adding("roles: {web: {weight: 2}}")) == [
        "s.yaml:10:14: roles.web: no framework has this role; its weight changes nothing"
      ])
  }

  @Test("static without a partition gets equal shares, by framework or role, written out")
  func partitions() throws {
    let text = ScenarioText.adding("allocators: [{name: static}]")
    #expect(
      try ScenarioText.read(text).scenario.resolvedYAML.contains(
        "{name: static, partition: {by: framework, shares: {a: 1}}}"))
    let byRole = ScenarioText.adding("allocators: [{name: static, partition: {by: role}}]")
    let resolved = try ScenarioText.read(byRole).scenario.resolvedYAML
    #expect(resolved.contains("{name: static, partition: {by: role, shares: {\"*\": 1}}}"))
  }

  @Test("a user's own allocator is known with its parameters")
  func ownAllocator() throws {
    var registry = AllocatorRegistry()
    let strength = Parameter.number("strength", above: 0, default: 1, "how strong")
    registry.register(
      AllocatorDescriptor(name: "mine", summary: "my own", parameters: [strength]) {
        request throws(ParameterError) in
        guard request[strength] < 9 else {
          throw ParameterError(path: "strength", reason: "too strong")
        }
        return try AllocatorRegistry().make("drf")
      })
    func read(_ allocators: String) throws -> LoadedScenario {
      try Scenario.decode(
        Array(ScenarioText.adding("allocators: [\(allocators)]").utf8), file: "s.yaml",
        files: ScenarioFiles(folder: ".", dataFolder: "/nowhere"),
        vocabulary: ScenarioVocabulary(allocators: registry))
    }
    let entry = try read("{name: mine, strength: 3}").scenario.allocators[0]
    #expect(entry.parameters[strength] == 3)
    func lines(_ allocators: String) -> [String] {
      #expect(throws: ScenarioError.self) { try read(allocators) }?.lines ?? []
    }
    #expect(
      lines("{name: mine, strength: a lot}") == [
        "s.yaml:10:37: allocators[0].strength: found 'a lot'; expected a number above 0"
      ])
    #expect(
      lines("{name: mine, strength: 9}") == ["s.yaml:10:37: allocators[0].strength: too strong"])
  }

  @Test("the starter is a complete scenario without warnings")
  func starter() throws {
    let loaded = try ScenarioText.read(Scenario.starter)
    #expect(loaded.warnings == [])
    #expect(try loaded.makeJobs().byFramework.map(\.count) == [40, 6])
    #expect(try ScenarioText.read(loaded.scenario.resolvedYAML).scenario == loaded.scenario)
  }
}
