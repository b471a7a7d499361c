// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the log of a run has come to, so that who reads along can begin in the middle.

import Mesos
import MesosAllocation
package import MesosCluster
package import VirtualTime

/// The sum of all facts of a run so far, written as lines of an event log.
///
/// Read after the header alone, the lines lead to the state that all lines before lead to, but for
/// when offers were made and tasks were launched. They stand between `keyframe`, which says that
/// nothing before counts, and `keyframeEnd`, which has the counters of frameworks.
///
/// - Complexity: O(1) a fact, O(places) for offers of many slaves; O(slaves + tasks + offers) to
///   write.
package final class LogPicture {
  private unowned let cluster: Cluster
  private var slaves: [(state: SlaveState, total: Resources)] = []
  private var tasks: [TaskNumber: Task] = [:]
  private var executors: [Executor: Int] = [:]
  private var offers: [OfferKey: [Resources]] = [:]
  private var demand: [Demand: Int] = [:]
  private var counters: [FrameworkCounters] = []
  /// How many tasks of each group are wanted.
  private var groups: [Group: Int] = [:]
  /// What operators asked for: weights and quotas hold until others are set.
  private var acts: [ClusterNote] = []
  private var master: MasterIndex?
  /// How many decisions there were: offers made or answered.
  package private(set) var decisions = 0
  /// How many faults there were, and ends of faults.
  package private(set) var faults = 0

  private enum SlaveState { case absent, registered, disconnected }

  private struct Task {
    var framework: FrameworkIndex
    var slave: SlaveIndex
    var resources: Resources
    var name: String
    var isRunning = false
    /// The group in which it is up.
    var group: GroupID?
  }

  private struct Group: Hashable {
    var framework: FrameworkIndex
    var id: GroupID
  }

  private struct Executor: Hashable {
    var framework: FrameworkIndex
    var slave: SlaveIndex
    var resources: Resources
  }

  private struct OfferKey: Hashable {
    var slave: SlaveIndex
    var framework: FrameworkIndex
  }

  private struct Demand: Hashable {
    var framework: FrameworkIndex
    var shape: Resources
  }

  init(of cluster: Cluster) { self.cluster = cluster }
}

/// What is counted of a framework, under the names that the viewer has for it.
struct FrameworkCounters {
  var connected = 0
  var made = 0
  /// How offers ended, by `OfferEnd`.
  var ended = [0, 0, 0, 0]
  var launched = 0
  var finished = 0
  var failed = 0
  var killed = 0
  var lost = 0
  var refused = 0
  var jobs = 0
  var jobsDone = 0
  var jobsGone = 0
  var waits = 0
  /// In milliseconds, each wait rounded.
  var waitSum = 0

  /// All of them in order.
  var json: String {
    let values: [(String, Int)] = [
      ("connected", connected), ("made", made), ("accepted", ended[0]), ("declined", ended[1]),
      ("rescinded", ended[2]), ("discarded", ended[3]), ("launched", launched),
      ("finished", finished), ("failed", failed), ("killed", killed), ("lost", lost),
      ("refused", refused), ("jobs", jobs), ("jobsDone", jobsDone), ("jobsGone", jobsGone),
      ("waits", waits), ("waitSum", waitSum),
    ]
    return "{" + values.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }
}

// MARK: - Facts

extension LogPicture: ClusterEventSink {
  package func record(_ event: ClusterEvent, at now: Instant) {
    switch event {
    case .slaveAdded(let slave, let total), .slaveChanged(let slave, let total):
      set(slave, .registered, total)
    case .slaveRemoved(let slave): set(slave, .absent)
    case .slaveDisconnected(let slave): set(slave, .disconnected)
    case .slaveReconnected(let slave): set(slave, .registered)
    case .frameworkAdded(let framework), .frameworkConnected(let framework):
      count(framework) { $0.connected = 1 }
    case .frameworkDisconnected(let framework): count(framework) { $0.connected = 2 }
    case .frameworkLeft(let framework), .frameworkRemoved(let framework):
      count(framework) { $0.connected = 0 }
    case .masterElected(let index): master = index
    case .masterLost: master = nil
    case .offered(let framework, let slave, let resources):
      offers[OfferKey(slave: slave, framework: framework), default: []].append(resources)
      decisions += 1
      count(framework) { $0.made += 1 }
    case .offerEnded(let framework, let slave, let resources, let end):
      endOffer(framework, slave, resources, end)
    case .runOffered, .runEnded: event.forEachSingle { record($0, at: now) }
    case .fault: faults += 1
    case .frameworkReplaced, .taskIdle, .passMade: break
    case .taskUp(_, let group, let number): tasks[number]?.group = group
    case .taskLaunched, .taskRunning, .taskEnded, .taskRefused, .executorStarted, .executorEnded:
      recordTask(event)
    case .jobSubmitted, .jobFinished, .jobAbandoned, .demand, .demandEnded, .taskWaited,
      .tasksWanted:
      recordWork(event)
    }
  }

