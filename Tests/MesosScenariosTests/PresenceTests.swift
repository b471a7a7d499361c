// Part of mesosim. Apache-2.0, see LICENSE.
//
// Scenarios whose frameworks come late, leave and come back, and those that have none.

import Foundation
import Mesos
import MesosAllocation
import MesosCluster
import MesosFrameworks
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

/// The instants at which frameworks of a run registered and left.
private final class Registrations: ClusterEventSink {
  var instants: [FrameworkIndex: [String]] = [:]
  func record(_ event: ClusterEvent, at now: Instant) {
    switch event {
    case .frameworkAdded(let framework): add("added", framework, now)
    case .frameworkLeft(let framework): add("left", framework, now)
    default: break
    }
  }

  private func add(_ word: String, _ framework: FrameworkIndex, _ now: Instant) {
    instants[framework, default: []].append("\(word) \(Int(now.seconds))s")
  }
}

@Suite("Scenarios whose frameworks come and go")
struct PresenceTests {
  /// Two frameworks with a job a minute, five in all, of one task of 50 s.
  private func text(_ first: String, _ second: String = "", rest: String = "") -> String {
    func work(_ place: Int) -> String {
      """
          type: batch
          role: r\(place)
          workload:
            jobs: 5
            arrivals: {constant: 1m}
            stages: [{name: m, tasks: 1, resources: "cpus:1;mem:128", duration: 50s}]

      """
    }
    func keys(_ lines: String) -> String {
      lines.split(separator: ",").map { "    \($0.trimmingCharacters(in: .whitespaces))\n" }
        .joined()
    }
    return """
      name: presence
      cluster: {slaves: [{count: 2, resources: "cpus:4;mem:4096"}], network: {latency: 1ms}}
      frameworks:
        - name: a

      """ + keys(first) + work(0) + "  - name: b\n" + keys(second) + work(1) + rest
  }

  private func prepared(_ text: String) throws -> PreparedScenario {
    try PreparedScenario(ScenarioText.read(text))
  }

  private func run(
    _ prepared: PreparedScenario, _ allocator: String = "drf", isLiteral: Bool = false
  ) throws -> (result: RunResult, registrations: Registrations, violation: String?) {
    let run = try ScenarioRun(
      prepared, allocator: AllocatorEntry(name: allocator), isLiteral: isLiteral)
    let registrations = Registrations()
    run.attach(registrations)
    run.checkInvariants()
    run.run()
    return (run.measured(window: run.window).result, registrations, run.violation?.text)
  }

  @Test("the arrivals of a late framework's jobs count from its start")
  func arrivals() throws {
    let jobs = try prepared(text("", "start: 1h")).jobs.byFramework
    #expect(zip(jobs[0], jobs[1]).allSatisfy { $1.submitted - $0.submitted == .seconds(3600) })
    let (result, registrations, _) = try run(prepared(text("", "start: 1h")))
    #expect(result.frameworks.map(\.jobs.finished) == [5, 5])
    #expect(registrations.instants == [0: ["added 0s"], 1: ["added 3600s"]])
  }

  @Test("a framework that never starts has no jobs and waits for nothing")
  func neverStarts() throws {
    let (result, _, _) = try run(prepared(text("", "start: 2h", rest: "until: 1h\n")))
    #expect(result.frameworks.map(\.jobs.submitted) == [5, 0])
    #expect(result.frameworks[1].tasksWaitingAtEnd == nil)
    #expect(result.utilization.cpus?.blockedMean == 0)
  }

  @Test(
    "jobs that are not finished when their framework leaves are abandoned, later ones unheard of")
  func leaves() throws {
    let (result, registrations, _) = try run(prepared(text("leave: 140s")))
    let jobs = result.frameworks[0].jobs
    #expect(jobs.submitted == 3)
    #expect(jobs.finished == 2)
    #expect(jobs.abandoned == 1)
    #expect(jobs.unfinished == 0)
    #expect(result.frameworks[0].tasks.killed == 1)
    #expect(result.frameworks[1].jobs.finished == 5)
    #expect(registrations.instants[0] == ["added 0s", "left 140s"])
  }

  @Test("a framework that comes back runs what arrived meanwhile and later, and nothing twice")
  func comesBack() throws {
    let (result, registrations, _) = try run(prepared(text("leave: 140s, return: 230s")))
    let jobs = result.frameworks[0].jobs
    #expect(jobs.submitted == 5)
    #expect(jobs.finished == 4)
    #expect(jobs.abandoned == 1)
    #expect(result.frameworks[0].tasks.launched == 5)
    #expect(registrations.instants[0] == ["added 0s", "left 140s", "added 230s"])
  }

  @Test("the second stay of a framework without jobs of its own is another job")
  func sample() throws {
    let text = """
      name: twice
      until: 1h
      cluster: {slaves: [{count: 1, resources: "cpus:4;mem:4096"}]}
      frameworks:
        - {name: t, type: test, tasks: 20, duration: 30s, leave: 100s, return: 102s}

      """
    let (result, _, violation) = try run(prepared(text))
    #expect(violation == nil)
    #expect(result.frameworks[0].jobs.submitted == 2)
    #expect(result.frameworks[0].jobs.finished == 1)
    #expect(result.frameworks[0].jobs.abandoned == 1)
    #expect(result.frameworks[0].tasks.finished >= 20)
  }

  @Test("static keeps a late framework's part for it from the start")
  func staticPart() throws {
    // Two slaves with 4 cpus each: b's is empty while a could use it.
    let crowded = text("", "start: 30m").replacing("tasks: 1,", with: "tasks: 8,")
    let alone = try run(prepared(crowded), "static").result.frameworks[0]
    let shared = try run(prepared(crowded), "drf").result.frameworks[0]
    #expect(alone.dominantShare.max == 0.5)
    #expect(shared.dominantShare.max == 1)
  }

