// Part of mesosim. Apache-2.0, see LICENSE.
//
// Runs a scenario for some choices and says what came of it.

internal import MesosAllocation
internal import MesosCluster
internal import MesosMetrics
public import MesosExploration
public import MesosScenarios
internal import VirtualTime

/// Runs an explored scenario for any choices.
public struct ScenarioWorld: Sendable {
  /// What is explored.
  public let ground: ExplorationGround
  private let vocabulary: ScenarioVocabulary
  /// A run that takes more events is stopped, and says nothing.
  private let eventsMax: Int

  /// Takes what is explored.
  public init(
    _ ground: ExplorationGround, vocabulary: ScenarioVocabulary, eventsMax: Int = 3_000_000
  ) {
    self.ground = ground
    self.vocabulary = vocabulary
    self.eventsMax = eventsMax
  }

  /// Makes the world of a scenario.
  ///
  /// Runs it once without faults: how long it takes says until when things go wrong, and whether it
  /// finishes its jobs says whether it can be held to that.
  /// - Parameters:
  ///   - loaded: The scenario.
  ///   - allocator: Under which allocator.
  ///   - kinds: What may go wrong.
  ///   - settling: How long a run goes on after the last fault.
  ///   - vocabulary: The names that it uses.
  /// - Throws: What is wrong with its jobs or its allocator.
  public init(
    exploring loaded: LoadedScenario, under allocator: AllocatorEntry,
    kinds: [ExploredFaultKind], settling: Duration, vocabulary: ScenarioVocabulary
  ) throws {
    var calm = loaded
    calm.scenario.faults = []
    let prepared = try PreparedScenario(calm)
    let run = try ScenarioRun(prepared, allocator: allocator, registry: vocabulary.allocators)
    run.run(eventLimit: 20_000_000)
    let end = run.window
    let jobs = run.measured(window: end).result.frameworks.map(\.jobs)
    var laws = [LawEntry(.invariants)]
    var general = FrameworkLaw.general
    if !run.isPartial, jobs.contains(where: { $0.finished > 0 }),
      jobs.allSatisfy({ $0.finished == $0.submitted })
    {
      general.append(.finishesJobs)
    }
    laws += general.map { LawEntry(.framework($0)) }.filter { law in
      !loaded.scenario.laws.contains { $0.kind == law.kind }
    }
    let seconds = loaded.scenario.until ?? .seconds(max(60, end.seconds))
    self.init(
      ExplorationGround(
        loaded: loaded, allocator: allocator, kinds: kinds,
        laws: loaded.scenario.laws.filter { $0.kind != .invariants } + laws,
        faultsEnd: Int(min(seconds, .seconds(86_400)) / .milliseconds(1)), settling: settling),
      vocabulary: vocabulary)
  }

  /// What the choices make of the scenario.
  public func scenario(_ choices: Choices) -> ExploredScenario {
    ExploredScenario(choices, on: ground)
  }

  /// Runs some choices.
  ///
  /// What is not well at the end counts only if it is not after twice the time, either: a small
  /// cluster may just be slow.
  public func outcome(of choices: Choices) -> ExploredRun {
    let explored = scenario(choices)
    var run = outcome(of: explored.loaded, explored.asked)
    guard let failure = run.trial.failure, Self.endLaws.contains(failure.rule),
      let until = explored.loaded.scenario.until
    else { return run }
    var longer = explored.loaded
    longer.scenario.until = until + ground.settling
    if outcome(of: longer).trial.failure?.identity != failure.identity { run.trial.failure = nil }
    return run
  }

  private static let endLaws: Set<String> = Set(
    [FrameworkLaw.answersOffers, .keepsWanted, .finishesJobs].map(\.rawValue))

  /// What fails when nothing goes wrong but what the scenario says; `nil` if it is well then.
  public var calmFailure: ExploredFailure? {
    let drawn = scenario(Choices(seed: ground.loaded.scenario.seed)).asked.plan
    let calm = drawn.filter { !$0.key.hasPrefix("faults/") && !$0.key.hasPrefix("deliveries/") }
    return outcome(of: Choices(plan: calm)).trial.failure
  }

  /// Runs a scenario.
  /// - Parameters:
  ///   - loaded: The scenario, held to its laws.
  ///   - asked: The choices that it was made from.
  /// - Returns: What came of it.
  public func outcome(of loaded: LoadedScenario, _ asked: AskedChoices = AskedChoices())
    -> ExploredRun
  {
    outcome(of: loaded, asked, telling: nil)
  }

  /// When a scenario breaks what it is held to; `nil` when it does not.
  func end(of loaded: LoadedScenario) -> Instant? {
    guard let prepared = try? PreparedScenario(loaded),
      let run = try? ScenarioRun(
        prepared, allocator: loaded.scenario.allocators[0], holdsLaws: true,
        registry: vocabulary.allocators)
    else { return nil }
    run.run(eventLimit: eventsMax)
    return run.broken?.instant
  }

  private func outcome(
    of loaded: LoadedScenario, _ asked: AskedChoices = AskedChoices(),
    telling sink: (any ClusterEventSink)?
  ) -> ExploredRun {
    var outcome = ExploredRun(Trial(asked))
    do {
      let prepared = try PreparedScenario(loaded)
      let run = try ScenarioRun(
        prepared, allocator: loaded.scenario.allocators[0], holdsLaws: true,
        registry: vocabulary.allocators)
      let counter = ConsequenceCounter()
      run.attach(counter)
      if let sink { run.attach(sink) }
      run.run(eventLimit: eventsMax)
      outcome.digest = run.digest
      outcome.launches = counter.launches
      outcome.hasHit = counter.hasHit
      outcome.events = run.eventsHandled
      outcome.isCut = run.isPartial
      outcome.trial.failure = run.broken.map {
        ExploredFailure(rule: $0.invariant, message: $0.message, instant: "\($0.instant)")
      }
    } catch {
      outcome.isValid = false
    }
    return outcome
  }

  /// Many runs of it.
  /// - Parameter threads: How many at a time.
  /// - Returns: What runs seeds and makes what fails small.
  public func exploration(threads: Int) -> Exploration {
    Exploration(threads: threads) {
      firstDifference(of: $0)
    } run: {
      outcome(of: $0)
    }
  }

  /// The first fact in which two runs of the same choices differ, in words.
  func firstDifference(of choices: Choices) -> String {
    let facts = (0..<2).map { _ in FactList() }
    for list in facts { _ = outcome(of: scenario(choices).loaded, telling: list) }
    return facts[0].difference(from: facts[1], "once", "again")
      ?? "two runs with the same choices differed, and two more did not"
  }
}
