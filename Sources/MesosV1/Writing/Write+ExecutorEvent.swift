// Part of mesosim. Apache-2.0, see LICENSE.
//
// What executors are told (v1 executor.proto, `Event`).

package import Mesos

extension JSONWriter {
  /// Writes that an executor is subscribed.
  package mutating func executorSubscribed(
    _ executor: ExecutorInfo, role: Role, of framework: FrameworkInfo, on slave: SlaveInfo,
    in container: ContainerID
  ) {
    event("SUBSCRIBED", "subscribed") { writer in
      writer.writesDefaults = true
      writer.key("executor_info")
      writer.executor(executor, role: role)
      writer.key("framework_info")
      writer.framework(framework)
      writer.writesDefaults = false
      writer.key("agent_info")
      writer.slaveInfo(slave)
      writer.member("container_id", id: container.value)
    }
  }

  /// Writes that an executor is to run a task.
  package mutating func launch(_ task: TaskInfo, role: Role) {
    event("LAUNCH", "launch") {
      $0.key("task")
      $0.wholeTask(task, role)
    }
  }

  /// Writes that an executor is to run tasks that belong together.
  package mutating func launchGroup(_ tasks: [TaskInfo], role: Role) {
    event("LAUNCH_GROUP", "launch_group") { writer in
      writer.key("task_group")
      writer.object {
        $0.key("tasks")
        $0.array { list in for task in tasks { list.wholeTask(task, role) } }
      }
    }
  }

  private mutating func wholeTask(_ task: TaskInfo, _ role: Role) {
    writesDefaults = true
    self.task(task, role: role)
    writesDefaults = false
  }

  /// Writes that an executor is to kill a task.
  package mutating func kill(_ task: TaskID, by policy: KillPolicy?) {
    event("KILL", "kill") { writer in
      writer.member("task_id", id: task.value)
      guard let policy else { return }
      writer.key("kill_policy")
      writer.killPolicy(policy)
    }
  }

  /// Writes that a slave has taken an update over.
  package mutating func acknowledged(_ task: TaskID, _ update: UpdateID) {
    event("ACKNOWLEDGED", "acknowledged") {
      $0.member("task_id", id: task.value)
      $0.member("uuid", bytes: update.bytes)
    }
  }

  /// Writes how a slave introduces itself, with its id.
  package mutating func slaveInfo(_ slave: SlaveInfo) {
    object { writer in
      writer.member("hostname", slave.hostname)
      writer.key("port")
      writer.number(slave.port)
      writer.key("resources")
      writer.resources(slave.resources)
      if !slave.attributes.list.isEmpty {
        writer.key("attributes")
        writer.attributes(slave.attributes)
      }
      writer.member("id", id: slave.id?.value)
      if let domain = slave.domain {
        writer.key("domain")
        writer.domain(domain)
      }
    }
  }
}
