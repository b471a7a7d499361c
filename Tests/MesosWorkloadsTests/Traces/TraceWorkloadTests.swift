// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosWorkloads

@Suite("Jobs from a trace")
struct TraceWorkloadTests {
  private let map: StageTemplate
  private let reduce: StageTemplate
  private let seeds = Seeds(7)

  init() throws {
    let seconds = try Distribution(.exponential(mean: 20))
    map = StageTemplate(
      name: "map",
      tasks: .derived(SizeRule(bytes: .input, bytesPerTask: 100, atLeast: 1, atMost: 50)),
      resources: Resources(cpus: 1), duration: seconds)
    reduce = StageTemplate(
      name: "reduce", tasks: .derived(SizeRule(bytes: .shuffle, bytesPerTask: 1000)),
      resources: Resources(cpus: 1), duration: seconds)
  }

  private func workload(every: Int = 1, _ selections: [TraceWorkload.Selection] = [])
    -> TraceWorkload
  {
    TraceWorkload(
      format: .swim, file: "t.tsv", every: every, selections: selections, stages: [map, reduce])
  }

  /// Jobs with 1, 1, 2, 10 and 50 maps; the third alone has reduces.
  private let trace =
    "a\t0\t0\t0\t0\t0\nb\t5\t5\t100\t0\t0\nc\t5\t0\t101\t1001\t0\n"
    + "d\t9\t4\t1000\t0\t0\ne\t20\t11\t99999\t0\t0\n"

  @Test("tasks follow from bytes by the rules, rounded up, within bounds")
  func derivation() throws {
    let jobs = try workload().jobs(for: "f", in: swim(trace), seeds: seeds)
    #expect(jobs.map(\.name) == ["a", "b", "c", "d", "e"])
    #expect(jobs.map { $0.stages[0].tasks } == [1, 1, 2, 10, 50])
    #expect(jobs.map(\.stages.count) == [1, 1, 2, 1, 1])
    #expect(jobs[2].stages[1].tasks == 2)
    #expect(jobs.map(\.id.number) == [0, 1, 2, 3, 4])
    #expect(jobs.map(\.submitted.seconds) == [0, 5, 5, 9, 20])
  }

  @Test("every and select take some of the jobs, numbered anew")
  func selection() throws {
    let some = try workload(every: 2).jobs(for: "f", in: swim(trace), seeds: seeds)
    #expect(some.map(\.name) == ["a", "c", "e"])
    let middle = TraceWorkload.Selection(stage: "map", min: 2, max: 10)
    let selected = try workload([middle]).jobs(for: "f", in: swim(trace), seeds: seeds)
    #expect(selected.map(\.name) == ["c", "d"])
    #expect(selected.map(\.id.number) == [0, 1])
    let without = TraceWorkload.Selection(stage: "reduce", max: 0)
    let mapsOnly = try workload([middle, without]).jobs(for: "f", in: swim(trace), seeds: seeds)
    #expect(mapsOnly.map(\.name) == ["d"])
  }

  @Test("a job's durations do not depend on which other jobs are taken")
  func stableDraws() throws {
    let all = try workload().jobs(for: "f", in: swim(trace), seeds: seeds)
    let some = try workload(every: 2).jobs(for: "f", in: swim(trace), seeds: seeds)
    for task in 0..<50 {
      let whole = all[4].stages[0].durations.nanoseconds(task, 0)
      #expect(whole == some[2].stages[0].durations.nanoseconds(task, 0))
    }
  }

  @Test("rounds repeat a stage with the same number of tasks and other durations")
  func rounds() throws {
    var iterative = workload()
    iterative.stages = [map]
    iterative.stages[0].rounds = 3
    let jobs = try iterative.jobs(for: "f", in: swim(trace), seeds: seeds)
    #expect(jobs[3].stages.map(\.tasks) == [10, 10, 10])
    #expect(jobs[3].stages.map(\.name) == ["map", "map", "map"])
    let first = jobs[3].stages.map { $0.durations.nanoseconds(0, 0) }
    #expect(first[0] != first[1] && first[1] != first[2])
  }

  @Test("a job without any tasks is left out")
  func nothingToDo() throws {
    var reducesOnly = workload()
    reducesOnly.stages = [reduce]
    let jobs = try reducesOnly.jobs(for: "f", in: swim(trace), seeds: seeds)
    #expect(jobs.map(\.name) == ["c"])
  }

  @Test("more tasks than any cluster could run are refused")
  func oversized() throws {
    var huge = workload()
    huge.stages = [map]
    huge.stages[0].tasks = .derived(SizeRule(bytes: .input, bytesPerTask: 1))
    let error = workloadError {
      _ = try huge.jobs(
        for: "f", in: swim("a\t0\t0\t10000001\t0\t0\n"), seeds: seeds)
    }
    #expect(error == .oversized(job: "a", stage: "map", tasks: 10_000_001))
  }
}
