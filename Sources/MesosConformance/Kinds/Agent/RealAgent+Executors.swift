// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script has executors do, and what the slave says to them.

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension RealAgent {
  /// Carries out a step that is the slave's or an executor's.
  /// - Returns: Whether it was one.
  func take(_ step: JSONValue) throws -> Bool {
    switch try step.requiredString("do") {
    case "agent-restart":
      restart(exiting: step["exit_meanwhile"]?.array?.compactMap(\.string) ?? [])
    case "executor-exit": try exit(step)
    case "executor-register":
      let name = try step.requiredString("who")
      let key = ExecutorKey(
        framework: framework(step),
        executor: ExecutorID(try step.requiredString("executor")))
      let container = processes.filter { $0.value.key == key && $0.value.end == nil }.keys.max()
      instances[name] = Instance(key: key, container: container ?? Self.noContainer)
      // A second executor of the id is not the one in the container.
      if let container, processes[container]?.name == nil { processes[container]?.name = name }
      report(.register, of: name)
    case "executor-reregister":
      let name = try step.requiredString("who")
      let updates = try (step["updates"]?.array ?? []).map { try status($0, of: name) }
      let tasks = (step["tasks"]?.array ?? []).compactMap(\.string).map { id in
        TaskInfo(
          name: "", taskID: TaskID(id), slaveID: slave.id ?? "", resources: Resources(),
          command: CommandInfo(""))
      }
      report(.reregister(updates: updates, tasks: tasks), of: name)
    case "executor-status":
      let name = try step.requiredString("who")
      report(.statusUpdate(try status(step, of: name)), of: name)
    case "executor-message":
      let data = V1Bytes.bytes(of: try step.requiredString("data")) ?? []
      report(.frameworkMessage(data), of: try step.requiredString("who"))
    default: return false
    }
    return true
  }

  private func framework(_ step: JSONValue) -> FrameworkIndex {
    replay.framework(replay.labels.id(step["framework"]?.string ?? "F1"))
  }

  private func report(_ report: ExecutorReport, of name: String) {
    guard let instance = instances[name] else { return }
    let isCurrent = processes[instance.container]?.name == name
    let isKnown = isCurrent || isRegistering(report)
    speaker = name
    tell(.executor(isKnown ? instance.container : Self.noContainer, report))
    speaker = nil
  }

  private func isRegistering(_ report: ExecutorReport) -> Bool {
    if case .register = report { true } else { false }
  }

  private func exit(_ step: JSONValue) throws {
    let key = ExecutorKey(
      framework: framework(step), executor: ExecutorID(try step.requiredString("executor")))
    let status = Int32(clamping: Int(step["status"]?.double ?? 0))
    for (container, process) in processes where process.key == key && process.end == nil {
      // As `wait` gives it: a signal as it is, else the status in the upper byte.
      processes[container]?.end = (replay.now, status == 9 ? 9 : status << 8, .itself)
    }
  }

  private func status(_ step: JSONValue, of name: String) throws -> TaskStatus {
    let word = try step.requiredString("state")
    guard let state = TaskState.allCases.first(where: { $0.description == word }) else {
      throw CaseInputError("'\(word)' is no state of a task")
    }
    var status = try V1Messages.status(
      replay.labels.resolved(step), task: TaskID(try step.requiredString("task")), state: state,
      slave: slave.id, uuid: step["uuid"]?.string.map { CaseLabels.updateID($0) },
      at: replay.now)
    status.source = .executor
    status.hasSource = true
    return status
  }

  // MARK: What they are told

  func event(_ message: ExecutorMessage, _ name: String) -> JSONValue {
    let key = instances[name]?.key
    let framework = JSONValue.text(key.map { frameworkID($0.framework) } ?? "")
    let agent = JSONValue.text(slave.id?.value ?? "")
    func form(_ type: String, _ members: [(String, JSONValue?)]) -> JSONValue {
      EventForm.object([("type", .text(type))] + members)
    }
    func task(_ task: TaskInfo) -> JSONValue {
      EventForm.flattened(EventForm.value { $0.task(task, role: .unreserved) })
    }
    func kill(_ task: TaskID, _ policy: JSONValue?) -> JSONValue {
      form(
        "KillTask",
        [("framework_id", framework), ("task_id", .text(task.value)), ("kill_policy", policy)])
    }
    switch message {
    case .registered:
      return form("ExecutorRegistered", [("framework_id", framework), ("agent_id", agent)])
    case .reconnect: return form("ReconnectExecutor", [("agent_id", agent)])
    case .reregistered: return form("ExecutorReregistered", [("agent_id", agent)])
    case .launchTask(let info):
      return form("RunTask", [("framework_id", framework), ("task", task(info))])
    case .launchTaskGroup(let infos):
      return form(
        "RunTaskGroup",
        [
          ("framework_id", framework),
          ("task_group", .object(["tasks": .array(infos.map(task))])),
        ])
    case .killTask(let task): return kill(task, nil)
    case .killTaskBy(let policy, let task):
      return kill(task, EventForm.flattened(EventForm.value { $0.killPolicy(policy) }))
    case .frameworkMessage(let data):
      return form(
        "FrameworkToExecutor",
        [
          ("agent_id", agent), ("framework_id", framework),
          ("executor_id", key.map { .text($0.executor.value) }),
          ("data", .text(V1Bytes.text(of: data))),
        ])
    case .shutdown: return form("ShutdownExecutor", [])
    case .acknowledge(let task, let update):
      return form(
        "StatusUpdateAcknowledgement",
        [
          ("agent_id", agent), ("framework_id", framework), ("task_id", .text(task.value)),
          ("uuid", .text(CaseLabels.label(update))),
        ])
    }
  }
}
