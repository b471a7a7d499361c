// Part of mesosim. Apache-2.0, see LICENSE.
//
// Many runs of one world, its failures by what fails, and the smallest choices for each. What a
// world is stands with the caller: a scenario, or the body of a test.

internal import Synchronization
internal import Threads

/// Runs a world with many seeds and makes what fails small.
public struct Exploration: Sendable {
  private let run: @Sendable (Choices) -> ExploredRun
  /// Says in words where two runs of the same choices part.
  private let difference: @Sendable (Choices) -> String
  /// How many runs are made at a time.
  public let threads: Int

  /// Every so many seeds one runs twice: the same must come of it.
  public static let repetition: UInt64 = 50

  /// What came of many seeds.
  public struct Survey: Sendable {
    /// How many seeds were looked at.
    public var seeds = 0
    /// How many of them launched nothing.
    public var idle = 0
    /// In how many a fault had consequences.
    public var hit = 0
    /// How many were stopped because they took too many events.
    public var cut = 0
    /// How many could not be run.
    public var invalid = 0
    /// All events together.
    public var events = 0
    /// What fails, by what it is, in the order of the seeds.
    public var failures: [Group] = []
  }

  /// Seeds that fail in the same way.
  public struct Group: Sendable {
    /// What fails in the first of them.
    public var trial: Trial
    /// The seeds, ascending.
    public var seeds: [UInt64]
  }

  /// Prepares an exploration.
  /// - Parameters:
  ///   - threads: How many runs are made at a time.
  ///   - difference: Says in words where two runs of the same choices part.
  ///   - run: Runs some choices; called from any thread.
  public init(
    threads: Int,
    difference: @escaping @Sendable (Choices) -> String = { _ in "two runs of it differ" },
    run: @escaping @Sendable (Choices) -> ExploredRun
  ) {
    self.threads = threads
    self.difference = difference
    self.run = run
  }

  /// Runs seeds.
  /// - Parameters:
  ///   - seeds: The seeds.
  ///   - stopsAtFirst: Whether to stop after the lowest seed that fails.
  ///   - begins: Called from any thread before a seed is run; `false` begins no more.
  ///   - ends: Called from any thread with whether a seed failed.
  /// - Returns: What came of the seeds that were run.
  public func survey(
    _ seeds: Range<UInt64>, stopsAtFirst: Bool = false,
    begins: @escaping @Sendable (UInt64) -> Bool = { _ in true },
    ends: @escaping @Sendable (Bool) -> Void = { _ in }
  ) -> Survey {
    let isStopped = Atomic<Bool>(false)
    let lowest = Mutex<Int>(.max)
    let outcomes = parallel(seeds.count, threads: threads) { place -> ExploredRun? in
      let seed = seeds.lowerBound + UInt64(place)
      if isStopped.load(ordering: .relaxed) || stopsAtFirst && lowest.withLock({ $0 < place }) {
        return nil
      }
      guard begins(seed) else {
        isStopped.store(true, ordering: .relaxed)
        return nil
      }
      var outcome = run(Choices(seed: seed))
      if seed % Self.repetition == 0 { checkRepetition(of: &outcome, seed) }
      if outcome.trial.failure != nil { lowest.withLock { $0 = min($0, place) } }
      ends(outcome.trial.failure != nil)
      return outcome
    }
    var survey = Survey()
    let last = stopsAtFirst ? lowest.withLock { $0 } : .max
    for (place, outcome) in outcomes.enumerated() where place <= last {
      guard let outcome else { continue }
      survey.add(outcome, seed: seeds.lowerBound + UInt64(place))
    }
    return survey
  }

  /// Runs a seed again, and fails it when something else comes of it.
  private func checkRepetition(of outcome: inout ExploredRun, _ seed: UInt64) {
    let again = run(Choices(seed: seed))
    guard again.digest != outcome.digest || again.trial != outcome.trial else { return }
    outcome.trial.failure = ExploredFailure(
      rule: Self.repeatable, message: difference(Choices(seed: seed)))
  }

  /// The rule that the same comes of the same choices.
  public static let repeatable = "repeatable"

  // MARK: Making small

  /// The smallest choices that fail in the same way as some do.
  ///
  /// Choices count only where the same scenario is well without its faults: else one that is too
  /// small for its work would be taken for the failure.
  /// - Parameters:
  ///   - record: The failure, and how far it is.
  ///   - runsMax: How many runs to take at most.
  ///   - isStopped: Asked before each run: whether to take no more.
  ///   - improved: Called with each improvement.
  /// - Returns: The failure with its smallest choices; `nil` when the choices alone do not fail in
  ///   the same way, and other failures that were met.
  public func smallest(
    of record: FailureRecord, runsMax: Int = 2000, isStopped: @escaping () -> Bool = { false },
    improved: @escaping (FailureRecord) -> Void = { _ in }
  ) -> (record: FailureRecord?, others: [Trial]) {
    let calm = CalmRuns(run)
    let first = run(Choices(plan: record.plan)).trial
    guard first.failure?.identity == record.failure.identity else { return (nil, []) }
    if record.isSmallest { return (record, []) }
    let needsFaults = calm.isWell(first.plan)
    var shrinker = Shrinker(first, runsMax: runsMax, isStopped: isStopped) { trial in
      improved(record.improved(by: trial))
    } run: { plan in
      let trial = run(Choices(plan: plan)).trial
      guard trial.failure != nil, needsFaults, !calm.isWell(trial.plan) else { return trial }
      return Trial(trial.asked)
    }
    shrinker.shrink()
    var result = record.improved(by: shrinker.best)
    if shrinker.isDone { result.free = shrinker.freeChoices() }
    result.runs = record.runs + shrinker.runs
    result.isSmallest = shrinker.isDone
    return (result, shrinker.others)
  }
}

extension FailureRecord {
  fileprivate func improved(by trial: Trial) -> FailureRecord {
    var record = self
    record.plan = trial.plan
    record.failure = trial.failure ?? failure
    return record
  }
}

/// Whether choices are well without what goes wrong, which many have in common.
private final class CalmRuns {
  private let run: (Choices) -> ExploredRun
  private var known: [Plan: Bool] = [:]

  init(_ run: @escaping (Choices) -> ExploredRun) { self.run = run }

  private static let troubles = ["faults/", "deliveries/", "own/"]

  func isWell(_ plan: Plan) -> Bool {
    let calm = plan.filter { choice in !Self.troubles.contains { choice.key.hasPrefix($0) } }
    if let answer = known[calm] { return answer }
    let outcome = run(Choices(plan: calm))
    let isWell = outcome.isValid && outcome.trial.failure == nil
    known[calm] = isWell
    return isWell
  }
}

extension Exploration.Survey {
  fileprivate mutating func add(_ outcome: ExploredRun, seed: UInt64) {
    seeds += 1
    events += outcome.events
    idle += outcome.launches == 0 ? 1 : 0
    hit += outcome.hasHit ? 1 : 0
    cut += outcome.isCut ? 1 : 0
    invalid += outcome.isValid ? 0 : 1
    guard let failure = outcome.trial.failure else { return }
    let place = failures.firstIndex { $0.trial.failure?.identity == failure.identity }
    if let place {
      failures[place].seeds.append(seed)
    } else {
      failures.append(Exploration.Group(trial: outcome.trial, seeds: [seed]))
    }
  }
}
