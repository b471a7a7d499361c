// Part of mesosim. Apache-2.0, see LICENSE.
//
// What there is to be seen: frameworks and tasks (Mesos: `master/readonly_handler.cpp`,
// `common/http.cpp`).

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension OperatorSide {
  static func frameworks(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let wanted = request.query["framework_id"]
    return .reply(
      json { writer in
        writer.object {
          $0.key("frameworks")
          $0.array { list in
            for framework in snapshot.frameworks
            where wanted == nil || wanted == framework.info.id?.value {
              list.framework(framework, snapshot)
            }
          }
          $0.key("completed_frameworks")
          $0.array { _ in }
          $0.key("unregistered_frameworks")
          $0.array { _ in }
        }
      })
  }

  static func tasks(
    _ request: OperatorRequest, _ rest: String, _ snapshot: MasterSnapshot
  ) throws(OperatorFault) -> OperatorPlan {
    let limit = request.query["limit"].flatMap { Int($0) } ?? 100
    let offset = request.query["offset"].flatMap { Int($0) } ?? 0
    var tasks = snapshot.tasks + snapshot.unreachableTasks + snapshot.completedTasks
    if let id = request.query["framework_id"] {
      tasks = tasks.filter { $0.frameworkID.value == id }
    }
    if let id = request.query["task_id"] { tasks = tasks.filter { $0.id.value == id } }
    let isAscending = request.query["order"] == "asc"
    func moment(_ task: MasterSnapshot.Task) -> Instant {
      task.states.first?.timestamp ?? .distantFuture
    }
    let sorted = tasks.enumerated().sorted { left, right in
      let (one, other) = (moment(left.element), moment(right.element))
      if one == other { return left.offset < right.offset }
      return isAscending ? one < other : one > other
    }
    return .reply(
      json { writer in
        writer.object {
          $0.key("tasks")
          $0.array { list in
            for task in sorted.dropFirst(max(0, offset)).prefix(max(0, limit)) {
              list.task(task.element, snapshot)
            }
          }
        }
      })
  }
}

extension MasterSnapshot {
  /// The id of a framework, or nothing.
  func id(of framework: FrameworkIndex) -> String {
    frameworks.first { $0.index == framework }?.info.id?.value ?? ""
  }

  /// The id of a slave, or nothing.
  func id(of slave: SlaveIndex) -> String { slaves.first { $0.index == slave }?.id.value ?? "" }
}

extension JSONWriter {
  /// Writes resources as amounts by name, over all roles; the usual names always.
  mutating func summary(_ resources: Resources) {
    object { map in
      for name in ["disk", "mem", "gpus", "cpus"] {
        map.key(named: name)
        map.number(Scalar(thousandths: resources.thousandths(of: name)))
      }
      resources.forEachOtherScalar { name, amount in
        map.key(named: name)
        map.number(Scalar(thousandths: amount))
      }
      var seen: Set<String> = []
      for entry in resources.entries where !seen.contains(entry.name) {
        switch entry.value {
        case .scalar: continue
        case .ranges(let ranges):
          let all = entry.name == "ports" ? resources.ports : ranges
          map.key(named: entry.name)
          map.string(all.description)
        case .set(let set):
          map.key(named: entry.name)
          map.string(set.description)
        }
        seen.insert(entry.name)
      }
    }
  }

  mutating func framework(_ framework: MasterSnapshot.Framework, _ snapshot: MasterSnapshot) {
    let info = framework.info
    let tasks = snapshot.tasks.filter { $0.framework == framework.index }
    let executors = snapshot.executors.filter { $0.framework == framework.index }
    let offers = snapshot.offers.filter { $0.framework == framework.index }
    var used = tasks.filter { !$0.state.isTerminal }.reduce(Resources()) { $0 + $1.resources }
    used = executors.reduce(used) { $0 + $1.info.resources }
    let offered = offers.reduce(Resources()) { $0 + $1.resources }
    object { writer in
      writer.key("id")
      writer.string(info.id?.value ?? "")
      writer.key("name")
      writer.string(info.name)
      writer.key("used_resources")
      writer.summary(used)
      writer.key("offered_resources")
      writer.summary(offered)
      writer.key("capabilities")
      writer.array { list in for name in info.capabilities.names { list.string(name) } }
      writer.key("hostname")
      writer.string(info.hostname)
      writer.key("webui_url")
      writer.string(info.webUIURL ?? "")
      writer.flags(framework)
      writer.key("resources")
      writer.summary(used + offered)
      writer.roles(info)
      writer.key("tasks")
      writer.array { list in for task in tasks { list.task(task, snapshot) } }
      writer.key("unreachable_tasks")
      writer.tasks(snapshot.unreachableTasks, of: framework, snapshot)
      writer.key("completed_tasks")
      writer.tasks(snapshot.completedTasks, of: framework, snapshot)
      writer.key("offers")
      writer.array { list in for offer in offers { list.offer(offer, snapshot) } }
      writer.key("executors")
      writer.array { list in for executor in executors { list.executor(executor, snapshot) } }
      writer.key("offer_constraints")
      writer.object { _ in }
    }
  }

