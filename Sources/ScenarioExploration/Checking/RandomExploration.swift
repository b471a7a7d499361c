// Part of mesosim. Apache-2.0, see LICENSE.
//
// Many random scenarios, on several threads; what came of each does not depend on how many.

internal import MesosExploration
internal import MesosScenarios
internal import Synchronization
internal import Threads

/// Checks the random scenarios of many seeds.
public struct RandomExploration: Sendable {
  /// What came of a seed.
  public struct Finding: Hashable, Sendable {
    /// The seed.
    public var seed: UInt64
    /// What came of it.
    public var verdict: ScenarioVerdict
  }

  /// The seeds.
  public var seeds: Range<UInt64>
  /// How each is checked.
  public var check: ScenarioCheck
  /// How many are checked at a time.
  public var threads: Int

  /// Describes an exploration.
  public init(seeds: Range<UInt64>, check: ScenarioCheck = ScenarioCheck(), threads: Int = 1) {
    self.seeds = seeds
    self.check = check
    self.threads = threads
  }

  /// Checks every seed.
  /// - Parameters:
  ///   - begins: Called from any thread before a seed is looked at; `false` begins no more.
  ///   - ends: Called from any thread with what came of a seed, in no certain order.
  /// - Returns: What came of the seeds that were looked at, in their order.
  public func run(
    begins: @escaping @Sendable (UInt64) -> Bool = { _ in true },
    ends: @escaping @Sendable (Finding) -> Void = { _ in }
  ) -> [Finding] {
    let isStopped = Atomic<Bool>(false)
    let findings = parallel(seeds.count, threads: threads) { place -> Finding? in
      let seed = seeds.lowerBound + UInt64(place)
      if isStopped.load(ordering: .relaxed) { return nil }
      guard begins(seed) else {
        isStopped.store(true, ordering: .relaxed)
        return nil
      }
      let random = RandomScenario(Choices(seed: seed), vocabulary: check.vocabulary)
      let verdict = check.verdict(on: random)
      let finding = Finding(seed: seed, verdict: verdict)
      ends(finding)
      return finding
    }
    return findings.compactMap(\.self)
  }
}
