// Part of mesosim. Apache-2.0, see LICENSE.

import Mesos

/// A framework under test: keeps so many tasks running, one on each slave at most.
final class Keeper: Scheduler {
  private let environment: any Environment
  private let wanted: Int
  /// What the next process has to know: who asks the master only learns it later.
  private var live: [TaskID: SlaveID] = [:] {
    didSet {
      let lines = live.map { "\($0.value) \($1.value)" }.sorted()
      try? environment.store.write(lines.joined(separator: "\n"), for: "live")
    }
  }
  private var launched = 0
  /// Does not launch again what was lost.
  private let isBroken: Bool

  init(_ wanted: Int, _ environment: any Environment, isBroken: Bool = false) {
    self.wanted = wanted
    self.environment = environment
    self.isBroken = isBroken
    for line in (environment.store.text(for: "live") ?? "").split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 2 { live[TaskID(words[0])] = SlaveID(words[1]) }
    }
  }

  func configure(_ info: inout FrameworkInfo) {
    if let id = environment.store.frameworkID { info.id = id }
    info.failoverTimeoutSeconds = 600
  }

  func registered(
    _ driver: any SchedulerDriver, frameworkID: FrameworkID, masterInfo: MasterInfo
  ) {
    try? environment.store.keep(frameworkID)
    driver.reconcileTasks([])
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    for offer in offers {
      let needs = Resources(cpus: 1, mem: 128)
      guard live.count < wanted, !live.values.contains(offer.slaveID),
        offer.resources.contains(needs)
      else {
        driver.declineOffer(offer.id)
        continue
      }
      let id = TaskID("\(environment.now.nanoseconds)-\(launched)")
      launched += 1
      live[id] = offer.slaveID
      driver.launchTasks(
        offer.id,
        [
          TaskInfo(
            name: "copy", taskID: id, slaveID: offer.slaveID, resources: needs,
            command: CommandInfo("sleep 100000"))
        ])
    }
  }

  func statusUpdate(_ driver: any SchedulerDriver, status: TaskStatus) {
    if status.state.isTerminal {
      live[status.taskID] = isBroken ? status.slaveID : nil
    } else if let slave = status.slaveID {
      // One of an earlier process, as reconciliation tells.
      live[status.taskID] = slave
    }
  }
}
