// Part of mesosim. Apache-2.0, see LICENSE.
//
// The greedy sample: commands, packed as tightly as offers allow.

public import Mesos

/// How the no-executor framework behaves; the defaults are its constants in Mesos.
public struct NoExecutorOptions: Sendable, Hashable {
  /// How many tasks it runs; `nil` for as many as it can, endlessly.
  public var tasks: Int?
  /// What each needs.
  public var resources: Resources
  /// The command that each runs.
  public var command: String

  /// What parameters say; without any: the constants of Mesos.
  public init(_ parameters: Parameters = Parameters()) {
    tasks = parameters[Self.tasks]
    resources = parameters[Self.resources]
    command = parameters[Self.command]
  }
}

/// Launches commands while an offer has room, and stops when all are over
/// (Mesos: `src/examples/no_executor_framework.cpp`).
///
/// What did not finish is not launched again; Mesos's exits with an error then, here the job counts
/// as given up.
public final class NoExecutorScheduler: Scheduler {
  private let options: NoExecutorOptions
  private let command: CommandInfo
  private var tasks: EqualTasks

  /// Makes the framework.
  public init(options: NoExecutorOptions = NoExecutorOptions(), environment: any Environment) {
    self.options = options
    command = CommandInfo(options.command)
    tasks = EqualTasks(options.tasks, options.resources, environment: environment)
  }

  /// Makes its tasks runnable.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    tasks.submit(as: "commands")
  }

  /// Fills each offer; launching nothing declines it.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      var remainder = offer.resources
      var launches: [TaskInfo] = []
      while tasks.hasNext, let part = remainder.take(options.resources) {
        let id = tasks.takeNext()
        launches.append(
          TaskInfo(
            name: "Task \(id)", taskID: id, slaveID: offer.slaveID, resources: part,
            command: command))
      }
      driver.launchTasks(offer.id, launches)
    }
  }

  /// Counts what is over.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if tasks.note(status), tasks.areDone { driver.stop(failover: false) }
  }
}

// MARK: - In a scenario

extension FrameworkDescriptor {
  /// `no-executor`.
  public static let noExecutor = FrameworkDescriptor(
    "no-executor", "Mesos's no_executor_framework: packs commands into every offer",
    parameters: [NoExecutorOptions.tasks, NoExecutorOptions.resources, NoExecutorOptions.command],
    makeScheduler: {
      NoExecutorScheduler(options: NoExecutorOptions($0.parameters), environment: $1)
    }
  ).with { $0.isEndless = { request in request[NoExecutorOptions.tasks] == nil } }
}

extension NoExecutorOptions {
  static let tasks = Parameter.integer(
    "tasks", 1...1_000_000, or: "endless", default: 5, "how many tasks it runs")
  static let resources = Parameter.resources(
    "resources", default: Resources(cpus: 1, mem: 128), "what each task needs")
  static let command = Parameter.text(
    "command", default: "sleep 1", "the command that each task runs")
}
