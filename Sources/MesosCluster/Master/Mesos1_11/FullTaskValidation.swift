// Part of mesosim. Apache-2.0, see LICENSE.
//
// What Mesos 1.11 finds wrong with tasks, in its order and its words
// (Mesos: `master/validation.cpp`, namespaces `task` and `executor`).

import Mesos
import MesosAllocation

extension Master {
  /// What is wrong with a task of a launch, or `nil`.
  func fullFaultOfTask(_ task: TaskInfo, on context: AcceptContext) -> TaskFault? {
    if settings.acls != nil, let action = forbiddenLaunch(task, of: context.framework) {
      let principal = frameworks[context.framework].info.principal ?? ""
      return .unauthorized("Principal '\(principal)' no authorized to \(action)")
    }
    let fault =
      faultOfItself(task, on: context) ?? faultOfRunning(task, on: context)
    return fault.map { .invalid($0) }
  }

  /// What a framework may not do when it may not launch a task, or `nil`.
  private func forbiddenLaunch(_ task: TaskInfo, of framework: FrameworkIndex) -> String? {
    guard let acls = settings.acls else { return nil }
    let info = frameworks[framework].info
    let user = task.command?.user ?? task.executor?.command?.user ?? info.user
    if acls.allows(.runTasks, by: info.principal, on: user) { return nil }
    return
      "launch task \(task.taskID) of framework \(frameworks[framework].id) under user '\(user)'"
  }

  /// Everything but the executor and the amounts.
  private func faultOfItself(_ task: TaskInfo, on context: AcceptContext) -> String? {
    if let fault = FullFault.ofID(task.taskID.value) { return fault }
    if tasks.find(task.taskID, of: context.framework) != nil {
      return "Task has duplicate ID: \(task.taskID)"
    }
    let unreachable = frameworks[context.framework].unreachableTasks
    if !unreachable.isEmpty, unreachable[task.taskID] != nil {
      return "Task reuses the ID of an unreachable task: \(task.taskID)"
    }
    if let expected = slaves[context.slave].id, task.slaveID != expected {
      return "Task uses invalid agent \(task.slaveID) while agent \(expected) is expected"
    }
    if let fault = task.isOrdinary ? nil : faultOfTimesAndChecks(task) { return fault }
    if task.resources.isEmpty, task.emptyResources.isEmpty { return "Task uses no resources" }
    if let fault = FullFault.of(task.resources) { return "Task uses invalid resources: \(fault)" }
    if let fault = FullFault.ofPersistenceIDs(task.resources) {
      return "Task uses duplicate persistence ID: \(fault)"
    }
    if let fault = FullFault.ofMixture(task.resources) {
      return "Task mixes revocable and non-revocable resources: \(fault)"
    }
    if let fault = task.command.flatMap(FullFault.of) {
      return "Task's `CommandInfo` is invalid: \(fault)"
    }
    guard !task.isOrdinary else { return nil }
    if let fault = task.container.flatMap(FullFault.of) {
      return "Task's `ContainerInfo` is invalid: \(fault)"
    }
    return faultOfLimits(task, on: context.slave)
  }

  private func faultOfTimesAndChecks(_ task: TaskInfo) -> String? {
    if let grace = task.killPolicy?.gracePeriod, grace < .zero {
      return "Task's 'kill_policy.grace_period' must be non-negative"
    }
    if let time = task.maxCompletionTime, time < .zero {
      return "Task's `max_completion_time` must be non-negative"
    }
    if let fault = task.check.flatMap(FullFault.of) { return "Task uses invalid check: \(fault)" }
    return task.healthCheck.flatMap(FullFault.of).map { "Task uses invalid health check: \($0)" }
  }

  private func faultOfLimits(_ task: TaskInfo, on slave: SlaveIndex) -> String? {
    if task.limits.isEmpty { return nil }
    if slaves[slave].info.capabilities?.contains("TASK_RESOURCE_LIMITS") == false {
      return "Agent is not capable of handling task resource limits"
    }
    if task.limits.keys.contains(where: { $0 != "cpus" && $0 != "mem" }) {
      return "Only cpus and mem may be included in a task's resource limits"
    }
    func isBelow(_ name: String, inUnits unit: Int64) -> Bool {
      guard case .amount(let amount) = task.limits[name] else { return false }
      return amount.thousandths / unit < task.resources.thousandths(of: name) / unit
    }
    func asks(_ name: String) -> Bool { task.resources.thousandths(of: name) > 0 }
    if task.limits["cpus"] != nil {
      if !asks("cpus") {
        return "When a CPU limit is specified, a CPU request must also be specified"
      }
      if isBelow("cpus", inUnits: 1) {
        return "The cpu limit must be greater than or equal to the cpu request"
      }
    }
    if task.limits["mem"] != nil {
      if !asks("mem") {
        return "When a memory limit is specified, a memory request must also be specified"
      }
      // Memory is compared in whole megabytes.
      if isBelow("mem", inUnits: 1000) {
        return "The memory limit must be greater than or equal to the memory request"
      }
    }
    return nil
  }

