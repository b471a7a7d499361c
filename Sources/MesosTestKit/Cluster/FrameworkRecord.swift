// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework of a test heard and said, written down.

import Mesos
import MesosCluster
import VirtualTime

/// What all processes of one framework heard and said, and how the next is made.
final class FrameworkRecord: SchedulerObserver {
  let name: String
  var makeScheduler: (any Environment) -> any Scheduler
  private(set) var entries: [HistoryEntry] = []
  /// By id, in the order in which they were launched first.
  private(set) var tasks: [TestTask] = []
  private var places: [TaskID: Int] = [:]
  private var hosts: [SlaveID: TestSlave] = [:]
  private let slaves: [String: TestSlave]
  /// The scheduler of the present process.
  var scheduler: (any Scheduler)?
  var isSuppressed = false
  var isRegistered = false

  init(
    _ name: String, _ slaves: [TestSlave],
    _ makeScheduler: @escaping (any Environment) -> any Scheduler
  ) {
    self.name = name
    self.makeScheduler = makeScheduler
    self.slaves = Dictionary(slaves.map { ($0.hostname, $0) }) { first, _ in first }
  }

  func heard(_ event: SchedulerCallback, at now: Instant) {
    entries.append(HistoryEntry(instant: now, content: .event(event)))
    note(event)
  }

  func said(_ call: DriverCall, at now: Instant) {
    entries.append(HistoryEntry(instant: now, content: .call(call)))
    note(call)
  }

  /// Makes the scheduler of the next process, which begins as any new one does.
  func makeObserved(_ environment: any Environment) -> any Scheduler {
    let made = makeScheduler(environment)
    scheduler = made
    isRegistered = false
    isSuppressed = false
    return ObservedScheduler(made, self, environment)
  }

  private func note(_ event: SchedulerCallback) {
    switch event {
    case .registered, .reregistered: isRegistered = true
    case .disconnected: isRegistered = false
    case .resourceOffers(let offers):
      for offer in offers { hosts[offer.slaveID] = slaves[offer.hostname] }
    case .statusUpdate(let status):
      if let place = places[status.taskID] { tasks[place].state = status.state }
    default: break
    }
  }

  private func note(_ call: DriverCall) {
    switch call {
    case .launchTasks(_, let tasks, _): launch(tasks)
    case .acceptOffers(_, let operations, _): launch(operations.flatMap(\.tasks))
    case .suppressOffers: isSuppressed = true
    case .reviveOffers: isSuppressed = false
    default: break
    }
  }

  private func launch(_ infos: [TaskInfo]) {
    for info in infos {
      guard let slave = hosts[info.slaveID] else { continue }
      let task = TestTask(id: info.taskID, name: info.name, slave: slave, state: .staging)
      if let place = places[info.taskID] {
        tasks[place] = task
      } else {
        places[info.taskID] = tasks.count
        tasks.append(task)
      }
    }
  }
}
