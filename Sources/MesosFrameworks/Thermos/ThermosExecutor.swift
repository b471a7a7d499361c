// Part of mesosim. Apache-2.0, see LICENSE.
//
// Aurora's executor: it runs one task of Thermos. What comes of a command is for its environment to
// say: in a simulation nothing really runs.

public import Mesos

/// Runs the processes of one task, and ends with it (Aurora, `apache.aurora.executor`).
public final class ThermosExecutor: Executor {
  /// A process that runs.
  private struct Running {
    var index: Int
    /// `nil` when it goes on until it is ended.
    var timer: TimerID?
    var run: CommandRun
    var start: Instant
    var end: Instant
  }

  /// How long it stays after its task, so that the last update gets through.
  private static let stay = Duration.seconds(5)

  private let environment: any Environment
  private let read: (TaskInfo) throws(AuroraJobFault) -> ThermosAssignment
  private var taskID: TaskID?
  private var hostname = ""
  private var assignment: ThermosAssignment?
  /// How far the task is; `nil` while that changes.
  private var run: ThermosRun?
  private var starts: [Int: Int] = [:]
  private var running: [Running] = []
  private var alarm: TimerID?
  private var health: HealthWatch?
  private var healthTimer: TimerID?
  /// When health was to be checked last.
  private var lastCheck = Instant.start
  /// Why the task is ended although nobody asked for it.
  private var failure: String?

  /// Makes an executor.
  ///
  /// - Parameters:
  ///   - environment: Its time, and what comes of commands.
  ///   - read: Reads what a task consists of; says why it cannot.
  public init(
    environment: any Environment,
    read: @escaping (TaskInfo) throws(AuroraJobFault) -> ThermosAssignment
  ) {
    self.environment = environment
    self.read = read
  }

  /// Remembers where it runs.
  public func registered(
    _ driver: any ExecutorDriver, executorInfo: ExecutorInfo, frameworkInfo: FrameworkInfo,
    slaveInfo: SlaveInfo
  ) { hostname = slaveInfo.hostname }

