// Part of mesosim. Apache-2.0, see LICENSE.
//
// All metrics of a master by name: what was counted, and what is there now (Mesos:
// `master/metrics.cpp`, `allocator/mesos/metrics.cpp`).

import Mesos
import MesosAllocation
import MesosCluster
import MesosV1
import VirtualTime

/// All metrics of a master, by name.
struct MetricList {
  private var values: [String: Double] = [:]

  /// The metrics in the order of their names.
  var entries: [(name: String, value: Double)] {
    values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  init(_ question: OperatorQuestion) {
    let snapshot = question.snapshot
    for name in Self.counters { values["master/\(name)"] = 0 }
    addOperations()
    for (name, count) in question.counters.counts { values[name] = Double(count) }
    set("elected", 1)
    set("uptime_secs", (snapshot.now - question.description.startedAt).inSeconds)
    set("operator_event_stream_subscribers", Double(question.counters.operatorStreams))
    for kind in ["messages", "dispatches", "http_requests"] { set("event_queue_\(kind)", 0) }
    addInvalid()
    addGauges(snapshot)
    let loads = SnapshotLoads(snapshot)
    addResources(loads)
    addFrameworks(question.counters, loads)
    addAllocator(snapshot, loads)
    addRegistrar(snapshot)
    values.merge(SystemMetrics.ofMaster) { $1 }
  }

  /// What the registrar says of itself: nothing takes it any time, and what it keeps of a slave is
  /// taken to be of one size.
  private mutating func addRegistrar(_ snapshot: MasterSnapshot) {
    values["registrar/queued_operations"] = 0
    values["registrar/registry_size_bytes"] =
      Double(snapshot.slaves.count + snapshot.recoveredSlaves.count) * 512
    for name in ["state_fetch_ms", "state_store_ms"] { values["registrar/\(name)"] = 0 }
  }

  private mutating func set(_ name: String, _ value: Double) { values["master/\(name)"] = value }

  private static let counters =
    [
      "dropped_messages", "http_cache_hits", "recovery_slave_removals", "slave_registrations",
      "slave_removals", "slave_removals/reason_registered", "slave_removals/reason_unhealthy",
      "slave_removals/reason_unregistered", "slave_reregistrations", "slave_shutdowns_canceled",
      "slave_shutdowns_completed", "slave_shutdowns_scheduled", "slave_unreachable_canceled",
      "slave_unreachable_completed", "slave_unreachable_scheduled",
    ]
    + [
      "authenticate", "deactivate_framework", "decline_offers", "executor_to_framework",
      "exited_executor", "framework_to_executor", "kill_task", "launch_tasks",
      "operation_status_update", "operation_status_update_acknowledgement",
      "reconcile_operations", "reconcile_tasks", "register_framework", "register_slave",
      "reregister_framework", "reregister_slave", "resource_request", "revive_offers",
      "status_update", "status_update_acknowledgement", "suppress_offers",
      "unregister_framework", "unregister_slave", "update_slave",
    ].map { "messages_\($0)" }
    + [
      "dropped", "error", "failed", "finished", "gone", "gone_by_operator", "killed", "lost",
    ].map { "tasks_\($0)" }
    + [
      "executor_to_framework_messages", "framework_to_executor_messages",
      "operation_status_update_acknowledgements", "operation_status_updates",
      "status_update_acknowledgements", "status_updates",
    ].flatMap { ["valid_\($0)", "invalid_\($0)"] }

  /// Operations that slaves report on: there are none, as no slave has resource providers.
  private mutating func addOperations() {
    let states = [
      "dropped", "error", "failed", "finished", "gone_by_operator", "pending", "recovering",
      "total", "unreachable",
    ]
    let kinds = [
      "create", "create_disk", "destroy", "destroy_disk", "grow_volume", "reserve",
      "shrink_volume", "unreserve",
    ]
    for state in states {
      set("operations/\(state)", 0)
      for kind in kinds { set("operations/\(kind)/\(state)", 0) }
    }
  }

  /// What came and was not valid.
  private mutating func addInvalid() {
    for (message, name) in [
      ("status_update", "status_updates"),
      ("status_update_acknowledgement", "status_update_acknowledgements"),
      ("framework_to_executor", "framework_to_executor_messages"),
      ("executor_to_framework", "executor_to_framework_messages"),
    ] {
      let all = values["master/messages_\(message)"] ?? 0
      set("invalid_\(name)", max(0, all - (values["master/valid_\(name)"] ?? 0)))
    }
  }

  private mutating func addGauges(_ snapshot: MasterSnapshot) {
    let slaves = snapshot.slaves
    set("slaves_connected", Double(slaves.count(where: \.isConnected)))
    set("slaves_disconnected", Double(slaves.count { !$0.isConnected }))
    set("slaves_active", Double(slaves.count(where: \.isActive)))
    set("slaves_inactive", Double(slaves.count { !$0.isActive }))
    set("slaves_unreachable", Double(snapshot.unreachableSlaves))
    let frameworks = snapshot.frameworks
    set("frameworks_connected", Double(frameworks.count(where: \.isConnected)))
    set("frameworks_disconnected", Double(frameworks.count { !$0.isConnected }))
    set("frameworks_active", Double(frameworks.count(where: \.isActive)))
    set("frameworks_inactive", Double(frameworks.count { !$0.isActive }))
    set("outstanding_offers", Double(snapshot.offers.count))
    for state in [TaskState.staging, .starting, .running, .killing] {
      let count = snapshot.tasks.count { $0.state == state }
      set("tasks_\(state.metricName.dropFirst("task_".count))", Double(count))
    }
    set("tasks_unreachable", Double(snapshot.unreachableTasks.count))
  }

  private mutating func addResources(_ loads: SnapshotLoads) {
    var (total, used) = (Resources(), Resources())
    for slave in loads.snapshot.slaves {
      total += slave.total
      used += loads.used(loads.ofSlave[slave.index])
    }
    for (suffix, total, used) in [
      ("", total.nonRevocable, used.nonRevocable),
      ("_revocable", total.revocable, used.revocable),
    ] {
      for name in ["cpus", "gpus", "mem", "disk"] {
        let (all, part) = (total.amount(of: name), used.amount(of: name))
        set("\(name)\(suffix)_total", all)
        set("\(name)\(suffix)_used", part)
        set("\(name)\(suffix)_percent", all == 0 ? 0 : part / all)
      }
    }
  }

  // MARK: Frameworks

  /// What is counted of every framework.
  private static let ofFrameworks =
    ["calls", "events", "operations"]
    + [
      "accept", "accept_inverse_offers", "acknowledge", "acknowledge_operation_status",
      "decline", "decline_inverse_offers", "kill", "message", "reconcile",
      "reconcile_operations", "request", "revive", "shutdown", "subscribe", "suppress",
      "teardown", "update_framework",
    ].map { "calls/\($0)" }
    + [
      "error", "failure", "heartbeat", "inverse_offers", "message", "offers", "rescind",
      "rescind_inverse_offer", "subscribed", "update", "update_operation_status",
    ].map { "events/\($0)" }
    + ["accepted", "declined", "rescinded", "sent"].map { "offers/\($0)" }
    + [
      "create", "create_disk", "destroy", "destroy_disk", "grow_volume", "launch",
      "launch_group", "reserve", "shrink_volume", "unreserve",
    ].map { "operations/\($0)" }
    + [
      "dropped", "error", "failed", "finished", "gone", "gone_by_operator", "killed", "lost",
    ].map { "tasks/terminal/task_\($0)" }

  private mutating func addFrameworks(_ counters: MasterCounters, _ loads: SnapshotLoads) {
    for framework in loads.snapshot.frameworks {
      guard let counted = counters.frameworks[framework.index] else { continue }
      let prefix = "frameworks/\(Self.encoded(counted.name))/\(counted.id)"
      for name in Self.ofFrameworks { set("\(prefix)/\(name)", 0) }
      for (name, count) in counted.counts { set("\(prefix)/\(name)", Double(count)) }
      set("\(prefix)/subscribed", framework.isConnected ? 1 : 0)
      var states = StateCounts()
      for task in loads.allTasks(of: framework.index) { states.count(task.state) }
      for state in [TaskState.staging, .starting, .running, .killing, .unreachable] {
        set("\(prefix)/tasks/active/\(state.metricName)", Double(states[state]))
      }
    }
  }

  /// A name with what is not plain written as in addresses.
  private static func encoded(_ name: String) -> String {
    name.utf8.reduce(into: "") { text, byte in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
        || (0x61...0x7a).contains(byte) || "-_.~".utf8.contains(byte)
      if isPlain {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += byte < 16 ? "%0" : "%"
        text += String(byte, radix: 16, uppercase: true)
      }
    }
  }

  // MARK: The allocator

  private mutating func addAllocator(_ snapshot: MasterSnapshot, _ loads: SnapshotLoads) {
    let prefix = "allocator/mesos"
    values["allocator/event_queue_dispatches"] = 0
    values["\(prefix)/event_queue_dispatches"] = 0
    var (total, held) = (Resources(), Resources())
    for slave in snapshot.slaves {
      let places = loads.ofSlave[slave.index]
      total += slave.total
      held += loads.used(places) + loads.offered(places)
    }
    for name in ["cpus", "mem", "disk"] {
      values["\(prefix)/resources/\(name)/total"] = total.amount(of: name)
      values["\(prefix)/resources/\(name)/offered_or_allocated"] = held.amount(of: name)
    }
    addShares(snapshot, total, prefix)
    addQuotas(snapshot, prefix)
    for (role, count) in snapshot.activeFilters {
      values["\(prefix)/offer_filters/roles/\(role)/active"] = Double(count)
    }
  }

  /// What each role with frameworks has of whatever it has most of.
  private mutating func addShares(
    _ snapshot: MasterSnapshot, _ total: Resources, _ prefix: String
  ) {
    var roles: Set<Role> = []
    for framework in snapshot.frameworks { roles.formUnion(framework.info.effectiveRoles) }
    var held: [Role: Resources] = [:]
    for task in snapshot.tasks where !task.state.isTerminal {
      held[task.role, default: Resources()] += task.resources
    }
    for executor in snapshot.executors {
      held[executor.role, default: Resources()] += executor.info.resources
    }
    for offer in snapshot.offers { held[offer.role, default: Resources()] += offer.resources }
    let all = total.scalarQuantities.entries
    for role in roles {
      let own = held[role] ?? Resources()
      let shares = all.filter { $0.thousandths > 0 }.map { entry in
        Double(own.thousandths(of: entry.name)) / Double(entry.thousandths)
      }
      let weight = snapshot.weights.first { $0.role == role }?.weight ?? 1
      values["\(prefix)/roles/\(role)/shares/dominant"] = (shares.max() ?? 0) / weight
    }
  }

  private mutating func addQuotas(_ snapshot: MasterSnapshot, _ prefix: String) {
    let quotas = "\(prefix)/quota/roles"
    for config in snapshot.quotas {
      for entry in config.quota.guarantees.entries {
        values["\(quotas)/\(config.role)/resources/\(entry.name)/guarantee"] =
          Double(entry.thousandths) / 1000
      }
      for entry in config.quota.limits.entries {
        values["\(quotas)/\(config.role)/resources/\(entry.name)/limit"] =
          Double(entry.thousandths) / 1000
      }
    }
    var all: [String: Int64] = [:]
    for role in snapshot.knownRoles {
      let consumed = RoleAmounts(role, snapshot).consumedScalars
      // What is below a role counts for it as well.
      let isTop = !role.value.utf8.contains(UInt8(ascii: "/"))
      for entry in consumed where entry.thousandths > 0 {
        if isTop { all[entry.name, default: 0] += entry.thousandths }
        values["\(quotas)/\(role)/resources/\(entry.name)/consumed"] =
          Double(entry.thousandths) / 1000
      }
    }
    for (name, amount) in all {
      values["\(quotas)//resources/\(name)/consumed"] = Double(amount) / 1000
    }
  }
}

extension Resources {
  func amount(of name: String) -> Double { Double(thousandths(of: name)) / 1000 }
}

extension OperatorQuestion {
  func metrics() throws(OperatorFault) -> OperatorPlan {
    try require(.getEndpoints, "/metrics/snapshot")
    if let text = request.query["timeout"] {
      if let fault = Self.fault(ofTimeout: text) {
        throw OperatorFault("Invalid timeout '\(text)': \(fault).\n")
      }
    }
    let all = MetricList(self).entries
    return Self.json { writer in
      writer.object {
        for metric in all {
          $0.key(named: metric.name)
          $0.number(metric.value)
        }
      }
    }
  }

  /// What is wrong with a time, in the words of Mesos.
  static func fault(ofTimeout text: String) -> String? {
    let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "-" }
    guard let number = Double(digits) else {
      return "Failed to convert '\(digits)' to number"
    }
    let units = ["ns", "us", "ms", "secs", "mins", "hrs", "days", "weeks"]
    let unit = String(text.dropFirst(digits.count))
    if !units.contains(unit) {
      return "Unknown duration unit '\(unit)'; supported units are 'ns', 'us', 'ms', 'secs', "
        + "'mins', 'hrs', 'days', and 'weeks'"
    }
    return number < 0 ? "Timeout must not be negative" : nil
  }
}
