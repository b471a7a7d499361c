// Part of mesosim. Apache-2.0, see LICENSE.
//
// The runs that tests of reports look at.

import MesosMetrics
import VirtualTime

@testable import MesosReports

enum Fixtures {
  private static func job(
    _ name: String, at submitted: Int, tasks: Int, seconds: Int
  ) -> ToyCluster.Job {
    ToyCluster.Job(name: name, submitted: submitted, tasks: tasks, seconds: seconds)
  }

  /// One slave of 8 cpus; `big` needs them all at once, `small` never more than one.
  static let small: ToyCluster = {
    var cluster = ToyCluster(
      names: ["small", "big"],
      jobs: [
        [job("a", at: 0, tasks: 1, seconds: 10), job("b", at: 60, tasks: 1, seconds: 10)],
        [job("sort, \"all\"", at: 20, tasks: 8, seconds: 10)],
      ])
    cluster.scenario = "small"
    cluster.slaves = 1
    return cluster
  }()

  static let identity = RunIdentity(
    scenario: "small", seed: 42, allocator: "drf", version: "0.1.0", digest: "3f9c", events: 1,
    end: .start, isPartial: false,
    frameworks: ["small", "big"].map { FrameworkIdentity(name: $0, role: "*") })

  static let compare = Report(comparing: [small.runs()], command: "mesosim compare small.yaml")

  static let run = Report(run: small.runs()[1], command: "mesosim run small.yaml")

  /// Five seeds, three allocators, four frameworks.
  static let replicated = makeReplicated()

  static func makeReplicated() -> Report {
    let names = ["hadoop-small", "hadoop-large", "spark", "mpi"]
    let replications = (0..<5).map { seed in
      ToyCluster.random(names: names, slaves: 12, jobs: 150, seed: UInt64(seed)).runs(
        seed: UInt64(seed),
        allocators: [("static", .fixed), ("drf", .shared), ("static-by-role", .fixed)])
    }
    return Report(comparing: replications, command: "mesosim compare x.yaml --replications 5")
  }

  /// One framework whose job never ends, one that loses by sharing, with names that bite.
  static let hostile: Report = {
    var cluster = ToyCluster(
      names: ["never", "<script>alert('x')</script>\u{1B}[31m\u{0} & \"q\" 数据"],
      jobs: [
        [job("a", at: 0, tasks: 4000, seconds: 100)],
        (0..<40).map { job("</svg>", at: $0 * 7, tasks: 3, seconds: 40) },
      ])
    cluster.horizon = 600
    cluster.scenario = "<b>bold</b> & co"
    return Report(
      comparing: [cluster.runs(isPartial: true)], command: "mesosim compare '<x>' && rm",
      question: "Who <wins>?")
  }()

  /// No task ever waits.
  static let calm = Report(
    comparing: [
      ToyCluster(names: ["one", "two"], jobs: [[job("a", at: 0, tasks: 1, seconds: 10)], []]).runs()
    ], command: "mesosim compare x")

  static let idle = Report(
    comparing: [ToyCluster(names: ["idle"], jobs: [[]]).runs()], command: "mesosim compare x")

  static let thirty: Report = {
    let names = (0..<30).map { "framework-number-\($0)" } + [String(repeating: "long", count: 40)]
    return Report(
      comparing: [ToyCluster.random(names: names, slaves: 30, jobs: 30, seed: 3).runs()],
      command: "mesosim compare x")
  }()

  /// Twelve allocators in two seeds, with names that no table has room for.
  static let wide: Report = {
    let long = "a name that no table has room for, whatever else stands in it, "
    let allocators = (0..<12).map { number in
      (
        long + String(repeating: "x", count: number),
        number == 0 ? ToyCluster.Policy.fixed : .shared
      )
    }
    var replications: [[MeasuredRun]] = []
    for seed in 0..<2 {
      var cluster = ToyCluster.random(
        names: [long + "1", String(repeating: "word", count: 50)], slaves: 12, jobs: 150,
        seed: UInt64(seed))
      cluster.scenario = long + long
      replications.append(cluster.runs(seed: UInt64(seed), allocators: allocators))
    }
    return Report(
      comparing: replications, command: "x", notes: String(repeating: "n", count: 300),
      warnings: [long + long + long])
  }()

  static let all = [compare, run, replicated, hostile, calm, idle, thirty]
}
