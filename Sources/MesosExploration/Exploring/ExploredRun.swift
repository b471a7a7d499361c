// Part of mesosim. Apache-2.0, see LICENSE.
//
// What one run of many came to.

/// What came of running some choices.
public struct ExploredRun: Hashable, Sendable {
  /// The choices, and what failed.
  public var trial: Trial
  /// Identifies all that happened.
  public var digest = ""
  /// How many tasks were launched.
  public var launches = 0
  /// How many events it took.
  public var events = 0
  /// Whether a fault had consequences.
  public var hasHit = false
  /// Whether it was stopped because it took too many events.
  public var isCut = false
  /// Whether it could be run at all.
  public var isValid = true

  /// Describes a run of which nothing else is known.
  public init(_ trial: Trial) { self.trial = trial }
}
