// Part of mesosim. Apache-2.0, see LICENSE.
//
// From the account of a run to its result.

public import Mesos
import MesosCluster
public import VirtualTime

extension MetricsCollector {
  /// The metrics of the run over a window from 0.
  ///
  /// Compared runs take the same window, the horizon or the latest `end` among them; a run that
  /// ended earlier keeps its last levels until then. May be called more than once.
  /// - Parameters:
  ///   - identity: Which run this was.
  ///   - window: The end of the window; not before `end`.
  ///   - jobName: What people call a job.
  /// - Returns: The result with its detail.
  public func measured(
    _ identity: RunIdentity, window: Instant,
    jobName: (FrameworkIndex, JobID) -> String = { _, job in job.description }
  ) -> MeasuredRun {
    let window = max(window, end)
    var account = settledAccount(at: window)
    let names = identity.frameworks
    for (place, framework) in names.enumerated() {
      for job in framework.refusal?.jobs ?? [] where job.submitted <= window {
        account.submit(job, to: place)
      }
    }
    let unnamed = (names.count..<max(names.count, account.frameworks.count)).map {
      FrameworkIdentity(name: "framework-\($0)", role: "*")
    }
    let jobs = (names + unnamed).indices.map { place in
      var outcomes = account.jobs(at: place)
      for job in outcomes.indices {
        outcomes[job].name = jobName(FrameworkIndex(place), outcomes[job].id)
      }
      return outcomes
    }
    return MeasuredRun(
      result: account.result(identity, frameworks: names + unnamed, window: window), jobs: jobs,
      series: account.sums.series,
      frameworkSeries: jobs.indices.map { account.useSeries(at: $0) })
  }
}

extension RunAccount {
  func jobs(at place: Int) -> [JobOutcome] {
    place < frameworks.count ? frameworks[place].jobs.outcomes : []
  }

  func useSeries(at place: Int) -> UseSeries {
    place < frameworks.count ? frameworks[place].usedSums.useSeries : UseSeries(points: [])
  }

  func result(
    _ identity: RunIdentity, frameworks names: [FrameworkIdentity], window: Instant
  ) -> RunResult {
    let total = sums.total
    let results = names.enumerated().map { place, name in
      (place < frameworks.count ? frameworks[place] : FrameworkAccount())
        .result(name, capacity: total.capacity, window: window.nanoseconds)
    }
    let shares = results.map { $0.dominantShare.mean ?? 0 }
    return RunResult(
      scenario: identity.scenario, seed: identity.seed, allocator: identity.allocator,
      policy: identity.policy == identity.allocator ? nil : identity.policy,
      version: identity.version, digest: identity.digest, simulatedSeconds: identity.end.seconds,
      windowSeconds: window.seconds, events: identity.events, partial: identity.isPartial,
      warnings: identity.warnings, slaves: slaveCount, frameworks: results,
      utilization: PerResource { utilization(of: $0, total, window: window.nanoseconds) },
      fairness: FairnessResult(
        jainContended: isDemandKnown ? contention.mean : nil,
        contendedSeconds: isDemandKnown ? Double(contention.time) / 1e9 : nil,
        jainDominantShare: Statistics.jainIndex(shares)),
      offers: results.reduce(into: OfferCounts()) { $0 += $1.offers },
      tasks: results.reduce(into: TaskCounts()) { $0 += $1.tasks })
  }

  /// Whether every framework that ran anything tells what waits; nothing does where there is none.
  private var isDemandKnown: Bool {
    frameworks.allSatisfy { $0.reportsDemand || $0.tasks.launched == 0 }
      && (frameworks.isEmpty || frameworks.contains { $0.reportsDemand })
  }

  /// The integral of what tasks leave idle; `nil` when no framework says so.
  private func idle(of resource: StandardResource) -> Int128? {
    let sums = frameworks.compactMap { $0.idle?.sum[resource] }
    return sums.isEmpty ? nil : sums.reduce(0, &+)
  }

  private func utilization(
    of resource: StandardResource, _ total: LevelSums, window: Int64
  ) -> UtilizationResult? {
    let capacity = total.capacity[resource]
    guard capacity > 0 else { return nil }
    func part(_ sum: Int128) -> Double { Double(sum) / Double(capacity) }
    let used = total.used[resource]
    let allocated = total.allocated[resource]
    let blocked = total.blocked[resource]
    let reachable = total.reachable[resource]
    return UtilizationResult(
      capacityMean: Double(capacity) / Double(window) / 1000, allocatedMean: part(allocated),
      usedMean: part(used), idleMean: idle(of: resource).map(part).flatMap(Measured.rounded),
      offeredMean: part(allocated - used),
      blockedMean: isDemandKnown ? part(blocked) : nil,
      noDemandMean: isDemandKnown ? part(capacity - allocated - blocked) : nil,
      waitingMean: isDemandKnown ? part(total.waiting[resource]) : nil,
      p50: usedShares.percentile(0.5, of: resource),
      p95: usedShares.percentile(0.95, of: resource),
      demandUtilization: isDemandKnown && reachable > 0
        ? Double(used) / Double(reachable) : nil,
      sums: UtilizationSums(
        capacity: ExactSum(capacity), allocated: ExactSum(allocated), used: ExactSum(used),
        waiting: ExactSum(total.waiting[resource]), reachable: ExactSum(reachable),
        blocked: ExactSum(blocked)))
  }
}

