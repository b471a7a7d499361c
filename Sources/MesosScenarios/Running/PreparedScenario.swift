// Part of mesosim. Apache-2.0, see LICENSE.
//
// A scenario with everything it needs in memory: what all runs of one seed share.

public import MesosWorkloads

import Mesos
import MesosAllocation
import MesosCluster
import MesosFrameworks
import SimulationKernel
import VirtualTime

/// A scenario with its jobs: made once for a seed, met by every allocator.
public struct PreparedScenario: Sendable {
  /// The scenario, with the seed that this is for.
  public private(set) var scenario: Scenario
  /// The jobs of each framework, in the order of the scenario.
  public let jobs: ScenarioJobs
  /// Recorded failures, in the order of the fault entries that replay them.
  let failures: [[RecordedFailure]]

  /// Makes the jobs of a scenario.
  /// - Parameters:
  ///   - loaded: The scenario.
  ///   - seed: The seed to use in place of the scenario's own.
  /// - Throws: `WorkloadError` when a trace is missing, damaged or another than expected.
  public init(_ loaded: LoadedScenario, seed: UInt64? = nil) throws(WorkloadError) {
    var loaded = loaded
    loaded.scenario.seed = seed ?? loaded.scenario.seed
    scenario = loaded.scenario
    jobs = try loaded.makeJobs()
    failures = try loaded.readFailures()
  }

  /// The same jobs in another scenario, which would make the same.
  func running(_ scenario: Scenario, seed: UInt64) -> PreparedScenario {
    var result = self
    result.scenario = scenario
    result.scenario.seed = seed
    return result
  }

  /// The same jobs on a larger or smaller cluster.
  func scaled(toSlaves slaves: Int, of group: String?) -> PreparedScenario {
    var result = self
    result.scenario = scenario.scaled(toSlaves: slaves, of: group)
    return result
  }

  /// What there is to say of jobs that arrive after the end that a run without `until` has.
  var lateness: String? {
    guard scenario.until == nil, lastArrival > .start + Scenario.horizonMax else { return nil }
    let late = jobs.byFramework.joined().count { $0.submitted > .start + Scenario.horizonMax }
    return "until: \(late) jobs arrive after 30d, where a run without 'until' ends; set 'until'"
  }

  /// When the last job is handed in.
  var lastArrival: Instant {
    jobs.byFramework.compactMap { $0.last?.submitted }.max() ?? .start
  }

  /// What people call a job, which has the number of its place unless its framework numbers them.
  func jobName(_ framework: FrameworkIndex, _ job: JobID) -> String {
    let (list, place) = (jobs.byFramework[framework], Int(job.number))
    return list.indices.contains(place) ? list[place].name : job.description
  }

  /// The cluster, its frameworks registered in the order of the scenario.
  func clusterSetup(_ seeds: Seeds) -> ClusterSetup {
    let cluster = scenario.cluster
    let slaves = zip(cluster.slaves, cluster.firstNumbers).flatMap { group, first in
      (0..<group.count).map { index in
        SlaveInfo(
          hostname: cluster.hostname(of: index, in: group, first: first),
          resources: group.resources, attributes: group.attributes(at: index),
          domain: group.domain?.domain(at: index))
      }
    }
    let frameworks = zip(scenario.frameworks, jobs.byFramework).map { description, jobs in
      description.setup(jobs)
    }
    var setup = ClusterSetup(
      slaves: slaves, frameworks: frameworks,
      network: Network(
        latency: scenario.cluster.network.latency, key: seeds.key("network/latency")))
    if cluster.hostnames == .loopback { setup.slaveNames = cluster.slaveNames }
    setup.slaveStays = scenario.cluster.slaveStays
    setup.epoch = scenario.epoch
    setup.masters = scenario.cluster.masters
    setup.master = scenario.cluster.master
    setup.slave = scenario.cluster.slave
    setup.serviceTimes = scenario.allServiceTimes
    setup.commands = scenario.allCommands
    return setup
  }
}

extension FrameworkDescription {
  /// Whether tasks of it need gpus, as far as its description or its jobs say.
  func usesGPUs(_ jobs: JobList) -> Bool {
    // Of rows, the columns say all.
    if case .rows = work { return usesGPUs }
    return usesGPUs || jobs.contains(where: \.usesGPUs)
  }
}

extension Job {
  /// Whether tasks of it need gpus.
  fileprivate var usesGPUs: Bool {
    stages.contains { stage in
      stage.resources.gpus > 0 || stage.shapes.contains { $0.resources.gpus > 0 }
    }
  }
}

extension Scenario {
  /// What an allocator of this scenario is made from.
  func allocatorRequest(
    _ entry: AllocatorEntry, isLiteral: Bool = false, seeds: Seeds
  ) -> AllocatorRequest {
    let allocation = entry.allocation.applied(to: allocation)
    var options = AllocatorOptions()
    options.interval = allocation.interval
    options.isLiteral = isLiteral
    options.minAllocatable = allocation.minAllocatable.map(\.scalarQuantities)
    options.weights = roles.map { (role: Role($0.name), weight: $0.value.weight) }
    options.order =
      switch allocation.order {
      case .id: .id
      case .shuffled: .shuffled(key: seeds.stream("allocation/order").bits())
      }
    return AllocatorRequest(
      options: options, parameters: entry.parameters,
      frameworks: frameworks.map { (name: $0.name, roles: $0.effectiveRoles.map(\.value)) },
      slaves: cluster.slaveEntries)
  }
}
