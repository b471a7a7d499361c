// Part of mesosim. Apache-2.0, see LICENSE.
//
// The executor that runs one task of Thermos. What comes of a command is for its maker to say: in a
// simulation nothing really runs.

public import Mesos

/// Runs the processes of one task, and ends with it.
public final class ThermosExecutor: Executor {
  /// What comes of one run of a process.
  public struct CommandRun: Hashable, Sendable {
    /// How long it takes.
    public var duration: Duration
    /// How it ends.
    public var outcome: ThermosOutcome
    /// How long it takes to go when it is told to.
    public var stopDelay: Duration

    /// Describes a run.
    public init(_ duration: Duration, _ outcome: ThermosOutcome, stopDelay: Duration = .zero) {
      self.duration = duration
      self.outcome = outcome
      self.stopDelay = stopDelay
    }
  }

  /// A process that runs.
  private struct Running {
    var timer: TimerID
    var end: Instant
    var stopDelay: Duration
  }

  /// How long it stays after its task, so that the last update gets through.
  private static let stay = Duration.seconds(5)

  private let environment: any Environment
  private let plan: (TaskInfo) -> ThermosTask
  private let command: (ThermosProcess, Int) -> CommandRun
  private var taskID: TaskID?
  private var run: ThermosRun?
  private var starts: [Int: Int] = [:]
  private var running: [Int: Running] = [:]
  private var alarm: TimerID?

  /// Makes an executor.
  ///
  /// - Parameters:
  ///   - environment: Its time.
  ///   - plan: What a task consists of.
  ///   - command: What comes of a process's run; runs are counted from 0.
  public init(
    environment: any Environment, plan: @escaping (TaskInfo) -> ThermosTask,
    command: @escaping (ThermosProcess, Int) -> CommandRun
  ) {
    self.environment = environment
    self.plan = plan
    self.command = command
  }

  /// Runs a task; a second one is lost.
  public func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    guard taskID == nil else {
      let message = "this executor has run task \(taskID?.description ?? "") already"
      driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .lost, message: message))
      return
    }
    taskID = task.taskID
    driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .starting))
    do throws(ThermosFault) { run = try ThermosRun(plan(task)) } catch {
      return end(driver, .failed, error.description)
    }
    driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .running))
    step(driver) { $0.advance(to: $1) }
  }

  /// Ends the task, after its final processes.
  public func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard taskID == self.taskID else { return }
    step(driver) { $0.kill(at: $1) }
  }

  /// Ends the task at once.
  public func shutdown(_ driver: any ExecutorDriver) {
    step(driver) { $0.kill(at: $1, within: .zero) }
  }

  /// Changes the run, and does what comes of it.
  private func step(
    _ driver: any ExecutorDriver, _ change: (inout ThermosRun, Instant) -> [ThermosRun.Action]
  ) {
    guard var run else { return }
    let now = environment.now
    for action in change(&run, now) {
      switch action {
      case .start(let index): start(index, of: run, driver)
      case .terminate(let index): terminate(index, driver)
      case .kill(let index): cancel(index)
      }
    }
    self.run = run
    if let alarm { environment.cancelTimer(alarm) }
    alarm = nil
    if case .ended(let result) = run.stage {
      self.run = nil
      end(driver, result.state, "")
    } else if let next = run.nextAlarm(after: now) {
      alarm = environment.startTimer(after: next - now) { [weak self] in
        self?.alarm = nil
        self?.step(driver) { $0.advance(to: $1) }
      }
    }
  }

  private func start(_ index: Int, of run: ThermosRun, _ driver: any ExecutorDriver) {
    let result = command(run.task.processes[index], starts[index, default: 0])
    starts[index, default: 0] += 1
    let timer = startTimer(index, after: result.duration, result.outcome, driver)
    running[index] = Running(
      timer: timer, end: environment.now + result.duration, stopDelay: result.stopDelay)
  }

  private func terminate(_ index: Int, _ driver: any ExecutorDriver) {
    guard let process = running[index] else { return }
    let end = environment.now + process.stopDelay
    // One that ends by itself before goes its own way.
    guard end < process.end else { return }
    environment.cancelTimer(process.timer)
    running[index]?.timer = startTimer(index, after: process.stopDelay, .killed, driver)
    running[index]?.end = end
  }

  private func startTimer(
    _ index: Int, after delay: Duration, _ outcome: ThermosOutcome, _ driver: any ExecutorDriver
  ) -> TimerID {
    environment.startTimer(after: delay) { [weak self] in
      self?.running[index] = nil
      self?.step(driver) { run, now in
        run.note(outcome, of: index, at: now)
        return run.advance(to: now)
      }
    }
  }

  private func cancel(_ index: Int) {
    guard let process = running.removeValue(forKey: index) else { return }
    environment.cancelTimer(process.timer)
  }

  private func end(_ driver: any ExecutorDriver, _ state: TaskState, _ message: String) {
    guard let taskID else { return }
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: state, message: message))
    _ = environment.startTimer(after: Self.stay) { driver.stop() }
  }
}

extension ThermosRun.Result {
  /// The state a task ends in.
  public var state: TaskState {
    switch self {
    case .success: .finished
    case .failed: .failed
    case .killed: .killed
    case .lost: .lost
    }
  }
}
