// Part of mesosim. Apache-2.0, see LICENSE.
//
// A broker along its owner's commands and its task's updates (Kafka on Mesos,
// `ly.stealth.mesos.kafka.scheduler`).

/// A broker and its task.
public struct BrokerRecord: Hashable, Sendable {
  /// How far its task is.
  public enum TaskState: String, Hashable, Sendable {
    /// It has been launched.
    case pending
    /// Its executor has begun.
    case starting
    /// It runs.
    case running
    /// It has been told to stop.
    case stopping
    /// The master has been asked what became of it.
    case reconciling
  }

  /// What happens to a broker.
  public enum Event: String, Hashable, Sendable {
    /// Its owner starts it.
    case start
    /// Its owner stops it.
    case stop
    /// Its owner changes its options.
    case updateOptions = "update-options"
    /// An offer suits it.
    case launch
    /// The master is asked for its task.
    case reconcile
    /// Nobody has said what became of its task.
    case giveUp = "give-up"
    /// Its task is at the slave.
    case staging = "STAGING"
    /// Its executor has begun.
    case starting = "STARTING"
    /// It runs.
    case running = "RUNNING"
    /// It runs, says the master when it is asked.
    case reconciled = "RECONCILED"
    /// It is being killed.
    case killing = "KILLING"
    /// It ended well.
    case finished = "FINISHED"
    /// It ended badly.
    case failed = "FAILED"
    /// It was killed.
    case killed = "KILLED"
    /// It is gone.
    case lost = "LOST"
    /// It was refused.
    case error = "ERROR"
  }

  /// Whether it is to run.
  public private(set) var isActive: Bool
  /// Whether it runs with other options than its owner has given since.
  public private(set) var needsRestart: Bool
  /// How far its task is; `nil` when it has none.
  public private(set) var task: TaskState?
  /// Its failures, delays and last slave.
  public internal(set) var failover: BrokerFailover
  /// Whether it had a task that has ended.
  private var hadTask: Bool

  /// Describes a broker.
  public init(
    isActive: Bool = false, needsRestart: Bool = false, task: TaskState? = nil,
    failover: BrokerFailover = BrokerFailover(), hadTask: Bool = false
  ) {
    self.isActive = isActive
    self.needsRestart = needsRestart
    self.task = task
    self.failover = failover
    self.hadTask = hadTask
  }

  /// Whether it needs no offers.
  public var isSteady: Bool { !isActive || task == .running }

  /// Takes note of an event.
  ///
  /// - Parameters:
  ///   - event: What happened.
  ///   - host: Where its task is.
  ///   - now: When, in seconds.
  /// - Returns: Whether its task is to be killed.
  public mutating func note(_ event: Event, on host: String = "", at now: Double = 0) -> Bool {
    switch event {
    case .start:
      isActive = true
      failover.resetFailures()
    case .stop: return stop()
    case .updateOptions: if isActive || task != nil { needsRestart = true }
    case .launch: launch()
    case .reconcile: if task != nil { task = .reconciling }
    case .giveUp:
      guard task == .reconciling else { return false }
      task = .stopping
      return true
    case .staging: break
    case .starting:
      if task == .stopping { return true }
      if task == .pending { task = .starting }
    case .running: return run(on: host)
    case .reconciled:
      guard task == .reconciling else { return false }
      task = .running
      failover.noteRunning(on: host)
    case .killing: if task != .stopping { end(failed: true, at: now) }
    case .finished, .failed, .killed, .lost, .error: end(failed: task != .stopping, at: now)
    }
    return false
  }

  /// A task that does not run yet goes on; it takes a second stop, once it runs, to end it.
  private mutating func stop() -> Bool {
    isActive = false
    failover.resetFailures()
    guard task == .running else { return false }
    task = .stopping
    return true
  }

  private mutating func launch() {
    guard isActive && task == nil else { return }
    task = .pending
    needsRestart = false
  }

  private mutating func run(on host: String) -> Bool {
    switch task {
    case .starting: task = .running
    case .stopping: return true
    case nil:
      // The last task may be alive after all; any other is nobody's.
      guard isActive && hadTask else { return true }
      task = .running
    case .pending, .running, .reconciling: return false
    }
    failover.noteRunning(on: host)
    return false
  }

  private mutating func end(failed: Bool, at now: Double) {
    guard task != nil else { return }
    task = nil
    hadTask = true
    needsRestart = false
    failover.noteStop(failed: failed, at: now)
    if failed && failover.isExhausted { isActive = false }
  }
}
