// Part of mesosim. Apache-2.0, see LICENSE.
//
// The sample that is meant to fail: a task that takes more and more memory until its container is
// killed for it.

public import Mesos

/// How the balloon framework behaves; the defaults are its constants in Mesos.
public struct BalloonOptions: Sendable, Hashable {
  /// What the task asks for.
  public var resources: Resources
  /// What the executor takes beside it.
  public var executor: Resources
  /// The memory that the task grows to if it is let, in MB, with its executor's.
  public var limitMegabytes: Int
  /// Whether another balloon follows the one that is over.
  public var isLongRunning: Bool

  /// What parameters say; without any: the constants of Mesos.
  public init(_ parameters: Parameters = Parameters()) {
    resources = parameters[Self.resources]
    executor = parameters[Self.executor]
    limitMegabytes = parameters[Self.limit]
    isLongRunning = parameters[Self.longRunning]
  }

  /// The command that starts the executor.
  ///
  /// What an executor uses is not for it to say: a simulation is told by a rule for this command.
  public var executorCommand: String { "./balloon-executor --limit=\(limitMegabytes)MB" }
}

/// Blows up one balloon at a time
/// (Mesos: `src/examples/balloon_framework.cpp`, `src/examples/balloon_executor.cpp`).
///
/// A balloon that gets past the memory of its container ends in TASK_FAILED, which is how it should
/// be: the driver is aborted, so that it can be seen that it burst. One that was let grow to
/// its end stops the driver. Offers that are not used are declined for 10 min.
public final class BalloonScheduler: Scheduler {
  private let options: BalloonOptions
  private let environment: any Environment
  /// The balloon that is being blown up.
  private var active: TaskID?
  private var launched: Int32 = 0
  private var runnableSince: Instant?
  /// What reports are told of that balloon.
  private var job: JobJournal?
  /// The executors that live, as they were described: further tasks must say the same.
  private var executors: [SlaveID: ExecutorInfo] = [:]

  private static let refusal = Filters(refuseSeconds: 600)

  /// Makes the framework.
  public init(options: BalloonOptions = BalloonOptions(), environment: any Environment) {
    self.options = options
    self.environment = environment
  }

  /// Makes the first balloon runnable.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    if active == nil, runnableSince == nil { submit() }
  }

  /// Blows a balloon up on the first offer with room for it, if none is active.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      guard active == nil, let since = runnableSince, let (part, executor) = room(in: offer) else {
        driver.declineOffer(offer.id, filters: Self.refusal)
        continue
      }
      let id = TaskID(String(launched))
      job?.launching(id, needing: options.resources, runnableSince: since)
      executors[offer.slaveID] = executor
      active = id
      runnableSince = nil
      let task = TaskInfo(
        name: "Balloon Task", taskID: id, slaveID: offer.slaveID, resources: part,
        executor: executor, data: Array(String(options.limitMegabytes).utf8))
      driver.launchTasks(offer.id, [task])
    }
  }

  /// Goes on with the next balloon, or ends.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard status.state.isTerminal, status.taskID == active else { return }
    active = nil
    let isBurst = status.state == .failed && status.reason == .containerLimitationMemory
    if status.state == .finished || isBurst { job?.finished() } else { job?.abandoned() }
    launched += 1
    if options.isLongRunning {
      submit()
    } else if status.state == .finished {
      driver.stop(failover: false)
    } else {
      driver.abort()
    }
  }

  /// Forgets the executors of a slave.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    executors[slaveID] = nil
  }

  /// Forgets an executor: the next balloon needs another.
  public func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    executors[slaveID] = nil
  }

  private func submit() {
    runnableSince = environment.now
    job = environment.journal.job(JobID(launched), name: "balloon \(launched)")
    job?.needs(options.resources)
  }

  /// The part of an offer that a balloon can have, with the executor to blow it up.
  private func room(in offer: Offer) -> (Resources, ExecutorInfo)? {
    var remainder = offer.resources
    if let executor = executors[offer.slaveID], offer.executorIDs.contains(executor.executorID) {
      return remainder.take(options.resources).map { ($0, executor) }
    }
    guard let own = remainder.take(options.executor),
      let part = remainder.take(options.resources)
    else { return nil }
    let executor = ExecutorInfo(
      "default", command: CommandInfo(options.executorCommand), resources: own,
      name: "Balloon Executor", source: "balloon_test")
    return (part, executor)
  }
}

/// Grows in steps of 64 MB a second to the size that the task's data say.
public final class BalloonExecutor: Executor {
  /// How much a step takes, in MB.
  public static let stepMegabytes = 64

  private let environment: any Environment
  private var timers: [TaskID: TimerID] = [:]

  /// Makes an executor.
  public init(environment: any Environment) { self.environment = environment }

  /// How long a balloon takes to grow to a size, in MB.
  public static func growth(toMegabytes limit: Int) -> Duration {
    .seconds(max(limit, 0) / stepMegabytes)
  }

  /// Blows a balloon up.
  public func launchTask(_ driver: any ExecutorDriver, task: TaskInfo) {
    guard let limit = Int(String(decoding: task.data, as: UTF8.self)) else {
      driver.sendStatusUpdate(
        TaskStatus(taskID: task.taskID, state: .failed, message: "the task's data are no MB"))
      return
    }
    let id = task.taskID
    driver.sendStatusUpdate(TaskStatus(taskID: id, state: .running))
    timers[id] = environment.startTimer(after: Self.growth(toMegabytes: limit)) { [weak self] in
      self?.timers[id] = nil
      driver.sendStatusUpdate(TaskStatus(taskID: id, state: .finished))
    }
  }

  /// Lets the air out.
  public func killTask(_ driver: any ExecutorDriver, taskID: TaskID) {
    guard let timer = timers.removeValue(forKey: taskID) else { return }
    environment.cancelTimer(timer)
    driver.sendStatusUpdate(TaskStatus(taskID: taskID, state: .killed))
  }
}

// MARK: - In a scenario

extension FrameworkDescriptor {
  /// `balloon`.
  public static let balloon = FrameworkDescriptor(
    "balloon", "Mesos's balloon_framework: a task that outgrows its memory",
    parameters: [
      BalloonOptions.resources, BalloonOptions.executor, BalloonOptions.limit,
      BalloonOptions.longRunning,
    ],
    makeScheduler: { BalloonScheduler(options: BalloonOptions($0.parameters), environment: $1) }
  ).with {
    $0.isEndless = { request in request[BalloonOptions.longRunning] }
    $0.commands = { request in [BalloonOptions(request.parameters).growing] }
    $0.makeExecutors = { _ in { _, environment in BalloonExecutor(environment: environment) } }
  }
}

extension BalloonOptions {
  static let resources = Parameter.resources(
    "resources", default: Resources(cpus: 0.1, mem: 32), "what its task asks for")
  static let executor = Parameter.resources(
    "executor", default: Resources(cpus: 0.1, mem: 64), "what its executor takes beside it")
  static let limit = Parameter.wholeMegabytes(
    "limit", default: 256, "the memory that it grows to, 64 MB a second, if it is let")
  static let longRunning = Parameter.flag(
    "longRunning", default: false, "whether another balloon follows the one that is over")

  /// What an executor uses, which no executor can say itself.
  fileprivate var growing: FrameworkCommand {
    let growth = CommandUsage.Course(
      from: 0, to: Double(limitMegabytes), over: BalloonExecutor.growth(toMegabytes: limitMegabytes)
    )
    return FrameworkCommand(
      executorCommand, length: .endless, usage: CommandUsage(mem: growth))
  }
}