  /// What is wrong with what runs a task, and with the amounts of both.
  private func faultOfRunning(_ task: TaskInfo, on context: AcceptContext) -> String? {
    let executor = task.executor
    if (executor != nil) == (task.command != nil) {
      return "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present"
    }
    var total = task.resources
    if let executor {
      if let fault = faultOfExecutorItself(executor, on: context) { return fault }
      if let kind = executor.kind, kind != .custom { return "'ExecutorInfo.type' must be 'CUSTOM'" }
      if executor.command == nil { return "'ExecutorInfo.command' must be set" }
      if !executor.resources.shared.isEmpty {
        return "Executor resources \(executor.resources.mesosText) should not contain any shared "
          + "resources"
      }
      if self.executor(executor.executorID, of: context.framework, on: context.slave) == nil {
        total += executor.resources
      }
      if let fault = faultOfBoth(task, executor) { return fault }
    }
    if context.room.contains(total) { return nil }
    return "Total resources \(total.mesosText) required by task and its executor is more than "
      + "available \(context.room.mesosText)"
  }

  private func faultOfBoth(_ task: TaskInfo, _ executor: ExecutorInfo) -> String? {
    let total = task.resources + executor.resources
    if let fault = FullFault.of(total) {
      return "Task and its executor use invalid resources: \(fault)"
    }
    if FullFault.overlap([task.resources, executor.resources]) {
      return "There are overlapping resources in the task resources \(task.resources.mesosText) "
        + "and executor resources \(executor.resources.mesosText)"
    }
    if let fault = FullFault.ofPersistenceIDs(total) {
      return "Task and its executor use duplicate persistence ID: \(fault)"
    }
    return FullFault.ofMixture(total).map {
      "Task and its executor mix revocable and non-revocable resources: \($0)"
    }
  }

  private func faultOfExecutorItself(
    _ executor: ExecutorInfo, on context: AcceptContext
  ) -> String? {
    switch executor.kind ?? .unknown {
    case .default:
      if executor.command != nil {
        return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor"
      }
      if let container = executor.container {
        if container.kind != .mesos {
          return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor"
        }
        if container.image != nil {
          return "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor"
        }
      }
    case .custom:
      if executor.command == nil {
        return "'ExecutorInfo.command' must be set for 'CUSTOM' executor"
      }
    case .unknown: break
    }
    if let fault = FullFault.ofID(executor.executorID.value) { return fault }
    if let grace = executor.shutdownGracePeriod, grace < .zero {
      return "ExecutorInfo's 'shutdown_grace_period' must be non-negative"
    }
    if let fault = executor.command.flatMap(FullFault.of) {
      return "Executor's `CommandInfo` is invalid: \(fault)"
    }
    if let fault = executor.container.flatMap(FullFault.of) {
      return "Executor's `ContainerInfo` is invalid: \(fault)"
    }
    let id = frameworks[context.framework].id
    guard let named = executor.frameworkID else { return "'ExecutorInfo.framework_id' must be set" }
    if named != id {
      return "ExecutorInfo has an invalid FrameworkID (Actual: \(named) vs Expected: \(id))"
    }
    return faultOfExecutorResources(executor.resources)
      ?? faultOfCompatibility(executor, on: context)
  }

  private func faultOfExecutorResources(_ resources: Resources) -> String? {
    if let fault = FullFault.of(resources) { return "Executor uses invalid resources: \(fault)" }
    if let fault = FullFault.ofPersistenceIDs(resources) {
      return "Executor uses duplicate persistence ID: \(fault)"
    }
    return FullFault.ofMixture(resources).map {
      "Executor mixes revocable and non-revocable resources: \($0)"
    }
  }

  private func faultOfCompatibility(
    _ executor: ExecutorInfo, on context: AcceptContext
  ) -> String? {
    guard let living = self.executor(executor.executorID, of: context.framework, on: context.slave),
      !executor.isCompatible(with: living.info)
    else { return nil }
    let line = String(repeating: "-", count: 60)
    return "ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n"
      + "\(line)\nExisting ExecutorInfo:\n\(living.info.executorID)\n\(line)\nExecutorInfo:\n"
      + "\(executor.executorID)\n\(line)\n"
  }

