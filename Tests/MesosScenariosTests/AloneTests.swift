// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: one run under `static` stands for a run of each framework alone on its part of the cluster.
// Method: two frameworks on two kinds of machine, together and each in a scenario of its own.

import Foundation
import MesosMetrics
import Testing
import VirtualTime

@testable import MesosScenarios

@Suite("Frameworks alone on their part") struct AloneTests {
  private func text(_ names: [String], slaves: Int) -> String {
    var text = """
      name: parts
      seed: 7
      cluster:
        slaves:
          - {count: \(slaves), name: "big-{index}", resources: "cpus:4;mem:4096"}
          - {count: \(slaves), name: "small-{index}", resources: "cpus:2;mem:2048"}
        network: {latency: 1ms}
      frameworks:

      """
    for name in names {
      text += """
          - name: \(name)
            type: batch
            role: \(name)
            workload:
              jobs: 6
              arrivals: {poisson: {mean: \(name == "a" ? 20 : 45)s}}
              stages:
                - {name: m, tasks: 9, resources: "cpus:1;mem:256", duration: {exponential: {mean: 30s}}}

        """
    }
    return text
  }

  private func runs(
    _ names: [String], slaves: Int, _ allocators: [String], alone: Bool = true
  ) throws -> [MeasuredRun] {
    var comparison = ScenarioComparison(
      try ScenarioText.read(text(names, slaves: slaves)),
      allocators: allocators.map { AllocatorEntry(name: $0) })
    comparison.measuresAlone = alone
    return try comparison.run(seeds: [7])[0]
  }

  @Test("a framework that really is alone on its part has the same job times")
  func reallyAlone() throws {
    let shared = try runs(["a", "b"], slaves: 4, ["drf"])[0]
    let together = try #require(shared.aloneJobs)
    for (index, name) in ["a", "b"].enumerated() {
      let own = try runs([name], slaves: 2, ["drf"], alone: false)[0]
      #expect(!own.jobs[0].isEmpty)
      #expect(own.jobs[0].map(\.fate) == together[index].map(\.fate))
      // Who meets nobody may still be told a latency later or sooner.
      for (alone, part) in zip(own.jobs[0], together[index]) {
        let (alone, part) = (alone.jobTime ?? 0, part.jobTime ?? 0)
        #expect(abs(alone - part) < 10_000_000, "\(name): \(alone) and \(part) ns")
      }
    }
    #expect(shared.jobs[0].map(\.jobTime) != together[0].map(\.jobTime))
  }

  @Test("the run of everybody alone changes nothing of the others, their window included")
  func separate() throws {
    let plain = try runs(["a", "b"], slaves: 2, ["drf", "fifo"], alone: false)
    let both = try runs(["a", "b"], slaves: 2, ["drf", "fifo"])
    #expect(plain.map(\.result) == both.map(\.result))
    #expect(plain.allSatisfy { $0.aloneJobs == nil })
    #expect(both.allSatisfy { $0.aloneJobs == both[0].aloneJobs && $0.aloneJobs != nil })
  }

  @Test("a `static` that deals as one without settings does is that run; another one is not")
  func extraRun() throws {
    let loaded = try ScenarioText.read(text(["a", "b"], slaves: 2))
    func comparison(_ entries: [AllocatorEntry]) -> ScenarioComparison {
      var comparison = ScenarioComparison(loaded, allocators: entries, threads: 2)
      comparison.measuresAlone = true
      return comparison
    }
    let own = comparison([AllocatorEntry(name: "drf"), AllocatorEntry(name: "static", label: "x")])
    #expect(own.runsPerSeed == 2)
    let runs = try own.run(seeds: [7])[0]
    #expect(runs[0].aloneJobs == runs[1].jobs)
    let slowdowns = Comparison([runs]).slowdowns
    #expect(slowdowns.map(\.allocator) == ["drf", "drf", "x", "x"])
    #expect(slowdowns.suffix(2).allSatisfy { $0.slowdown == 1 })

    func partitioned(_ counts: String) throws -> [AllocatorEntry] {
      let partition = "{by: framework, counts: \(counts)}"
      return try ScenarioText.read(
        text(["a", "b"], slaves: 2) + "allocators: [{name: static, partition: \(partition)}]\n"
      ).scenario.allocators
    }
    #expect(comparison(try partitioned("{a: 3, b: 1}")).runsPerSeed == 2)
    // The deal that is made without settings, written by hand.
    let byHand = comparison(try partitioned("{a: 2, b: 2}"))
    #expect(byHand.runsPerSeed == 1)
    #expect(try byHand.run(seeds: [7])[0][0].result.digest == runs[1].result.digest)
    var plain = comparison([AllocatorEntry(name: "drf")])
    #expect(plain.runsPerSeed == 2)
    plain.measuresAlone = false
    #expect(plain.runsPerSeed == 1)
  }

  @Test("stopped early, everybody alone is brought to the same instant", arguments: [1, 3])
  func stopped(threads: Int) throws {
    var comparison = ScenarioComparison(
      try ScenarioText.read(text(["a", "b"], slaves: 2)), allocators: [AllocatorEntry(name: "drf")],
      threads: threads)
    comparison.measuresAlone = true
    let runs = try comparison.run(seeds: [7, 8]) { _, _ in false }
    #expect(runs.count == 1)
    #expect(runs[0].count == 1)
    let alone = try #require(runs[0][0].aloneJobs)
    let end = try #require(runs[0][0].result.windowSeconds)
    #expect(alone.joined().allSatisfy { $0.submitted.seconds <= end })
    #expect(alone.joined().allSatisfy { $0.fate == .unfinished })
  }
}
