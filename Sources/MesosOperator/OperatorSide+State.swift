// Part of mesosim. Apache-2.0, see LICENSE.
//
// What there is to be seen: the whole state, slaves, frameworks and tasks (Mesos:
// `master/readonly_handler.cpp`).

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension OperatorQuestion {
  func health() throws(OperatorFault) -> OperatorPlan { .reply(OperatorReply(200)) }

  func redirect() throws(OperatorFault) -> OperatorPlan {
    var reply = OperatorReply(307)
    reply.headers["Location"] = "//\(snapshot.info.hostname):\(snapshot.info.port)"
    return .reply(reply)
  }

  func version() throws(OperatorFault) -> OperatorPlan {
    Self.json { writer in writer.object { $0.version(description.build) } }
  }

  func flags() throws(OperatorFault) -> OperatorPlan {
    try require(.viewFlags, nil)
    return Self.json { writer in writer.object { writeFlags(to: &$0) } }
  }

  func writeFlags(to writer: inout JSONWriter) {
    writer.key("flags")
    writer.object { list in
      for flag in description.allFlags(snapshot.info) {
        list.key(named: flag.key)
        list.string(flag.value)
      }
    }
  }

  // MARK: State

  func state() throws(OperatorFault) -> OperatorPlan {
    let loads = SnapshotLoads(snapshot)
    return Self.json { writer in
      writer.object { writer in
        writeHead(to: &writer)
        if viewer.may(.viewFlags, nil) {
          writer.member("cluster", description.flags["cluster"])
          writer.member("log_dir", description.flags["log_dir"])
          writeFlags(to: &writer)
        }
        writeSlaves(loads, to: &writer)
        writeFrameworks(loads, to: &writer)
        for key in ["orphan_tasks", "unregistered_frameworks"] {
          writer.key(named: key)
          writer.array { _ in }
        }
      }
    }
  }

  private func writeHead(to writer: inout JSONWriter) {
    let (info, build) = (snapshot.info, description.build)
    writer.member("version", build.version)
    writer.member("git_sha", build.commit)
    writer.member("git_tag", build.version)
    writer.member("build_date", build.date)
    writer.key("build_time")
    writer.number(build.seconds)
    writer.member("build_user", build.user)
    writer.key("start_time")
    writer.seconds(description.startedAt)
    writer.key("elected_time")
    writer.seconds(description.startedAt)
    writer.member("id", info.id)
    writer.member("pid", info.pid)
    writer.member("hostname", info.hostname)
    writer.key("capabilities")
    writer.array { list in for name in info.capabilities { list.string(name) } }
    writer.key("activated_slaves")
    writer.number(snapshot.slaves.count(where: \.isActive))
    writer.key("deactivated_slaves")
    writer.number(snapshot.slaves.count { !$0.isActive })
    writer.key("unreachable_slaves")
    writer.number(snapshot.unreachableSlaves)
    if let domain = info.domain {
      writer.key("domain")
      writer.domain(domain)
    }
    writer.member("leader", info.pid)
    writer.key("leader_info")
    writer.object {
      $0.member("id", info.id)
      $0.member("pid", info.pid)
      $0.key("port")
      $0.number(info.port)
      $0.member("hostname", info.hostname)
    }
  }

  private func writeSlaves(_ loads: SnapshotLoads, to writer: inout JSONWriter) {
    writer.key("slaves")
    writer.array { list in
      for slave in snapshot.slaves {
        list.object { $0.slave(slave, loads, viewer) }
        list.endPiece()
      }
    }
    writeRecovered(to: &writer)
  }

  private func writeRecovered(_ id: String? = nil, to writer: inout JSONWriter) {
    writer.key("recovered_slaves")
    writer.array { list in
      for slave in snapshot.recoveredSlaves where id == nil || id == slave.id.value {
        list.object { $0.slaveHead(slave) }
        list.endPiece()
      }
    }
  }

  private func writeFrameworks(
    _ loads: SnapshotLoads, _ id: String? = nil, to writer: inout JSONWriter
  ) {
    writer.key("frameworks")
    writer.array { list in
      for framework in snapshot.frameworks
      where (id == nil || id == framework.info.id?.value) && viewer.sees(framework.info) {
        list.framework(loads.view(of: framework), loads, viewer)
      }
    }
    writer.key("completed_frameworks")
    writer.array { list in
      for ended in snapshot.ended
      where (id == nil || id == ended.framework.info.id?.value)
        && viewer.sees(ended.framework.info)
      {
        list.framework(FrameworkView(ended), loads, viewer)
      }
    }
  }

  // MARK: Parts of it

  func slaves() throws(OperatorFault) -> OperatorPlan {
    let wanted = request.query["slave_id"]
    let loads = SnapshotLoads(snapshot)
    return Self.json { writer in
      writer.object { writer in
        writer.key("slaves")
        writer.array { list in
          for slave in snapshot.slaves where wanted == nil || wanted == slave.id.value {
            list.object {
              $0.slave(slave, loads, viewer)
              $0.wholeResources(of: slave, loads, viewer)
            }
            list.endPiece()
          }
        }
        writeRecovered(wanted, to: &writer)
      }
    }
  }

  func frameworks() throws(OperatorFault) -> OperatorPlan {
    let loads = SnapshotLoads(snapshot)
    return Self.json { writer in
      writer.object {
        writeFrameworks(loads, request.query["framework_id"], to: &$0)
        $0.key("unregistered_frameworks")
        $0.array { _ in }
      }
    }
  }

  /// Tasks of all frameworks, those that have ended included, by when they were first heard of.
  func tasks() throws(OperatorFault) -> OperatorPlan {
    let limit = request.query["limit"].flatMap { Int($0) } ?? 100
    let offset = request.query["offset"].flatMap { Int($0) } ?? 0
    let (framework, id) = (request.query["framework_id"], request.query["task_id"])
    var tasks: [MasterSnapshot.Task] = []
    let loads = SnapshotLoads(snapshot)
    func add(_ more: [MasterSnapshot.Task], of info: FrameworkInfo) {
      guard viewer.sees(info), framework == nil || framework == info.id?.value else { return }
      tasks += more.filter { (id == nil || id == $0.id.value) && viewer.sees($0, of: info) }
    }
    for framework in snapshot.frameworks {
      add(loads.allTasks(of: framework.index), of: framework.info)
    }
    for ended in snapshot.ended {
      add(ended.unreachableTasks + ended.completedTasks, of: ended.framework.info)
    }
    let isAscending = request.query["order"] == "asc"
    let sorted = tasks.enumerated().sorted { left, right in
      let one = left.element.statuses.first?.timestamp
      let other = right.element.statuses.first?.timestamp
      if one == other { return left.offset < right.offset }
      // Those that nothing was heard of come before all times.
      guard let one else { return isAscending }
      guard let other else { return !isAscending }
      return isAscending ? one < other : one > other
    }
    // Numbers below zero stand for very large ones.
    let shown = sorted.dropFirst(offset < 0 ? .max : offset).prefix(limit < 0 ? .max : limit)
      .map(\.element)
    return Self.json { writer in
      writer.object {
        $0.key("tasks")
        $0.array { list in
          for task in shown {
            list.task(task)
            list.endPiece()
          }
        }
      }
    }
  }

  // MARK: Summary

  func summary() throws(OperatorFault) -> OperatorPlan {
    let loads = SnapshotLoads(snapshot)
    return Self.json { writer in
      let counts = LoadCounts(loads)
      writer.object { writer in
        writer.member("hostname", snapshot.info.hostname)
        writer.member("cluster", description.flags["cluster"])
        writer.key("slaves")
        writer.array { list in
          for slave in snapshot.slaves {
            list.object {
              $0.slave(slave, loads, viewer)
              $0.counts(counts.ofSlave[slave.id], "framework_ids")
            }
            list.endPiece()
          }
        }
        writer.key("frameworks")
        writer.array { list in
          for framework in snapshot.frameworks where viewer.sees(framework.info) {
            list.object {
              $0.frameworkHead(loads.view(of: framework))
              $0.counts(counts.ofFramework[framework.index], "slave_ids")
            }
            list.endPiece()
          }
        }
      }
    }
  }
}

