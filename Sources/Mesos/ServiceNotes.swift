// Part of mesosim. Apache-2.0, see LICENSE.
//
// What frameworks with services tell reports of them, in words: how they were changed, and why
// tasks had to wait. Nothing is decided by it.

public import VirtualTime

/// A change of services, such as a deployment: its steps, and what became of it.
public struct ServiceChange: Hashable, Sendable {
  /// One step.
  public struct Step: Hashable, Sendable {
    /// What is done, such as `RestartApplication /web`.
    public var what: String
    /// When it began.
    public var began: Instant
    /// When it was done; `nil` for not yet, or never.
    public var ended: Instant?

    /// Describes a step.
    public init(_ what: String, began: Instant, ended: Instant? = nil) {
      self.what = what
      self.began = began
      self.ended = ended
    }
  }

  /// What became of a change.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It is under way.
    case underWay = "under way"
    /// All its steps are done.
    case done
    /// Another one took its place, or it was given up.
    case cancelled
    /// It was not begun.
    case refused
  }

  /// Names it within its framework.
  public var id: String
  /// What was asked for.
  public var what: String
  /// When it began.
  public var began: Instant
  /// When it was done, cancelled or refused.
  public var ended: Instant?
  /// What became of it.
  public var outcome = Outcome.underWay
  /// Why it was refused or cancelled; empty for no reason.
  public var reason = ""
  /// The steps that have begun.
  public var steps: [Step] = []

  /// Describes a change that begins.
  public init(id: String, what: String, began: Instant) {
    self.id = id
    self.what = what
    self.began = began
  }
}

/// Why tasks of a group were not launched on what was offered.
public struct ServiceWait: Hashable, Sendable {
  /// What the group is called.
  public var name: String
  /// How many offers it was tried with.
  public var offers: Int
  /// How many of these it could not use, by the first reason, most first.
  public var reasons: [Reason]

  /// A reason and how often it was the first.
  public struct Reason: Hashable, Sendable {
    /// What kept it from being launched, such as `InsufficientCpus`.
    public var name: String
    /// How many offers it made useless.
    public var offers: Int

    /// Describes a reason.
    public init(_ name: String, offers: Int) {
      self.name = name
      self.offers = offers
    }
  }

  /// Describes why a group waited.
  public init(_ name: String, offers: Int, reasons: [Reason]) {
    self.name = name
    self.offers = offers
    self.reasons = reasons
  }
}
