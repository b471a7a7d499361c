// Part of mesosim. Apache-2.0, see LICENSE.
//
// The sample that stays: many small tasks, one after the other, in one executor on one slave.

public import Mesos

/// How the long-lived framework behaves; the defaults are its constants in Mesos.
public struct LongLivedOptions: Sendable, Hashable {
  /// How many tasks it runs; `nil` for one after the other, endlessly.
  public var tasks: Int?
  /// What each needs.
  public var resources: Resources
  /// How long each sleeps.
  public var duration: Duration
  /// What the executor takes beside them.
  public var executor: Resources

  /// What parameters say; without any: the constants of Mesos.
  public init(_ parameters: Parameters = Parameters()) {
    tasks = parameters[Self.tasks]
    resources = parameters[Self.resources]
    duration = parameters[Self.duration]
    executor = parameters[Self.executor]
  }
}

/// Picks the first slave that has room for its executor and stays with it, one task an offer
/// (Mesos: `src/examples/long_lived_framework.cpp`).
///
/// All other offers are declined for 10 min. When the slave or the executor is lost, it picks
/// another; tasks that were lost with it are not launched again.
public final class LongLivedScheduler: Scheduler {
  private let options: LongLivedOptions
  private var tasks: EqualTasks
  /// Where the executor lives, and how it was described: further tasks must say the same.
  private var home: (slave: SlaveID, executor: ExecutorInfo)?

  private static let refusal = Filters(refuseSeconds: 600)

  /// Makes the framework.
  public init(options: LongLivedOptions = LongLivedOptions(), environment: any Environment) {
    self.options = options
    tasks = EqualTasks(options.tasks, options.resources, environment: environment)
  }

  /// Makes its tasks runnable.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    tasks.submit(as: "long-lived")
  }

  /// Launches a task on its slave, or on the first that has room; declines the rest.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      if tasks.hasNext, let (part, executor) = room(in: offer) {
        home = (offer.slaveID, executor)
        let id = tasks.takeNext()
        let task = TaskInfo(
          name: "Task \(id)", taskID: id, slaveID: offer.slaveID, resources: part,
          executor: executor, data: SleepingExecutor.data(options.duration))
        driver.launchTasks(offer.id, [task])
      } else {
        driver.declineOffer(offer.id, filters: Self.refusal)
      }
    }
  }

  /// The part of an offer that a task can have, with the executor to run it.
  private func room(in offer: Offer) -> (Resources, ExecutorInfo)? {
    var remainder = offer.resources
    if let home {
      guard home.slave == offer.slaveID else { return nil }
      if offer.executorIDs.contains(home.executor.executorID) {
        return remainder.take(options.resources).map { ($0, home.executor) }
      }
    }
    guard let own = remainder.take(options.executor),
      let part = remainder.take(options.resources)
    else { return nil }
    let executor = ExecutorInfo(
      "default", command: CommandInfo("./long-lived-executor"), resources: own,
      name: "Long Lived Executor")
    return (part, executor)
  }

  /// Stops when all tasks are over.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if tasks.note(status), tasks.areDone { driver.stop(failover: false) }
  }

  /// Looks for another slave.
  public func slaveLost(_ driver: any SchedulerDriver, slaveID: SlaveID) {
    if home?.slave == slaveID { home = nil }
  }

  /// Looks for another slave.
  public func executorLost(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, status: Int
  ) {
    if home?.slave == slaveID { home = nil }
  }
}

// MARK: - In a scenario

extension FrameworkDescriptor {
  /// `long-lived`.
  public static let longLived = FrameworkDescriptor(
    "long-lived", "Mesos's long_lived_framework: small tasks, all on one slave",
    parameters: [
      LongLivedOptions.tasks, LongLivedOptions.resources, LongLivedOptions.duration,
      LongLivedOptions.executor,
    ],
    makeScheduler: { LongLivedScheduler(options: LongLivedOptions($0.parameters), environment: $1) }
  ).with {
    $0.isEndless = { request in request[LongLivedOptions.tasks] == nil }
    $0.makeExecutors = { _ in { _, environment in SleepingExecutor(environment: environment) } }
  }
}

extension LongLivedOptions {
  static let tasks = Parameter.integer(
    "tasks", 1...1_000_000, or: "endless", default: nil, "how many tasks it runs")
  static let resources = Parameter.resources(
    "resources", default: Resources(cpus: 0.001, mem: 1), "what each task needs")
  static let duration = Parameter.duration(
    "duration", default: .seconds(100), "how long each task sleeps")
  static let executor = Parameter.resources(
    "executor", default: Resources(cpus: 0.1, mem: 32), "what its executor takes beside them")
}
