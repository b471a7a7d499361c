// Part of mesosim. Apache-2.0, see LICENSE.
//
// One run of a task (Thermos, `apache.thermos.core.runner`): what to start and what to stop, given
// how processes ended. It acts at the very instant; Thermos looks once a second.

public import Mesos

/// A task as it runs.
///
/// Whoever owns it does what the actions say, tells it how processes end, and calls `advance(to:)`
/// when that happens and at `nextAlarm`.
public struct ThermosRun: Sendable {
  /// How far the task is.
  public enum Stage: Hashable, Sendable {
    /// Its processes run.
    case active
    /// What still runs has been told to stop.
    case cleaning
    /// The final processes run.
    case finalizing
    /// It has ended.
    case ended(Result)
  }

  /// What came of a task.
  public enum Result: String, Hashable, Sendable {
    /// No more processes failed than may.
    case success = "SUCCESS"
    /// Too many processes failed, or some could never run.
    case failed = "FAILED"
    /// Somebody wanted it to end.
    case killed = "KILLED"
    /// Nobody knows.
    case lost = "LOST"
  }

  /// What is to be done with a process, which is named by its position in the task.
  public enum Action: Hashable, Sendable {
    /// Start it.
    case start(Int)
    /// Tell it to stop (SIGTERM); its end is yet to be reported.
    case terminate(Int)
    /// Stop it (SIGKILL); it counts as killed already.
    case kill(Int)
  }

  /// The task.
  public let task: ThermosTask
  /// How far it is.
  public private(set) var stage = Stage.active
  private var regular: ThermosPlan
  private var final: ThermosPlan
  private var forced: Result?
  /// When stopping and finalizing must be over.
  private var deadline = Instant.distantFuture

  /// Begins to run a task.
  ///
  /// - Throws: `ThermosFault` when it cannot be run.
  public init(_ task: ThermosTask) throws(ThermosFault) {
    let before = try task.predecessors()
    self.task = task
    regular = ThermosPlan(task, before, finals: false)
    final = ThermosPlan(task, before, finals: true)
  }

  /// The positions of the processes that run.
  public var running: [Int] { regular.running + final.running }

  /// Whether no other process waits for this one.
  func isLast(_ index: Int) -> Bool { regular.isLast(index) && final.isLast(index) }

  /// When something happens though no process ends; `nil` for never.
  public func nextAlarm(after now: Instant) -> Instant? {
    let limit = deadline == .distantFuture ? nil : deadline
    switch stage {
    case .active: return regular.nextReady(after: now)
    case .cleaning: return limit
    case .finalizing: return [final.nextReady(after: now), limit].compactMap { $0 }.min()
    case .ended: return nil
    }
  }

  /// Takes note of the end of a process; one that does not run is ignored.
  public mutating func note(_ outcome: ThermosOutcome, of index: Int, at now: Instant) {
    if regular.running.contains(index) { regular.end(index, outcome, at: now) }
    if final.running.contains(index) { final.end(index, outcome, at: now) }
  }

  /// Goes on as far as it gets at this instant.
  ///
  /// - Returns: What is to be done, in this order.
  public mutating func advance(to now: Instant) -> [Action] {
    var actions: [Action] = []
    while true {
      switch stage {
      case .active:
        // Whoever may start does so before anybody looks whether the task is done.
        actions += Self.launch(&regular, task.maxConcurrency, at: now)
        guard regular.isComplete || !isHealthy else { return actions }
        actions += clean(deadline: now + task.finalizationWait)
      case .cleaning:
        let isOver = now >= deadline
        guard isOver || regular.running.isEmpty else { return actions }
        if isOver { actions += end(at: now) } else { stage = .finalizing }
      case .finalizing:
        actions += Self.launch(&final, task.maxConcurrency, at: now)
        guard final.isComplete || final.isDeadlocked || now >= deadline else { return actions }
        actions += end(at: now)
      case .ended: return actions
      }
    }
  }

  /// Ends the task because somebody wants that; its final processes do run.
  ///
  /// - Returns: What is to be done, in this order.
  public mutating func kill(at now: Instant, within wait: Duration = .seconds(60)) -> [Action] {
    if case .ended = stage { return [] }
    forced = .killed
    let actions = stage == .active ? clean(deadline: now + wait) : []
    deadline = now + wait
    return actions + advance(to: now)
  }

  /// Ends the task at once, without its final processes.
  ///
  /// - Returns: What is to be done, in this order.
  public mutating func lose(at now: Instant) -> [Action] {
    if case .ended = stage { return [] }
    forced = .lost
    return end(at: now)
  }

  private var isHealthy: Bool {
    !regular.isDeadlocked && (task.maxFailures == 0 || regular.failedCount < task.maxFailures)
  }

  private static func launch(
    _ plan: inout ThermosPlan, _ maxConcurrency: Int, at now: Instant
  ) -> [Action] {
    var starts = plan.runnable(at: now)
    if maxConcurrency > 0 {
      starts = Array(starts.prefix(max(0, maxConcurrency - plan.running.count)))
    }
    for index in starts { plan.start(index) }
    return starts.map { .start($0) }
  }

  private mutating func clean(deadline: Instant) -> [Action] {
    stage = .cleaning
    self.deadline = deadline
    return regular.running.map { .terminate($0) }
  }

  private mutating func end(at now: Instant) -> [Action] {
    let left = running
    for index in left { note(.killed, of: index, at: now) }
    stage = .ended(forced ?? (isHealthy ? .success : .failed))
    return left.map { .kill($0) }
  }
}