  @Test(
    "elided and literal decide the same, and no invariant is broken",
    arguments: [
      "",
      "faults: [{at: 30s, kill: {schedulers: \"*\", for: 20s}}, {at: 150s, kill: {scheduler: a}}]",
      "faults: [{at: 130s, partition: {schedulers: \"*\", from: master, for: 30s}}]",
      "faults: [{at: 130s, kill: {master: master-1, for: 200s}}]",
      "faults: [{at: 60s, restart: {schedulers: \"*\"}}, {at: 170s, pause: {schedulers: \"*\", for: 1m}}]",
      "faults: [{at: 0s, random: {schedulerMTBF: 90s, slaveMTBF: 3m, for: 10m}}]",
    ])
  func literal(faults: String) throws {
    let prepared = try prepared(
      text("leave: 140s, return: 230s", "start: 100s, leave: 5m", rest: "until: 1h\n\(faults)\n"))
    let elided = try run(prepared)
    let literal = try run(prepared, isLiteral: true)
    #expect(elided.result.digest == literal.result.digest)
    #expect(elided.violation == nil)
    #expect(literal.violation == nil)
  }

  @Test(
    "a presence that cannot be meant is an error with its place",
    arguments: [
      (
        "start: 1h, leave: 30m",
        "s.yaml:6:12: frameworks[0].leave: 30m is not after 'start', 1h"
      ),
      (
        "leave: 1h, return: 1h",
        "s.yaml:6:13: frameworks[0].return: 1h is not after 'leave', 1h"
      ),
      (
        "return: 1h",
        "s.yaml:5:13: frameworks[0].return: 'return' without 'leave'; "
          + "say when it leaves"
      ),
    ])
  func mistakes(keys: String, complaint: String) {
    #expect(ScenarioText.complaints(text(keys)) == [complaint])
  }

  @Test("what comes after the end, and work without end, are warned of")
  func warnings() throws {
    func messages(_ text: String) throws -> [String] {
      try ScenarioText.read(text).warnings.map(\.message)
    }
    let late = "after the end, 1h: that is never seen"
    #expect(try messages(text("start: 2h", rest: "until: 1h\n")) == [late])
    #expect(try messages(text("leave: 30m, return: 2h", rest: "until: 1h\n")) == [late])
    let endless =
      text("").replacing(
        "  - name: a\n", with: "  - {name: n, type: long-lived}\n  - name: a\n")
      + "\nallocators: [{name: drf}]\n"
    #expect(try messages(endless).count == 1)
    #expect(try messages(endless.replacing("long-lived", with: "long-lived, leave: 1h")) == [])
  }

  @Test("the keys are written out and read again")
  func roundTrip() throws {
    let scenario = try ScenarioText.read(text("start: 1m, leave: 2m, return: 3m")).scenario
    #expect(scenario.frameworks[0].presence.comeBack == .seconds(180))
    #expect(try ScenarioText.read(scenario.resolvedYAML).scenario == scenario)
    #expect(scenario.resolvedYAML.contains("return: 3m"))
    #expect(scenario.resolvedYAML.contains("leave: never"))
  }

  @Test("the shipped scenario has one that comes late and one that leaves and is back")
  func shipped() throws {
    let path = packageFolder.appending(path: "scenarios/failures/come-and-go.yaml")
    let prepared = try PreparedScenario(Scenario.load(path.path(percentEncoded: false)))
    let (result, registrations, _) = try run(prepared)
    #expect(registrations.instants[1] == ["added 1200s"])
    #expect(registrations.instants[2] == ["added 0s", "left 600s", "added 1500s"])
    #expect(result.frameworks[2].jobs.submitted == 20)
    #expect(result.frameworks[2].jobs.abandoned > 0)
    #expect(result.frameworks.allSatisfy { $0.jobs.unfinished == 0 })
    let fixed = try run(prepared, "static").result
    #expect(
      (fixed.frameworks[0].jobs.times.mean ?? 0) > (result.frameworks[0].jobs.times.mean ?? 0))
  }
}

@Suite("Scenarios without frameworks")
struct NoFrameworkTests {
  private let text = """
    name: empty
    until: 10m
    cluster: {slaves: [{count: 3, resources: "cpus:4;mem:4096"}]}
    frameworks: []

    """

  @Test("are read, and warned of when nothing ends them")
  func reads() throws {
    let loaded = try ScenarioText.read(text)
    #expect(loaded.warnings == [])
    #expect(try ScenarioText.read(loaded.scenario.resolvedYAML).scenario == loaded.scenario)
    let short = try ScenarioText.read(text.replacing("until: 10m\n", with: ""))
    #expect(
      short.warnings.map { $0.line(in: "s.yaml") } == [
        "s.yaml:3:13: frameworks: without frameworks the run is over as soon as the slaves have "
          + "registered; set 'until'"
      ])
  }

  @Test("run under every allocator, elided and literal, and nothing is wanted")
  func runs() throws {
    let prepared = try PreparedScenario(ScenarioText.read(text))
    for name in ScenarioVocabulary().allocators.descriptors.map(\.name) {
      let digests = try [false, true].map { isLiteral in
        let run = try ScenarioRun(
          prepared, allocator: AllocatorEntry(name: name), isLiteral: isLiteral)
        run.checkInvariants()
        run.run()
        #expect(run.violation == nil)
        let result = run.measured(window: run.window).result
        #expect(result.slaves == 3)
        #expect(result.frameworks.isEmpty)
        #expect(result.utilization.cpus?.noDemandMean == 1)
        #expect(result.fairness.jainDominantShare == nil)
        return result.digest
      }
      #expect(digests[0] == digests[1])
    }
  }
}
