// Part of mesosim. Apache-2.0, see LICENSE.
//
// How large a cluster has to be for a promise to be kept, under each allocator. What is tried, and
// in which order it is judged, does not depend on the number of threads.

public import MesosAllocation
public import MesosMetrics

internal import MesosWorkloads
internal import Synchronization
internal import Threads

/// Says that an objective is about something that the scenario has not.
public struct NothingToMeasure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is missing and what to do.
  public var description: String
}

/// Searches the smallest cluster that meets an objective, under each of several allocators.
public struct ClusterSizing: Sendable {
  /// The scenario; its slave groups give the proportions.
  public var loaded: LoadedScenario
  /// The objective.
  public var objective: ServiceObjective
  /// The allocators.
  public var allocators: [AllocatorEntry]
  /// The allocators there are.
  public var registry: AllocatorRegistry
  /// The group of slaves whose number is sought, the others staying as they are; `nil` for all.
  public var group: String?
  /// The seeds, in each of which the objective has to be met.
  public var seeds: [UInt64]
  /// No larger cluster is tried.
  public var slavesMax: Int
  /// How many simulations run at a time.
  public var threads: Int

  /// Describes a search.
  public init(
    _ loaded: LoadedScenario, objective: ServiceObjective, allocators: [AllocatorEntry],
    registry: AllocatorRegistry = AllocatorRegistry(), group: String? = nil,
    seeds: [UInt64]? = nil, slavesMax: Int? = nil, threads: Int = 1
  ) {
    self.loaded = loaded
    self.objective = objective
    self.allocators = allocators
    self.registry = registry
    self.group = group
    self.seeds = seeds ?? [loaded.scenario.seed]
    self.slavesMax = slavesMax ?? Self.slavesMax(for: loaded.scenario, group)
    self.threads = max(1, threads)
  }

  /// Where the search gives up: at 16 times the scenario's slaves, though not below 256.
  /// - Parameters:
  ///   - scenario: The scenario.
  ///   - group: The group of slaves that are counted; `nil` for all.
  /// - Returns: The number of slaves.
  public static func slavesMax(for scenario: Scenario, _ group: String? = nil) -> Int {
    let counted = scenario.cluster.slaveCount(of: group)
    let others = scenario.cluster.slaveCount - counted
    return min(max(16 * counted, 256), ClusterDescription.slavesMax - others)
  }

  /// How the search stands, for people who watch.
  public struct Progress: Sendable {
    /// The allocator.
    public var allocator: String
    /// What came of a size.
    public var trial: TriedSize
  }

  /// Searches.
  /// - Parameters:
  ///   - pulse: Called from any thread with how far a run is; stops the search by returning
  ///     `false`.
  ///   - progress: Called for each size that was tried.
  /// - Returns: What was found; partial when it was stopped.
  /// - Throws: `WorkloadError` or `ParameterError` when a run can't be put together,
  ///   `NothingToMeasure` when a run has nothing that the objective is about.
  public func run(
    pulse: @escaping @Sendable (ScenarioRun.Pulse) -> Bool = { _ in true },
    progress: (Progress) -> Void = { _ in }
  ) throws -> SizingResult {
    if let group, let complaint = KnownNames(loaded.scenario).complaint(about: group, .slaveGroup) {
      throw NothingToMeasure(description: "--group: \(complaint)")
    }
    let prepared = try seeds.map { try PreparedScenario(loaded, seed: $0) }
    let start = loaded.scenario.cluster.slaveCount(of: group)
    var lanes = allocators.map {
      Lane(allocator: $0, search: SizeSearch(start: start, sizeMax: slavesMax))
    }
    var isStopped = false
    while !isStopped, lanes.contains(where: { $0.search.next != nil }) {
      let wanted = wantedRuns(lanes)
      let outcomes = parallel(wanted.count, threads: threads) { index in
        read(wanted[index], prepared, pulse: pulse)
      }
      for (run, outcome) in zip(wanted, outcomes) {
        switch outcome {
        case .failure(let error): throw error
        case .success(.stopped): isStopped = true
        case .success(.read(let reading)):
          lanes[run.lane].known[run.size, default: [:]][run.seed] = reading
        }
      }
      for lane in lanes.indices {
        for trial in lanes[lane].judge(objective, seeds: seeds) {
          progress(Progress(allocator: lanes[lane].allocator.label, trial: trial))
        }
      }
    }
    return SizingResult(
      scenario: loaded.scenario.name, version: ScenarioRun.version, seeds: seeds,
      objective: SizingObjective(objective), group: group, scenarioSlaves: start,
      otherSlaves: loaded.scenario.cluster.slaveCount - start, slavesMax: slavesMax,
      partial: isStopped, sizes: lanes.map(\.result))
  }

