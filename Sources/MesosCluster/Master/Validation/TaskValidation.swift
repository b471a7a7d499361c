// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with a task: the first failing row of Rules 3.3 decides
// (Mesos: `master/validation.cpp`).

import Mesos
import MesosAllocation
import VirtualTime

/// Why a task is refused.
enum TaskFault {
  case invalid(String)
  case unauthorized(String)

  var message: String {
    switch self {
    case .invalid(let message), .unauthorized(let message): message
    }
  }

  var reason: StatusReason {
    switch self {
    case .invalid: .taskInvalid
    case .unauthorized: .taskUnauthorized
    }
  }

  var groupReason: StatusReason {
    switch self {
    case .invalid: .taskGroupInvalid
    case .unauthorized: .taskGroupUnauthorized
    }
  }
}

extension Master {
  /// What makes every task of one launch operation invalid: a malformed resource in any of them.
  func faultOfResources(_ tasks: [TaskInfo]) -> String? {
    for place in tasks.indices
    where !tasks[place].isOrdinary || !tasks[place].resources.isPlain {
      let task = tasks[place]
      // Plain scalars and ports cannot be malformed.
      if !task.resources.isPlain, let fault = malformation(of: task.resources) {
        return "task '\(task.taskID)' uses invalid resources: \(fault)"
      }
      if let executor = task.executor, !executor.resources.isPlain,
        let fault = malformation(of: executor.resources)
      {
        return "executor '\(executor.executorID)' uses invalid resources: \(fault)"
      }
    }
    return nil
  }

  private func malformation(of resources: Resources) -> String? {
    for entry in resources.entries {
      do throws(ResourceSyntaxError) { try entry.validate() } catch { return error.message }
    }
    return nil
  }

  /// What is wrong with a task, or `nil`.
  func faultOfTask(_ task: TaskInfo, on context: AcceptContext) -> TaskFault? {
    if isSoundCommand(task, on: context) { return nil }
    let framework = Int(context.framework)
    if settings.acls != nil, let fault = faultOfUser(task, of: frameworks[framework]) {
      return .unauthorized(fault)
    }
    if let fault = Self.faultOfID(task.taskID.value, "task") { return .invalid(fault) }
    if hasTask(task.taskID, context.framework) {
      return .invalid("task has a duplicate id: \(task.taskID)")
    }
    if task.slaveID != slaves[context.slave].id {
      return .invalid("task names slave \(task.slaveID), the offer is of another")
    }
    if let fault = faultOfRareParts(task) { return .invalid(fault) }
    if let fault = faultOfTaskResources(task.resources, role: context.role) {
      return .invalid(fault)
    }
    if let fault = faultOfEnvironment(task) ?? faultOfProgram(task)
      ?? faultOfExecutor(task, on: context)
    {
      return .invalid(fault)
    }
    return faultOfAmount(task, on: context).map { .invalid($0) }
  }

  /// Whether a task is a command like nearly all, with nothing wrong: what the rows come to for it,
  /// without making a text or copying anything.
  private func isSoundCommand(_ task: TaskInfo, on context: AcceptContext) -> Bool {
    guard settings.acls == nil, task.isOrdinary,
      let command = task.command, command.environment.isEmpty
    else { return false }
    let resources = task.resources
    return resources.isPlain && !resources.isEmpty && resources.hasWholeGpus
      && context.remainder.contains(resources)
      && task.slaveID == slaves[context.slave].id
      && Self.isWellFormed(task.taskID.value)
      && !hasTask(task.taskID, context.framework)
  }

  /// Row 3.
  private func hasTask(_ id: TaskID, _ framework: FrameworkIndex) -> Bool {
    if tasks.find(id, of: framework) != nil { return true }
    return !frameworks[framework].unreachableTasks.isEmpty
      && frameworks[framework].unreachableTasks[id] != nil
  }

  /// Row 1.
  private func faultOfUser(_ task: TaskInfo, of framework: FrameworkRecord) -> String? {
    guard let acls = settings.acls else { return nil }
    let info = framework.info
    let command = task.command ?? task.executor?.command
    let user = command?.user ?? info.user
    if acls.allows(.runTasks, by: info.principal, on: user) { return nil }
    return "principal '\(info.principal ?? "")' may not run tasks as user '\(user)'"
  }

