// Part of mesosim. Apache-2.0, see LICENSE.
//
// All metrics of a slave by name (Mesos: `slave/metrics.cpp`).

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

/// All metrics of a slave, by name.
struct SlaveMetrics {
  private var values: [String: Double] = [:]

  /// The metrics in the order of their names.
  var entries: [(name: String, value: Double)] {
    values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  init(_ question: SlaveQuestion) {
    let snapshot = question.snapshot
    for name in Self.silent { values[name] = 0 }
    set("uptime_secs", (snapshot.now.seconds - question.description.startedAt.seconds))
    set("registered", snapshot.isRegistered ? 1 : 0)
    set("frameworks_active", Double(snapshot.frameworks.count))
    set("executor_directory_max_allowed_age_secs", 604_800)
    addTasks(snapshot)
    addResources(snapshot)
  }

  private mutating func set(_ name: String, _ value: Double) { values["slave/\(name)"] = value }

  /// What never happens on slaves of a simulation, or is not counted.
  private static let silent = [
    "containerizer/fetcher/cache_size_total_bytes", "containerizer/fetcher/cache_size_used_bytes",
    "containerizer/fetcher/task_fetches_failed", "containerizer/fetcher/task_fetches_succeeded",
    "containerizer/mesos/container_destroy_errors",
    "containerizer/mesos/provisioner/bind/remove_rootfs_errors",
    "containerizer/mesos/provisioner/remove_container_errors", "gc/path_removals_failed",
    "gc/path_removals_pending", "gc/path_removals_succeeded", "slave/container_launch_errors",
    "slave/executors_preempted", "slave/invalid_framework_messages",
    "slave/invalid_status_updates", "slave/recovery_errors", "slave/valid_framework_messages",
  ]

  private mutating func addTasks(_ snapshot: SlaveSnapshot) {
    let executors = snapshot.frameworks.flatMap(\.executors)
    var states = StateCounts()
    for executor in executors {
      for task in executor.launched { states.count(task.state) }
      for _ in executor.queued { states.count(.staging) }
    }
    for state in [TaskState.staging, .starting, .running, .killing] {
      set("tasks_\(state.metricName.dropFirst("task_".count))", Double(states[state]))
    }
    for state in [TaskState.finished, .failed, .killed, .lost, .gone] {
      let count = snapshot.endedTasks[state] ?? 0
      set("tasks_\(state.metricName.dropFirst("task_".count))", Double(count))
    }
    func count(_ state: SlaveSnapshot.Executor.State) -> Double {
      Double(executors.count { $0.state == state })
    }
    set("executors_registering", count(.registering))
    set("executors_running", count(.running))
    set("executors_terminating", count(.terminating))
    set("executors_terminated", Double(snapshot.endedExecutors))
    set("valid_status_updates", Double(snapshot.updates))
  }

  private mutating func addResources(_ snapshot: SlaveSnapshot) {
    let (total, held) = (snapshot.info.resources, snapshot.heldResources)
    for (suffix, total, used) in [
      ("", total.nonRevocable, held.nonRevocable),
      ("_revocable", total.revocable, held.revocable),
    ] {
      for name in ["cpus", "gpus", "mem", "disk"] {
        let (all, part) = (total.amount(of: name), used.amount(of: name))
        set("\(name)\(suffix)_total", all)
        set("\(name)\(suffix)_used", part)
        set("\(name)\(suffix)_percent", all == 0 ? 0 : part / all)
      }
    }
    values.merge(
      SystemMetrics.values(
        cpus: total.amount(of: "cpus"), busy: held.amount(of: "cpus"),
        megabytes: total.amount(of: "mem"), used: held.amount(of: "mem"))
    ) { $1 }
  }
}

/// What a machine says of itself (Mesos: libprocess's `system.hpp`).
enum SystemMetrics {
  /// Of a master's machine, which is not simulated: one of the usual size that has little to do.
  static let ofMaster = values(cpus: 4, busy: 0, megabytes: 8192, used: 1024)

  static func values(
    cpus: Double, busy: Double, megabytes: Double, used: Double
  ) -> [String: Double] {
    [
      "system/cpus_total": cpus, "system/load_1min": busy, "system/load_5min": busy,
      "system/load_15min": busy, "system/mem_total_bytes": megabytes * 1_048_576,
      "system/mem_free_bytes": max(0, megabytes - used) * 1_048_576,
    ]
  }
}

extension SlaveQuestion {
  func metrics() throws(OperatorFault) -> OperatorReply {
    try require(.getEndpoints, "/metrics/snapshot")
    if let text = request.query["timeout"],
      let fault = OperatorQuestion.fault(ofTimeout: text)
    {
      throw OperatorFault("Invalid timeout '\(text)': \(fault).\n")
    }
    let all = SlaveMetrics(self).entries
    return OperatorReply { writer in
      writer.object {
        for metric in all {
          $0.key(named: metric.name)
          $0.number(metric.value)
        }
      }
    }
  }
}
