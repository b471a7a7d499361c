// Part of mesosim. Apache-2.0, see LICENSE.
//
// The first sample that everybody meets: a few tasks in an executor of the framework's own.

public import Mesos

/// How the test framework behaves; the defaults are its constants in Mesos.
public struct TestOptions: Sendable, Hashable {
  /// How many tasks it runs.
  public var tasks: Int
  /// What each needs.
  public var resources: Resources
  /// How long each sleeps.
  public var duration: Duration

  /// What parameters say; without any: the constants of Mesos.
  public init(_ parameters: Parameters = Parameters()) {
    tasks = parameters[Self.tasks]
    resources = parameters[Self.resources]
    duration = parameters[Self.duration]
  }
}

/// Packs its tasks into offers, sends the executor a message for each that has finished, and stops
/// when every message has come back (Mesos: `src/examples/test_framework.cpp` and its counterpart
/// in Python, which has the messages).
///
/// A task that does not finish aborts it. Messages may get lost: it waits for them for a time.
public final class TestSampleScheduler: Scheduler {
  private let options: TestOptions
  private let environment: any Environment
  private let executor = ExecutorInfo(
    "default", command: CommandInfo("./test-executor"), name: "Test Executor")
  private var tasks: EqualTasks
  private var answers = 0

  /// How long it waits for the last messages to come back.
  private static let patience = Duration.seconds(10)

  /// Makes the framework.
  public init(options: TestOptions = TestOptions(), environment: any Environment) {
    self.options = options
    self.environment = environment
    tasks = EqualTasks(options.tasks, options.resources, environment: environment)
  }

  /// Makes its tasks runnable.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    tasks.submit(as: "test")
  }

  /// Packs tasks into each offer; launching none declines it.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      var remainder = offer.resources
      var launches: [TaskInfo] = []
      while tasks.hasNext, let part = remainder.take(options.resources) {
        let id = tasks.takeNext()
        launches.append(
          TaskInfo(
            name: "Task \(id)", taskID: id, slaveID: offer.slaveID, resources: part,
            executor: executor, data: SleepingExecutor.data(options.duration)))
      }
      driver.launchTasks(offer.id, launches)
    }
  }

  /// Sends a message for a task that has finished, aborts for one that has not.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard tasks.note(status) else { return }
    guard status.state == .finished, let slave = status.slaveID else {
      tasks.abandon()
      driver.abort()
      return
    }
    driver.sendFrameworkMessage(executor.executorID, slave, Array("data with a \0 byte".utf8))
    if tasks.areDone {
      environment.startTimer(after: Self.patience) { driver.stop(failover: false) }
    }
  }

  /// Stops when all has come back.
  public func frameworkMessage(
    _ driver: any SchedulerDriver, executorID: ExecutorID, slaveID: SlaveID, data: [UInt8]
  ) {
    answers += 1
    if tasks.areDone, answers >= options.tasks { driver.stop(failover: false) }
  }
}

// MARK: - In a scenario

extension FrameworkDescriptor {
  /// `test`.
  public static let test = FrameworkDescriptor(
    "test", "Mesos's test_framework: a few tasks in an executor of its own",
    parameters: [TestOptions.tasks, TestOptions.resources, TestOptions.duration],
    makeScheduler: { TestSampleScheduler(options: TestOptions($0.parameters), environment: $1) }
  ).with {
    $0.makeExecutors = { _ in { _, environment in SleepingExecutor(environment: environment) } }
  }
}

extension TestOptions {
  static let tasks = Parameter.integer(
    "tasks", 1...1_000_000, default: 5, "how many tasks it runs")
  static let resources = Parameter.resources(
    "resources", default: Resources(cpus: 1, mem: 128), "what each task needs")
  static let duration = Parameter.duration(
    "duration", default: .seconds(1), "how long each task sleeps")
}
