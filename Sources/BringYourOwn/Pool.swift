// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework: a pool of workers that does a number of equal tasks, so many at a time. The
// scheduler knows nothing but Mesos and would run on a real cluster.

import MesosimKit

/// Does equal tasks, a bounded number at a time, then leaves.
final class Pool: Scheduler {
  private let tasks: Int
  private let workers: Int
  private let duration: Duration
  private let shape: Resources
  private let environment: any Environment
  /// What reports are told; there once the tasks are submitted.
  private var job: JobJournal?
  /// For each task that waits, since when.
  private var runnable: [Instant] = []
  private var running: Set<TaskID> = []
  private var launched = 0

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
    // Another master says it again.
    guard job == nil else { return }
    job = environment.journal.job(JobID(0), name: "all tasks")
    makeRunnable(tasks)
  }

  private func makeRunnable(_ count: Int) {
    runnable += Array(repeating: environment.now, count: count)
    job?.needs(shape, tasks: count)
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      var rest = offer.resources
      var launches: [TaskInfo] = []
      while running.count < workers, rest.contains(shape),
        let since = runnable.popLast()
      {
        rest -= shape
        launches.append(nextTask(waitingSince: since, on: offer.slaveID))
      }
      driver.launchTasks([offer.id], launches, filters: Filters())
    }
    if runnable.isEmpty { driver.suppressOffers() }
  }

  private func nextTask(waitingSince since: Instant, on slave: SlaveID) -> TaskInfo {
    // Another id for each launch: a task that was lost may still live somewhere.
    let id = TaskID("task-\(launched)")
    launched += 1
    running.insert(id)
    job?.launching(id, needing: shape, runnableSince: since)
    let command = CommandInfo("sleep \(duration.inSeconds)")
    return TaskInfo(
      name: "work", taskID: id, slaveID: slave, resources: shape, command: command)
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    // An update may come twice; the second says nothing new.
    guard status.state.isTerminal, running.remove(status.taskID) != nil else { return }
    // What did not finish is done again.
    if status.state != .finished { makeRunnable(1) }
    if !runnable.isEmpty {
      driver.reviveOffers()
    } else if running.isEmpty {
      job?.finished()
      driver.stop(failover: false)
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
