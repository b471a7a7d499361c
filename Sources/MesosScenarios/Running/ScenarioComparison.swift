// Part of mesosim. Apache-2.0, see LICENSE.
//
// The same workload under several allocators, or with several values of something, with several
// seeds: many simulations side by side, each on one thread, none of which can tell.

internal import Mesos
public import MesosAllocation
public import MesosMetrics

import Dispatch
import Foundation
import MesosWorkloads
import VirtualTime
internal import Threads

/// Runs a scenario under several allocators or with several values, for one or more seeds.
public struct ScenarioComparison {
  /// What is compared, the baseline first.
  public var variants: [ScenarioVariant]
  /// The allocators there are.
  public var registry: AllocatorRegistry
  /// How many simulations run at a time.
  public var threads: Int
  /// Whether every run is to know its jobs as they are when each framework has its part of the
  /// cluster for itself.
  ///
  /// Where `static` deals everybody a part, nobody meets anybody: one run under it, as it is
  /// without settings, stands for a run of each framework alone. It is one of the runs that are
  /// compared, or one more for each seed. Where values differ between the variants, nothing is
  /// measured: one run stands for one cluster and its jobs.
  public var measuresAlone = false

  /// Describes a comparison of allocators.
  public init(
    _ loaded: LoadedScenario, allocators: [AllocatorEntry],
    registry: AllocatorRegistry = AllocatorRegistry(), threads: Int = 1
  ) {
    self.init(
      allocators.map { ScenarioVariant(loaded, $0) }, registry: registry, threads: threads)
  }

  /// Describes a comparison of variants.
  public init(
    _ variants: [ScenarioVariant], registry: AllocatorRegistry = AllocatorRegistry(),
    threads: Int = 1
  ) {
    self.variants = variants
    self.registry = registry
    self.threads = max(1, threads)
  }

  /// The allocators, the baseline first, each with the label of its variant.
  public var allocators: [AllocatorEntry] { variants.map(\.allocator) }

  /// How many simulations there are for a seed: one for each variant, and perhaps one more.
  public var runsPerSeed: Int { entries.count }

  /// What runs for a seed: the allocators, and `static` if nothing else shows everybody alone.
  private var entries: [AllocatorEntry] {
    let isNeeded = hasAlone && aloneAmongAllocators == nil && registry["static"] != nil
    return allocators + (isNeeded ? [AllocatorEntry(name: "static")] : [])
  }

  private var hasAlone: Bool { measuresAlone && variants.allSatisfy { $0.combination == 0 } }

  /// The place of the allocator whose runs show everybody alone: a `static` that deals the cluster
  /// as one without settings does.
  private var aloneAmongAllocators: Int? {
    guard let scenario = variants.first?.loaded.scenario else { return nil }
    guard let usual = scenario.parts(under: AllocatorEntry(name: "static")) else { return nil }
    return variants.firstIndex { variant in
      let entry = variant.allocator
      let isSetOtherwise =
        entry.allocation != AllocationChanges()
        || entry.parameters.entries.contains { $0.key != PartitionChoice.parameter.name }
      return !isSetOtherwise && scenario.parts(under: entry)?.areDealt(like: usual) == true
    }
  }

  /// Runs every variant with every seed; results come by seed, then by variant.
  ///
  /// They depend on nothing else. A variant with a seed of its own is as many seeds away from it as
  /// the baseline is from its own.
  ///
  /// All runs of a seed are measured over the same window: 0 to the scenario's `until`, or to the
  /// latest end among them. When `pulse` returns `false`, everything stops: the seeds from the
  /// first that is not done on are left out. If that is the very first one, its runs are brought to
  /// the same whole second, as if `until` had been there, and are what there is.
  /// - Parameters:
  ///   - seeds: The seeds of the baseline.
  ///   - keepsFirst: Whether there has to be a result of the first seed, also of a part of it.
  ///   - pulse: Called from any thread with the number of the run (by seed, then by variant, the
  ///     run of everybody alone last) and how far it is; stops all by returning `false`.
  ///   - took: Called from any thread with the number of a run that is over and the processor
  ///     seconds that it took. The only figure here that differs between equal runs.
  /// - Returns: For each seed, the runs in the order of `variants`.
  /// - Throws: `WorkloadError` or `ParameterError` when a run can't be put together.
  public func run(
    seeds: [UInt64], keepsFirst: Bool = true,
    pulse: @escaping @Sendable (Int, ScenarioRun.Pulse) -> Bool = { _, _ in true },
    took: @escaping @Sendable (Int, Double) -> Void = { _, _ in }
  ) throws -> [[MeasuredRun]] {
    var results: [[MeasuredRun]] = []
    // Seeds are taken in batches that fill the threads, so that memory does not grow with them.
    let batch = max(1, threads / max(1, runsPerSeed))
    for start in stride(from: 0, to: seeds.count, by: batch) {
      let part = Array(seeds[start..<min(start + batch, seeds.count)])
      let first = start * runsPerSeed
      let groups = try runBatch(
        part, pulse: { pulse(first + $0, $1) }, took: { took(first + $0, $1) })
      let whole = groups.prefix { $0.allSatisfy(\.isOver) }
      results += whole.map(measured)
      guard whole.count < groups.count else { continue }
      if results.isEmpty, keepsFirst {
        stop(groups[0])
        results.append(measured(groups[0]))
      }
      break
    }
    return results
  }

