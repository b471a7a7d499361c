// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Gangs and gpus in a scenario")
struct GangAndGPUTests {
  private func warnings(_ text: String) throws -> [String] {
    try ScenarioText.read(text).warnings.map { $0.line(in: "s.yaml") }
  }

  private func finished(_ text: String) throws -> Int {
    let prepared = try PreparedScenario(ScenarioText.read(text))
    let run = try ScenarioRun(prepared, allocator: prepared.scenario.allocators[0])
    run.run()
    return run.measured(window: run.window).jobs.joined().count { $0.fate == .finished }
  }

  private func gang(_ tasks: Int) -> String {
    ScenarioText.with("tasks: 2,", "gang: true, tasks: \(tasks),")
  }

  @Test("check says when a gang can never start, in the cluster or in its partition")
  func gangTooLarge() throws {
    #expect(try warnings(gang(8)) == [])
    let place = "s.yaml:9:47: frameworks[0].workload.stages[0].tasks: "
    #expect(
      try warnings(gang(9)) == [
        place + "a gang of 9, but the cluster has room for 8 at most; the stage never starts"
      ])
    let split = try warnings(
      gang(8) + "allocators: [{name: static, partition: {counts: {a: 1}}}]\n")
    #expect(
      split.contains(
        place + "a gang of 8, but the part of 'a' under 'static' has room for 4 at most; "
          + "the stage never starts"))
    #expect(split.contains { $0.contains("the counts add up to 1 of 2 slaves") })
  }

  @Test("two frameworks with gangs don't deadlock unless holdTimeout is none")
  func gangsOfTwoFrameworks() throws {
    func text(_ hold: String) -> String {
      func framework(_ name: String) -> String {
        "  - {name: \(name), type: batch, role: \(name), \(hold)workload: {jobs: 3, "
          + "arrivals: {constant: 1s}, stages: [{name: s, tasks: 24, resources: \"cpus:1\", "
          + "duration: 30s, gang: true}]}}\n"
      }
      return """
        name: gangs
        until: 1h
        cluster: {slaves: [{count: 10, resources: "cpus:4"}]}
        frameworks:
        \(framework("one"))\(framework("two"))allocators: [{name: drf}]
        """
    }
    #expect(try finished(text("")) == 6)
    #expect(try finished(text("holdTimeout: none, ")) < 6)
  }

  @Test("a framework whose tasks need gpus is offered slaves that have some")
  func gpusAreOffered() throws {
    let text = ScenarioText.with("cpus:4;mem:4096", "cpus:4;mem:4096;gpus:2")
      .replacing("cpus:1;mem:128", with: "cpus:1;mem:128;gpus:1")
    #expect(try warnings(text) == [])
    #expect(try finished(text + "until: 1h\nallocators: [{name: drf}]\n") == 3)
  }

  @Test("check says when slaves have gpus that no framework asks for")
  func gpusNobodyWants() throws {
    let text = ScenarioText.with("cpus:4;mem:4096", "cpus:4;mem:4096;gpus:2")
    #expect(
      try warnings(text) == [
        "s.yaml:3:34: cluster.slaves[0].resources: "
          + "no framework asks for gpus; such slaves are offered only to those that do",
        "s.yaml:9:49: frameworks[0].workload.stages[0].resources: no slave that the framework is "
          + "offered has cpus:1; mem:128 (slaves with gpus are kept for frameworks with "
          + "GPU_RESOURCES; filterGPUs); the stage never starts",
      ])
  }
}
