// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos
import MesosCluster
import Testing
import VirtualTime

@testable import MesosMetrics

@Suite("Metrics collector") struct MetricsCollectorTests {
  // One slave of 4 cpus and 8 MB for 10 s; 2 cpus offered from 1 s, launched from 2 s to 6 s.
  private var oneTask: Script {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4, mem: 8)), .frameworkAdded(0))
    script.at(0, .demand(0, shape: .cpus(2, mem: 2), delta: 3))
    script.at(1, .offered(0, 0, .cpus(4, mem: 8)))
    script.at(
      2, .offerEnded(0, 0, .cpus(4, mem: 8), .accepted),
      .demand(0, shape: .cpus(2, mem: 2), delta: -1),
      .taskLaunched(0, 0, .cpus(2, mem: 2), 0))
    script.at(3, .taskRunning(0, 0, 0))
    script.at(6, .taskEnded(0, 0, .cpus(2, mem: 2), .finished, 0))
    return script
  }

  @Test("integrals are level × time, in thousandths × nanoseconds")
  func integrals() throws {
    let result = oneTask.measured(10).result
    let cpus = try #require(result.utilization.cpus)
    #expect(cpus.sums.capacity.value == 4 * 10 * 1_000_000_000_000)
    #expect(cpus.sums.used.value == 2 * 4 * 1_000_000_000_000)
    #expect(cpus.sums.allocated.value == (4 + 8) * 1_000_000_000_000)
    #expect(cpus.sums.waiting.value == (6 * 2 + 4 * 8) * 1_000_000_000_000)
    #expect(cpus.usedMean == 0.2)
    #expect(cpus.allocatedMean == 0.3)
    #expect(cpus.offeredMean == 0.1)
    #expect(cpus.capacityMean == 4)
    let mem = try #require(result.utilization.mem)
    #expect(mem.usedMean == 0.1)
    #expect(result.utilization.disk == nil)
    #expect(result.utilization.resources == [.cpus, .mem])
  }

  @Test("what a framework wants and has not finished is void when it leaves")
  func leaves() throws {
    var script = oneTask
    script.at(6, .jobSubmitted(0, JobID(0)), .jobSubmitted(0, JobID(1)), .jobFinished(0, JobID(0)))
    script.at(7, .frameworkLeft(0))
    // It is back, and numbers its jobs as before.
    script.at(8, .jobSubmitted(0, JobID(1)), .demand(0, shape: .cpus(1), delta: 1))
    script.at(9, .jobFinished(0, JobID(1)))
    let run = script.measured(10)
    let framework = run.result.frameworks[0]
    #expect(framework.jobs.submitted == 3)
    #expect(framework.jobs.finished == 2)
    #expect(framework.jobs.abandoned == 1)
    #expect(framework.jobs.unfinished == 0)
    #expect(run.jobs[0].map(\.fate) == [.finished, .abandoned, .finished])
    #expect(run.jobs[0].map(\.ended?.seconds) == [6, 7, 9])
    #expect(framework.tasksWaitingAtEnd == 1)
    let cpus = try #require(run.result.utilization.cpus)
    #expect(cpus.sums.waiting.value == (6 * 2 + 4 * 5 + 1 * 2) * 1_000_000_000_000)
  }

  @Test("nothing waits where there is no framework")
  func nobody() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4, mem: 8)))
    let cpus = try #require(script.measured(10, frameworks: []).result.utilization.cpus)
    #expect(cpus.blockedMean == 0)
    #expect(cpus.noDemandMean == 1)
    #expect(cpus.demandUtilization == nil)
  }

  @Test("BUG: where offers overlapped, the parts of the capacity did not add up to all of it")
  func overlapping() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4, mem: 8)))
    for framework in 0..<3 {
      script.at(0, .frameworkAdded(FrameworkIndex(framework)))
      script.at(0, .offered(FrameworkIndex(framework), 0, .cpus(3, mem: 8)))
    }
    script.at(0, .demand(0, shape: .cpus(1, mem: 1), delta: 2))
    let run = script.measured(10, frameworks: ["a", "b", "c"])
    let cpus = try #require(run.result.utilization.cpus)
    #expect(cpus.offeredMean == 1)
    #expect(cpus.blockedMean == 0)
    #expect(cpus.noDemandMean == 0)
  }

  @Test("free capacity is blocked as far as waiting demand goes, the rest has no demand")
  func blocked() throws {
    let result = oneTask.measured(10).result
    // cpus: all 4 of 6 wanted in [0, 1), none free in [1, 2), 2 of 4 wanted in [2, 6), then all 4.
    let cpus = try #require(result.utilization.cpus)
    #expect(cpus.sums.blocked.value == (4 + 2 * 4 + 4 * 4) * 1_000_000_000_000)
    #expect(cpus.noDemandMean == 0)
    // mem: 6 of 8 in [0, 1), none in [1, 2), 4 of 6 in [2, 6), 4 of 8 in [6, 10).
    let mem = try #require(result.utilization.mem)
    #expect(mem.blockedMean == (6 + 16 + 16) / 80.0)
    #expect(mem.noDemandMean == (2 + 8 + 16) / 80.0)
  }

  @Test("demand utilization is used ÷ min(capacity, used + waiting demand)")
  func demandUtilization() throws {
    let result = oneTask.measured(10).result
    // cpus: 4 could always be used: 8 of 40 were.
    #expect(result.utilization.cpus?.demandUtilization == 0.2)
    // mem: 6 in [0, 2), 2 + 4 in [2, 6), 4 in [6, 10) could be used: 8 of 52 were.
    #expect(result.utilization.mem?.demandUtilization == 0.153846)
  }

  @Test("an executor holds resources as a task does, and is none")
  func executors() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .frameworkAdded(0))
    script.at(1, .executorStarted(0, 0, .cpus(0.5)))
    script.at(2, .taskLaunched(0, 0, .cpus(2), 0))
    script.at(6, .taskEnded(0, 0, .cpus(2), .finished, 0))
    script.at(9, .executorEnded(0, 0, .cpus(0.5)))
    let result = script.measured(10).result
    let cpus = try #require(result.utilization.cpus)
    // Half a cpu for 8 s, 2 cpus for 4 s.
    #expect(cpus.sums.used.value == (500 * 8 + 2000 * 4) * 1_000_000_000)
    #expect(cpus.sums.allocated == cpus.sums.used)
    #expect(result.frameworks[0].dominantShare.max == 0.625)
    #expect(result.frameworks[0].tasks.launched == 1)
    #expect(result.tasks.finished == 1)
  }

  @Test("what is lent of what tasks do not use is used on top, and is no capacity")
  func oversubscription() throws {
    let lent = Resources([Resource("cpus", .scalar(Scalar(thousandths: 2000)), isRevocable: true)])
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .frameworkAdded(0), .taskLaunched(0, 0, .cpus(4), 0))
    script.at(0, .demand(0, shape: .cpus(1), delta: 3))
    script.at(2, .slaveChanged(0, .cpus(4) + lent))
    script.at(4, .taskLaunched(0, 0, lent, 1))
    script.at(8, .taskEnded(0, 0, lent, .finished, 1))
    let cpus = try #require(script.measured(10).result.utilization.cpus)
    #expect(cpus.capacityMean == 4)
    #expect(cpus.sums.used.value == (4 * 10 + 2 * 4) * 1_000_000_000_000)
    #expect(cpus.usedMean == 1.2)
    #expect(cpus.sums.reachable.value == 4 * 10 * 1_000_000_000_000)
    #expect(cpus.sums.blocked.value == 0)
    // Shares of time are cut off at the whole capacity.
    #expect(cpus.p95 == 1)
  }

  @Test("percentiles of utilization weigh levels by the time they lasted")
  func percentiles() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .taskLaunched(0, 0, .cpus(1), 0))
    script.at(6, .taskLaunched(0, 0, .cpus(1), 0))
    script.at(9.4, .taskLaunched(0, 0, .cpus(2), 0))
    #expect(script.measured(10).result.utilization.cpus?.p50 == 0.25)
    #expect(script.measured(10).result.utilization.cpus?.p95 == 1)
    #expect(script.measured(12).result.utilization.cpus?.p50 == 0.25)
    #expect(script.measured(12.1).result.utilization.cpus?.p50 == 0.5)
  }

  @Test("a dominant share is the largest part of a resource that tasks hold, averaged over time")
  func dominantShare() {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(10, mem: 100)), .offered(0, 0, .cpus(10, mem: 100)))
    script.at(1, .offerEnded(0, 0, .cpus(10, mem: 100), .accepted))
    script.at(
      1, .taskLaunched(0, 0, .cpus(1, mem: 50), 0), .taskLaunched(1, 0, .cpus(2, mem: 5), 0))
    script.at(5, .taskEnded(0, 0, .cpus(1, mem: 50), .killed, 0))
    let result = script.measured(5, frameworks: ["a", "b"]).result
    #expect(result.frameworks[0].dominantShare == ShareResult(mean: 0.4, max: 0.5))
    #expect(result.frameworks[1].dominantShare == ShareResult(mean: 0.16, max: 0.2))
    // (0.4 + 0.16)² ÷ (2 × (0.4² + 0.16²))
    #expect(result.fairness.jainDominantShare == 0.844828)
  }

  @Test("shares are of the capacity there was at the time")
  func changingCapacity() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .slaveAdded(1, .cpus(4)))
    script.at(0, .taskLaunched(0, 0, .cpus(4), 0))
    script.at(4, .slaveRemoved(1))
    script.at(8, .slaveAdded(1, .cpus(12)))
    let result = script.measured(16).result
    #expect(result.slaves == 2)
    let cpus = try #require(result.utilization.cpus)
    #expect(cpus.sums.capacity.value == (32 + 16 + 128) * 1_000_000_000_000)
    #expect(result.frameworks[0].dominantShare == ShareResult(mean: 0.5, max: 1))
  }

  @Test("offers and tasks are counted by how they ended, per framework and in total")
  func counts() {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(8)))
    for (framework, end) in [
      (FrameworkIndex(0), OfferEnd.accepted), (0, .declined), (1, .rescinded), (1, .discarded),
    ] {
      script.at(1, .offered(framework, 0, .cpus(1)), .offerEnded(framework, 0, .cpus(1), end))
    }
    for state in [TaskState.finished, .failed, .killed, .lost] {
      script.at(2, .taskLaunched(1, 0, .cpus(1), 0), .taskEnded(1, 0, .cpus(1), state, 0))
    }
    script.at(
      3, .taskRefused(0, .error, .taskInvalid), .taskRefused(0, .lost, .invalidOffers))
    let result = script.measured(5, frameworks: ["a", "b"]).result
    #expect(result.frameworks[0].offers == OfferCounts(received: 2, accepted: 1, declined: 1))
    #expect(
      result.offers
        == OfferCounts(received: 4, accepted: 1, declined: 1, rescinded: 1, discarded: 1))
    let refused = ["REASON_TASK_INVALID": 1, "REASON_INVALID_OFFERS": 1]
    #expect(result.frameworks[0].tasks == TaskCounts(lost: 1, error: 1, byReason: refused))
    #expect(
      result.tasks
        == TaskCounts(
          launched: 4, finished: 1, failed: 1, killed: 1, lost: 2, error: 1, byReason: refused))
  }

  @Test("reasons are counted of tasks that failed, were lost or were refused, and of no other")
  func reasons() {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(8)))
    for (state, reason) in [
      (TaskState.finished, StatusReason.taskCheckStatusUpdated), (.killed, .frameworkRemoved),
      (.failed, .containerLimitationMemory), (.lost, .slaveRemoved), (.lost, .slaveRemoved),
    ] {
      script.at(
        2, .taskLaunched(1, 0, .cpus(1), 0), .taskEnded(1, 0, .cpus(1), state, 0, reason: reason))
    }
    script.at(3, .taskRefused(0, .lost, .slaveRemoved))
    let result = script.measured(5, frameworks: ["a", "b"]).result
    #expect(
      result.frameworks[1].tasks.byReason
        == ["REASON_CONTAINER_LIMITATION_MEMORY": 1, "REASON_SLAVE_REMOVED": 2])
    #expect(
      result.tasks.byReason
        == ["REASON_CONTAINER_LIMITATION_MEMORY": 1, "REASON_SLAVE_REMOVED": 3])
    #expect(result.tasks.unsuccessful == 4)
  }

  @Test("job times run from submission to the end; waits of jobs end with their first task running")
  func jobs() throws {
    var script = Script()
    script.at(0, .jobSubmitted(0, JobID(1)), .jobSubmitted(0, JobID(2)))
    script.at(
      3, .taskWaited(0, JobID(1), since: .start, until: Instant(nanoseconds: 3_000_000_000)))
    script.at(
      5, .taskWaited(0, JobID(1), since: .start, until: Instant(nanoseconds: 5_000_000_000)))
    script.at(8, .jobFinished(0, JobID(1)))
    script.at(9, .jobSubmitted(0, JobID(3)), .jobAbandoned(0, JobID(2)))
    let run = script.measured(20)
    let framework = run.result.frameworks[0]
    #expect(framework.jobs.submitted == 3)
    #expect(framework.jobs.finished == 1)
    #expect(framework.jobs.abandoned == 1)
    #expect(framework.jobs.unfinished == 1)
    #expect(framework.jobs.sumSeconds == 8)
    #expect(
      framework.jobWaitSeconds
        == WaitResult(count: 1, endless: 2, times: Quantiles(mean: 3)))
    #expect(framework.jobs.times == Quantiles(mean: 8))
    #expect(
      framework.waitSeconds
        == WaitResult(count: 2, times: Quantiles(mean: 4, p50: 3, p95: 5, max: 5)))
    #expect(run.jobs[0].map(\.fate) == [.finished, .abandoned, .unfinished])
    #expect(run.jobs[0][0].firstStart == Instant(nanoseconds: 3_000_000_000))
  }

  @Test("tasks that still wait at the end are endless, where it is known that they do")
  func endlessWaits() {
    var script = Script()
    script.at(0, .jobSubmitted(0, JobID(1)), .demand(0, shape: .cpus(1), delta: 3))
    script.at(4, .demand(0, shape: .cpus(1), delta: -1))
    script.at(4, .taskLaunched(0, 0, .cpus(1), 0))
    let silent = script.measured(20).result.frameworks[0]
    #expect(silent.waitSeconds == WaitResult(count: 0, times: Quantiles()))
    #expect(silent.jobWaitSeconds.endless == 0)
    script.at(4, .taskWaited(0, JobID(1), since: .start, until: .start + .seconds(4)))
    let result = script.measured(20).result.frameworks[0]
    #expect(result.waitSeconds == WaitResult(count: 1, endless: 2, times: Quantiles(mean: 4)))
    #expect(result.jobWaitSeconds.endless == 0)
    #expect(result.jobWaitSeconds.times.p95 == 4)
  }

  @Test("the first word on a job counts, and words on unknown jobs are passed over")
  func sloppyJournal() {
    var script = Script()
    script.at(1, .jobFinished(0, JobID(5)))
    script.at(2, .jobSubmitted(0, JobID(5)), .jobFinished(0, JobID(5)))
    script.at(3, .jobSubmitted(0, JobID(5)), .jobAbandoned(0, JobID(5)))
    let jobs = script.measured(5).result.frameworks[0].jobs
    #expect(jobs.submitted == 1)
    #expect(jobs.finished == 1)
    #expect(jobs.sumSeconds == 0)
  }

  @Test("demand that a framework takes back twice stays at zero")
  func negativeDemand() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(1)), .demand(0, shape: .cpus(1), delta: 1))
    script.at(1, .demand(0, shape: .cpus(1), delta: -2))
    script.at(2, .demand(0, shape: .cpus(1), delta: 1))
    let result = script.measured(3).result
    let cpus = try #require(result.utilization.cpus)
    #expect(cpus.sums.waiting.value == 2 * 1_000_000_000_000)
    #expect(result.frameworks[0].tasksWaitingAtEnd == 1)
  }

  @Test("where a framework that ran tasks tells no demand, what rests on demand is unknown")
  func unknownDemand() throws {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)), .demand(0, shape: .cpus(1), delta: 1))
    script.at(1, .taskLaunched(1, 0, .cpus(1), 0))
    let result = script.measured(4, frameworks: ["a", "b"]).result
    let cpus = try #require(result.utilization.cpus)
    #expect(cpus.demandUtilization == nil)
    #expect(cpus.blockedMean == nil)
    #expect(cpus.noDemandMean == nil)
    #expect(result.frameworks[0].reportsDemand)
    #expect(!result.frameworks[1].reportsDemand)
  }

  @Test("a run in which nothing happened has a result without figures")
  func nothing() {
    let result = Script().measured(0, frameworks: ["a", "b"]).result
    #expect(result.frameworks.map(\.name) == ["a", "b"])
    #expect(result.frameworks[0].jobs.times.mean == nil)
    #expect(result.frameworks[0].dominantShare.mean == nil)
    #expect(result.fairness.jainDominantShare == nil)
    #expect(result.utilization.resources.isEmpty)
  }

  @Test("asking for a result twice, over different windows, does not disturb the account")
  func repeatable() {
    let collector = oneTask.collector
    let early = collector.measured(.test(), window: Instant(nanoseconds: 10_000_000_000)).result
    _ = collector.measured(.test(), window: Instant(nanoseconds: 99_000_000_000))
    #expect(
      collector.measured(.test(), window: Instant(nanoseconds: 10_000_000_000)).result == early)
    #expect(collector.end == Instant(nanoseconds: 6_000_000_000))
  }

  @Test("a window up to the last instant has a series that ends with it")
  func lastInstant() throws {
    let window = Instant(nanoseconds: .max)
    let run = oneTask.collector.measured(.test(), window: window)
    #expect(run.series.points.last?.end == window)
    #expect(try #require(run.result.utilization.cpus).capacityMean == 4)
  }

  @Test("extreme amounts from a framework's journal do not trap")
  func extremes() {
    var script = Script()
    script.at(0, .slaveAdded(0, .cpus(4)))
    script.at(1, .demand(0, shape: Resources(cpus: 1e15), delta: .max))
    script.at(2, .demand(0, shape: Resources(cpus: 1e15), delta: .min))
    script.at(3, .taskEnded(0, 0, Resources(cpus: 1e15), .finished, 0))
    script.at(4, .taskLaunched(0, 0, Resources(cpus: 1e15), 0))
    #expect(script.measured(5).result.slaves == 1)
  }
}