extension FrameworkAccount {
  func result(
    _ identity: FrameworkIdentity, capacity: Integral, window: Int64
  ) -> FrameworkResult {
    let times = jobs.outcomes.compactMap(\.jobTime)
    let timesOfJobs = DurationStatistics(times, endless: jobs.outcomes.count - times.count)
    // Of a framework that runs tasks and tells of no wait it is not known who waits.
    let tellsWaits = !waits.isEmpty || tasks.launched == 0
    let waitingJobs = jobs.outcomes.count { $0.firstStart == nil && $0.fate != .finished }
    let used = usedSums.total
    func count(_ fate: JobFate) -> Int { jobs.outcomes.count { $0.fate == fate } }
    return FrameworkResult(
      name: identity.name, role: identity.role, refusal: identity.refusal?.reason,
      jobs: JobsResult(
        submitted: jobs.outcomes.count, finished: count(.finished), abandoned: count(.abandoned),
        unfinished: count(.unfinished), sumSeconds: timesOfJobs.sumSeconds,
        times: timesOfJobs.quantiles),
      service: services?.result,
      waitSeconds: DurationStatistics(waits, endless: tellsWaits ? waitingTasks : 0).waitResult,
      jobWaitSeconds: DurationStatistics(
        jobs.outcomes.compactMap(\.wait), endless: tellsWaits ? waitingJobs : 0
      ).waitResult,
      tasks: tasks, tasksWaitingAtEnd: reportsDemand ? waitingTasks : nil,
      dominantShare: ShareResult(
        mean: window > 0 ? Double(shareSum) / Double(window) / 1e9 : nil,
        max: Double(shareMax) / 1e9),
      offers: offers, resources: PerResource { use(of: $0, used[$0], capacity: capacity[$0]) })
  }

  private func use(
    of resource: StandardResource, _ used: Int128, capacity: Int128
  ) -> FrameworkUse? {
    guard capacity > 0 else { return nil }
    func part(_ sum: Int128) -> Double { Double(sum) / Double(capacity) }
    return FrameworkUse(
      allocatedMean: part(allocatedSum[resource]), usedMean: part(used),
      idleMean: (idle?.sum[resource]).map(part).flatMap(Measured.rounded),
      waitingMean: reportsDemand ? part(waitingSum[resource]) : nil,
      sums: FrameworkSums(
        allocated: ExactSum(allocatedSum[resource]), used: ExactSum(used),
        waiting: ExactSum(waitingSum[resource])))
  }
}

extension BucketedSums<LevelSums> {
  var series: LevelSeries {
    let points = spans.map { start, end, sums in
      LevelPoint(
        start: Instant(nanoseconds: start), end: Instant(nanoseconds: end),
        capacity: Amounts(lanes: sums.capacity.mean(over: end - start)),
        allocated: Amounts(lanes: sums.allocated.mean(over: end - start)),
        used: Amounts(lanes: sums.used.mean(over: end - start)),
        waiting: Amounts(lanes: sums.waiting.mean(over: end - start)))
    }
    return LevelSeries(bucketWidth: .nanoseconds(width), points: points)
  }
}

extension BucketedSums<Integral> {
  var useSeries: UseSeries {
    UseSeries(
      points: spans.map { start, end, sums in
        UsePoint(
          start: Instant(nanoseconds: start), end: Instant(nanoseconds: end),
          used: Amounts(lanes: sums.mean(over: end - start)))
      })
  }
}

extension OfferCounts {
  static func += (left: inout OfferCounts, right: OfferCounts) {
    left.received += right.received
    left.accepted += right.accepted
    left.declined += right.declined
    left.rescinded += right.rescinded
    left.discarded += right.discarded
  }
}

extension TaskCounts {
  static func += (left: inout TaskCounts, right: TaskCounts) {
    left.launched += right.launched
    left.finished += right.finished
    left.failed += right.failed
    left.killed += right.killed
    left.lost += right.lost
    left.error += right.error
    left.byReason.merge(right.byReason, uniquingKeysWith: +)
  }
}
