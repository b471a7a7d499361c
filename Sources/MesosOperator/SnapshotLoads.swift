// Part of mesosim. Apache-2.0, see LICENSE.
//
// What of a snapshot belongs together, found once for an answer: the tasks, executors and offers of
// each slave and of each framework.

import Mesos
import MesosCluster

/// What of a snapshot is on each slave and of each framework.
struct SnapshotLoads: Sendable {
  /// Places in the lists of a snapshot.
  struct Places: Sendable {
    var tasks: [Int] = []
    var executors: [Int] = []
    var offers: [Int] = []
  }

  let snapshot: MasterSnapshot
  private(set) var ofSlave: [SlaveIndex: Places] = [:]
  private(set) var ofFramework: [FrameworkIndex: Places] = [:]
  private var completed: [FrameworkIndex: [Int]] = [:]
  private var unreachable: [FrameworkIndex: [Int]] = [:]
  private let slaves: [SlaveIndex: MasterSnapshot.Slave]
  private let frameworkIDs: [FrameworkIndex: FrameworkID]

  init(_ snapshot: MasterSnapshot) {
    self.snapshot = snapshot
    slaves = Dictionary(snapshot.slaves.map { ($0.index, $0) }) { $1 }
    frameworkIDs = Dictionary(
      snapshot.frameworks.map { ($0.index, $0.info.id ?? FrameworkID("")) }
    ) { $1 }
    for (place, task) in snapshot.tasks.enumerated() {
      ofSlave[task.slave, default: Places()].tasks.append(place)
      ofFramework[task.framework, default: Places()].tasks.append(place)
    }
    for (place, executor) in snapshot.executors.enumerated() {
      ofSlave[executor.slave, default: Places()].executors.append(place)
      ofFramework[executor.framework, default: Places()].executors.append(place)
    }
    for (place, offer) in snapshot.offers.enumerated() {
      ofSlave[offer.slave, default: Places()].offers.append(place)
      ofFramework[offer.framework, default: Places()].offers.append(place)
    }
    for (place, task) in snapshot.completedTasks.enumerated() {
      completed[task.framework, default: []].append(place)
    }
    for (place, task) in snapshot.unreachableTasks.enumerated() {
      unreachable[task.framework, default: []].append(place)
    }
  }

  /// The id of a framework that is there, or nothing.
  func id(of framework: FrameworkIndex) -> String { frameworkIDs[framework]?.value ?? "" }

  /// The id of a slave that is there, or nothing.
  func id(of slave: SlaveIndex) -> String { slaves[slave]?.id.value ?? "" }

  /// A slave that is there.
  func slave(_ slave: SlaveIndex) -> MasterSnapshot.Slave? { slaves[slave] }

  /// What tasks and executors hold, by the roles that it is allocated to.
  func used(_ places: Places?) -> Resources {
    var sum = Resources()
    for place in places?.tasks ?? [] where !snapshot.tasks[place].state.isTerminal {
      let task = snapshot.tasks[place]
      sum += task.resources.allocated(to: task.role)
    }
    for place in places?.executors ?? [] {
      let executor = snapshot.executors[place]
      sum += executor.info.resources.allocated(to: executor.role)
    }
    return sum
  }

  /// What is offered, by the roles that it is offered to.
  func offered(_ places: Places?) -> Resources {
    (places?.offers ?? []).reduce(into: Resources()) { sum, place in
      let offer = snapshot.offers[place]
      sum += offer.resources.allocated(to: offer.role)
    }
  }

  /// A framework with all that is its own.
  func view(of framework: MasterSnapshot.Framework) -> FrameworkView {
    let places = ofFramework[framework.index]
    return FrameworkView(
      framework: framework, used: used(places), offered: offered(places),
      tasks: (places?.tasks ?? []).map { snapshot.tasks[$0] },
      unreachable: (unreachable[framework.index] ?? []).map { snapshot.unreachableTasks[$0] },
      completed: (completed[framework.index] ?? []).map { snapshot.completedTasks[$0] },
      offers: (places?.offers ?? []).map { snapshot.offers[$0] },
      executors: (places?.executors ?? []).map { snapshot.executors[$0] })
  }

  /// All tasks that are remembered of a framework that is there, whatever their state.
  func allTasks(of framework: FrameworkIndex) -> [MasterSnapshot.Task] {
    (ofFramework[framework]?.tasks ?? []).map { snapshot.tasks[$0] }
      + (unreachable[framework] ?? []).map { snapshot.unreachableTasks[$0] }
      + (completed[framework] ?? []).map { snapshot.completedTasks[$0] }
  }
}

/// A framework with all that is its own.
struct FrameworkView: Sendable {
  let framework: MasterSnapshot.Framework
  var used = Resources()
  var offered = Resources()
  var tasks: [MasterSnapshot.Task] = []
  let unreachable: [MasterSnapshot.Task]
  let completed: [MasterSnapshot.Task]
  var offers: [MasterSnapshot.OpenOffer] = []
  var executors: [MasterSnapshot.Executor] = []
}

extension FrameworkView {
  /// A framework that has ended.
  init(_ ended: MasterSnapshot.EndedFramework) {
    self.init(
      framework: ended.framework, unreachable: ended.unreachableTasks,
      completed: ended.completedTasks)
  }
}

/// How many tasks are in each state.
struct StateCounts {
  private var counts: [TaskState: Int] = [:]

  mutating func count(_ state: TaskState) { counts[state, default: 0] += 1 }

  /// Those that Mesos lists.
  static let listed: [TaskState] = [
    .staging, .starting, .running, .killing, .finished, .killed, .failed, .lost, .error,
    .unreachable,
  ]

  subscript(state: TaskState) -> Int { counts[state] ?? 0 }
}