  /// Row 2, and row 11 for executors.
  static func faultOfID(_ id: String, _ what: String) -> String? {
    if isWellFormed(id) { return nil }
    if id.isEmpty { return "\(what) id is empty" }
    if id.utf8.count > 255 { return "\(what) id is longer than 255 bytes" }
    if id == "." || id == ".." { return "\(what) id '\(id)' is not allowed" }
    return "\(what) id holds a control character, '/' or '\\'"
  }

  private static func isWellFormed(_ id: String) -> Bool {
    let count = id.utf8.count
    guard count > 0, count <= 255, count > 2 || id != "." && id != ".." else { return false }
    var id = id
    let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
    return id.withUTF8 {
      $0.allSatisfy { $0 >= 0x20 && $0 != 0x7f && $0 != slash && $0 != backslash }
    }
  }

  /// Row 6.
  private func faultOfTaskResources(_ resources: Resources, role: Role) -> String? {
    if resources.isEmpty { return "task uses no resources" }
    if resources.isPlain { return wholeGpus(resources, "task") }
    return faultOfMixture(resources, "task")
  }

  private func wholeGpus(_ resources: Resources, _ what: String) -> String? {
    resources.hasWholeGpus ? nil : "\(what) uses a part of a gpu"
  }

  /// Row 6, for what is not plain.
  private func faultOfMixture(_ resources: Resources, _ what: String) -> String? {
    if let fault = wholeGpus(resources, what) { return fault }
    var persistenceIDs: [String] = []
    var revocable: [String] = []
    var fixed: [String] = []
    for entry in resources.entries {
      if let id = entry.disk?.persistenceID {
        let name = "\(entry.role) \(id)"
        if persistenceIDs.contains(name) {
          return "\(what) names persistent volume '\(id)' twice"
        }
        persistenceIDs.append(name)
      }
      if entry.isRevocable { revocable.append(entry.name) } else { fixed.append(entry.name) }
    }
    if let name = revocable.first(where: fixed.contains) {
      return "\(what) mixes revocable and non-revocable '\(name)'"
    }
    return nil
  }

  /// Row 10.
  private func faultOfProgram(_ task: TaskInfo) -> String? {
    switch (task.command != nil, task.executor != nil) {
    case (true, false), (false, true): nil
    case (true, true): "task has both a command and an executor; give it exactly one"
    case (false, false): "task has neither a command nor an executor; give it exactly one"
    }
  }

  /// Rows 11 to 14 but the amounts.
  private func faultOfExecutor(_ task: TaskInfo, on context: AcceptContext) -> String? {
    guard let executor = task.executor else { return nil }
    if let fault = Self.faultOfID(executor.executorID.value, "executor") { return fault }
    let id = frameworks[context.framework].id
    if let named = executor.frameworkID, named != id {
      return "executor names framework '\(named)', it is launched by '\(id)'"
    }
    if executor.kind == .default || executor.kind == .unknown {
      return "executor of a single task must be CUSTOM"
    }
    if executor.command == nil { return "executor has no command" }
    return faultOfTerms(executor) ?? faultOfLiving(executor, on: context)
      ?? faultOfSharing(executor, task)
  }

  /// What is wrong with what an executor asks for beside its tasks.
  private func faultOfTerms(_ executor: ExecutorInfo) -> String? {
    if let grace = executor.shutdownGracePeriod, grace < .zero {
      return "executor has a negative shutdown grace period"
    }
    if executor.resources.isPlain { return wholeGpus(executor.resources, "executor") }
    if let fault = faultOfMixture(executor.resources, "executor") { return fault }
    return executor.resources.shared.isEmpty ? nil : "executor uses shared resources"
  }

  /// Whether an executor of that id lives on the slave and is described otherwise.
  private func faultOfLiving(_ executor: ExecutorInfo, on context: AcceptContext) -> String? {
    guard let living = self.executor(executor.executorID, of: context.framework, on: context.slave)
    else { return nil }
    var described = executor
    described.frameworkID = frameworks[context.framework].id
    if described.isCompatible(with: living.info) { return nil }
    return "executor '\(executor.executorID)' runs on the slave with another description"
  }

