// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework: a pool of workers that does a number of equal tasks, so many at a time. The
// scheduler knows nothing but Mesos and would run on a real cluster.

import Mesos
import MesosAllocation
import MesosFrameworks
import MesosScenarios
import VirtualTime

/// Does equal tasks, a bounded number at a time, then leaves.
final class Pool: Scheduler {
  /// What a pool can be told.
  struct Options: Sendable {
    var tasks: Int
    var workers: Int
    var duration: Duration
    var shape: Resources
  }

  private static let job = JobID(0)
  private let options: Options
  private let environment: any Environment
  private var launched = 0
  private var running = 0
  private var finished = 0
  private var start = Instant.start

  init(options: Options, jobs: [Job], environment: any Environment) {
    self.options = options
    self.environment = environment
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    guard launched == 0 else { return }
    start = environment.now
    environment.journal.jobSubmitted(Self.job, name: "all tasks")
    environment.journal.demand(options.shape, delta: options.tasks)
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: [Offer]) {
    for offer in offers {
      var rest = offer.resources
      var tasks: [TaskInfo] = []
      while launched < options.tasks, running < options.workers, rest.contains(options.shape) {
        rest -= options.shape
        tasks.append(nextTask(on: offer.slaveID))
      }
      driver.launchTasks([offer.id], tasks, filters: Filters())
    }
    if launched == options.tasks { driver.suppressOffers() }
  }

  private func nextTask(on slave: SlaveID) -> TaskInfo {
    let id = TaskID("task-\(launched)")
    launched += 1
    running += 1
    environment.journal.demand(options.shape, delta: -1)
    environment.journal.launching(id, of: Self.job, runnableSince: start)
    let command = CommandInfo("sleep \(options.duration.inSeconds)")
    return TaskInfo(
      name: "work", taskID: id, slaveID: slave, resources: options.shape, command: command)
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard status.state.isTerminal else { return }
    running -= 1
    finished += 1
    if finished == options.tasks {
      environment.journal.jobFinished(Self.job)
      driver.stop(failover: false)
    } else if launched < options.tasks {
      driver.reviveOffers()
    }
  }
}

/// How a scenario names and tells it: the only part that knows of scenarios.
extension Pool: RegisteredFramework {
  static let name = "pool"
  static let summary = "a number of equal tasks, so many at a time"
  static let parameters = [
    DeclaredParameter(
      name: "tasks", type: "whole number from 1", defaultValue: "100", meaning: "how many tasks"),
    DeclaredParameter(
      name: "workers", type: "whole number from 1", defaultValue: "10",
      meaning: "how many run at a time"),
    DeclaredParameter(
      name: "duration", type: "duration", defaultValue: "10s", meaning: "how long each takes"),
    DeclaredParameter(
      name: "shape", type: "resources", defaultValue: "cpus:1;mem:256",
      meaning: "what each needs"),
  ]

  static func options(_ request: FrameworkRequest) throws(ParameterError) -> Options {
    let own = request.parameters
    return Options(
      tasks: try own.integer("tasks", default: 100, in: 1...1_000_000),
      workers: try own.integer("workers", default: 10, in: 1...1_000_000),
      duration: try own.duration("duration", default: .seconds(10)),
      shape: try own.resources("shape", default: Resources(cpus: 1, mem: 256)))
  }
}
