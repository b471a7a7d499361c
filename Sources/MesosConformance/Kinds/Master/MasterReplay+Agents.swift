// Part of mesosim. Apache-2.0, see LICENSE.
//
// What the script has agents do.

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension MasterReplay {
  func takeAgentStep(_ step: JSONValue, _ name: String) throws {
    let kind = try step.requiredString("do")
    switch kind {
    case "register":
      agents[name]?.isReachable = true
      guard let info = try slaveInfo(name, step, checkpointed: Resources()) else { return }
      agents[name]?.checkpointed = Resources()
      tell(.slave(agents[name]?.index ?? 0, .register(info)))
    case "reregister": try reregister(name, step)
    case "status": try sendStatus(name, step)
    case "message": try sendMessage(name, step)
    case "pong": agents[name]?.answersPings = step["on"]?.bool ?? true
    case "disconnect":
      if step["refuse"]?.bool ?? true { agents[name]?.isReachable = false }
      tell(.slaveExited(agents[name]?.index ?? 0))
    default: throw CaseInputError("step '\(kind)' of an agent is unknown")
    }
  }

  /// How an agent introduces itself.
  private func slaveInfo(
    _ name: String, _ step: JSONValue, checkpointed: Resources
  ) throws -> SlaveInfo? {
    guard let agent = agents[name] else { return nil }
    func field(_ key: String) -> JSONValue? { step[key] ?? agent.form[key] }
    var list = field("resources") ?? .array([])
    if let text = list.string { list = try ResourceText.json(of: text) }
    let stated = try StatedResources(reading: list)
    var info = SlaveInfo(
      hostname: field("hostname")?.string ?? "\(name).example", resources: stated.resources,
      attributes: try Attributes(parsing: field("attributes")?.string ?? ""))
    info.port = Int(agent.index.rawValue + MasterReplay.firstPort)
    info.domain = DomainInfo(field("domain"))
    info.version = field("version")?.string
    info.fault = stated.fault
    info.capabilities =
      field("capabilities")?.array?.compactMap { $0.string ?? $0["type"]?.string }
      ?? [
        "MULTI_ROLE", "HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT", "RESIZE_VOLUME",
        "AGENT_DRAINING", "TASK_RESOURCE_LIMITS",
      ]
    for entry in checkpointed.entries {
      let made = Resources([entry])
      var origin = made.withoutPersistence
      while origin.entries.first?.reservations.last?.kind == .dynamic {
        origin = origin.poppingReservation()
      }
      info.resources -= origin
      info.resources += made
    }
    return info
  }

  private func reregister(_ name: String, _ step: JSONValue) throws {
    agents[name]?.isReachable = true
    guard let agent = agents[name],
      let info = try slaveInfo(name, step, checkpointed: agent.checkpointed)
    else { return }
    let id = step["agent_id"]?.string.map { SlaveID(labels.id($0)) } ?? agent.id ?? ""
    var inventory = SlaveInventory()
    for entry in step["frameworks"]?.array ?? [] {
      let frameworkID = labels.id(entry["id"]?.string ?? "")
      let known = schedulers.values.filter { $0.id?.value == frameworkID }.map(\.name).min()
      var described = FrameworkInfo(
        user: "root", name: entry["name"]?.string ?? known ?? "", id: FrameworkID(frameworkID))
      let names = entry["capabilities"]?.array?.compactMap { $0.string ?? $0["type"]?.string }
      described.capabilities = FrameworkInfo.Capabilities(names: names ?? [])
      described.failoverTimeoutSeconds = entry["failover_timeout"]?.double ?? 0
      described.hasCheckpointing = entry["checkpoint"]?.bool ?? false
      if let role = entry["role"]?.string { described.role = Role(role) }
      described.roles = entry["roles"]?.array?.compactMap(\.string).map { Role($0) } ?? []
      inventory.frameworks.append(
        SlaveInventory.Framework(index: framework(frameworkID), info: described))
    }
    for entry in step["tasks"]?.array ?? [] { inventory.tasks.append(try task(entry)) }
    for entry in step["executors"]?.array ?? [] {
      let owner = try entry.requiredString("framework")
      let list = try ResourceText.json(of: entry["resources"]?.string ?? "")
      let info = ExecutorInfo(
        ExecutorID(try entry.requiredString("id")), frameworkID: FrameworkID(labels.id(owner)),
        command: CommandInfo("run"), resources: try StatedResources(reading: list).resources)
      inventory.executors.append(
        SlaveInventory.Executor(
          framework: framework(labels.id(owner)), info: info,
          role: Role(entry["role"]?.string ?? "*")))
    }
    tell(.slave(agent.index, .reregister(id, info, inventory)))
  }

  private func task(_ entry: JSONValue) throws -> SlaveInventory.Task {
    let text = entry["resources"]?.string ?? "cpus:1;mem:64"
    let resources = try StatedResources(reading: ResourceText.json(of: text)).resources
    let id = try entry.requiredString("id")
    var task = SlaveInventory.Task(
      framework: framework(labels.id(try entry.requiredString("framework"))), id: TaskID(id),
      name: id, executor: entry["executor"]?.string.map { ExecutorID($0) },
      role: Role(entry["role"]?.string ?? "*"), resources: resources,
      state: try state(entry["state"]) ?? .running,
      updateState: try state(entry["status_update_state"]))
    task.updateID = entry["uuid"]?.string.map { CaseLabels.updateID($0) }
    return task
  }

  private func state(_ json: JSONValue?) throws(CaseInputError) -> TaskState? {
    guard let word = json?.string else { return nil }
    guard let state = TaskState.allCases.first(where: { $0.description == word }) else {
      throw CaseInputError("'\(word)' is no state of a task")
    }
    return state
  }

  private func sendStatus(_ name: String, _ step: JSONValue) throws {
    guard let agent = agents[name] else { return }
    let state = try self.state(step["state"]) ?? .running
    let slaveID = step["agent_id"]?.string.map { SlaveID(labels.id($0)) } ?? agent.id
    let uuid = step["uuid"]?.string.map { CaseLabels.updateID($0) }
    let owner = framework(labels.id(step["framework"]?.string ?? "F1"))
    let resolved = try labels.resolved(step)
    let status = try V1Messages.status(
      resolved, task: TaskID(try step.requiredString("task")), state: state, slave: slaveID,
      uuid: uuid, at: now)
    let latest = try self.state(step["latest_state"]) ?? state
    tell(.slave(agent.index, .statusUpdate(owner, status, latest: latest)))
  }

  private func sendMessage(_ name: String, _ step: JSONValue) throws {
    guard let agent = agents[name] else { return }
    let body = try labels.resolved(step["body"] ?? .object([:]))
    func id(_ key: String) -> String { body[key]?["value"]?.string ?? "" }
    let isOwn = body["agent_id"] == nil || SlaveID(id("agent_id")) == agent.id
    switch try step.requiredString("message") {
    case "UnregisterSlave":
      tell(.slave(agent.index, .unregister(SlaveID(id("agent_id")))))
    case "ExitedExecutor" where isOwn:
      tell(
        .slave(
          agent.index,
          .executorExited(
            framework(id("framework_id")), ExecutorID(id("executor_id")),
            status: Int32(body["status"]?.double ?? 0))))
    case "ExecutorToFramework" where isOwn:
      tell(
        .slave(
          agent.index,
          .frameworkMessage(
            framework(id("framework_id")), ExecutorID(id("executor_id")),
            V1Bytes.bytes(of: body["data"]?.string ?? "") ?? [])))
    case "UpdateSlave":
      let list = body["oversubscribed_resources"] ?? .array([])
      tell(.slave(agent.index, .oversubscribed(try StatedResources(reading: list).resources)))
    default: break
    }
  }
}
