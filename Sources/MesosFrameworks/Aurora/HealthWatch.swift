// Part of mesosim. Apache-2.0, see LICENSE.
//
// How Aurora's executor judges a task by its health checks
// (`apache.aurora.executor.common.health_checker`).

/// A task under health checks, attempt by attempt.
public struct HealthWatch: Hashable, Sendable {
  /// How often and how strictly a task is checked.
  public struct Rules: Hashable, Sendable {
    /// For how long failures are forgiven, in seconds.
    public var initialInterval: Double
    /// The time between two attempts, in seconds.
    public var interval: Double
    /// How many failures in a row are tolerated.
    public var maxFailures: Int
    /// How many successes in a row make a task running.
    public var minSuccesses: Int

    /// Describes checks; Aurora's defaults for what is left out.
    public init(
      initialInterval: Double = 15, interval: Double = 10, maxFailures: Int = 0,
      minSuccesses: Int = 1
    ) {
      self.initialInterval = initialInterval
      self.interval = interval
      self.maxFailures = maxFailures
      self.minSuccesses = minSuccesses
    }

    /// How many attempts are forgiven.
    public var forgiven: Int {
      guard interval > 0, initialInterval > 0 else { return 0 }
      return Int(min(1e9, (initialInterval / interval).rounded(.up)))
    }

    /// By which attempt a task should run.
    public var attempts: Int { forgiven + maxFailures + minSuccesses }
  }

  /// How the checks are to be done.
  public let rules: Rules
  /// `starting`, `running` or `failed`.
  public private(set) var state = AuroraTaskState.starting
  private var attempt = 0
  private var failures = 0
  private var successes = 0

  /// Begins before the first attempt.
  public init(_ rules: Rules) { self.rules = rules }

  /// Takes note of an attempt; once failed, a task remains so.
  public mutating func note(success: Bool) {
    guard state != .failed else { return }
    attempt += 1
    if state == .starting && attempt >= rules.attempts + 2 { return state = .failed }
    if success {
      failures = 0
      successes += 1
      if successes >= rules.minSuccesses { state = .running }
      return
    }
    successes = 0
    guard attempt > rules.forgiven else { return }
    failures += 1
    let left = rules.attempts - attempt
    // With as few attempts left the successes can no longer be had.
    let isHopeless = state == .starting && left > 1 && left < rules.minSuccesses
    if failures > rules.maxFailures || isHopeless { state = .failed }
  }

  /// Takes note of so many successes of a task that runs, which changes nothing but what comes.
  public mutating func note(successes count: Int) {
    guard state == .running, count > 0 else { return }
    let most = Int(Int32.max)
    attempt = min(most, attempt + min(count, most))
    successes = min(most, successes + min(count, most))
    failures = 0
  }
}
