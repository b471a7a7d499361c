// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosFrameworks
import SimulationKernel
import Testing
import VirtualTime

@testable import MesosWorkloads

@Suite("Made-up jobs")
struct SyntheticWorkloadTests {
  private let gap: Distribution
  private let drawn: Distribution

  init() throws {
    gap = try Distribution(.exponential(mean: 5))
    drawn = try Distribution(.lognormal(median: 10, sigma: 0.5))
  }

  private func stage(_ tasks: TaskCount, _ duration: Distribution) -> StageTemplate {
    StageTemplate(
      name: "work", tasks: tasks, resources: Resources(cpus: 1), duration: duration)
  }

  private func bin(_ name: String, _ share: JobBin.Share) -> JobBin {
    JobBin(name: name, share: share, stages: [stage(.drawn(drawn), drawn)])
  }

  private func names(_ jobs: [Job]) -> [String] {
    jobs.map { String($0.name.prefix { $0 != "-" }) }
  }

  @Test("jobs are numbered in the order of submission")
  func order() throws {
    let workload = SyntheticWorkload(
      jobs: 50, start: .seconds(60), arrivals: .gaps(gap), bins: [bin("a", .weight(1))])
    let jobs = try workload.jobs(for: "f", seeds: Seeds(1))
    #expect(jobs.map(\.id.number) == Array(0..<50))
    #expect(jobs.first?.submitted == .start + .seconds(60))
    #expect(jobs.map(\.submitted) == jobs.map(\.submitted).sorted())
    #expect(jobs.first?.name == "a-1")
  }

  @Test("counted bins give exactly their counts, shuffled")
  func counts() throws {
    let workload = SyntheticWorkload(
      jobs: 60, arrivals: .gaps(gap), bins: [bin("a", .count(38)), bin("b", .count(22))])
    let kinds = names(try workload.jobs(for: "f", seeds: Seeds(1)))
    #expect(kinds.count { $0 == "a" } == 38)
    #expect(kinds.count { $0 == "b" } == 22)
    #expect(kinds != kinds.sorted())
    #expect(kinds != names(try workload.jobs(for: "f", seeds: Seeds(2))))
  }

  @Test("weighted bins come in proportion to their weights")
  func weights() throws {
    let workload = SyntheticWorkload(
      jobs: 10_000, arrivals: .gaps(gap), bins: [bin("a", .weight(1)), bin("b", .weight(3))])
    let kinds = names(try workload.jobs(for: "f", seeds: Seeds(1)))
    // 2500 expected, with a standard deviation of 43.
    #expect(abs(kinds.count { $0 == "a" } - 2500) < 220)
  }

  @Test("durations are a pure function of task and attempt")
  func purity() throws {
    let workload = SyntheticWorkload(jobs: 3, arrivals: .gaps(gap), bins: [bin("a", .weight(1))])
    let jobs = try workload.jobs(for: "f", seeds: Seeds(1))
    let durations = jobs[1].stages[0].durations
    let forth = (0..<100).map { durations.nanoseconds($0, 0) }
    let back = (0..<100).reversed().map { durations.nanoseconds($0, 0) }
    #expect(forth == back.reversed())
    #expect(Set(forth).count == 100)
    #expect((0..<100).allSatisfy { durations.nanoseconds($0, 1) != forth[$0] })
    let again = try workload.jobs(for: "f", seeds: Seeds(1))[1].stages[0].durations
    #expect((0..<100).map { again.nanoseconds($0, 0) } == forth)
  }

  @Test("another framework, seed, job or stage has other durations")
  func independence() throws {
    let twoStages = JobBin(
      name: "a", share: .weight(1),
      stages: [stage(.drawn(drawn), drawn), stage(.drawn(drawn), drawn)])
    let workload = SyntheticWorkload(jobs: 2, arrivals: .gaps(gap), bins: [twoStages])
    let jobs = try workload.jobs(for: "f", seeds: Seeds(1))
    let other = try workload.jobs(for: "g", seeds: Seeds(1))
    let reseeded = try workload.jobs(for: "f", seeds: Seeds(2))
    let first = [
      jobs[0].stages[0], jobs[0].stages[1], jobs[1].stages[0], other[0].stages[0],
      reseeded[0].stages[0],
    ].map { $0.durations.nanoseconds(0, 0) }
    #expect(Set(first).count == first.count)
  }

  @Test("numbers of tasks are drawn, rounded and at least 1; constants take no draw")
  func taskCounts() throws {
    let low = try Distribution(.uniform(minimum: 0, maximum: 3))
    let workload = SyntheticWorkload(
      jobs: 2000, arrivals: .gaps(gap),
      bins: [JobBin(name: "a", share: .weight(1), stages: [stage(.drawn(low), drawn)])])
    let tasks = try workload.jobs(for: "f", seeds: Seeds(1)).map { $0.stages[0].tasks }
    #expect(Set(tasks) == [1, 2, 3])
    let seven = try Distribution(.constant(7))
    let fixed = SyntheticWorkload(
      jobs: 1, arrivals: .gaps(gap),
      bins: [JobBin(name: "a", share: .weight(1), stages: [stage(.drawn(seven), seven)])])
    let job = try fixed.jobs(for: "f", seeds: Seeds(1))[0]
    #expect(job.stages[0].tasks == 7)
    #expect(job.stages[0].durations.nanoseconds(3, 0) == 7_000_000_000)
  }

  @Test("a runaway number of tasks is an error that names the job")
  func oversized() throws {
    let heavy = try Distribution(.pareto(shape: 0.1, minimum: 1e6))
    let workload = SyntheticWorkload(
      jobs: 20, arrivals: .gaps(gap),
      bins: [JobBin(name: "a", share: .weight(1), stages: [stage(.drawn(heavy), drawn)])])
    let error = workloadError { _ = try workload.jobs(for: "f", seeds: Seeds(1)) }
    #expect(
      error?.description.contains("expected at most 10000000: bound the distribution") == true)
  }
}
