// Part of mesosim. Apache-2.0, see LICENSE.
//
// Goal: folding facts one by one, in bounded memory, gives what the whole list of facts gives.
// Method: random but possible histories of a small cluster, measured by both implementations.

import Mesos
import MesosCluster
import MesosMetrics
import Testing
import VirtualTime

@Suite("Metrics against a simple second implementation") struct MetricsPropertyTests {
  @Test("both agree on random histories", arguments: 0..<24)
  func agree(seed: UInt64) throws {
    var history = RandomHistory(seed: seed)
    let script = history.script(steps: 120)
    let weights = [1, 2, 0.5]
    let collector = script.collector(weights: weights)
    let window = collector.end + .milliseconds(Int(seed) * 731)
    let run = collector.measured(.test(frameworks: ["a", "b", "c"]), window: window)
    let naive = NaiveMetrics(facts: script.facts, window: window.nanoseconds)
    for resource in [StandardResource.cpus, .mem] {
      let figures = try #require(run.result.utilization[resource])
      #expect(figures.sums.capacity.value == naive.sum(\.capacity, resource))
      #expect(figures.sums.allocated.value == naive.sum(\.taken, resource))
      #expect(figures.sums.used.value == naive.sum(\.used, resource))
      #expect(figures.sums.waiting.value == naive.sum(\.waiting, resource))
      #expect(figures.sums.reachable.value == naive.sum(\.reachable, resource))
      #expect(figures.sums.blocked.value == naive.sum(\.blocked, resource))
      // A share between two steps may fall to either.
      #expect(abs((figures.p50 ?? -1) - naive.percentile(0.5, resource)) < 0.0011)
      #expect(abs((figures.p95 ?? -1) - naive.percentile(0.95, resource)) < 0.0011)
    }
    let shares = (0..<3).map { naive.shares(of: FrameworkIndex($0)) }
    for index in 0..<3 {
      try compare(run.result.frameworks[index], with: naive, FrameworkIndex(index), shares[index])
    }
    compareSeries(run.series, with: naive)
    for place in 0..<3 {
      compareSeries(run.frameworkSeries[place], with: naive, FrameworkIndex(place))
    }
    let (index, contended) = naive.evenness(shares, weights: weights)
    #expect(run.result.fairness.contendedSeconds == contended)
    #expect((run.result.fairness.jainContended == nil) == (index == nil))
    #expect(abs((run.result.fairness.jainContended ?? 0) - (index ?? 0)) < 1.1e-6)
  }

  private func compare(
    _ result: FrameworkResult, with naive: NaiveMetrics, _ index: FrameworkIndex,
    _ ownShares: [Double]
  ) throws {
    for resource in [StandardResource.cpus, .mem] {
      let sums = try #require(result.resources[resource]).sums
      #expect(sums.allocated.value == naive.sum(\.allocated, resource, of: index))
      #expect(sums.used.value == naive.sum(\.used, resource, of: index))
      #expect(sums.waiting.value == naive.sum(\.waiting, resource, of: index))
    }
    let shares = naive.dominantShare(ownShares)
    #expect(abs((result.dominantShare.mean ?? -1) - shares.mean) < 1.1e-6)
    #expect(abs((result.dominantShare.max ?? -1) - shares.max) < 1.1e-6)
    let times = naive.jobTimes(of: index)
    #expect(result.jobs.finished == times.count)
    #expect(abs((result.jobs.sumSeconds ?? -1) - Double(times.reduce(0, +)) / 1e9) < 1e-6)
    let waits = naive.waits(of: index)
    #expect(result.waitSeconds.count == waits.count)
    let isTold = !waits.isEmpty || result.tasks.launched == 0
    let endless = isTold ? naive.tasksWaiting(of: index, at: naive.window) : 0
    #expect(result.waitSeconds.endless == endless)
    let longest = endless > 0 ? nil : waits.last.map { Double($0) / 1e9 }
    #expect((result.waitSeconds.times.max == nil) == (longest == nil))
    #expect(abs((result.waitSeconds.times.max ?? 0) - (longest ?? 0)) < 1e-6)
  }

  private func compareSeries(
    _ series: UseSeries, with naive: NaiveMetrics, _ framework: FrameworkIndex
  ) {
    #expect(series.points.last?.end.nanoseconds == naive.window)
    #expect(series.points.count <= 240)
    let stride = max(1, series.points.count / 10)
    for index in Swift.stride(from: 0, to: series.points.count, by: stride) {
      let point = series.points[index]
      let (start, end) = (point.start.nanoseconds, point.end.nanoseconds)
      let used = naive.sum(\.used, .mem, of: framework, from: start, to: end)
      #expect(Int128(point.used[.mem]) == used / Int128(end - start))
    }
  }