  private func runBatch(
    _ seeds: [UInt64], pulse: @escaping @Sendable (Int, ScenarioRun.Pulse) -> Bool,
    took: @escaping @Sendable (Int, Double) -> Void
  ) throws -> [[RunSlot]] {
    let slots = try seeds.flatMap { seed in
      let prepared = try prepared(seed)
      // The run of everybody alone is one of the baseline's scenario.
      return try zip(prepared + prepared.prefix(1), entries).map { try RunSlot($0, $1, registry) }
    }
    let queue = RunQueue(slots.count)
    DispatchQueue.concurrentPerform(iterations: min(threads, slots.count)) { _ in
      while let index = queue.next() {
        let slot = slots[index]
        guard slot.advance(pulse: { pulse(index, $0) }) else {
          queue.stop()
          return
        }
        if slot.isOver { took(index, slot.seconds) }
        queue.giveBack(index, at: slot.isOver ? nil : slot.simulation.now)
      }
    }
    return seeds.indices.map { place in
      Array(slots[(place * runsPerSeed)..<((place + 1) * runsPerSeed)])
    }
  }

  /// Brings the runs of a seed to the first whole second that none of them has passed.
  private func stop(_ slots: [RunSlot]) {
    let latest = slots.map(\.simulation.now).max() ?? .start
    let second: Int64 = 1_000_000_000
    let whole = (latest.nanoseconds / second + 1).multipliedReportingOverflow(by: second)
    let end = whole.overflow ? latest : Instant(nanoseconds: whole.partialValue)
    _ = parallel(slots.count, threads: threads) { slots[$0].simulation.stop(at: end) }
  }
}

extension ScenarioComparison {
  /// Measures the runs of one seed over the window that they share; the run of everybody alone has
  /// no part in it.
  private func measured(_ slots: [RunSlot]) -> [MeasuredRun] {
    let simulations = slots.map(\.simulation)
    let shared = simulations.prefix(allocators.count).map(\.window).max() ?? .start
    var runs = simulations.prefix(allocators.count).map { $0.measured(window: shared) }
    for (place, variant) in variants.enumerated() {
      runs[place].isPaired = variant.hasJobs(of: variants[0])
    }
    guard hasAlone else { return runs }
    let extra = simulations.dropFirst(allocators.count).first.map { $0.measured(window: $0.window) }
    let alone = extra?.jobs ?? aloneAmongAllocators.map { runs[$0].jobs }
    for place in runs.indices { runs[place].aloneJobs = alone }
    return runs
  }

  /// What each variant runs with the baseline's seed; jobs are made once for those that have the
  /// same.
  private func prepared(_ seed: UInt64) throws -> [PreparedScenario] {
    var made: [PreparedScenario] = []
    for (place, variant) in variants.enumerated() {
      let scenario = variant.loaded.scenario
      let own = scenario.seed &+ (seed &- variants[0].loaded.scenario.seed)
      let twin = variants[..<place].firstIndex {
        variant.hasJobs(of: $0) && $0.loaded.scenario.faults == scenario.faults
      }
      if let twin {
        made.append(made[twin].running(scenario, seed: own))
      } else {
        made.append(try PreparedScenario(variant.loaded, seed: own))
      }
    }
    return made
  }

  /// What a report on the runs has to warn of: each sentence once, with the variants it is about
  /// where it is not all.
  /// - Throws: `WorkloadError` when the jobs can't be made.
  public func warnings() throws -> [String] {
    guard let first = variants.first else { return [] }
    let prepared = try prepared(first.loaded.scenario.seed)
    let combinations = (variants.map(\.combination).max() ?? 0) + 1
    var found: [(text: String, combinations: [Int])] = []
    for combination in 0..<combinations {
      let places = variants.indices.filter { variants[$0].combination == combination }
      guard let place = places.first else { continue }
      let entries = places.map { variants[$0].allocator }
      let texts =
        variants[place].loaded.reportWarnings(of: entries, registry: registry)
        + prepared[place].warnings(under: entries)
      for text in texts {
        if let index = found.firstIndex(where: { $0.text == text }) {
          if found[index].combinations.last != combination {
            found[index].combinations.append(combination)
          }
        } else {
          found.append((text, [combination]))
        }
      }
    }
    return found.map { text, own in
      if own.count == combinations { return text }
      let labels = variants.filter { own.contains($0.combination) }.map(\.allocator.label)
      return "under \(labels.joined(separator: ", ")): \(text)"
    }
  }
}

/// The processor time that the calling thread has used.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A simulation that is with one thread at a time, and read when all threads are done.
private final class RunSlot: @unchecked Sendable {
  let simulation: ScenarioRun
  private(set) var isOver = false
  /// The processor time that it has taken.
  private(set) var seconds = 0.0
  private var isBegun = false

  init(
    _ prepared: PreparedScenario, _ allocator: AllocatorEntry, _ registry: AllocatorRegistry
  ) throws(ParameterError) {
    simulation = try ScenarioRun(prepared, allocator: allocator, registry: registry)
  }

  /// How many pulses a run goes on before another has its turn: some tens of milliseconds.
  private static let pulsesPerTurn = 8

  /// Goes on for a turn; `false` when it was asked to stop.
  func advance(pulse: (ScenarioRun.Pulse) -> Bool) -> Bool {
    let start = threadSeconds()
    defer { seconds += threadSeconds() - start }
    // Also a short run asks once.
    if !isBegun, !pulse(simulation.progress) { return false }
    isBegun = true
    for _ in 0..<Self.pulsesPerTurn {
      isOver = !simulation.advance()
      if isOver { return true }
      if !pulse(simulation.progress) { return false }
    }
    return true
  }
}
