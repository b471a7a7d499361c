// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is left when runs are stopped early: what they covered, and nothing made up beyond it.

import Foundation
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Stopped runs")
struct StoppedRunTests {
  private func small(until: Duration? = nil) throws -> LoadedScenario {
    var loaded = try loadSmall()
    loaded.scenario.until = until
    return loaded
  }

  @Test("a run stopped by its event limit is partial and measured up to there, not to `until`")
  func eventLimit() throws {
    let loaded = try small(until: .seconds(7200))
    let run = try ScenarioRun(PreparedScenario(loaded), allocator: AllocatorEntry(name: "drf"))
    run.run(eventLimit: 5000)
    let result = run.measured(window: run.window).result
    #expect(result.partial)
    #expect(result.events == 5000)
    #expect(result.windowSeconds == result.simulatedSeconds)
    #expect((result.windowSeconds ?? 0) < 7200)
  }

  @Test("an event limit beyond the work changes nothing")
  func wideLimit() throws {
    let run = try ScenarioRun(
      PreparedScenario(try small()), allocator: AllocatorEntry(name: "drf"))
    run.run(eventLimit: 100_000_000)
    #expect(!run.isPartial)
  }

  @Test("seeds that were stopped are left out; the first is kept in any case")
  func stoppedSeeds() throws {
    let loaded = try small(until: .seconds(7200))
    let comparison = ScenarioComparison(
      loaded, allocators: loaded.scenario.allocators, threads: 2)
    let results = try comparison.run(seeds: [1, 2, 3, 4]) { _, _ in false }
    #expect(results.count == 1)
    for run in results[0] {
      #expect(run.result.partial)
      #expect(run.result.windowSeconds == 1)
      #expect(run.result.simulatedSeconds == 1)
    }
    let none = try comparison.run(seeds: [1, 2], keepsFirst: false) { _, _ in false }
    #expect(none.isEmpty)
    let later = try comparison.run(seeds: [1, 2, 3, 4]) { run, _ in run < 4 }
    #expect(later.count == 2)
    #expect(later.joined().allSatisfy { !$0.result.partial })
  }

  @Test(
    "BUG: the runs of a seed that is stopped have one window, and are those up to that instant",
    arguments: [1, 2, 3])
  func oneWindow(threads: Int) throws {
    for until in [nil, Duration.seconds(7200)] {
      var loaded = try small(until: until)
      let names = ["static", "drf", "fifo"]
      let comparison = ScenarioComparison(
        loaded, allocators: names.map { AllocatorEntry(name: $0) }, threads: threads)
      let results = try comparison.run(seeds: [1, 2]) { _, pulse in pulse.events < 8000 }
      #expect(results.count == 1)
      let windows = results[0].map(\.result.windowSeconds)
      let end = try #require(windows[0])
      #expect(Set(windows).count == 1)
      #expect(end == end.rounded() && end < 7200)
      loaded.scenario.until = .seconds(end)
      let again = try ScenarioComparison(loaded, allocators: comparison.allocators).run(seeds: [1])
      for (own, other) in zip(results[0], again[0]) {
        #expect(own.result.partial && !other.result.partial)
        #expect(own.result.digest == other.result.digest)
        #expect(own.result.fairness == other.result.fairness)
        #expect(own.result.frameworks == other.result.frameworks)
        #expect(own.result.simulatedSeconds == other.result.simulatedSeconds)
      }
    }
  }

  // Goal: faults to the end of a run, the last of which would be mended after any part of it.
  @Test("BUG: a part of a run under faults by chance was another when run by itself")
  func faultsByChance() throws {
    var loaded = try ScenarioText.read(
      """
      name: stopped
      seed: 3
      until: 12h
      cluster:
        masters: 3
        slaves: [{count: 20, resources: "cpus:4;mem:8GB"}]
      frameworks:
        - name: reports
          type: batch
          failoverTimeout: 1h
          workload:
            jobs: 400
            arrivals: {constant: 100s}
            stages: [{name: map, tasks: 8, resources: "cpus:1;mem:100", duration: 60s}]
      faults:
        - at: 1m
          random:
            slaveMTBF: 1h
            schedulerMTBF: 1h
            masterMTBF: 1h
            downtime: 10m
            partitionEvery: 10m
            partitionFor: 10m
      """)
    let names = ["static", "drf"].map { AllocatorEntry(name: $0) }
    let stopped = try ScenarioComparison(loaded, allocators: names, threads: 2)
      .run(seeds: [3]) { _, pulse in pulse.events < 8000 }
    let end = try #require(stopped[0][0].result.windowSeconds)
    #expect(end > 600 && end < 40_000)
    loaded.scenario.until = .seconds(end)
    let again = try ScenarioComparison(loaded, allocators: names).run(seeds: [3])
    for (own, other) in zip(stopped[0], again[0]) {
      #expect(own.result.partial && !other.result.partial)
      #expect(own.result.digest == other.result.digest)
      #expect(own.result.events == other.result.events)
    }
  }

  @Test("a literal run decides the same, with an event for every interval")
  func literal() throws {
    // Without an end the literal run would take 30 days.
    let prepared = try PreparedScenario(try small(until: .seconds(7200)))
    func result(isLiteral: Bool) throws -> RunResult {
      let run = try ScenarioRun(
        prepared, allocator: AllocatorEntry(name: "drf"), isLiteral: isLiteral)
      run.run()
      return run.measured(window: run.window).result
    }
    let elided = try result(isLiteral: false)
    let literal = try result(isLiteral: true)
    #expect(elided.digest == literal.digest)
    #expect(elided.events < literal.events)
  }

  @Test("jobs that arrive after the end of a run without `until` are warned of")
  func lateJobs() throws {
    let text = """
      name: late
      cluster: {slaves: [{count: 1, resources: "cpus:1;mem:1024"}]}
      frameworks:
        - name: daily
          type: batch
          workload:
            jobs: 40
            arrivals: {constant: 1d}
            stages: [{name: map, tasks: 1, resources: "cpus:1", duration: 10s}]
      """
    let loaded = try Scenario.decode(
      Array(text.utf8), file: "late.yaml", files: ScenarioFiles(folder: "/"))
    #expect(try PreparedScenario(loaded).lateness?.contains("9 jobs arrive after 30d") == true)
    var bounded = loaded
    bounded.scenario.until = .seconds(86_400 * 50)
    #expect(try PreparedScenario(bounded).lateness == nil)
  }
}