  package func record(_ note: ClusterNote, at now: Instant) {
    // Changes of services are with the cluster.
    if case .operated = note { acts.append(note) }
  }

  private func recordTask(_ event: ClusterEvent) {
    switch event {
    case .taskLaunched(let framework, let slave, let resources, let number):
      let name = cluster.taskID(number, on: slave)?.value ?? "\(number)"
      tasks[number] = Task(framework: framework, slave: slave, resources: resources, name: name)
      count(framework) { $0.launched += 1 }
    case .taskRunning(_, _, let number): tasks[number]?.isRunning = true
    case .taskEnded(let framework, _, _, let state, let number, _):
      guard tasks.removeValue(forKey: number) != nil else { return }
      count(framework) { counters in
        switch state {
        case .finished: counters.finished += 1
        case .failed: counters.failed += 1
        case .killed: counters.killed += 1
        default: counters.lost += 1
        }
      }
    case .taskRefused(let framework, _, _): count(framework) { $0.refused += 1 }
    case .executorStarted(let framework, let slave, let resources):
      let key = Executor(framework: framework, slave: slave, resources: resources)
      executors[key, default: 0] += 1
    case .executorEnded(let framework, let slave, let resources):
      let key = Executor(framework: framework, slave: slave, resources: resources)
      let left = (executors[key] ?? 0) - 1
      executors[key] = left > 0 ? left : nil
    default: break
    }
  }

  private func recordWork(_ event: ClusterEvent) {
    switch event {
    case .jobSubmitted(let framework, _): count(framework) { $0.jobs += 1 }
    case .jobFinished(let framework, _): count(framework) { $0.jobsDone += 1 }
    case .jobAbandoned(let framework, _): count(framework) { $0.jobsGone += 1 }
    case .demand(let framework, let shape, let delta):
      let key = Demand(framework: framework, shape: shape)
      let wanted = demand[key, default: 0] + delta
      demand[key] = wanted > 0 ? wanted : nil
    case .demandEnded(let framework):
      demand = demand.filter { $0.key.framework != framework }
    case .taskWaited(let framework, _, let since, let until):
      count(framework) {
        $0.waits += 1
        $0.waitSum += Int((Double(until.nanoseconds - since.nanoseconds) / 1e6).rounded())
      }
    case .tasksWanted(let framework, let group, let wanted):
      groups[Group(framework: framework, id: group)] = wanted
    default: break
    }
  }

  private func set(_ slave: SlaveIndex, _ state: SlaveState, _ total: Resources? = nil) {
    let place = Int(slave)
    while slaves.count <= place { slaves.append((.absent, Resources())) }
    slaves[place].state = state
    if let total { slaves[place].total = total }
  }

  private func endOffer(
    _ framework: FrameworkIndex, _ slave: SlaveIndex, _ resources: Resources, _ end: OfferEnd
  ) {
    let key = OfferKey(slave: slave, framework: framework)
    guard var open = offers[key], let place = open.firstIndex(of: resources) else { return }
    open.remove(at: place)
    offers[key] = open.isEmpty ? nil : open
    if end == .accepted || end == .declined { decisions += 1 }
    count(framework) { $0.ended[Int(end.rawValue)] += 1 }
  }

  private func count(_ framework: FrameworkIndex, _ body: (inout FrameworkCounters) -> Void) {
    while counters.count <= Int(framework) { counters.append(FrameworkCounters()) }
    body(&counters[Int(framework)])
  }
}

// MARK: - Lines