  /// What a task and its executor may not both ask for (row 14).
  private func faultOfSharing(_ executor: ExecutorInfo, _ task: TaskInfo) -> String? {
    if executor.resources.isPlain, task.resources.isPlain, executor.resources.ports.isEmpty {
      return nil
    }
    let mine = executor.resources.entries
    for entry in task.resources.entries {
      for other in mine where other.name == entry.name {
        if other.isRevocable != entry.isRevocable {
          return "task and executor mix revocable and non-revocable '\(entry.name)'"
        }
        let isShared =
          switch (entry.value, other.value) {
          case (.ranges(let left), .ranges(let right)): !(left - (left - right)).isEmpty
          case (.set(let left), .set(let right)): !(left - (left - right)).isEmpty
          default: false
          }
        if isShared { return "task and executor claim the same \(entry.name)" }
      }
    }
    return nil
  }

  /// Row 15.
  private func faultOfAmount(_ task: TaskInfo, on context: AcceptContext) -> String? {
    var needed = task.resources
    if let executor = task.executor,
      self.executor(executor.executorID, of: context.framework, on: context.slave) == nil
    {
      needed += executor.resources
    }
    if context.room.contains(needed) { return nil }
    return "task uses more resources (\(needed)) than available (\(context.room))"
  }

  // MARK: Groups

  /// What is wrong with a group of tasks, or `nil` (Rules 3.3, LAUNCH_GROUP).
  func faultOfGroup(_ members: [TaskInfo], _ executor: ExecutorInfo, on context: AcceptContext)
    -> TaskFault?
  {
    let framework = frameworks[context.framework]
    if let fault = faultOfResources(members) { return .invalid(fault) }
    if let fault = faultOfGroupExecutor(executor, on: context) { return .invalid(fault) }
    var remainder = context.room
    if self.executor(executor.executorID, of: context.framework, on: context.slave) == nil {
      guard remainder.contains(executor.resources) else {
        return .invalid("executor uses more resources than available")
      }
      remainder -= executor.resources
    }
    var ids: [TaskID] = []
    for task in members {
      if let fault = faultOfUser(task, of: framework) { return .unauthorized(fault) }
      if let fault = Self.faultOfID(task.taskID.value, "task") { return .invalid(fault) }
      if hasTask(task.taskID, context.framework) || ids.contains(task.taskID) {
        return .invalid("task has a duplicate id: \(task.taskID)")
      }
      ids.append(task.taskID)
      if task.slaveID != slaves[context.slave].id {
        return .invalid("task names slave \(task.slaveID), the offer is of another")
      }
      if task.executor != executor { return .invalid("tasks of a group share one executor") }
      if task.container?.kind == .docker {
        return .invalid("task of a group has a Docker container")
      }
      if task.healthCheck != nil, task.healthCheck?.kind == nil {
        return .invalid("health check of a task of a group says not of which type")
      }
      if let fault = faultOfRareParts(task) ?? faultOfTaskResources(
        task.resources, role: context.role)
        ?? faultOfEnvironment(task) ?? faultOfSharing(executor, task)
      {
        return .invalid(fault)
      }
      guard remainder.contains(task.resources) else {
        return .invalid("group uses more resources than available (\(context.room))")
      }
      remainder -= task.resources
    }
    return nil
  }

  private func faultOfGroupExecutor(_ executor: ExecutorInfo, on context: AcceptContext) -> String?
  {
    if let fault = Self.faultOfID(executor.executorID.value, "executor") { return fault }
    guard let kind = executor.kind, kind != .unknown else {
      return "executor of a group must say whether it is DEFAULT or CUSTOM"
    }
    guard executor.frameworkID == frameworks[context.framework].id else {
      return "executor of a group must name its framework"
    }
    if kind == .default, executor.command != nil { return "executor DEFAULT has a command" }
    if kind == .custom, executor.command == nil { return "executor CUSTOM has no command" }
    if executor.container?.kind == .docker { return "executor of a group has a Docker container" }
    if kind == .default, executor.container?.image != nil {
      return "executor DEFAULT has an image"
    }
    if executor.resources.cpus < 0.01 || executor.resources.mem < 32
      || executor.resources.disk <= 0
    {
      return "executor of a group needs at least cpus:0.01, mem:32 and some disk"
    }
    return faultOfTerms(executor) ?? faultOfLiving(executor, on: context)
  }
}
