// Part of mesosim. Apache-2.0, see LICENSE.
//
// Frameworks that are offered far more than they use.

import Mesos

/// Declines whatever it is offered, for a time.
final class Decliner: Scheduler {
  private let filters: Filters
  private(set) var offersReceived = 0

  init(_ filters: Filters = Filters()) { self.filters = filters }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    offersReceived += offers.count
    driver.declineOffers(offers, filters: filters)
  }
}

/// Launches tasks at a steady rate as offers allow, and never has enough offers.
final class Greedy: Scheduler {
  private let shape = Resources(cpus: 1, mem: 1024)
  private let command = CommandInfo("sleep 30")
  private let tasksPerSecond: Double
  private let environment: any Environment
  private(set) var offersReceived = 0
  private(set) var launched = 0

  init(tasksPerSecond: Double, _ environment: any Environment) {
    self.tasksPerSecond = tasksPerSecond
    self.environment = environment
  }

  func resourceOffers(_ driver: any SchedulerDriver, offers: Offers) {
    offersReceived += offers.count
    var due = Int(tasksPerSecond * environment.now.seconds) - launched
    var place = offers.startIndex
    while due > 0, let next = offers.firstIndex(from: place, offering: { $0.contains(shape) }) {
      driver.declineOffers(offers[place..<next])
      let tasks = fill(offers[next], atMost: due)
      driver.launchTasks(offers[next].id, tasks)
      due -= tasks.count
      place = next + 1
    }
    driver.declineOffers(offers[place...])
  }

  private func fill(_ offer: Offer, atMost count: Int) -> [TaskInfo] {
    var rest = offer.resources
    var tasks: [TaskInfo] = []
    while tasks.count < count, rest.contains(shape) {
      rest -= shape
      launched += 1
      tasks.append(
        TaskInfo(
          name: "t", taskID: TaskID("t\(launched)"), slaveID: offer.slaveID, resources: shape,
          command: command))
    }
    return tasks
  }
}