  // MARK: Groups

  /// What is wrong with a group of tasks, or `nil`.
  func fullFaultOfGroup(
    _ members: [TaskInfo], _ executor: ExecutorInfo, on context: AcceptContext
  ) -> TaskFault? {
    if settings.acls != nil {
      // The last one that is forbidden is named.
      for task in members.reversed() {
        if let action = forbiddenLaunch(task, of: context.framework) {
          return .unauthorized("Task '\(task.taskID)' is not authorized to\(action)")
        }
      }
    }
    for task in members {
      if let fault = faultOfMember(task, on: context) {
        return .invalid("Task '\(task.taskID)' is invalid: \(fault)")
      }
    }
    // With two members of one name the real master ends.
    for (place, task) in members.enumerated()
    where members[..<place].contains(where: { $0.taskID == task.taskID }) {
      return .invalid("Task '\(task.taskID)' is invalid: Task has duplicate ID: \(task.taskID)")
    }
    return faultOfGroupExecutor(executor, members, on: context).map { .invalid($0) }
  }

  private func faultOfMember(_ task: TaskInfo, on context: AcceptContext) -> String? {
    if let fault = faultOfItself(task, on: context) { return fault }
    if let container = task.container {
      let kind = task.healthCheck?.kind
      if !container.networks.isEmpty, kind == .http || kind == .tcp {
        return "HTTP and TCP health checks are not supported for nested containers not joining "
          + "parent's network"
      }
      if container.kind == .docker { return "Docker ContainerInfo is not supported on the task" }
    }
    if !task.limits.isEmpty {
      return "Resource limits may only be set for tasks within a task group when the "
        + "'share_cgroups' field is set to 'false'."
    }
    return nil
  }

  private func faultOfGroupExecutor(
    _ executor: ExecutorInfo, _ members: [TaskInfo], on context: AcceptContext
  ) -> String? {
    if let fault = faultOfExecutorItself(executor, on: context) { return fault }
    if executor.kind == nil { return "'ExecutorInfo.type' must be set" }
    if executor.kind == .unknown { return "Unknown executor type" }
    if executor.container?.kind == .docker {
      return "Docker ContainerInfo is not supported on the executor"
    }
    for task in members {
      guard let own = task.executor, !own.isCompatible(with: executor) else { continue }
      return "The `ExecutorInfo` of task '\(task.taskID)' is different from executor "
        + "'\(executor.executorID)'"
    }
    if let fault = faultOfLeast(executor) { return fault }
    let lists = members.map(\.resources) + [executor.resources]
    let total = lists.reduce(Resources()) { $0 + $1 }
    if let fault = FullFault.ofPersistenceIDs(total) {
      return "Task group and executor use duplicate persistence ID: \(fault)"
    }
    if let fault = FullFault.ofMixture(total) {
      return "Task group and executor mix revocable and non-revocable resources: \(fault)"
    }
    if FullFault.overlap(lists) {
      let texts = members.map(\.resources.mesosText).joined(separator: ", ")
      return "There are overlapping resources in the task group's task resources { \(texts) } "
        + "and/or executor resources \(executor.resources.mesosText)"
    }
    var needed = members.reduce(Resources()) { $0 + $1.resources }
    if self.executor(executor.executorID, of: context.framework, on: context.slave) == nil {
      needed += executor.resources
    }
    if context.room.contains(needed) { return nil }
    return "Total resources \(needed.mesosText) required by task group and its executor are more "
      + "than available \(context.room.mesosText)"
  }

  /// The least that the executor of a group must have.
  private func faultOfLeast(_ executor: ExecutorInfo) -> String? {
    let resources = executor.resources
    func amount(_ name: String) -> Int64 { resources.thousandths(of: name) }
    if amount("cpus") < 10 {
      let text = amount("cpus") == 0 ? "None" : Scalar(thousandths: amount("cpus")).description
      return "Executor '\(executor.executorID)' uses less CPUs (\(text)) than the minimum required "
        + "(0.01)"
    }
    if amount("mem") < 32_000 {
      let text = amount("mem") == 0 ? "None" : "\(amount("mem") / 1000)MB"
      return "Executor '\(executor.executorID)' uses less memory (\(text)) than the minimum "
        + "required (32MB)"
    }
    if amount("disk") == 0 { return "Executor '\(executor.executorID)' uses no disk" }
    return nil
  }
}
