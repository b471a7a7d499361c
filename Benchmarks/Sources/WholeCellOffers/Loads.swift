// Part of mesosim. Apache-2.0, see LICENSE.
//
// The loads. Each runs in a process of its own, for a process keeps the memory that it once took,
// and prints its figures as lines `NAME NUMBER`.

import Foundation
import Mesos
import MesosAllocation
import MesosCluster
import MesosMetrics
import MesosScenarios
import ProcessMeter
import SimulationKernel
import VirtualTime

/// A load with its size.
enum Load {
  /// 1,000 jobs of 250 tasks by four batch frameworks, an hour, on so many slaves.
  case jobs(slaves: Int)
  /// A day of the Omega paper's example list on so many slaves.
  case omega(slaves: Int)
  /// 10,000 free slaves and 4 frameworks that decline everything, for so many seconds.
  case declines(seconds: Int)
  /// 50,000 slaves, 200 frameworks that launch 3,333 tasks a second in all and always want more.
  case emulation(seconds: Int)
  /// 200 frameworks that refuse 10,000 slaves for good.
  case filters

  init?(_ words: [String]) {
    let number = words.count > 1 ? Int(words[1]) : nil
    switch (words.first, number) {
    case ("jobs", let slaves?): self = .jobs(slaves: slaves)
    case ("omega", let slaves?): self = .omega(slaves: slaves)
    case ("declines", let seconds?): self = .declines(seconds: seconds)
    case ("emulation", let seconds?): self = .emulation(seconds: seconds)
    case ("filters", nil): self = .filters
    default: return nil
    }
  }

  var words: [String] {
    switch self {
    case .jobs(let slaves): ["jobs", String(slaves)]
    case .omega(let slaves): ["omega", String(slaves)]
    case .declines(let seconds): ["declines", String(seconds)]
    case .emulation(let seconds): ["emulation", String(seconds)]
    case .filters: ["filters"]
    }
  }

  /// Runs it here and prints its figures.
  func run() throws {
    switch self {
    case .jobs(let slaves):
      try runScenario(
        ScenarioDocument(
          Array(Self.jobsText.utf8), file: "jobs", files: ScenarioFiles(folder: ".")),
        slaves: slaves)
    case .omega(let slaves):
      // From wherever it is started.
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let path = root.appending(path: "scenarios/traces/omega-example.yaml").path()
      try runScenario(ScenarioDocument.load(path), slaves: slaves)
    case .declines(let seconds): try declines(seconds)
    case .emulation(let seconds): try emulation(seconds)
    case .filters: try filters()
    }
  }

  private static let jobsText = """
    name: whole-cell
    cluster: {slaves: [{count: 1, name: "node-{index}", resources: "cpus:8;mem:32GB"}]}
    x-framework: &framework
      type: batch
      workload:
        jobs: 250
        arrivals: {poisson: {mean: 14400ms}}
        stages:
          - name: map
            tasks: 250
            resources: "cpus:1;mem:1GB"
            duration: {lognormal: {median: 20s, sigma: 0.5}}
    frameworks:
      - {name: a, role: a, <<: *framework}
      - {name: b, role: b, <<: *framework}
      - {name: c, role: c, <<: *framework}
      - {name: d, role: d, <<: *framework}
    """

  /// Runs a scenario under drf as `mesosim run` does, metrics and digest included.
  private func runScenario(_ document: ScenarioDocument, slaves: Int) throws {
    let setting = try ScenarioSetting(parsing: "cluster.slaves.node.count=\(slaves)")
    let prepared = try PreparedScenario(document.read(setting: setting.choices))
    let run = try ScenarioRun(prepared, allocator: AllocatorEntry(name: "drf"))
    let time = seconds { run.run() }
    let result = run.measured(window: run.window).result
    show("seconds", time)
    show("events", Double(result.events))
    show("offers", Double(result.offers.received))
    show("tasks", Double(result.tasks.launched))
    showMachine()
  }

  private func declines(_ length: Int) throws {
    let decliners = (0..<4).map { _ in Decliner() }
    let cell = try Cell(slaves: 10_000, schedulers: decliners.map { one in { _ in one } })
    let time = seconds { cell.run(until: length) }
    show("seconds", time)
    show("offers", Double(decliners.map(\.offersReceived).reduce(0, +)))
    showMachine()
  }

  private func emulation(_ length: Int) throws {
    var greedy: [Greedy] = []
    let cell = try Cell(
      slaves: 50_000,
      schedulers: (0..<200).map { _ in
        { environment in
          greedy.append(Greedy(tasksPerSecond: 3333.0 / 200, environment))
          return greedy[greedy.count - 1]
        }
      })
    let time = seconds { cell.run(until: length) }
    show("seconds", time)
    show("offers", Double(greedy.map(\.offersReceived).reduce(0, +)))
    show("tasks", Double(greedy.map(\.launched).reduce(0, +)))
    showMachine()
  }

  private func filters() throws {
    let decliners = (0..<200).map { _ in Decliner(Filters(refuseSeconds: 1_000_000)) }
    let cell = try Cell(slaves: 10_000, schedulers: decliners.map { one in { _ in one } })
    // By then all tables but those of filters have the size that they keep.
    cell.run(until: 20)
    let (bytes, offers) = (residentBytes(), decliners.map(\.offersReceived).reduce(0, +))
    cell.run(until: 400)
    let filters = decliners.map(\.offersReceived).reduce(0, +)
    precondition(filters == 2_000_000, "\(filters) refusals")
    show("bytes", Double(residentBytes() - bytes) / Double(filters - offers))
    showMachine()
  }

  private func show(_ name: String, _ value: Double) { print(name, value) }

  /// What it took of memory, and how fast the machine is just now.
  private func showMachine() {
    show("peak", Double(peakBytes()))
    // A profiler needs no calibration.
    if !CommandLine.arguments.contains("--bare") { show("sort", sortSeconds()) }
  }
}

/// A cluster of equal slaves under drf, with its facts kept by nobody but the digest.
struct Cell {
  private let simulation = Simulation(seed: 1)
  private let cluster: Cluster

  init(slaves: Int, schedulers: [(any Environment) -> any Scheduler]) throws {
    let setup = ClusterSetup(
      slaves: (0..<slaves).map {
        SlaveInfo(hostname: "n\($0)", resources: Resources(cpus: 4, mem: 8192))
      },
      frameworks: schedulers.enumerated().map { index, make in
        ClusterSetup.Framework(
          info: FrameworkInfo(name: "f\(index)", role: Role("r\(index)")), makeScheduler: make)
      },
      network: Network(
        latency: try Distribution(.exponential(mean: 0.0015), minimum: 0.0005),
        key: simulation.seeds.key("network")))
    cluster = Cluster(setup, allocator: try AllocatorRegistry().make("drf"), on: simulation)
    cluster.start()
  }

  func run(until seconds: Int) { simulation.run(until: .start + .seconds(seconds)) }
}
