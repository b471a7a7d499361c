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
  private(set) var entries = History()
  /// The place of each entry among all that happened.
  private(set) var orders: [Int] = []
  private let order: LogOrder
  /// By id, in the order in which they were launched first.
  private(set) var tasks: [TestTask] = []
  private var places: [TaskID: Int] = [:]
  private var hosts: [SlaveID: SlaveHandle] = [:]
  private let slaves: [String: SlaveHandle]
  /// The scheduler of the present process.
  private(set) var scheduler: (any Scheduler)?
  /// What its processes write down.
  private(set) var store: (any Store)?
  private(set) var isSuppressed = false
  private(set) var isRegistered = false
  /// When the driver of the present process was stopped or gave up.
  private(set) var end: Instant?

  init(
    _ name: String, _ slaves: [SlaveHandle], _ order: LogOrder,
    _ makeScheduler: @escaping (any Environment) -> any Scheduler
  ) {
    self.name = name
    self.order = order
    self.makeScheduler = makeScheduler
    self.slaves = Dictionary(slaves.map { ($0.hostname, $0) }) { first, _ in first }
  }

  func heard(_ event: SchedulerCallback, at now: Instant) { add(.event(event), at: now) }

  func said(_ call: DriverCall, at now: Instant) { add(.call(call), at: now) }

  private func add(_ content: HistoryEntry.Content, at now: Instant) {
    orders.append(order.next())
    entries.append(HistoryEntry(instant: now, content: content))
    switch content {
    case .event(.error), .call(.stop), .call(.abort): end = end ?? now
    default: break
    }
    switch content {
    case .event(let event): note(event)
    case .call(let call): note(call)
    }
  }

  /// Begins the history of another process.
  func begin(_ scheduler: any Scheduler, _ store: any Store) {
    self.scheduler = scheduler
    self.store = store
    isRegistered = false
    isSuppressed = false
    end = nil
  }

  /// Makes the scheduler of the next process, which begins as any new one does.
  func makeObserved(_ environment: any Environment) -> any Scheduler {
    let made = makeScheduler(environment)
    begin(made, environment.store)
    return ObservedScheduler(made, self, environment)
  }

  private func note(_ event: SchedulerCallback) {
    switch event {
    case .registered, .reregistered: isRegistered = true
    case .disconnected: isRegistered = false
    case .resourceOffers(let offers):
      for offer in offers { hosts[offer.slaveID] = slaves[offer.hostname] }
    case .statusUpdate(let status):
      if let place = places[status.taskID] {
        tasks[place].state = status.state
        tasks[place].isHealthy = status.isHealthy ?? tasks[place].isHealthy
      }
    default: break
    }
  }

  private func note(_ call: DriverCall) {
    switch call {
    case .launchTasks, .acceptOffers: launch(call.tasks)
    case .suppressOffers: isSuppressed = true
    case .reviveOffers: isSuppressed = false
    default: break
    }
  }

  private func launch(_ infos: [TaskInfo]) {
    for info in infos {
      guard let slave = hosts[info.slaveID] else { continue }
      let task = TestTask(
        id: info.taskID, name: info.name, slave: slave, state: .staging, info: info)
      if let place = places[info.taskID] {
        tasks[place] = task
      } else {
        places[info.taskID] = tasks.count
        tasks.append(task)
      }
    }
  }
}
