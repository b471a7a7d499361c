// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long an app that fails has to wait for its next launch.

public import Mesos

/// How the delay between launches grows.
public struct BackoffStrategy: Hashable, Sendable {
  /// The first delay, in seconds.
  public var seconds: Double
  /// By what it grows with each further failure.
  public var factor: Double
  /// The longest delay, in seconds.
  public var maxSeconds: Double

  /// Describes how the delay grows; Marathon's defaults for what is left out.
  public init(seconds: Double = 1, factor: Double = 1.15, maxSeconds: Double = 300) {
    self.seconds = seconds
    self.factor = factor
    self.maxSeconds = maxSeconds
  }
}

/// The launch delay of one configuration of an app.
///
/// Each failure makes it longer; each launch that gets further restarts it, so that what flaps is
/// launched one by one.
public struct LaunchDelay: Hashable, Sendable {
  /// What happens to an instance, as far as the delay is concerned.
  public enum Event: String, Hashable, Sendable, CaseIterable {
    /// It failed.
    case failed
    /// It was refused.
    case error
    /// It was never launched.
    case dropped
    /// It is gone with its slave.
    case gone
    /// It ended by itself, which a service must not.
    case finished
    /// An offer was accepted for it.
    case provisioned
    /// It is being launched.
    case staging
    /// It is starting.
    case starting
    /// It runs.
    case running
    /// It was killed because somebody wanted that.
    case killed
    /// It ended because its slave is being emptied.
    case draining = "agent-draining"
  }

  private let strategy: BackoffStrategy
  /// The delay in seconds and the instant from which it counts; `nil` for none.
  private var current: (seconds: Double, reference: Instant)?

  /// Begins without a delay.
  public init(_ strategy: BackoffStrategy) { self.strategy = strategy }

  /// The delay, in seconds; `nil` for none.
  public var seconds: Double? { current?.seconds }

  /// When the next launch is allowed; `nil` for at once.
  public var launchAt: Instant? { current.map { $0.reference + .rounded(seconds: $0.seconds) } }

  /// Whether a launch is allowed.
  public func allowsLaunch(at now: Instant) -> Bool { launchAt.map { now >= $0 } ?? true }

  /// Takes note of what happened to an instance.
  public mutating func note(_ event: Event, at now: Instant) {
    switch event {
    case .failed, .error, .dropped, .gone, .finished:
      let next = current.map { $0.seconds * strategy.factor } ?? strategy.seconds
      current = (min(next, strategy.maxSeconds), now)
    case .provisioned, .staging, .starting, .running: current?.reference = now
    case .killed: break
    case .draining: current = nil
    }
  }

  /// Drops the delay.
  public mutating func reset() { current = nil }

  /// Drops a delay that nothing has happened to for longer than the longest delay.
  public mutating func sweep(at now: Instant) {
    guard let current else { return }
    if now > current.reference + .rounded(seconds: strategy.maxSeconds) { self.current = nil }
  }

  /// Whether both have the same delay.
  public static func == (left: LaunchDelay, right: LaunchDelay) -> Bool {
    left.strategy == right.strategy && left.seconds == right.seconds
      && left.launchAt == right.launchAt
  }

  /// Hashes the delay.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(strategy)
    hasher.combine(seconds)
    hasher.combine(launchAt)
  }
}