  private mutating func tasks(
    _ tasks: [MasterSnapshot.Task], of framework: MasterSnapshot.Framework,
    _ snapshot: MasterSnapshot
  ) {
    array { list in
      for task in tasks where task.framework == framework.index { list.task(task, snapshot) }
    }
  }

  private mutating func flags(_ framework: MasterSnapshot.Framework) {
    let info = framework.info
    key("active")
    bool(framework.isActive)
    key("connected")
    bool(framework.isConnected)
    key("recovered")
    bool(framework.isRecovered)
    key("user")
    string(info.user)
    key("failover_timeout")
    number(info.failoverTimeoutSeconds)
    key("checkpoint")
    bool(info.hasCheckpointing)
    key("registered_time")
    number(framework.registeredAt.seconds)
    key("unregistered_time")
    number(0)
    if let time = framework.reregisteredAt {
      key("reregistered_time")
      number(time.seconds)
    }
    if let principal = info.principal {
      key("principal")
      string(principal)
    }
  }

  private mutating func roles(_ info: FrameworkInfo) {
    if info.capabilities.contains(.multiRole) {
      key("roles")
      array { list in for role in info.roles { list.string(role.value) } }
    } else {
      key("role")
      string(info.role.value)
    }
  }

  mutating func task(_ task: MasterSnapshot.Task, _ snapshot: MasterSnapshot) {
    object { writer in
      writer.key("id")
      writer.string(task.id.value)
      writer.key("name")
      writer.string(task.name)
      writer.key("framework_id")
      writer.string(task.frameworkID.value)
      writer.key("executor_id")
      writer.string(task.executor?.value ?? "")
      writer.key("slave_id")
      writer.string(task.slaveID.value)
      writer.key("state")
      writer.string(task.state.description)
      writer.key("resources")
      writer.summary(task.resources)
      writer.key("role")
      writer.string(task.role.value)
      writer.key("statuses")
      writer.array { list in
        for status in task.states {
          list.object {
            $0.key("state")
            $0.string(status.state.description)
            $0.key("timestamp")
            $0.number(status.timestamp.seconds)
          }
        }
      }
    }
  }

  private mutating func offer(_ offer: MasterSnapshot.OpenOffer, _ snapshot: MasterSnapshot) {
    object { writer in
      writer.key("id")
      writer.string(offer.id.value)
      writer.key("framework_id")
      writer.string(snapshot.id(of: offer.framework))
      writer.key("allocation_info")
      writer.object {
        $0.key("role")
        $0.string(offer.role.value)
      }
      writer.key("slave_id")
      writer.string(snapshot.id(of: offer.slave))
      writer.key("resources")
      writer.summary(offer.resources)
    }
  }

  private mutating func executor(
    _ executor: MasterSnapshot.Executor, _ snapshot: MasterSnapshot
  ) {
    object { writer in
      writer.key("executor_id")
      writer.string(executor.info.executorID.value)
      writer.key("name")
      writer.string(executor.info.name ?? "")
      writer.key("framework_id")
      writer.string(snapshot.id(of: executor.framework))
      writer.key("slave_id")
      writer.string(snapshot.id(of: executor.slave))
      writer.key("resources")
      writer.summary(executor.info.resources)
      writer.key("role")
      writer.string(executor.role.value)
      if let command = executor.info.command {
        writer.key("command")
        writer.command(command)
      }
    }
  }
}
