// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks cost that bring executors of their own: a task of Aurora against one of a batch
// framework on the same slaves, and a broker of Kafka where there are few and where there are many;
// exits 1 when something is past its limit. All are parts of processor time by one another, which
// makes machines comparable.
//
//     swift run -c release FrameworkTimes          # all
//     swift run -c release FrameworkTimes aurora   # one: aurora or kafka

import Glibc
import MesosAllocation
import MesosCluster
import MesosMetrics
import MesosScenarios
import ProcessMeter
import SimulationKernel

/// A scenario and how many tasks it launches.
struct Load {
  let text: String
  let tasks: Int

  /// Runs it under drf as `mesosim run` does, metrics and digest included.
  ///
  /// - Returns: The processor time for each task, in µs.
  func microsecondsPerTask() throws -> Double {
    let document = try ScenarioDocument(
      Array(text.utf8), file: "load", files: ScenarioFiles(folder: "."))
    let prepared = try PreparedScenario(document.read(setting: []))
    let run = try ScenarioRun(prepared, allocator: AllocatorEntry(name: "drf"))
    let time = seconds { run.run() }
    let launched = run.measured(window: run.window).result.tasks.launched
    precondition(launched == tasks, "\(launched) tasks were launched, not \(tasks)")
    return time * 1e6 / Double(tasks)
  }
}

extension Load {
  /// 10,000 instances of services that are then updated, on 2,000 slaves.
  static let aurora = Load(
    text: """
      name: aurora
      until: 40m
      cluster: {slaves: [{count: 2000, name: "n-{index}", resources: "cpus:16;mem:64GB;disk:1TB"}]}
      frameworks:
        - name: aurora
          type: aurora
          jobs: [\((0..<4).map { "{\(job($0, "./web"))}" }.joined(separator: ", "))]
          versions:
      \((0..<4).map { "      j\($0)@v2: {\(job($0, "./web --v2"))}" }.joined(separator: "\n"))
          acts: [\((0..<4).map { "{at: 10m, update: j\($0)@v2}" }.joined(separator: ", "))]
      """, tasks: 20_000)

  private static func job(_ number: Int, _ line: String) -> String {
    "cluster: c, role: web, environment: prod, name: j\(number), service: true, instances: 2500, "
      + "update_config: {batch_size: 250, watch_secs: 30}, task: {resources: {cpu: 1, ram: 2GB, "
      + "disk: 5GB}, processes: [{name: web, cmdline: \(line)}]}"
  }

  /// As many tasks of 200 jobs on the same slaves.
  static let batch = Load(
    text: """
      name: batch
      until: 2h
      cluster: {slaves: [{count: 2000, name: "n-{index}", resources: "cpus:16;mem:64GB;disk:1TB"}]}
      frameworks:
        - name: batch
          type: batch
          workload:
            jobs: 200
            arrivals: {poisson: {mean: 10s}}
            stages: [{name: work, tasks: 100, resources: "cpus:1;mem:1GB", duration: 300s}]
      """, tasks: 20_000)

  /// So many brokers, each on a slave of its own, all of which fail and come back.
  static func kafka(brokers: Int) -> Load {
    Load(
      text: """
        name: kafka
        until: 3h
        cluster: {slaves: [{count: \(brokers), name: "n-{index}", resources: "cpus:8;mem:32GB;ports:[31000-32000]"}]}
        frameworks:
          - name: kafka
            type: kafka
            brokers: [{id: 0..\(brokers - 1), cpus: 2, mem: 8GB, constraints: {hostname: unique}}]
        faults: [{at: 1h, crash: {slaves: "*", for: 8m}}]
        """, tasks: 2 * brokers)
  }
}

/// Prints how much dearer one thing is than another; says whether that is within its limit.
func report(_ what: String, _ dear: Double, _ cheap: Double, limit: Double) -> Bool {
  func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
  let ratio = rounded(dear / cheap)
  let isMet = ratio <= limit
  print(
    "\(isMet ? "ok  " : "FAIL") \(what): \(rounded(dear)) µs by \(rounded(cheap)) µs, \(ratio) "
      + "times as much, at most \(limit)")
  return isMet
}

let words = CommandLine.arguments.dropFirst()
func isWanted(_ part: String) -> Bool { words.isEmpty || words.contains(part) }

var areMet = true
if isWanted("aurora") {
  // A batch framework fills an offer with fourteen tasks, which the slave itself runs.
  areMet =
    report(
      "a task of Aurora by one of a batch framework", try Load.aurora.microsecondsPerTask(),
      try Load.batch.microsecondsPerTask(), limit: 14) && areMet
}
if isWanted("kafka") {
  areMet =
    report(
      "a broker of 10,000 by one of 1,000", try Load.kafka(brokers: 10_000).microsecondsPerTask(),
      try Load.kafka(brokers: 1000).microsecondsPerTask(), limit: 4) && areMet
}
exit(areMet ? 0 : 1)
