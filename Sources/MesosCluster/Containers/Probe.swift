// Part of mesosim. Apache-2.0, see LICENSE.
//
// Checks of a running command, one attempt after the other (Rules 10; Mesos:
// `checks/checker_process.cpp`, `checks/health_checker.cpp`).

import Mesos
import VirtualTime

/// Attempts to check a command, at intervals.
struct Probe {
  /// How an attempt comes out.
  enum Outcome: Equatable {
    case success
    /// With this exit code, where a command checks.
    case failure(exitCode: Int32)
    /// It took too long.
    case timeout
  }

  let kind: CheckKind
  let interval: Int64
  /// How long an attempt may take; `Int64.max` for as long as it likes.
  let timeout: Int64
  /// The command that checks, where it is one that says what it does.
  let command: SimulatedCommand?
  /// When the attempt under way comes out, and how.
  private(set) var resultAt = Instant.distantFuture
  private var begunAt = Instant.start
  private(set) var outcome = Outcome.success

  init(
    _ kind: CheckKind, command: CommandInfo?, intervalSeconds: Double, timeoutSeconds: Double
  ) {
    self.kind = kind
    // Without any time between them, attempts would fill one instant endlessly.
    interval = max(1_000_000, Duration.wholeNanoseconds(seconds: intervalSeconds))
    timeout = timeoutSeconds > 0 ? Duration.wholeNanoseconds(seconds: timeoutSeconds) : .max
    self.command = kind == .command ? command.flatMap { SimulatedCommand.read($0.line) } : nil
  }

  /// Begins an attempt at an instant; the command's rule says how it comes out.
  mutating func begin(at instant: Instant, _ phases: [HealthPhase], startedAt: Instant) {
    var length = command?.length ?? 0
    var result =
      command.map { $0.exitCode == 0 ? .success : .failure(exitCode: $0.exitCode) }
      ?? Outcome.success
    switch Probe.phase(phases, at: instant, startedAt: startedAt) {
    case .healthy: break
    case .unhealthy: result = .failure(exitCode: 1)
    case .hangs: length = .max
    }
    if length > timeout || length == .max {
      result = .timeout
      length = timeout
    }
    outcome = result
    begunAt = instant
    resultAt = length == .max ? .distantFuture : instant.advanced(byNanoseconds: length)
  }

  /// Begins the next attempt after the one that has just come out.
  ///
  /// Attempts that would come out as this one did are passed over: they are not reported.
  mutating func beginNext(
    _ phases: [HealthPhase], startedAt: Instant, skipsAlike: Bool
  ) {
    var next = resultAt.advanced(byNanoseconds: interval)
    if skipsAlike {
      let change = phases.map { startedAt + $0.from }.filter { $0 > begunAt }.min()
      guard let change else { return resultAt = .distantFuture }
      if next < change {
        let step = Int128(interval) + Int128(command?.length ?? 0)
        let skipped = (Int128(change.nanoseconds - next.nanoseconds) + step - 1) / step
        next = next.advanced(byNanoseconds: Int64(skipped * step))
      }
    }
    begin(at: next, phases, startedAt: startedAt)
  }

  /// No more attempts.
  mutating func stop() { resultAt = .distantFuture }

  private static func phase(
    _ phases: [HealthPhase], at instant: Instant, startedAt: Instant
  ) -> HealthPhase.Outcome {
    phases.last { startedAt + $0.from <= instant }?.outcome ?? .healthy
  }

  /// What a general check reports.
  var status: CheckStatus {
    switch kind {
    case .http:
      switch outcome {
      case .success: .http(status: 200)
      case .failure: .http(status: 500)
      case .timeout: .http(status: nil)
      }
    case .tcp:
      switch outcome {
      case .success: .tcp(isConnected: true)
      case .failure: .tcp(isConnected: false)
      case .timeout: .tcp(isConnected: nil)
      }
    case .command, .unknown:
      switch outcome {
      case .success: .command(exitCode: 0)
      case .failure(let code): .command(exitCode: code)
      case .timeout: .command(exitCode: nil)
      }
    }
  }
}

/// A health check under way.
struct HealthWatch {
  /// What follows from an attempt.
  enum Verdict: Equatable {
    case silence
    case report(isHealthy: Bool)
    /// The last failure that was tolerated is passed: report, then kill.
    case kill
  }

  var probe: Probe
  private let graceEnd: Instant
  private let failuresMax: UInt32
  private var failures: UInt32 = 0
  private var wasHealthy = false
  private var reported: Bool?

  init(_ check: HealthCheck, startedAt: Instant, _ phases: [HealthPhase]) {
    probe = Probe(
      check.inferredKind ?? .unknown, command: check.command,
      intervalSeconds: check.intervalSeconds, timeoutSeconds: check.timeoutSeconds)
    graceEnd = startedAt + .rounded(seconds: check.gracePeriodSeconds)
    failuresMax = max(1, check.consecutiveFailures)
    probe.begin(
      at: startedAt + .rounded(seconds: check.delaySeconds), phases, startedAt: startedAt)
  }

  /// Judges the attempt that has come out, and begins the next.
  mutating func judge(_ phases: [HealthPhase], startedAt: Instant) -> Verdict {
    let now = probe.resultAt
    guard probe.outcome != .success else {
      failures = 0
      wasHealthy = true
      let isNews = reported != true
      reported = true
      probe.beginNext(phases, startedAt: startedAt, skipsAlike: true)
      return isNews ? .report(isHealthy: true) : .silence
    }
    probe.beginNext(phases, startedAt: startedAt, skipsAlike: false)
    if !wasHealthy, now <= graceEnd { return .silence }
    failures += 1
    reported = false
    if failures >= failuresMax {
      probe.stop()
      return .kill
    }
    return .report(isHealthy: false)
  }
}

/// A general check under way.
struct CheckWatch {
  var probe: Probe
  private var reported: CheckStatus?

  init(_ check: CheckInfo, startedAt: Instant, _ phases: [HealthPhase]) {
    probe = Probe(
      check.kind ?? .unknown, command: check.command, intervalSeconds: check.intervalSeconds,
      timeoutSeconds: check.timeoutSeconds)
    probe.begin(
      at: startedAt + .rounded(seconds: check.delaySeconds), phases, startedAt: startedAt)
  }

  /// What the attempt that has come out changes, if anything; begins the next.
  mutating func judge(_ phases: [HealthPhase], startedAt: Instant) -> CheckStatus? {
    let status = probe.status
    probe.beginNext(phases, startedAt: startedAt, skipsAlike: true)
    guard status != reported else { return nil }
    reported = status
    return status
  }
}