  /// Runs a task; a second one is lost.
  public func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    guard taskID == nil else {
      let message = "this executor has run task \(taskID?.description ?? "") already"
      driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .lost, message: message))
      return
    }
    taskID = task.taskID
    driver.sendStatusUpdate(TaskStatus(taskID: task.taskID, state: .starting))
    do throws(AuroraJobFault) { assignment = try read(task) } catch {
      return end(driver, .failed, error.description)
    }
    run = assignment?.run
    if assignment?.hasReferences == true { assignment?.references["mesos.hostname"] = hostname }
    let isUnchecked = assignment?.runsUnchecked != false
    if isUnchecked || assignment?.health == nil { reportRunning(driver) }
    step(driver) { $0.advance(to: $1) }
    beginChecks(driver)
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

  private func reportRunning(_ driver: any ExecutorDriver) {
    guard let taskID else { return }
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .running))
  }

  // MARK: Processes

  /// Changes the run, and does what comes of it.
  private func step(
    _ driver: any ExecutorDriver, _ change: (inout ThermosRun, Instant) -> [ThermosRun.Action]
  ) {
    guard var run else { return }
    self.run = nil
    let now = environment.now
    for action in change(&run, now) {
      switch action {
      case .start(let index): start(index, driver)
      case .terminate(let index): terminate(index, driver)
      case .kill(let index): cancel(index)
      }
    }
    self.run = run
    if let alarm { environment.cancelTimer(alarm) }
    alarm = nil
    if case .ended(let result) = run.stage {
      end(driver, failure == nil ? result.state : .failed, failure ?? "")
    } else if let next = run.nextAlarm(after: now) {
      alarm = environment.startTimer(after: next - now) { [weak self] in
        self?.alarm = nil
        self?.step(driver) { $0.advance(to: $1) }
      }
    }
  }

  private func start(_ index: Int, _ driver: any ExecutorDriver) {
    guard let assignment else { return }
    let line = assignment.commandLine(of: index)
    let number = starts[index, default: 0]
    starts[index] = number + 1
    let run = environment.run(of: line, number: number) ?? assignment.usualRun(of: index)
    let now = environment.now
    var process = Running(index: index, timer: nil, run: run, start: now, end: .distantFuture)
    if let duration = run.duration {
      process.end = now + duration
      process.timer = startTimer(
        index, after: duration, run.exitCode == 0 ? .success : .failed, driver)
    }
    running.append(process)
    // Checks rest while they can only say what they said before.
    if health?.state == .running, healthTimer == nil, !run.health.isEmpty { planCheck(driver) }
  }

  private func terminate(_ index: Int, _ driver: any ExecutorDriver) {
    guard let place = running.firstIndex(where: { $0.index == index }) else { return }
    let process = running[place]
    guard let delay = process.run.stopDelay else { return }
    let end = environment.now + delay
    // One that ends by itself before goes its own way.
    guard end < process.end else { return }
    if let timer = process.timer { environment.cancelTimer(timer) }
    running[place].timer = startTimer(index, after: delay, .killed, driver)
    running[place].end = end
  }

  private func startTimer(
    _ index: Int, after delay: Duration, _ outcome: ThermosOutcome, _ driver: any ExecutorDriver
  ) -> TimerID {
    environment.startTimer(after: delay) { [weak self] in
      self?.running.removeAll { $0.index == index }
      self?.step(driver) { run, now in
        run.note(outcome, of: index, at: now)
        return run.advance(to: now)
      }
    }
  }

  private func cancel(_ index: Int) {
    guard let place = running.firstIndex(where: { $0.index == index }) else { return }
    if let timer = running.remove(at: place).timer { environment.cancelTimer(timer) }
  }

  private func end(_ driver: any ExecutorDriver, _ state: TaskState, _ message: String) {
    guard let taskID else { return }
    assignment = nil
    run = nil
    stopChecks()
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: state, message: message))
    environment.startTimer(after: Self.stay) { driver.stop() }
  }

  // MARK: Health

  private func beginChecks(_ driver: any ExecutorDriver) {
    guard let assignment, var rules = assignment.health else { return }
    var delay = Duration.zero
    // Early versions slept before they looked; later ones look at once and forgive.
    if assignment.runsUnchecked {
      delay = .rounded(seconds: rules.initialInterval)
      rules.initialInterval = 0
    }
    health = HealthWatch(rules)
    check(driver, after: delay)
  }

  private func check(_ driver: any ExecutorDriver, after delay: Duration) {
    healthTimer = environment.startTimer(after: delay) { [weak self] in
      guard let self else { return }
      lastCheck = environment.now
      if outcome(at: lastCheck) != .hangs { return note(driver) }
      healthTimer = environment.startTimer(after: Self.checkTimeout) { [weak self] in
        self?.note(driver)
      }
    }
  }

  /// How long a check may take (`timeout_secs`).
  private static let checkTimeout = Duration.seconds(1)

  private func note(_ driver: any ExecutorDriver) {
    healthTimer = nil
    guard var health, run?.stage == .active else { return }
    let isFirstSuccess = health.state == .starting
    let isHealthy = outcome(at: lastCheck) == .healthy
    health.note(success: isHealthy)
    self.health = health
    switch health.state {
    case .failed:
      failure = "Failed health check!"
      return step(driver) { $0.kill(at: $1) }
    case .running where isFirstSuccess && assignment?.runsUnchecked == false:
      reportRunning(driver)
    default: break
    }
    planCheck(driver)
  }

  /// Checks again an interval later, or when a check may say something else.
  private func planCheck(_ driver: any ExecutorDriver) {
    guard let health else { return }
    let interval = max(.milliseconds(1), Duration.rounded(seconds: health.rules.interval))
    var next = lastCheck + interval
    if health.state == .running, outcome(at: environment.now) == .healthy {
      guard let change = nextHealthChange else { return }
      let early = (change - next).wholeNanoseconds
      // Checks keep their times, those that are left out too.
      if early > 0 {
        let step = interval.wholeNanoseconds
        let skipped = (early + step - 1) / step
        next = next + .nanoseconds(skipped * step)
        self.health?.note(successes: Int(clamping: skipped))
      }
    }
    check(driver, after: max(.zero, next - environment.now))
  }

  /// How a check of all that runs comes out.
  private func outcome(at instant: Instant) -> HealthPhase.Outcome {
    var worst = HealthPhase.Outcome.healthy
    for process in running where !process.run.health.isEmpty {
      switch process.run.health(after: instant - process.start) {
      case .healthy: break
      case .unhealthy: return .unhealthy
      case .hangs: worst = .hangs
      }
    }
    return worst
  }

  /// When what runs now gets another health next.
  private var nextHealthChange: Instant? {
    let now = environment.now
    return running.flatMap { process in
      process.run.health.map { process.start + $0.from }
    }.filter { $0 > now }.min()
  }

  private func stopChecks() {
    if let healthTimer { environment.cancelTimer(healthTimer) }
    healthTimer = nil
    health = nil
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