/// How many tasks there are in each state, by slave and by framework, and who is where.
private struct LoadCounts {
  struct Entry {
    var states = StateCounts()
    var others: [String] = []
    private var seen: Set<String> = []

    mutating func add(_ state: TaskState, _ other: String) {
      states.count(state)
      if seen.insert(other).inserted { others.append(other) }
    }
  }

  var ofSlave: [SlaveID: Entry] = [:]
  var ofFramework: [FrameworkIndex: Entry] = [:]

  init(_ loads: SnapshotLoads) {
    for framework in loads.snapshot.frameworks {
      for task in loads.allTasks(of: framework.index) {
        ofSlave[task.slaveID, default: Entry()].add(task.state, task.frameworkID.value)
        ofFramework[task.framework, default: Entry()].add(task.state, task.slaveID.value)
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func counts(_ entry: LoadCounts.Entry?, _ key: String) {
    for state in StateCounts.listed {
      self.key(named: state.description)
      number(entry?.states[state] ?? 0)
    }
    self.key(named: key)
    array { list in for other in entry?.others ?? [] { list.string(other) } }
  }
}

extension JSONWriter {
  /// Writes what a program was built from.
  mutating func version(_ build: MasterDescription.Build) {
    member("build_date", build.date)
    key("build_time")
    real(build.seconds)
    member("build_user", build.user)
    member("git_sha", build.commit)
    member("git_tag", build.version)
    member("version", build.version)
  }
}
