// Part of mesosim. Apache-2.0, see LICENSE.
//
// The sample frameworks on a cluster, by the scenarios that ship with them.

import Foundation
import Mesos
import MesosCluster
import MesosFrameworks
import Testing
import VirtualTime

@testable import MesosScenarios

/// What a run came to, as far as these tests look.
private final class Facts: ClusterEventSink {
  var ends: [FrameworkIndex: [TaskState: Int]] = [:]
  var refused: [TaskState] = []
  var jobsFinished: [FrameworkIndex: Int] = [:]
  var jobsAbandoned = 0
  var removed: [FrameworkIndex] = []
  /// Slaves with running tasks of the first framework, in the order of their first.
  var homes: [SlaveIndex] = []
  /// What each slave's resources were divided into, last.
  var capacity: [SlaveIndex: Resources] = [:]
  var sawVolume = false
  var sawReservation = false

  func record(_ event: ClusterEvent, at now: Instant) {
    switch event {
    case .slaveAdded(let slave, let resources): capacity[slave] = resources
    case .slaveChanged(let slave, let resources):
      capacity[slave] = resources
      sawVolume = sawVolume || !resources.persistentVolumes.isEmpty
      sawReservation = sawReservation || resources != resources.unreserved
    case .taskRunning(0, let slave, _): if !homes.contains(slave) { homes.append(slave) }
    case .taskEnded(let framework, _, _, let state, _, _):
      ends[framework, default: [:]][state, default: 0] += 1
    case .taskRefused(_, let state, _): refused.append(state)
    case .jobFinished(let framework, _): jobsFinished[framework, default: 0] += 1
    case .jobAbandoned: jobsAbandoned += 1
    case .frameworkRemoved(let framework): removed.append(framework)
    default: break
    }
  }
}

private func sample(_ name: String) throws -> String {
  try String(
    contentsOf: packageFolder.appending(path: "scenarios/samples/\(name).yaml"), encoding: .utf8)
}

/// Runs a scenario under DRF.
private func run(_ text: String) throws -> (facts: Facts, run: ScenarioRun) {
  let run = try ScenarioRun(
    PreparedScenario(ScenarioText.read(text)), allocator: AllocatorEntry(name: "drf"))
  let facts = Facts()
  run.attach(facts)
  run.run()
  return (facts, run)
}

@Suite("Samples on a cluster")
struct SampleRunTests {
  @Test("each is there")
  func allThere() {
    let names = shippedScenarios.filter { $0.hasPrefix("scenarios/samples/") }
    let kinds = FrameworkDescriptor.shipped.map(\.name)
      .filter { !["batch", "marathon", "aurora", "kafka"].contains($0) }
    #expect(names == kinds.sorted().map { "scenarios/samples/\($0).yaml" })
  }

  @Test("test runs its tasks in one executor and ends when its messages are back")
  func test() throws {
    let (facts, _) = try run(sample("test"))
    #expect(facts.ends == [0: [.finished: 5]])
    #expect(facts.homes.count == 1)
    #expect(facts.jobsFinished == [0: 1])
    #expect(facts.removed == [0])
  }

  @Test("no-executor runs commands, by sleep or by rule")
  func noExecutor() throws {
    let (facts, _) = try run(sample("no-executor"))
    #expect(facts.ends == [0: [.finished: 200], 1: [.finished: 200]])
    #expect(facts.removed.sorted() == [0, 1])
  }

  @Test("long-lived stays with one slave until that is gone")
  func longLived() throws {
    let calm = try sample("long-lived").replacing(/operator:\n(  .*\n)+/, with: "")
    let (still, _) = try run(calm)
    #expect(still.homes.count == 1)
    #expect((still.ends[0]?[.finished] ?? 0) > 500)

    let (facts, moved) = try run(sample("long-lived"))
    #expect(moved.warnings == [])
    #expect(facts.homes.first == 2)
    #expect(facts.homes.count == 2)
    #expect((facts.ends[0]?[.lost] ?? 0) > 0)
    #expect((facts.ends[0]?[.finished] ?? 0) > 400)
  }

  @Test("the load generator keeps the master busy, and the others get there all the same")
  func loadGenerator() throws {
    let text = try sample("load-generator")
    let (facts, busy) = try run(text)
    let (_, idle) = try run(text.replacing("reconcileTasks: 2ms, ", with: ""))
    #expect(facts.ends == [1: [.finished: 160]])
    #expect(busy.window > idle.window)
  }

  @Test("a balloon bursts where its memory ends, and one with room does not")
  func balloon() throws {
    let text = try sample("balloon")
    let (facts, _) = try run(text)
    #expect(facts.ends == [0: [.failed: 1], 1: [.finished: 3]])
    #expect(facts.jobsFinished == [0: 1, 1: 1])
    // The one that gave up is gone with its process.
    #expect(facts.removed == [0, 1])

    let (roomy, _) = try run(text.replacing("limit: 1GB", with: "limit: 128MB"))
    #expect(roomy.ends[0] == [.finished: 1])
    #expect(roomy.removed.contains(0))
  }