  private func compareSeries(_ series: LevelSeries, with naive: NaiveMetrics) {
    #expect(series.points.last?.end.nanoseconds == naive.window)
    let stride = max(1, series.points.count / 10)
    for index in Swift.stride(from: 0, to: series.points.count, by: stride) {
      let point = series.points[index]
      let (start, end) = (point.start.nanoseconds, point.end.nanoseconds)
      let used = naive.sum(\.used, .cpus, from: start, to: end) / Int128(end - start)
      let waiting = naive.sum(\.waiting, .mem, from: start, to: end) / Int128(end - start)
      #expect(Int128(point.used[.cpus]) == used)
      #expect(Int128(point.waiting[.mem]) == waiting)
    }
  }
}

/// Draws a possible history: offers and tasks end that were begun, demand never falls below zero.
private struct RandomHistory {
  private var state: UInt64
  private var script = Script()
  private var offers: [(framework: FrameworkIndex, resources: Resources)] = []
  private var tasks: [(framework: FrameworkIndex, resources: Resources)] = []
  private var executors: [(framework: FrameworkIndex, resources: Resources)] = []
  private var shapes: [(framework: FrameworkIndex, shape: Resources)] = []
  private var jobs: [(framework: FrameworkIndex, job: JobID)] = []
  private var nextJob: Int32 = 0

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func script(steps: Int) -> Script {
    var seconds = 0.0
    script.at(0, .slaveAdded(0, .cpus(8, mem: 1000)), .frameworkAdded(0), .frameworkAdded(2))
    for framework in 0..<3 {
      script.at(0, .demand(FrameworkIndex(framework), shape: .cpus(1), delta: 0))
    }
    for _ in 0..<steps {
      // Many facts share an instant; gaps vary over four orders of magnitude.
      if draw(3) > 0 { seconds += [0.0003, 0.02, 0.7, 9][draw(4)] * Double(1 + draw(50)) }
      step(seconds)
    }
    return script
  }

  private mutating func step(_ seconds: Double) {
    let framework = FrameworkIndex(draw(3))
    let resources = Resources.cpus(Double(1 + draw(30)) / 10, mem: Double(draw(200)))
    switch draw(13) {
    case 0: script.at(seconds, .slaveAdded(SlaveIndex(1 + draw(3)), .cpus(4, mem: 500)))
    case 1: script.at(seconds, .slaveRemoved(SlaveIndex(1 + draw(3))))
    case 2:
      offers.append((framework, resources))
      script.at(seconds, .offered(framework, 0, resources))
    case 3: endOffer(seconds)
    case 4:
      tasks.append((framework, resources))
      script.at(seconds, .taskLaunched(framework, 0, resources, 0))
    case 5:
      guard let task = take(\.tasks) else { return }
      script.at(seconds, .taskEnded(task.framework, 0, task.resources, .finished, 0))
    case 6:
      shapes.append((framework, resources))
      script.at(seconds, .demand(framework, shape: resources, delta: 1))
    case 7:
      guard let want = take(\.shapes) else { return }
      script.at(seconds, .demand(want.framework, shape: want.shape, delta: -1))
    case 8:
      nextJob += 1
      jobs.append((framework, JobID(nextJob)))
      script.at(seconds, .jobSubmitted(framework, JobID(nextJob)))
    case 9 where draw(4) == 0:
      shapes.removeAll { $0.framework == framework }
      jobs.removeAll { $0.framework == framework }
      script.at(seconds, .frameworkLeft(framework))
    case 9 where draw(4) == 0:
      shapes.removeAll { $0.framework == framework }
      script.at(seconds, .demandEnded(framework))
    case 10:
      executors.append((framework, resources))
      script.at(seconds, .executorStarted(framework, 0, resources))
    case 11:
      guard let executor = take(\.executors) else { return }
      script.at(seconds, .executorEnded(executor.framework, 0, executor.resources))
    default: endJob(seconds)
    }
  }

  private mutating func endOffer(_ seconds: Double) {
    guard let offer = take(\.offers) else { return }
    script.at(seconds, .offerEnded(offer.framework, 0, offer.resources, .declined))
  }

  private mutating func endJob(_ seconds: Double) {
    guard let job = take(\.jobs) else { return }
    let now = Instant.start + .rounded(seconds: seconds)
    let since = Instant(nanoseconds: now.nanoseconds / Int64(1 + draw(4)))
    script.at(seconds, .taskWaited(job.framework, job.job, since: since, until: now))
    script.at(seconds, .jobFinished(job.framework, job.job))
  }

  private mutating func take<Item>(_ items: WritableKeyPath<RandomHistory, [Item]>) -> Item? {
    let count = self[keyPath: items].count
    return count == 0 ? nil : self[keyPath: items].remove(at: draw(count))
  }

  private mutating func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
