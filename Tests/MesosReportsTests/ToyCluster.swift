// Part of mesosim. Apache-2.0, see LICENSE.
//
// Makes measured runs for tests of reports: a cluster in sixty lines that tells the facts of a
// plausible day to a collector. Tasks take 1 cpu and 1 GB; time moves in whole seconds.

import Mesos
import MesosCluster
import MesosMetrics
import VirtualTime

/// A workload on some slaves of 8 cpus and 16 GB, run under a policy.
struct ToyCluster {
  /// A job of equal tasks.
  struct Job {
    var name: String
    var submitted: Int
    var tasks: Int
    var seconds: Int
  }

  /// Who may have how much.
  enum Policy {
    /// An equal part of the cpus for each framework.
    case fixed
    /// The framework with the fewest running tasks goes first.
    case shared
  }

  var scenario = "toy"
  var slaves = 4
  var names: [String]
  var jobs: [[Job]]
  var horizon = 86_400

  /// Frameworks with jobs drawn from a seed: framework i has bigger and rarer jobs than i - 1.
  static func random(names: [String], slaves: Int, jobs count: Int, seed: UInt64) -> ToyCluster {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 12345
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let jobs = names.indices.map { place in
      let size = 1 << min(place * 2, 6)
      return (0..<max(1, count / size)).map { number in
        Job(
          name: "job \(number)", submitted: draw(7200), tasks: 1 + draw(size * 2),
          seconds: 10 + draw(110))
      }.sorted { $0.submitted < $1.submitted }
    }
    return ToyCluster(slaves: slaves, names: names, jobs: jobs)
  }

  func collector(_ policy: Policy) -> MetricsCollector {
    var run = ToyRun(cluster: self, policy: policy)
    run.play()
    return run.collector
  }

  /// The runs under both policies, measured over the same window.
  func runs(
    seed: UInt64 = 42,
    allocators: [(name: String, policy: Policy)] = [
      ("static", .fixed), ("drf", .shared),
    ], isPartial: Bool = false
  ) -> [MeasuredRun] {
    let collectors = allocators.map { collector($0.policy) }
    let window = collectors.map(\.end).max() ?? .start
    return zip(allocators, collectors).map { allocator, collector in
      let identity = RunIdentity(
        scenario: scenario, seed: seed, allocator: allocator.name, version: "0.1.0",
        digest: "3f9c0a\(allocator.name.utf8.count)d", events: 12_345, end: collector.end,
        isPartial: isPartial, frameworks: names.map { FrameworkIdentity(name: $0, role: "*") })
      return collector.measured(identity, window: window) { framework, job in
        jobs[framework][Int(job.number)].name
      }
    }
  }
}

/// One run of a toy cluster.
private struct ToyRun {
  let cluster: ToyCluster
  let policy: ToyCluster.Policy
  let collector = MetricsCollector()
  private let shape = Resources(cpus: 1, mem: 1024)
  /// Tasks that wait, framework by framework: (job, runnable since).
  private var queues: [[(job: Int, since: Int)]]
  private var running: [Int]
  private var left: [[Int]]
  private var jobsLeft: Int
  private var submissions: [Int: [(framework: Int, job: Int)]] = [:]
  private var ends: [Int: [(framework: Int, job: Int)]] = [:]
  private var now = 0

  init(cluster: ToyCluster, policy: ToyCluster.Policy) {
    self.cluster = cluster
    self.policy = policy
    queues = cluster.names.map { _ in [] }
    running = cluster.names.map { _ in 0 }
    left = cluster.jobs.map { $0.map(\.tasks) }
    jobsLeft = cluster.jobs.joined().count
    for framework in cluster.jobs.indices {
      for (job, work) in cluster.jobs[framework].enumerated() {
        submissions[work.submitted, default: []].append((framework, job))
      }
    }
  }

  mutating func play() {
    for slave in 0..<cluster.slaves {
      tell(.slaveAdded(SlaveIndex(slave), Resources(cpus: 8, mem: 16_384)))
    }
    for framework in cluster.names.indices { tell(.frameworkAdded(FrameworkIndex(framework))) }
    while now <= cluster.horizon, jobsLeft > 0 {
      endTasks()
      submitJobs()
      while let framework = next() { launch(framework) }
      now += 1
    }
  }

  private func tell(_ event: ClusterEvent) {
    collector.record(event, at: .start + .seconds(now))
  }

  private mutating func endTasks() {
    for (framework, job) in ends.removeValue(forKey: now) ?? [] {
      running[framework] -= 1
      left[framework][job] -= 1
      tell(.taskEnded(FrameworkIndex(framework), 0, shape, .finished, 0))
      if left[framework][job] == 0 {
        jobsLeft -= 1
        tell(.jobFinished(FrameworkIndex(framework), JobID(Int32(job))))
      }
    }
  }

  private mutating func submitJobs() {
    for (framework, job) in submissions[now] ?? [] {
      let tasks = cluster.jobs[framework][job].tasks
      tell(.jobSubmitted(FrameworkIndex(framework), JobID(Int32(job))))
      tell(.demand(FrameworkIndex(framework), shape: shape, delta: tasks))
      queues[framework] += Array(repeating: (job: job, since: now), count: tasks)
    }
  }

  private func next() -> Int? {
    let slots = cluster.slaves * 8
    guard running.reduce(0, +) < slots else { return nil }
    let waiting = queues.indices.filter { !queues[$0].isEmpty }
    switch policy {
    case .fixed: return waiting.first { running[$0] < slots / max(1, queues.count) }
    case .shared: return waiting.min { running[$0] < running[$1] }
    }
  }

  private mutating func launch(_ framework: Int) {
    let task = queues[framework].removeFirst()
    let index = FrameworkIndex(framework)
    running[framework] += 1
    tell(.offered(index, 0, shape))
    tell(.offerEnded(index, 0, shape, .accepted))
    tell(.demand(index, shape: shape, delta: -1))
    tell(.taskLaunched(index, 0, shape, 0))
    tell(
      .taskWaited(
        index, JobID(Int32(task.job)), since: .start + .seconds(task.since),
        until: .start + .seconds(now)))
    let end = now + cluster.jobs[framework][task.job].seconds
    ends[end, default: []].append((framework, task.job))
  }
}
