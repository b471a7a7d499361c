// Part of mesosim. Apache-2.0, see LICENSE.
//
// What becomes of a command where no program really runs, as executors that start programs ask it
// of their environment.

/// What comes of one run of a command in a simulation.
public struct CommandRun: Hashable, Sendable {
  /// How long it runs when nobody ends it; `nil` when it never ends by itself.
  public var duration: Duration?
  /// What it exits with.
  public var exitCode: Int32
  /// How long it takes to end when it is asked to (SIGTERM); `nil` when it does not.
  public var stopDelay: Duration?
  /// How health checks of it come out, in the order of time; before the first it is healthy.
  public var health: [HealthPhase]

  /// Describes a run.
  public init(
    _ duration: Duration?, exitCode: Int32 = 0, stopDelay: Duration? = .zero,
    health: [HealthPhase] = []
  ) {
    self.duration = duration
    self.exitCode = exitCode
    self.stopDelay = stopDelay
    self.health = health
  }

  /// How a check comes out, such a time after the start.
  public func health(after time: Duration) -> HealthPhase.Outcome {
    health.last { $0.from <= time }?.outcome ?? .healthy
  }
}

/// How health checks come out from some time on.
public struct HealthPhase: Hashable, Sendable {
  /// How a check comes out.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// Well.
    case healthy
    /// Badly.
    case unhealthy
    /// Not at all: the check runs into its timeout.
    case hangs
  }

  /// When it begins, from the start of the command.
  public var from: Duration
  /// How checks come out.
  public var outcome: Outcome

  /// Describes a phase.
  public init(from: Duration, _ outcome: Outcome) {
    self.from = from
    self.outcome = outcome
  }
}