  // MARK: Runs

  /// One simulation that is wanted.
  private struct WantedRun: Sendable {
    let lane: Int
    let size: Int
    /// The place of the seed.
    let seed: Int
  }

  private enum Outcome: Sendable {
    case read(ObjectiveReading)
    case stopped
  }

  /// The runs of every lane's next size; where there are more threads than that, also those that
  /// may be wanted after it.
  private func wantedRuns(_ lanes: [Lane]) -> [WantedRun] {
    let open = lanes.indices.filter { lanes[$0].search.next != nil }
    let sizes = max(1, threads / max(1, open.count * seeds.count))
    var runs: [WantedRun] = []
    for lane in open {
      for size in lanes[lane].search.likely(sizes) where lanes[lane].known[size] == nil {
        runs += seeds.indices.map { WantedRun(lane: lane, size: size, seed: $0) }
      }
    }
    return runs
  }

  private func read(
    _ wanted: WantedRun, _ prepared: [PreparedScenario],
    pulse: (ScenarioRun.Pulse) -> Bool
  ) -> Result<Outcome, any Error> {
    Result {
      let entry = loaded.scenario.scaled(
        allocators[wanted.lane], toSlaves: wanted.size, of: group)
      let run = try ScenarioRun(
        prepared[wanted.seed].scaled(toSlaves: wanted.size, of: group), allocator: entry,
        registry: registry)
      let waits = WaitCollector()
      run.attach(waits)
      // Also a short run asks once.
      guard pulse(run.progress) else { return .stopped }
      run.run(pulse: pulse)
      if run.isPartial { return .stopped }
      let measured = run.measured(window: run.window)
      let isCutOff = loaded.scenario.until != nil
      guard let reading = objective.reading(of: measured, waits: waits, isCutOff: isCutOff) else {
        throw NothingToMeasure(
          description: "no framework told of a \(objective.figure); choose another figure, or give "
            + "\(objective.framework.map { "'\($0)'" } ?? "the frameworks") some work")
      }
      return .read(reading)
    }
  }
}

/// The search under one allocator.
private struct Lane {
  let allocator: AllocatorEntry
  var search: SizeSearch
  /// The readings by size and by the place of the seed; looked up, never walked through.
  var known: [Int: [Int: ObjectiveReading]] = [:]
  private var tried: [TriedSize] = []

  init(allocator: AllocatorEntry, search: SizeSearch) {
    self.allocator = allocator
    self.search = search
  }

  /// Goes on as far as the readings reach; returns what was judged.
  mutating func judge(_ objective: ServiceObjective, seeds: [UInt64]) -> [TriedSize] {
    var judged: [TriedSize] = []
    while let size = search.next, let readings = known[size], readings.count == seeds.count {
      var worst: (reading: ObjectiveReading, seed: UInt64)?
      for (place, seed) in seeds.enumerated() {
        guard let reading = readings[place] else { continue }
        if worst.map({ reading.isWorse(than: $0.reading) }) ?? true { worst = (reading, seed) }
      }
      guard let worst else { break }
      let isMet = worst.reading.seconds.map(objective.isMet(by:)) ?? false
      search.note(size, isMet: isMet)
      judged.append(
        TriedSize(
          slaves: size, isMet: isMet, seconds: worst.reading.seconds,
          framework: worst.reading.framework, seed: worst.seed))
    }
    tried += judged
    return judged
  }

  var result: AllocatorSize {
    AllocatorSize(
      allocator: allocator.label, slaves: search.answer,
      tried: tried.sorted { $0.slaves < $1.slaves })
  }
}
