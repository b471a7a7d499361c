// Part of mesosim. Apache-2.0, see LICENSE.
//
// A whole cluster with schedulers that note what they are called with.

import MesosTestKit
import SimulationKernel
import VirtualTime

/// Keeps every fact with its instant.
final class FactList: ClusterEventSink {
  var facts: [(instant: Instant, fact: ClusterEvent)] = []
  func record(_ event: ClusterEvent, at now: Instant) {
    event.forEachSingle { facts.append((now, $0)) }
  }
}

/// A cluster with one second of latency, by default under the `drf` allocator.
final class Rig {
  let facts = FactList()
  private let test: TestCluster
  /// Every scheduler that was made, in the order in which they were.
  var schedulers: [ScriptedScheduler] = []
  var cluster: Cluster { test.cluster }
  var simulation: Simulation { test.simulation }
  private var hasStarted = false

  convenience init(
    slaves: Int = 1, resources: Resources = Resources(cpus: 4, mem: 4096), frameworks: Int = 1,
    isListening: Bool = true, allocator: String = "drf",
    change: (inout ClusterSetup) -> Void = { _ in }
  ) throws {
    let infos = (0..<slaves).map { SlaveInfo(hostname: "host-\($0)", resources: resources) }
    try self.init(
      slaves: infos, frameworks: (0..<frameworks).map { FrameworkInfo(name: "f\($0)") },
      isListening: isListening, allocator: allocator, change: change)
  }

  init(
    slaves: [SlaveInfo], frameworks: [FrameworkInfo], isListening: Bool = true,
    allocator name: String = "drf", change: (inout ClusterSetup) -> Void = { _ in }
  ) throws {
    let simulation = Simulation(seed: 1)
    let made = Made()
    let setups = frameworks.map { info in
      ClusterSetup.Framework(info: info) { environment in
        let scheduler = ScriptedScheduler(environment)
        made.add(scheduler)
        return scheduler
      }
    }
    var setup = ClusterSetup(
      slaves: slaves, frameworks: setups,
      network: Network(
        latency: try Distribution(.constant(1)), key: simulation.seeds.key("network")))
    change(&setup)
    let allocator = try AllocatorRegistry().make(name)
    test = TestCluster(setup, allocator, on: simulation, isChecked: false)
    if isListening { cluster.recorder.attach(facts) }
    schedulers = made.schedulers
    made.rig = self
  }

  /// The schedulers that are made before the rig is there, and afterwards.
  private final class Made {
    var schedulers: [ScriptedScheduler] = []
    weak var rig: Rig?
    func add(_ scheduler: ScriptedScheduler) {
      schedulers.append(scheduler)
      rig?.schedulers.append(scheduler)
    }
  }

  var digest: String { cluster.recorder.digestText }

  /// Starts the cluster, if that has not been done, and runs it up to a second.
  func run(until seconds: Double) {
    if !hasStarted { cluster.start() }
    hasStarted = true
    simulation.run(until: .start + .rounded(seconds: seconds))
  }
}
