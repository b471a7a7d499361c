// Part of mesosim. Apache-2.0, see LICENSE.

import Foundation
import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@Suite("Comparison") struct ComparisonTests {
  /// A run of framework 0 on 4 cpus: jobs submitted at 0, finished at the seconds given (`nil`:
  /// never), each after waiting half of its time.
  private func run(
    _ allocator: String, finishedAt ends: [Double?], window: Double = 100, seed: UInt64 = 42
  ) -> MeasuredRun {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .taskLaunched(0, 0, .cpus(1), 0))
    for job in ends.indices { script.at(0, .jobSubmitted(0, JobID(Int32(job)))) }
    for (job, end) in ends.enumerated().sorted(by: { ($0.1 ?? 0) < ($1.1 ?? 0) }) {
      guard let end else { continue }
      let half = Instant.start + .rounded(seconds: end / 2)
      script.at(end, .taskWaited(0, JobID(Int32(job)), since: .start, until: half))
      script.at(end, .jobFinished(0, JobID(Int32(job))))
    }
    return script.measured(window, allocator: allocator, seed: seed)
  }

  @Test("speedup is the baseline's sum of job times ÷ this allocator's")
  func speedup() throws {
    let comparison = Comparison([
      [run("static", finishedAt: [10, 50]), run("drf", finishedAt: [10, 20])]
    ])
    for framework in ["a", nil] {
      let row = try #require(comparison.row(.speedup, of: framework, under: "drf"))
      #expect(row.baseline == 1)
      #expect(row.value == 2)
      #expect(row.ratio == 2)
      #expect(row.ci95 == nil)
    }
    let wait = try #require(comparison.row(.meanWait, of: "a", under: "drf"))
    #expect(wait.baseline == 15)
    #expect(wait.value == 7.5)
    #expect(wait.ratio == 0.5)
    #expect(wait.difference == -7.5)
    #expect(comparison.row(.used(.cpus), under: "drf")?.ratio == 1)
    #expect(comparison.row(.speedup, under: "static") == nil)
  }

  @Test("jobs of a framework that came back are compared with those of the same stay")
  func stays() throws {
    // Job 0 takes 10 s and 30 s; under the other allocator the first is given up.
    func run(_ allocator: String, first: Double?) -> MeasuredRun {
      var script = Script()
      script.at(0, .slaveAdded(0, .cpus(4)), .jobSubmitted(0, JobID(0)))
      if let first { script.at(first, .jobFinished(0, JobID(0))) }
      script.at(50, .frameworkLeft(0))
      script.at(60, .jobSubmitted(0, JobID(0)))
      script.at(90, .jobFinished(0, JobID(0)))
      return script.measured(100, allocator: allocator)
    }
    let comparison = Comparison([[run("static", first: nil), run("drf", first: 10)]])
    let jobs = try #require(comparison.jobsCompared.first)
    #expect(jobs.finishedInBoth == 1)
    #expect(jobs.finishedOnlyHere == 1)
    #expect(comparison.row(.speedup, under: "drf")?.ratio == 1)
  }

  @Test("jobs that one of the runs did not finish are left out on both sides, and counted")
  func censored() throws {
    let comparison = Comparison([
      [run("static", finishedAt: [10, nil, 30, nil]), run("drf", finishedAt: [5, 20, nil, nil])]
    ])
    let row = try #require(comparison.row(.jobSeconds, of: "a", under: "drf"))
    #expect(row.baseline == 10)
    #expect(row.value == 5)
    let jobs = try #require(comparison.jobsCompared.first)
    #expect(jobs.finishedInBoth == 1)
    #expect(jobs.finishedOnlyInBaseline == 1)
    #expect(jobs.finishedOnlyHere == 1)
    #expect(jobs.finishedInNeither == 1)
  }

  @Test("BUG: each allocator was compared over other jobs, those that finished in it and the first")
  func survivors() throws {
    let comparison = Comparison([
      [
        run("static", finishedAt: [10, 20, 90, nil]), run("drf", finishedAt: [5, 10, 90, 40]),
        run("fifo", finishedAt: [5, 40, nil, 60]),
      ]
    ])
    for (allocator, seconds, unfinished) in [("drf", 15.0, 0), ("fifo", 45, 1)] {
      let row = try #require(comparison.row(.jobSeconds, of: "a", under: allocator))
      #expect(row.baseline == 30)
      #expect(row.value == seconds)
      let jobs = try #require(row.jobs)
      #expect((jobs.compared, jobs.unfinishedInBaseline, jobs.unfinished) == (2, 1, unfinished))
      #expect(comparison.row(.speedup, under: allocator)?.jobs == row.jobs)
      #expect(comparison.row(.meanWait, under: allocator)?.jobs == nil)
    }
    #expect(comparison.jobsCompared.map(\.finishedInBoth) == [3, 2])
    #expect(comparison.jobsCompared.map(\.finishedInAll) == [2, 2])
  }

  @Test("where no job finished under both, nothing is said of speed")
  func nothingInCommon() throws {
    let comparison = Comparison([
      [run("static", finishedAt: [nil, 9]), run("drf", finishedAt: [9, nil])]
    ])
    let row = try #require(comparison.row(.speedup, under: "drf"))
    #expect(row.value == nil)
    #expect(row.ratio == nil)
  }

  @Test("replications give an interval of the paired ratios by Student's t")
  func replications() throws {
    // Speedups 2, 3 and 4: mean 3, s = 1, t(0.975; 2) = 4.302653, half width 4.302653 ÷ √3.
    let comparison = Comparison(
      [2.0, 3, 4].enumerated().map { index, factor in
        let seed = UInt64(index)
        return [
          run("static", finishedAt: [10 * factor], seed: seed),
          run("drf", finishedAt: [10], seed: seed),
        ]
      })
    let row = try #require(comparison.row(.speedup, of: "a", under: "drf"))
    let interval = try #require(row.ci95)
    #expect(row.ratio == 3)
    #expect(abs(interval.low - (3 - 2.484138)) < 2e-6)
    #expect(abs(interval.high - (3 + 2.484138)) < 2e-6)
    #expect(comparison.replications.map(\.seed) == [0, 1, 2])
    #expect(comparison.runs.map(\.allocator) == ["static", "drf"])
    #expect(comparison.jobsCompared.first?.finishedInBoth == 3)
  }

  @Test("every allocator but the first has rows, and rows encode every key")
  func rows() throws {
    let comparison = Comparison([
      [
        run("static", finishedAt: [10]), run("drf", finishedAt: [10]),
        run("lottery", finishedAt: [nil]),
      ]
    ])
    #expect(Set(comparison.comparison.map(\.allocator)) == ["drf", "lottery"])
    let data = try ResultJSON.data(comparison)
    #expect(try ResultJSON.decode(Comparison.self, from: data) == comparison)
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let rows = try #require(object?["comparison"] as? [[String: Any]])
    for row in rows {
      #expect(
        row.keys.sorted() == [
          "allocator", "baseline", "ci95", "difference", "differenceCi95", "framework", "jobs",
          "metric", "ratio", "value",
        ])
    }
  }
}
