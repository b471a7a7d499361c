// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import MesosMetrics
import Testing

@Suite("Slowdowns") struct SlowdownTests {
  /// A run of frameworks whose jobs, submitted at 0, finished at the seconds given (`nil`: never).
  private func run(
    _ allocator: String, _ ends: [[Double?]], seed: UInt64 = 42, alone: [[Double?]]? = nil
  ) -> MeasuredRun {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)))
    var finishes: [(at: Double, event: ClusterEvent)] = []
    for (framework, ends) in ends.enumerated() {
      for (job, end) in ends.enumerated() {
        let (framework, job) = (FrameworkIndex(framework), JobID(Int32(job)))
        script.at(0, .jobSubmitted(framework, job))
        if let end { finishes.append((end, .jobFinished(framework, job))) }
      }
    }
    for (at, event) in finishes.sorted(by: { $0.at < $1.at }) { script.at(at, event) }
    var run = script.measured(
      100, allocator: allocator, frameworks: ["a", "b"].prefix(ends.count).map { $0 }, seed: seed)
    run.aloneJobs = alone.map { self.run("static", $0).jobs }
    return run
  }

  @Test("the sum of job times ÷ that of the same jobs alone, for every allocator")
  func ratio() throws {
    let alone: [[Double?]] = [[10, 20, nil], [40, 5]]
    let comparison = Comparison([
      [
        run("fifo", [[20, 40, 60], [20, nil]], alone: alone),
        run("drf", [[15, nil, nil], [40, 5]], alone: alone),
      ]
    ])
    #expect(comparison.slowdowns.map(\.allocator) == ["fifo", "fifo", "drf", "drf"])
    let first = try #require(comparison.slowdown(of: "a", under: "fifo"))
    #expect(first.slowdown == 2)
    #expect((first.jobs, first.unfinished, first.unfinishedAlone) == (2, 0, 1))
    #expect((first.jobSeconds, first.aloneJobSeconds) == (60, 30))
    #expect(first.ci95 == nil)
    #expect(comparison.slowdown(of: "b", under: "fifo")?.slowdown == 0.5)
    #expect(comparison.slowdown(of: "a", under: "drf")?.slowdown == 1.5)
    #expect(comparison.slowdown(of: "a", under: "drf")?.unfinished == 2)
    #expect(comparison.slowdown(of: "b", under: "drf")?.slowdown == 1)
    #expect(comparison.withoutSlowdown.isEmpty)
    let data = try ResultJSON.data(comparison)
    #expect(try ResultJSON.decode(Comparison.self, from: data) == comparison)
  }

  @Test("with several seeds it is the mean of the ratios, with an interval")
  func seeds() throws {
    let comparison = Comparison(
      [2.0, 3, 4].enumerated().map { index, factor in
        [run("drf", [[10 * factor]], seed: UInt64(index), alone: [[10]])]
      })
    let row = try #require(comparison.slowdown(of: "a", under: "drf"))
    #expect(row.slowdown == 3)
    // As for speedups 2, 3 and 4 in `ComparisonTests`.
    #expect(abs((row.ci95?.low ?? 0) - (3 - 2.484138)) < 2e-6)
    #expect(row.jobs == 3)
  }

  @Test("who has no jobs, or finishes none alone, is left out and named")
  func omissions() {
    let comparison = Comparison([[run("drf", [[], [10]], alone: [[], [nil]])]])
    #expect(comparison.slowdowns.isEmpty)
    #expect(comparison.withoutSlowdown.map(\.framework) == ["a", "b"])
    #expect(comparison.withoutSlowdown.map(\.reason) == [.noJobs, .noneFinishedAlone])
  }

  @Test("a framework of which no job finished in both has a row without a figure")
  func nothingInCommon() throws {
    let comparison = Comparison([[run("drf", [[10, nil]], alone: [[nil, 10]])]])
    let row = try #require(comparison.slowdown(of: "a", under: "drf"))
    #expect(row.slowdown == nil)
    #expect(row.jobs == 0)
  }

  @Test("where nobody was run alone there are no slowdowns")
  func none() {
    let comparison = Comparison([[run("drf", [[10]])]])
    #expect(comparison.slowdowns.isEmpty && comparison.withoutSlowdown.isEmpty)
  }
}
