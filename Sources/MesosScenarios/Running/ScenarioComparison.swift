// Part of mesosim. Apache-2.0, see LICENSE.
//
// The same workload under several allocators, with several seeds: many simulations side by side,
// each on one thread, none of which can tell.

internal import Mesos
public import MesosAllocation
public import MesosMetrics

import Dispatch
import Foundation
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
  /// latest end among them. When `pulse` stops a run, no seed is begun any more, and seeds whose
  /// runs did not all end by themselves are left out; only the first seed is kept in any case, each
  /// of its stopped runs measured over the time it covers.
  /// - Parameters:
  ///   - seeds: The seeds.
  ///   - pulse: Called from any thread with the number of the run (by seed, then by allocator) and
  ///     how far it is; stops the run by returning `false`.
  ///   - took: Called from any thread with the number of a run that is over and the processor
  ///     seconds that it took. The only figure here that differs between equal runs.
  /// - Returns: For each seed, the runs in the order of `allocators`.
  /// - Throws: `WorkloadError` or `ParameterError` when a run can't be put together.
  public func run(
    seeds: [UInt64], pulse: @escaping @Sendable (Int, ScenarioRun.Pulse) -> Bool = { _, _ in true },
    took: @escaping @Sendable (Int, Double) -> Void = { _, _ in }
  ) throws -> [[MeasuredRun]] {
    var results: [[MeasuredRun]] = []
    let isStopped = Atomic<Bool>(false)
    // Seeds are taken in batches that fill the threads, so that memory does not grow with them.
    let batch = max(1, threads / max(1, allocators.count))
    for start in stride(from: 0, to: seeds.count, by: batch) {
      let part = Array(seeds[start..<min(start + batch, seeds.count)])
      let first = start * allocators.count
      let groups = try runBatch(
        part, isStopped: isStopped, pulse: { pulse(first + $0, $1) }, took: { took(first + $0, $1) }
      )
      for group in groups {
        let isWhole = group.allSatisfy { $0.state == .complete }
        if isWhole || results.isEmpty { results.append(ScenarioRun.measured(group)) }
      }
      if isStopped.load(ordering: .relaxed) { break }
    }
    return results
  }

  private func runBatch(
    _ seeds: [UInt64], isStopped: borrowing Atomic<Bool>,
    pulse: @escaping @Sendable (Int, ScenarioRun.Pulse) -> Bool,
    took: @escaping @Sendable (Int, Double) -> Void
  ) throws -> [[RunSlot]] {
    let prepared = try seeds.map { try PreparedScenario(loaded, seed: $0) }
    let slots = try prepared.flatMap { scenario in
      try allocators.map { try RunSlot(scenario, $0, registry) }
    }
    let next = Atomic<Int>(0)
    let perSeed = allocators.count
    DispatchQueue.concurrentPerform(iterations: min(threads, slots.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        // The first seed's runs are begun even then: there is something to show of each.
        guard index < slots.count,
          index < perSeed || !isStopped.load(ordering: .relaxed)
        else { return }
        let start = threadSeconds()
        slots[index].run {
          if pulse(index, $0) { return true }
          isStopped.store(true, ordering: .relaxed)
          return false
        }
        took(index, threadSeconds() - start)
      }
    }
    return seeds.indices.map { place in
      Array(slots[(place * allocators.count)..<((place + 1) * allocators.count)])
    }
  }
}

extension ScenarioRun {
  /// Measures the runs of one seed over the window that they share, or, where one was stopped, each
  /// over its own.
  fileprivate static func measured(_ slots: [RunSlot]) -> [MeasuredRun] {
    let runs = slots.map(\.simulation)
    if runs.contains(where: \.isPartial) { return runs.map { $0.measured(window: $0.window) } }
    let shared = runs.map(\.window).max() ?? .start
    return runs.map { $0.measured(window: shared) }
  }
}

/// The processor time that the calling thread has used.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A simulation that is handed to one thread, run there, and read when all threads are done.
private final class RunSlot: @unchecked Sendable {
  enum State { case waiting, stopped, complete }

  let simulation: ScenarioRun
  private(set) var state = State.waiting

  init(
    _ prepared: PreparedScenario, _ allocator: AllocatorEntry, _ registry: AllocatorRegistry
  ) throws(ParameterError) {
    simulation = try ScenarioRun(prepared, allocator: allocator, registry: registry)
  }

  func run(pulse: (ScenarioRun.Pulse) -> Bool) {
    simulation.run(pulse: pulse)
    state = simulation.isPartial ? .stopped : .complete
  }
}
