// Part of mesosim. Apache-2.0, see LICENSE.
//
// Situations in which work could never start and nothing was said of it.

import Mesos
import MesosAllocation
import Testing

@testable import MesosScenarios

@Suite("Reported situations: what is not said")
struct WarningSituationTests {
  private func warnings(_ text: String) throws -> [String] {
    try ScenarioText.read(text).warnings.map { "\($0.path): \($0.message)" }
  }

  private func gpus(_ slaves: String, _ allocators: String, plain: String = "") -> String {
    """
    name: gpus
    until: 10m
    cluster: {slaves: [\(slaves)]}
    frameworks:
      - {name: plain, role: plain, type: batch, \(plain)workload: {jobs: 1, stages: [{name: s, tasks: 4, resources: "cpus:2;mem:1GB", duration: 60s}]}}
      - {name: train, role: train, type: batch, workload: {jobs: 1, stages: [{name: s, tasks: 4, resources: "cpus:1;mem:1GB;gpus:1", duration: 60s}]}}
    allocators: [\(allocators)]
    """
  }

  private let mixed =
    "{count: 2, name: 'gpu-{index}', resources: 'cpus:8;mem:61GB;gpus:4'}, "
    + "{count: 1, name: 'node-{index}', resources: 'cpus:1;mem:1GB'}"

  private func place(_ under: String = "") -> String {
    "frameworks[0].workload.stages[0].resources: no slave that the framework is offered\(under) "
      + "has cpus:2; mem:1024 "
  }

  @Test("BUG: nothing was said of tasks for which only slaves with gpus have room")
  func onlyGPUSlaves() throws {
    let reason = "(slaves with gpus are kept for frameworks with GPU_RESOURCES; filterGPUs); "
    for allocators in ["{name: drf}", "{name: static}, {name: optimistic}, {name: fifo}"] {
      #expect(
        try warnings(gpus(mixed, allocators)) == [place() + reason + "the stage never starts"])
    }
    #expect(
      try warnings(gpus(mixed, "{name: drf, filterGPUs: false}, {name: fair}")) == [
        place(" under fair") + reason + "the stage never starts"
      ])
    #expect(try warnings(gpus(mixed, "{name: drf, filterGPUs: false}")) == [])
    #expect(
      try warnings(gpus(mixed, "{name: drf}", plain: "capabilities: [GPU_RESOURCES], ")) == [])
    let roomy = mixed + ", {count: 1, resources: 'cpus:2;mem:2GB'}"
    #expect(try warnings(gpus(roomy, "{name: drf}")) == [])
  }

  @Test("BUG: nothing was said of tasks whose slaves are kept for others, or beyond constraints")
  func keptSlaves() throws {
    let slaves =
      "{count: 2, name: 'big-{index}', resources: 'cpus:8;mem:8GB;gpus:4'}, "
      + "{count: 2, name: 'mid-{index}', resources: 'cpus:4;mem:8GB', attributes: 'rack:r{index}'}"
    #expect(
      try warnings(
        gpus(slaves, "{name: role, dedicated: {train: ['rack:r0', 'rack:r1']}}")
      ).contains {
        $0.hasPrefix(place()) && $0.contains("; others are kept for other roles; dedicated)")
      })
    #expect(
      try warnings(gpus(slaves, "{name: role, dedicated: {train: 'rack:r0'}}")) == [])
    #expect(
      try warnings(
        gpus(slaves, "{name: drf}, {name: constrained, constraints: {plain: 'hostname:big-0'}}"))
        == [
          place(" under constrained")
            + "(slaves with gpus are kept for frameworks with GPU_RESOURCES; filterGPUs; others are "
            + "beyond its constraints; constraints); the stage never starts"
        ])
    #expect(
      try warnings(gpus(slaves, "{name: constrained, constraints: {plain: 'hostname:mid-1'}}"))
        == [])
  }

  @Test("BUG: frameworks that reserve ran under allocators without reservations, unmentioned")
  func noReservations() throws {
    func text(_ allocators: String) -> String {
      """
      name: reserving
      until: 10m
      cluster: {slaves: [{count: 3, resources: "cpus:4;mem:4GB;disk:10GB"}]}
      frameworks:
        - {name: keeper, role: keeper, type: dynamic-reservation, tasks: 4, principal: ops}
        - {name: shards, role: shards, type: persistent-volume, principal: ops}
        - {name: other, role: other, type: no-executor}
      allocators: [\(allocators)]
      """
    }
    let rest =
      "knows no reservations, which 'keeper' (dynamic-reservation), 'shards' "
      + "(persistent-volume) need; they run nothing"
    #expect(
      try warnings(text("{name: static}, {name: drf}, {name: optimistic}")) == [
        "allocators[2].name: 'optimistic' \(rest)"
      ])
    #expect(try warnings(text("{name: drf}, {name: lottery}")) == [])
    // One named on the command line only.
    let loaded = try ScenarioText.read(text("{name: drf}"))
    let registry = AllocatorRegistry()
    #expect(
      loaded.warnings(about: AllocatorEntry(name: "optimistic"), registry: registry)
        == ["'optimistic' \(rest)"])
    for name in ["drf", "static"] {
      #expect(loaded.warnings(about: AllocatorEntry(name: name), registry: registry) == [])
    }
    // A report tells of those that the scenario names and of others.
    let named = try ScenarioText.read(text("{name: optimistic}, {name: drf}"))
    #expect(
      named.reportWarnings(of: named.scenario.allocators, registry: registry)
        == ["line 8: allocators[0].name: 'optimistic' \(rest)"])
    #expect(
      loaded.reportWarnings(of: [AllocatorEntry(name: "optimistic")], registry: registry)
        == ["'optimistic' \(rest)"])
  }
}
