// Part of mesosim. Apache-2.0, see LICENSE.
//
// What somebody promises his users, such as "p95 wait < 60s", and whether a run keeps it.

import VirtualTime

/// A limit for how long something may take.
///
///     ServiceObjective(.percentile(95), of: .taskWait, below: .seconds(60))
public struct ServiceObjective: Hashable, Sendable {
  /// What is timed.
  public enum Quantity: String, Hashable, Sendable, CaseIterable {
    /// Each task, from runnable to TASK_RUNNING.
    case taskWait = "wait"
    /// Each job, from its submission to its first TASK_RUNNING.
    case jobWait = "job wait"
    /// Each job, from its submission to the end of its last task.
    case jobTime = "job time"
  }

  /// Which figure of all the times counts.
  public enum Statistic: Hashable, Sendable, CustomStringConvertible {
    /// The mean.
    case mean
    /// The nearest-rank percentile, 1 to 99.
    case percentile(Int)
    /// The longest.
    case max

    /// As it is written: `mean`, `p95` or `max`.
    public var description: String {
      switch self {
      case .mean: "mean"
      case .percentile(let percent): "p\(percent)"
      case .max: "max"
      }
    }
  }

  /// Which figure counts.
  public var statistic: Statistic
  /// What is timed.
  public var quantity: Quantity
  /// The limit.
  public var limit: Duration
  /// Whether the limit itself still meets the objective.
  public var includesLimit: Bool
  /// The framework that it is about; `nil` when every framework has to meet it.
  public var framework: String?

  /// States an objective.
  public init(
    _ statistic: Statistic, of quantity: Quantity, below limit: Duration,
    includesLimit: Bool = false, framework: String? = nil
  ) {
    self.statistic = statistic
    self.quantity = quantity
    self.limit = limit
    self.includesLimit = includesLimit
    self.framework = framework
  }

  /// The figure's name, such as `p95 wait`.
  public var figure: String { "\(statistic) \(quantity.rawValue)" }

  /// Whether a value in seconds meets the objective.
  ///
  /// Counted in nanoseconds, as the times are: a limit is not met by rounding.
  public func isMet(by seconds: Double) -> Bool {
    let limitSeconds = Double(limit.wholeNanoseconds) / 1e9
    return includesLimit ? seconds <= limitSeconds : seconds < limitSeconds
  }
}

/// What an objective's figure came to in one run, for the framework that fares worst.
public struct ObjectiveReading: Hashable, Sendable {
  /// The framework.
  public var framework: String
  /// The value in seconds; `nil` when it has no end: something never starts, or never ends.
  public var seconds: Double?

  /// Whether this is worse than another reading; what has no end is worst.
  package func isWorse(than other: ObjectiveReading) -> Bool {
    (seconds ?? .infinity) > (other.seconds ?? .infinity)
  }
}

extension ServiceObjective {
  /// Reads the figure off a run.
  ///
  /// What has not ended when the run ends is not left out, or the worst clusters would look best:
  /// in a run that a horizon cut off it counts with the time that has passed, in one that was over
  /// by itself as endless. Jobs given up are endless.
  /// - Parameters:
  ///   - run: The run.
  ///   - waits: The waits of its tasks.
  ///   - isCutOff: Whether a horizon ended it.
  /// - Returns: The reading of the framework that fares worst, of those the objective is about;
  ///   `nil` when none of them had anything to time.
  public func reading(
    of run: MeasuredRun, waits: WaitCollector, isCutOff: Bool
  ) -> ObjectiveReading? {
    let end = Instant.start + .nanoseconds(Int64(((run.result.windowSeconds ?? 0) * 1e9).rounded()))
    var worst: ObjectiveReading?
    for (index, result) in run.result.frameworks.enumerated()
    where framework == nil || framework == result.name {
      var times = OpenTimes(end: end, isCutOff: isCutOff)
      switch quantity {
      case .taskWait: waits.fill(&times, of: index)
      case .jobWait: for job in run.jobs[index] { times.addWait(of: job) }
      case .jobTime: for job in run.jobs[index] { times.addTime(of: job) }
      }
      guard times.count > 0 else { continue }
      let reading = ObjectiveReading(framework: result.name, seconds: times.value(of: statistic))
      if worst.map(reading.isWorse(than:)) ?? true { worst = reading }
    }
    return worst
  }
}

/// Times of which some have no end.
struct OpenTimes {
  let end: Instant
  let isCutOff: Bool
  private var ended: [Int64] = []
  private var endless = 0

  init(end: Instant, isCutOff: Bool) {
    self.end = end
    self.isCutOff = isCutOff
  }

  var count: Int { ended.count + endless }

  /// Adds a time that is over, in nanoseconds.
  mutating func add(_ nanoseconds: Int64) { ended.append(nanoseconds) }

  /// Adds times that were not over at the end.
  mutating func addOpen(since start: Instant, count: Int = 1) {
    guard count > 0 else { return }
    if isCutOff {
      let passed = max(0, end.nanoseconds - start.nanoseconds)
      ended.append(contentsOf: repeatElement(passed, count: count))
    } else {
      endless += count
    }
  }

  mutating func addWait(of job: JobOutcome) {
    if let wait = job.wait {
      add(wait)
    } else if job.fate == .abandoned {
      endless += 1
    } else {
      addOpen(since: job.submitted)
    }
  }

  mutating func addTime(of job: JobOutcome) {
    if let time = job.jobTime {
      add(time)
    } else if job.fate == .abandoned {
      endless += 1
    } else {
      addOpen(since: job.submitted)
    }
  }

  /// The figure in seconds; `nil` when it has no end.
  func value(of statistic: ServiceObjective.Statistic) -> Double? {
    let statistics = DurationStatistics(ended)
    switch statistic {
    case .mean: return endless > 0 ? nil : statistics.meanSeconds
    case .max: return endless > 0 ? nil : statistics.maxSeconds
    case .percentile(let percent):
      // Nearest rank among all, the endless ones last.
      let rank = max(1, (count * percent + 99) / 100)
      guard rank <= ended.count else { return nil }
      return Double(ended.sorted()[rank - 1]) / 1e9
    }
  }
}