  @Test("volumes are made, used again and destroyed")
  func persistentVolume() throws {
    let (facts, _) = try run(sample("persistent-volume"))
    #expect(facts.ends == [0: [.finished: 12]])
    #expect(facts.jobsFinished == [0: 4])
    #expect(facts.sawVolume)
    #expect(facts.capacity.values.allSatisfy { $0.persistentVolumes.isEmpty })
  }

  @Test("reservations are made, used and given back")
  func dynamicReservation() throws {
    let (facts, _) = try run(sample("dynamic-reservation"))
    #expect(facts.ends == [0: [.finished: 20], 1: [.finished: 60]])
    #expect(facts.sawReservation)
    #expect(facts.capacity.values.allSatisfy { $0 == $0.unreserved })
  }

  @Test("who may not reserve reserves nothing")
  func forbiddenReservation() throws {
    let text = try sample("dynamic-reservation")
      .replacing("principals: [careful]", with: "principals: [somebody]")
    let (facts, _) = try run(text + "until: 10m\n")
    #expect(!facts.sawReservation)
    #expect(facts.ends[0] == nil)
  }
}

@Suite("Operators in a scenario")
struct OperatorRunTests {
  private func text(_ lines: String...) -> String {
    """
    name: operated
    until: 10m
    cluster:
      slaves: [{count: 2, resources: "cpus:4;mem:4096;disk:1000"}]
    frameworks:
      - {name: a, type: no-executor, role: a, tasks: endless, command: "sleep 30"}
      - {name: b, type: no-executor, role: b, tasks: endless, command: "sleep 30"}
    allocators: [{name: drf}]

    """ + lines.map { $0 + "\n" }.joined()
  }

  @Test("what is not done is a warning that says why, and when")
  func warnings() throws {
    let (_, run) = try run(
      text(
        "operator:",
        "  - {at: 1m, removeQuota: a}",
        "  - {at: 2m, destroyVolumes: {slave: slave-0, role: a, id: v, size: 1MB}}",
        "  - {at: 3m, weights: {a: 3}}"))
    #expect(run.warnings.count == 2)
    #expect(
      run.warnings.first
        == "operator[0], at 00:01:00.000: 400 Bad Request: role 'a' has no quota")
    #expect(run.warnings.last?.hasPrefix("operator[1], at 00:02:00.000: ") == true)
  }

  @Test("a framework that is torn down and slaves that are drained run nothing more")
  func teardown() throws {
    let (facts, run) = try run(
      text(
        "operator:", "  - {at: 1m, teardown: b}", "  - {at: 2m, drain: slave-0}",
        "  - {at: 3m, drain: slave-1}"))
    #expect(run.warnings == [])
    #expect(facts.removed == [1])
    #expect((facts.ends[0]?[.killed] ?? 0) > 0)
    let (longer, _) = try MesosScenariosTests.run(
      text("operator:", "  - {at: 1m, teardown: b}"))
    #expect((longer.ends[0]?[.finished] ?? 0) > (facts.ends[0]?[.finished] ?? 0))
  }

  @Test("quota from the start limits a role, and is lifted when it is removed")
  func quota() throws {
    let (free, _) = try run(text())
    let (limited, limitedRun) = try run(text("roles: {a: {quota: \"cpus:1\"}}"))
    #expect(limitedRun.warnings == [])
    let (lifted, liftedRun) = try run(
      text("roles: {a: {quota: \"cpus:1\"}}", "operator: [{at: 1m, removeQuota: a}]"))
    #expect(liftedRun.warnings == [])
    let finished = [limited, lifted, free].map { $0.ends[0]?[.finished] ?? 0 }
    #expect(finished[0] > 0)
    #expect(finished[0] < finished[1])
    #expect(finished[1] < finished[2])
  }

  @Test("reservations and volumes of an operator come and go")
  func reservations() throws {
    let (facts, run) = try run(
      text(
        "operator:",
        "  - {at: 31s, reserve: {slave: slave-0, role: c, resources: \"disk:100\"}}",
        "  - {at: 32s, createVolumes: {slave: slave-0, role: c, id: v, size: 50MB}}",
        "  - {at: 33s, destroyVolumes: {slave: slave-0, role: c, id: v, size: 50MB}}",
        "  - {at: 34s, unreserve: {slave: slave-0, role: c, resources: \"disk:100\"}}"))
    #expect(run.warnings == [])
    #expect(facts.sawVolume)
    #expect(facts.capacity[0] == facts.capacity[1])
  }
}
