// Part of mesosim. Apache-2.0, see LICENSE.
//
// A framework as somebody writes it who has the contract and nothing else: it imports `Mesos`.

public import Mesos

/// Runs a number of commands on whatever it is offered, again until each has finished.
public final class ExampleFramework: Scheduler {
  private let needs = Resources(cpus: 1, mem: 128)
  private let environment: any Environment
  private var waiting: [Int]
  private var running: Set<TaskID> = []

  /// Makes the framework; `environment` is where time, chance and the journal come from.
  public init(tasks: Int, environment: any Environment) {
    waiting = Array((0..<tasks).reversed())
    self.environment = environment
  }

  /// Says what there is to do: reports tell jobs and waiting from it, the master never sees it.
  public func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    environment.journal.jobSubmitted(JobID(0), name: "commands")
    environment.journal.demand(needs, delta: waiting.count)
  }

  /// Packs tasks into each offer; launching none declines it.
  public func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      var left = offer.resources
      var tasks: [TaskInfo] = []
      while left.contains(needs), let number = waiting.popLast() {
        left -= needs
        let id = TaskID(String(number))
        running.insert(id)
        tasks.append(
          TaskInfo(
            name: "command", taskID: id, slaveID: offer.slaveID, resources: needs,
            command: CommandInfo("sleep 20")))
      }
      environment.journal.demand(needs, delta: -tasks.count)
      driver.launchTasks(offer.id, tasks)
    }
  }

  /// Launches again what did not finish; an update may come twice, and then says nothing new.
  public func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    guard status.state.isTerminal, running.remove(status.taskID) != nil else { return }
    if status.state != .finished, let number = Int(status.taskID.value) {
      waiting.append(number)
      environment.journal.demand(needs, delta: 1)
    } else if waiting.isEmpty, running.isEmpty {
      environment.journal.jobFinished(JobID(0))
      driver.stop(failover: false)
    }
  }
}
