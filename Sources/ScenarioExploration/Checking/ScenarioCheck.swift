// Part of mesosim. Apache-2.0, see LICENSE.
//
// Holds a scenario to what must be true of every scenario: a literal run decides the same, a second
// run gives the same bytes, and no invariant is broken. How scenarios are made does not stand here.

internal import Foundation
public import MesosCluster
internal import MesosExploration
internal import MesosMetrics
public import MesosScenarios

/// Checks scenarios.
///
///     let verdict = ScenarioCheck().verdict(on: RandomScenario(Choices(seed: 417)))
///
/// A check takes three runs, and up to three more to find out where two of them part.
public struct ScenarioCheck: Sendable {
  /// The names that scenarios may use.
  public var vocabulary: ScenarioVocabulary
  /// Makes what must hold during a run.
  public var invariants: @Sendable () -> [any Invariant]
  /// A run that takes more events is stopped and not compared.
  public var eventsMax: Int

  /// Describes a check.
  public init(
    vocabulary: ScenarioVocabulary = ScenarioVocabulary(), eventsMax: Int = 300_000,
    invariants: @escaping @Sendable () -> [any Invariant] = { InvariantChecker.standard }
  ) {
    self.vocabulary = vocabulary
    self.eventsMax = eventsMax
    self.invariants = invariants
  }

  /// Checks a scenario by chance.
  public func verdict(on random: RandomScenario) -> ScenarioVerdict {
    do {
      return verdict(on: try random.load(vocabulary: vocabulary))
    } catch {
      var verdict = ScenarioVerdict()
      verdict.fail(.invalid, error.lines.first ?? "\(error)")
      return verdict
    }
  }

  /// Checks a scenario under its first allocator.
  public func verdict(on loaded: LoadedScenario) -> ScenarioVerdict {
    var verdict = ScenarioVerdict()
    do {
      let prepared = try PreparedScenario(loaded)
      try check(prepared, &verdict)
    } catch {
      verdict.fail(.invalid, "\(error)")
    }
    return verdict
  }

  private func check(_ prepared: PreparedScenario, _ verdict: inout ScenarioVerdict) throws {
    var elided = try run(prepared, checksInvariants: true)
    verdict.launches = elided.counter.launches
    verdict.hasHit = elided.counter.hasHit
    verdict.events = elided.events
    if cut(elided, &verdict) { return }
    var literal = try run(prepared, isLiteral: true, checksInvariants: true)
    if cut(literal, &verdict) { return }

    let again = try run(prepared)
    if let broken = elided.violation ?? literal.violation {
      let mode = elided.violation == nil ? "literal: " : ""
      verdict.fail(.invariantBroken, mode + broken)
      // A run stops at what is broken; whether the rest agrees can be seen all the same.
      if elided.violation != nil { elided = try run(prepared) }
      literal = try run(prepared, isLiteral: true)
      if cut(elided, &verdict) || cut(literal, &verdict) { return }
    }
    if elided.json != again.json {
      verdict.fail(
        .notRepeatable, try difference(prepared, elided, again, isLiteral: false))
    }
    if elided.decisions != literal.decisions {
      verdict.fail(
        elided.digest == literal.digest ? .resultsDiffer : .modesDiffer,
        try difference(prepared, elided, literal, isLiteral: true))
    }
  }

  /// Notes that a run was stopped, if it was, and that it got nowhere, if it did not.
  private func cut(_ outcome: Outcome, _ verdict: inout ScenarioVerdict) -> Bool {
    guard outcome.isCut else { return false }
    verdict.isCut = true
    if Double(outcome.events) > 5000 * max(1, outcome.seconds) {
      verdict.fail(
        .standsStill, "\(outcome.events) events, and the clock is at \(outcome.seconds) s")
    }
    return true
  }

  // MARK: - Runs

  /// What one run came to.
  private struct Outcome {
    var counter: ConsequenceCounter
    var violation: String?
    var events: Int
    var isCut: Bool
    /// When it ended, in seconds.
    var seconds: Double
    var digest: String
    /// The result as bytes.
    var json: Data
    /// The same without the number of events, which is not a decision.
    var decisions: Data
  }

  private func run(
    _ prepared: PreparedScenario, isLiteral: Bool = false, checksInvariants: Bool = false,
    sink: (any ClusterEventSink)? = nil
  ) throws -> Outcome {
    let allocator = prepared.scenario.allocators[0]
    let run = try ScenarioRun(
      prepared, allocator: allocator, isLiteral: isLiteral, registry: vocabulary.allocators)
    let counter = ConsequenceCounter()
    run.attach(counter)
    if let sink { run.attach(sink) }
    if checksInvariants { run.check(invariants()) }
    // Of a literal run most events are pings and passes that decide nothing.
    run.run(eventLimit: isLiteral ? eventsMax * 4 : eventsMax)
    var result = run.measured(window: run.window).result
    let json = try ResultJSON.data(result)
    let events = result.events
    result.events = 0
    return Outcome(
      counter: counter, violation: run.violation?.text, events: events,
      isCut: run.isPartial, seconds: result.simulatedSeconds ?? 0, digest: result.digest,
      json: json, decisions: try ResultJSON.data(result))
  }

  /// Where two runs part: at a fact, or else in a figure of their results.
  private func difference(
    _ prepared: PreparedScenario, _ first: Outcome, _ second: Outcome, isLiteral: Bool
  ) throws -> String {
    let (mine, theirs) = (FactList(), FactList())
    _ = try run(prepared, sink: mine)
    _ = try run(prepared, isLiteral: isLiteral, sink: theirs)
    let names = isLiteral ? ("elided", "literal") : ("once", "again")
    if let facts = mine.difference(from: theirs, names.0, names.1) { return facts }
    let left = String(decoding: first.decisions, as: UTF8.self).split(separator: "\n")
    let right = String(decoding: second.decisions, as: UTF8.self).split(separator: "\n")
    for (line, other) in zip(left, right) where line != other {
      let (line, other) = (line.drop { $0 == " " }, other.drop { $0 == " " })
      return "results: \(names.0) \(line); \(names.1) \(other)"
    }
    return "results: \(names.0) took \(first.events) events; \(names.1) \(second.events)"
  }
}
