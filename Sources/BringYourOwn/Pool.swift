// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework: a pool of workers that does a number of equal tasks, so many at a time. The
// scheduler knows nothing but Mesos and would run on a real cluster.

import MesosimKit

/// Does equal tasks, a bounded number at a time, then leaves.
final class Pool: Scheduler {
  private static let job = JobID(0)
  private let tasks: Int
  private let workers: Int
  private let duration: Duration
  private let shape: Resources
  private let environment: any Environment
  private var launched = 0
  private var running = 0
  private var finished = 0
  private var start = Instant.start

  init(_ request: FrameworkRequest, environment: any Environment) {
    tasks = request[Self.tasks]
    workers = request[Self.workers]
    duration = request[Self.duration]
    shape = request[Self.shape]
    self.environment = environment
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    guard launched == 0 else { return }
    start = environment.now
    environment.journal.jobSubmitted(Self.job, name: "all tasks")
    environment.journal.demand(shape, delta: tasks)
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: [Offer]) {
    for offer in offers {
      var rest = offer.resources
      var launches: [TaskInfo] = []
      while launched < tasks, running < workers, rest.contains(shape) {
        rest -= shape
        launches.append(nextTask(on: offer.slaveID))
      }
      driver.launchTasks([offer.id], launches, filters: Filters())
    }
    if launched == tasks { driver.suppressOffers() }
  }

  private func nextTask(on slave: SlaveID) -> TaskInfo {
    let id = TaskID("task-\(launched)")
    launched += 1
    running += 1
    environment.journal.demand(shape, delta: -1)
    environment.journal.launching(id, of: Self.job, runnableSince: start)
    let command = CommandInfo("sleep \(duration.inSeconds)")
    return TaskInfo(
      name: "work", taskID: id, slaveID: slave, resources: shape, command: command)
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard status.state.isTerminal else { return }
    running -= 1
    finished += 1
    if finished == tasks {
      environment.journal.jobFinished(Self.job)
      driver.stop(failover: false)
    } else if launched < tasks {
      driver.reviveOffers()
    }
  }
}

/// How a scenario names and tells it: the only part that knows of scenarios.
extension Pool: RegisteredFramework {
  static let name = "pool"
  static let summary = "a number of equal tasks, so many at a time"
  static let tasks = Parameter.integer("tasks", 1...1_000_000, default: 100, "how many tasks")
  static let workers = Parameter.integer(
    "workers", 1...1_000_000, default: 10, "how many run at a time")
  static let duration = Parameter.duration(
    "duration", default: .seconds(10), "how long each takes")
  static let shape = Parameter.resources(
    "shape", default: Resources(cpus: 1, mem: 256), "what each needs")
  static let parameters: [any DeclaredParameter] = [tasks, workers, duration, shape]
}
