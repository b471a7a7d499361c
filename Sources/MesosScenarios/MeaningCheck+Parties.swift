// Part of mesosim. Apache-2.0, see LICENSE.
//
// Whom faults name, and frameworks that the master will not have.

internal import Mesos
internal import MesosAllocation
internal import MesosCluster

extension MeaningCheck {
  /// Looks for those whom a fault names, and whether it comes before the end.
  mutating func checkFault(_ index: Int) {
    let path = Path() + "faults" + index
    let entry = scenario.faults[index]
    if case .fault(let fault) = entry.event {
      if let chosen = entry.chosen { check(chosen, path + (fault.key ?? "partition") + "slaves") }
      if case .partition(let parties, let others, _) = fault {
        check(parties, path + "partition")
        check(others, path + "partition" + "from")
      } else if case .messages(let messages) = fault {
        check(messages.from, path + "messages" + "from")
        check(messages.to, path + "messages" + "to")
      } else if let parties = fault.parties, let key = fault.key {
        check(parties, path + key)
      }
    }
    if let until = scenario.until, entry.at > until {
      warn(path + "at", "after the end, \(until.scenarioText): it never happens")
    }
  }

  /// Looks for what chosen slaves have in common, and whether there are as many as are drawn.
  private mutating func check(_ chosen: ChosenSlaves, _ path: Path) {
    let before = errors.count
    switch chosen.among {
    case .all: break
    case .group(let name): look(for: name, .slaveGroup, path + "group")
    case .attribute(let selector): look(for: selector.text, .slaves(selector), path + "attribute")
    case .hosts(let pattern): look(for: pattern, .hosts, path + "hosts")
    }
    guard errors.count == before, let draw = chosen.draw else { return }
    let count = scenario.cluster.hosts(among: chosen.among).count
    if draw > count {
      fail(path + "draw", "draws \(draw) slaves; there are only \(count) of these")
    }
  }

  private mutating func check(_ parties: Parties, _ path: Path) {
    let known = known
    check(parties.slaves, "slave", path) { known.complaint(about: $0, .hosts) }
    check(parties.schedulers, "scheduler", path, known.complaint(aboutSchedulers:))
    check(parties.masters, "master", path, known.complaint(aboutMasters:))
    check(parties.executors, "executor", path, known.complaint(aboutExecutors:))
  }

  /// Looks for names that stand behind a key in the singular, in the plural, or both.
  private mutating func check(
    _ patterns: [String], _ key: String, _ path: Path, _ complaint: (String) -> String?
  ) {
    for pattern in patterns {
      guard let complaint = complaint(pattern) else { continue }
      let places = [path + key, path + (key + "s")].flatMap { path -> [Path] in
        guard case .list(let items)? = root.node(at: path)?.content else { return [path] }
        return items.indices.map { path + $0 }
      }
      let place = places.first {
        if case .scalar(pattern, _)? = root.node(at: $0)?.content { true } else { false }
      }
      fail(place ?? path, complaint)
    }
  }

  /// Says so when the master refuses a framework, in its words.
  mutating func checkRegistration(_ index: Int) {
    let framework = scenario.frameworks[index]
    let path = Path() + "frameworks" + index
    if let refusal = scenario.refusal(of: framework) {
      warn(path, "the master refuses '\(framework.name)': \(refusal); none of its work is done")
    }
    if let place = framework.registration.capabilities.firstIndex(of: "PARTITION_AWARE") {
      warn(
        path + "capabilities" + place,
        "PARTITION_AWARE changes nothing: tasks of slaves that are cut off become TASK_LOST here, "
          + "TASK_UNREACHABLE and its like are not there")
    }
  }

  /// Says so when a quota can never be met as it is written.
  mutating func checkQuota(_ quota: Quota, _ path: Path) {
    for entry in quota.guarantees.entries {
      let amount = Scalar(thousandths: entry.thousandths)
      if let limit = quota.limits[entry.name], entry.thousandths > limit {
        warn(
          path,
          "guarantees \(amount) \(entry.name), above its limit of \(Scalar(thousandths: limit)); "
            + "the master refuses it")
      } else if case let there = scenario.cluster.capacity(entry.name), entry.thousandths > there {
        warn(
          path,
          "guarantees \(amount) \(entry.name); the cluster has \(Scalar(thousandths: there))")
      }
    }
  }
}

extension ClusterDescription {
  /// What all slaves together have of a resource, times 1000.
  fileprivate func capacity(_ name: String) -> Int64 {
    slaves.reduce(0) { sum, slaves in
      let each = slaves.resources.scalarQuantities[name]
      let (all, isTooMuch) = each.multipliedReportingOverflow(by: Int64(slaves.count))
      return isTooMuch || sum > .max - all ? .max : sum + all
    }
  }
}

extension Scenario {
  /// Why the master refuses a framework, in its words; `nil` when it takes it.
  func refusal(of framework: FrameworkDescription) -> String? {
    cluster.master.refusal(
      of: framework.info(usesGPUs: framework.usesGPUs), framework.credential)
  }
}

extension Fault {
  /// The key of a fault that names processes and nothing else.
  fileprivate var key: String? {
    switch self {
    case .kill: "kill"
    case .crash: "crash"
    case .restart: "restart"
    case .pause: "pause"
    case .resume: "resume"
    case .reset: "reset"
    case .partition, .network, .messages: nil
    }
  }
}
