// Part of mesosim. Apache-2.0, see LICENSE.
//
// The same workload under several allocators, with several seeds: many simulations side by side,
// each on one thread, none of which can tell.

public import MesosAllocation
public import MesosMetrics

import Dispatch
import MesosWorkloads
import Synchronization
import VirtualTime

/// Runs a scenario under several allocators, for one or more seeds.
public struct ScenarioComparison {
  /// The scenario.
  public var loaded: LoadedScenario
  /// The allocators, the baseline first.
  public var allocators: [AllocatorEntry]
  /// The allocators there are.
  public var registry: AllocatorRegistry
  /// How many simulations run at a time.
  public var threads: Int

  /// Describes a comparison.
  public init(
    _ loaded: LoadedScenario, allocators: [AllocatorEntry],
    registry: AllocatorRegistry = AllocatorRegistry(), threads: Int = 1
  ) {
    self.loaded = loaded
    self.allocators = allocators
    self.registry = registry
    self.threads = max(1, threads)
  }

  /// Runs every allocator with every seed; results come by seed, then by allocator, and depend on
  /// nothing else.
  ///
  /// All runs of a seed are measured over the same window: 0 to the scenario's `until`, or to the
  /// latest end among them.
  /// - Parameters:
  ///   - seeds: The seeds.
  ///   - pulse: Called from any thread with the number of the run (by seed, then by allocator) and
  ///     how far it is; stops the run by returning `false`.
  /// - Returns: For each seed, the runs in the order of `allocators`.
  /// - Throws: `WorkloadError` or `AllocatorParameterError` when a run can't be put together.
  public func run(
    seeds: [UInt64], pulse: @escaping @Sendable (Int, ScenarioRun.Pulse) -> Bool = { _, _ in true }
  ) throws -> [[MeasuredRun]] {
    var results: [[MeasuredRun]] = []
    // Seeds are taken in batches that fill the threads, so that memory does not grow with them.
    let batch = max(1, threads / max(1, allocators.count))
    for start in stride(from: 0, to: seeds.count, by: batch) {
      let part = Array(seeds[start..<min(start + batch, seeds.count)])
      let first = start * allocators.count
      results += try runBatch(part) { pulse(first + $0, $1) }
    }
    return results
  }

  private func runBatch(
    _ seeds: [UInt64], pulse: @escaping @Sendable (Int, ScenarioRun.Pulse) -> Bool
  ) throws -> [[MeasuredRun]] {
    let prepared = try seeds.map { try PreparedScenario(loaded, seed: $0) }
    let jobs = try prepared.flatMap { scenario in
      try allocators.map { try RunSlot(scenario, $0, registry) }
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, jobs.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < jobs.count else { return }
        jobs[index].run { pulse(index, $0) }
      }
    }
    return seeds.indices.map { place in
      let runs = jobs[(place * allocators.count)..<((place + 1) * allocators.count)]
      return ScenarioRun.measured(runs.map(\.simulation), scenario: prepared[place].scenario)
    }
  }
}

extension ScenarioRun {
  /// Measures runs of one scenario over the window that they share.
  static func measured(_ runs: [ScenarioRun], scenario: Scenario) -> [MeasuredRun] {
    let latest = runs.map(\.end).max() ?? .start
    let window = scenario.until.map { Instant.start + $0 } ?? latest
    return runs.map { $0.measured(window: window) }
  }
}

/// A simulation that is handed to one thread, run there, and read when all threads are done.
private final class RunSlot: @unchecked Sendable {
  let simulation: ScenarioRun

  init(
    _ prepared: PreparedScenario, _ allocator: AllocatorEntry, _ registry: AllocatorRegistry
  ) throws(AllocatorParameterError) {
    simulation = try ScenarioRun(prepared, allocator: allocator, registry: registry)
  }

  func run(pulse: (ScenarioRun.Pulse) -> Bool) { simulation.run(pulse: pulse) }
}
