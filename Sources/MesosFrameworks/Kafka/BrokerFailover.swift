// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long a broker stays with its slave, and how long it waits after failures (Kafka on Mesos,
// `ly.stealth.mesos.kafka`).

/// How long a broker stays with its slave and waits after failures; times are in seconds.
public struct BrokerFailover: Hashable, Sendable {
  /// What its owner has said of it.
  public struct Rules: Hashable, Sendable {
    /// The delay after the first failure.
    public var delay: Double
    /// The longest delay.
    public var maxDelay: Double
    /// How many failures in a row make it inactive; `nil` for no limit.
    public var maxTries: Int?
    /// How long it goes nowhere but where it was.
    public var stickinessPeriod: Double

    /// Describes rules; the defaults of Kafka on Mesos for what is left out.
    public init(
      delay: Double = 60, maxDelay: Double = 600, maxTries: Int? = nil,
      stickinessPeriod: Double = 600
    ) {
      self.delay = delay
      self.maxDelay = maxDelay
      self.maxTries = maxTries
      self.stickinessPeriod = stickinessPeriod
    }
  }

  /// What its owner has said of it.
  public var rules: Rules
  /// How often it has failed since it last ran.
  public private(set) var failures: Int
  /// When it failed last.
  private(set) var failedAt: Double?
  /// When it ended, in a series of failures for the first time.
  private(set) var stoppedAt: Double?
  /// Where it ran last.
  private(set) var host: String?

  /// Begins with a broker that has never run.
  public init(_ rules: Rules = Rules(), failures: Int = 0) {
    self.rules = rules
    self.failures = failures
  }

  /// Goes on with what was written down.
  init(_ rules: Rules, failures: Int, failedAt: Double?, stoppedAt: Double?, host: String?) {
    self.init(rules, failures: failures)
    self.failedAt = failedAt
    self.stoppedAt = stoppedAt
    self.host = host
  }

  /// The delay that so many failures bring about.
  public var delay: Double {
    guard failures > 0 else { return 0 }
    return min(rules.maxDelay, rules.delay * Double(1 << min(failures - 1, 30)))
  }

  /// Whether it has failed as often as it may.
  public var isExhausted: Bool { rules.maxTries.map { failures >= $0 } ?? false }

  /// Takes note that it runs.
  public mutating func noteRunning(on host: String) {
    self.host = host
    stoppedAt = nil
    resetFailures()
  }

  /// Takes note that it has ended.
  ///
  /// Its time with its slave counts from the first failure of a series.
  public mutating func noteStop(failed: Bool, at now: Double) {
    if !failed || failures == 0 { stoppedAt = now }
    guard failed else { return resetFailures() }
    failures += 1
    failedAt = now
  }

  /// Forgets its failures.
  public mutating func resetFailures() {
    failures = 0
    failedAt = nil
  }

  /// For how many whole seconds it goes nowhere but where it was; 0 for not at all.
  public func stickySeconds(at now: Double) -> Double {
    guard host != nil, let stoppedAt else { return 0 }
    return max(0, (stoppedAt + rules.stickinessPeriod - now).rounded(.towardZero))
  }

  /// For how many whole seconds it waits; what is left below a second no longer counts.
  public func waitingSeconds(at now: Double) -> Double {
    guard let failedAt else { return 0 }
    return max(0, (failedAt + delay - now).rounded(.towardZero))
  }

  /// Whether it may go to a slave as far as stickiness is concerned.
  public func isStuck(elsewhereThan host: String, at now: Double) -> Bool {
    self.host != host && stickySeconds(at: now) > 0
  }
}
