// Part of mesosim. Apache-2.0, see LICENSE.
//
// The greedy sample: commands, packed as tightly as offers allow.

public import Mesos

/// How the no-executor framework behaves; the defaults are its constants in Mesos.
public struct NoExecutorOptions: Sendable, Hashable {
  /// How many tasks it runs; `nil` for as many as it can, for ever.
  public var tasks: Int? = 5
  /// What each needs.
  public var resources = Resources(cpus: 1, mem: 128)
  /// The command that each runs.
  public var command = "sleep 1"

  /// The constants of Mesos.
  public init() {}
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
  public func resourceOffers(_ driver: any SchedulerDriver, offers: [Offer]) {
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