extension LogPicture {
  /// The lines, all of one instant.
  package func lines(at now: Instant) -> [UInt8] {
    var lines = Lines(instant: now, cluster: cluster)
    lines.add("keyframe")
    write(slavesTo: &lines)
    let launched = tasks.sorted { $0.key < $1.key }.map(\.value)
    for task in launched {
      lines.add("taskLaunched", task.framework, task.slave, task.resources) {
        $0.add("task", task.name)
      }
      guard task.isRunning else { continue }
      lines.add("taskRunning", task.framework, task.slave, nil) { $0.add("task", task.name) }
    }
    write(launched, servicesTo: &lines)
    let running = executors.sorted {
      ($0.key.slave, $0.key.framework, $0.key.resources.description)
        < ($1.key.slave, $1.key.framework, $1.key.resources.description)
    }
    for (executor, count) in running {
      for _ in 0..<count {
        lines.add("executorStarted", executor.framework, executor.slave, executor.resources)
      }
    }
    let places = offers.keys.sorted { ($0.slave, $0.framework) < ($1.slave, $1.framework) }
    for place in places {
      for resources in offers[place] ?? [] {
        lines.add("offered", place.framework, place.slave, resources)
      }
    }
    let wanted = demand.map { ($0.key.framework, $0.key.shape, $0.value) }.sorted {
      ($0.0, $0.1.description) < ($1.0, $1.1.description)
    }
    for (framework, shape, count) in wanted {
      lines.add("demand", framework, nil, shape) { $0.add("delta", count) }
    }
    lines.add("keyframeEnd") { line in
      line.add("master", master.map { "master-\(Int($0) + 1)" } ?? "")
      let list = counters.enumerated().map { index, counters in
        let name = JSONValue.quoted(cluster.frameworkName(FrameworkIndex(index)))
        return "{\"name\":\(name),\"counters\":\(counters.json)}"
      }
      line.add("frameworks", json: "[\(list.joined(separator: ","))]")
    }
    return lines.bytes
  }

  /// How many are wanted and up, how changes go on, and what operators did.
  private func write(_ launched: [Task], servicesTo lines: inout Lines) {
    for (group, wanted) in groups.sorted(by: {
      ($0.key.framework, $0.key.id) < ($1.key.framework, $1.key.id)
    }) {
      lines.add("tasksWanted", group.framework) {
        $0.add("group", Int(group.id.number))
        $0.add("count", wanted)
        let name = cluster.serviceNotes.name(of: group.id, of: group.framework)
        if let name { $0.add("name", name) }
      }
    }
    for task in launched {
      guard let group = task.group else { continue }
      lines.add("taskUp", task.framework) {
        $0.add("group", Int(group.number))
        $0.add("task", task.name)
      }
    }
    for index in counters.indices {
      let framework = FrameworkIndex(index)
      for change in cluster.serviceNotes.changes(of: framework) {
        lines.add(.change(framework, change))
      }
    }
    for act in acts { lines.add(act) }
  }

  /// Slaves that follow one another and have the same are one line.
  private func write(slavesTo lines: inout Lines) {
    var first = 0
    while first < slaves.count {
      guard slaves[first].state != .absent else {
        first += 1
        continue
      }
      var last = first
      while last + 1 < slaves.count, slaves[last + 1].state != .absent,
        slaves[last + 1].total == slaves[first].total
      {
        last += 1
      }
      let names = [first, last].map { cluster.slaveName(SlaveIndex($0)) }
      lines.add("slaveAdded", nil, nil, slaves[first].total) { $0.add("slaves", [names]) }
      first = last + 1
    }
    for (index, slave) in slaves.enumerated() where slave.state == .disconnected {
      lines.add("slaveDisconnected", nil, SlaveIndex(index), nil)
    }
  }

  private struct Lines {
    let instant: Instant
    let cluster: Cluster
    var bytes: [UInt8] = []

    mutating func add(
      _ type: String, _ framework: FrameworkIndex? = nil, _ slave: SlaveIndex? = nil,
      _ resources: Resources? = nil, _ more: (inout JSONLine) -> Void = { _ in }
    ) {
      var line = JSONLine()
      line.add("t", instant.nanoseconds)
      line.add("type", type)
      if let framework { line.add("framework", cluster.frameworkName(framework)) }
      if let slave { line.add("slave", cluster.slaveName(slave)) }
      if let resources { line.add("resources", resources.description) }
      more(&line)
      line.write(to: &bytes)
    }

    mutating func add(_ note: ClusterNote) {
      var line = JSONLine()
      line.add("t", instant.nanoseconds)
      line.add(note) { cluster.frameworkName($0) }
      line.write(to: &bytes)
    }
  }
}
