// Part of mesosim. Apache-2.0, see LICENSE.
//
// What came of holding a scenario to what must be true of every run.

/// What came of checking a scenario.
public struct ScenarioVerdict: Hashable, Sendable {
  /// What can be wrong.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The scenario is refused when it is read.
    case invalid
    /// A literal run decides otherwise than one without its needless events.
    case modesDiffer = "modes differ"
    /// A literal run decides the same, and something else is told of it.
    case resultsDiffer = "results differ"
    /// A run takes thousands of events for each second, most of them at one instant.
    case standsStill = "time stands still"
    /// A second run of the same scenario gives other results.
    case notRepeatable = "not repeatable"
    /// Something that must always hold does not.
    case invariantBroken = "invariant broken"
  }

  /// Something that is wrong.
  public struct Failure: Hashable, Sendable {
    /// Of what kind.
    public let kind: Kind
    /// In one line: the first fact or figure that differs, or what is broken and when.
    public let detail: String
  }

  /// What is wrong; empty when all is as it should be.
  public var failures: [Failure] = []
  /// How many tasks were launched.
  public var launches = 0
  /// Whether something that went wrong had consequences: a party was lost or disconnected, or a
  /// task ended that had not finished.
  public var hasHit = false
  /// How many events one run took.
  public var events = 0
  /// Whether a run was stopped because it took too many events, so that no results were compared.
  public var isCut = false

  /// Whether all is as it should be.
  public var isGood: Bool { failures.isEmpty }

  mutating func fail(_ kind: Kind, _ detail: String) {
    failures.append(Failure(kind: kind, detail: detail))
  }
}
