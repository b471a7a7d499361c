// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a master says to agents, in the form in which cases have it.

import Mesos
import MesosCluster
import MesosV1
import VirtualTime

extension EventForm {
  /// What the form of a message needs to know beside it.
  struct Context {
    /// The id of a framework.
    var frameworkID: (FrameworkIndex) -> String
    /// The address of a framework's scheduler, if it has one.
    var pid: (FrameworkIndex) -> String?
    /// The id of the slave.
    var slaveID: String
    /// How the master has a task.
    var state: (TaskKey) -> TaskState?
  }

  static func event(_ message: SlaveMessage, _ context: Context) -> JSONValue? {
    func text(_ framework: FrameworkIndex) -> JSONValue { .text(context.frameworkID(framework)) }
    switch message {
    case .registered(let id, let timeout):
      return object([
        ("type", .text("SlaveRegistered")), ("agent_id", .text(id.value)),
        ("connection", connection(timeout)),
      ])
    case .reregistered(let id, let missing, let timeout):
      return object([
        ("type", .text("SlaveReregistered")), ("agent_id", .text(id.value)),
        ("connection", connection(timeout)),
        ("reconciliations", missing.isEmpty ? nil : reconciliations(missing, context)),
      ])
    case .runTask(let launch): return runTask(launch, context)
    case .runTaskGroup(let launches): return runGroup(launches, context)
    case .runExecutor(let framework, _, let executor, let isNew):
      return object([
        ("type", .text("RunTaskGroup")), ("framework_id", text(framework)),
        ("executor", flattened(value { $0.executor(executor, role: nil) })),
        ("task_group", .object([:])), ("launch_executor", .bool(isNew)),
      ])
    case .killTask(let framework, let task):
      return object([
        ("type", .text("KillTask")), ("framework_id", text(framework)),
        ("task_id", .text(task.value)),
      ])
    case .killTaskBy(let policy, let framework, let task):
      return object([
        ("type", .text("KillTask")), ("framework_id", text(framework)),
        ("task_id", .text(task.value)), ("kill_policy", flattened(value { $0.killPolicy(policy) })),
      ])
    case .acknowledge(let framework, let update):
      return object([
        ("type", .text("StatusUpdateAcknowledgement")),
        ("agent_id", .text(update.slaveID.value)), ("framework_id", text(framework)),
        ("task_id", .text(update.taskID.value)), ("uuid", .text(CaseLabels.label(update.uuid))),
      ])
    case .ping: return object([("type", .text("Ping"))])
    default: return laterEvent(message, context)
    }
  }

  private static func laterEvent(_ message: SlaveMessage, _ context: Context) -> JSONValue? {
    func text(_ framework: FrameworkIndex) -> JSONValue { .text(context.frameworkID(framework)) }
    switch message {
    case .shutdownFramework(let framework):
      return object([("type", .text("ShutdownFramework")), ("framework_id", text(framework))])
    case .shutdownExecutor(let framework, let executor):
      return object([
        ("type", .text("ShutdownExecutor")), ("framework_id", text(framework)),
        ("executor_id", .text(executor.value)),
      ])
    case .frameworkMessage(let framework, let executor, let data):
      return object([
        ("type", .text("FrameworkToExecutor")), ("agent_id", .text(context.slaveID)),
        ("framework_id", text(framework)), ("executor_id", .text(executor.value)),
        ("data", .text(V1Bytes.text(of: data))),
      ])
    case .checkpointResources(let resources):
      let kept = checkpointed(resources)
      let list = kept.isEmpty ? nil : ResourceText.text(of: value { $0.resources(kept) })
      return object([
        ("type", .text("CheckpointResources")), ("resources", list.map { .text($0) }),
      ])
    case .updateFramework(let framework, let info):
      return object([
        ("type", .text("UpdateFramework")), ("framework_id", text(framework)),
        ("pid", context.pid(framework).map { .text($0) }),
        ("framework", flattened(value { $0.framework(info) })),
      ])
    case .drain(let config):
      return object([
        ("type", .text("DrainSlave")),
        (
          "config",
          flattened(
            value { writer in
              writer.object {
                $0.member("max_grace_period", duration: config.graceMax)
                $0.key("mark_gone")
                $0.bool(config.marksGone)
              }
            })
        ),
      ])
    case .shutdown(let text):
      return object([("type", .text("Shutdown")), ("message", .text(text))])
    default: return nil
    }
  }

  /// What of a slave's resources came about at run time.
  static func checkpointed(_ resources: Resources) -> Resources {
    Resources(
      resources.entries.filter {
        $0.disk?.persistenceID != nil || $0.reservations.last?.kind == .dynamic
      })
  }

  private static func connection(_ timeout: Duration) -> JSONValue {
    .object([
      "total_ping_timeout_seconds": .number(Double(timeout.wholeNanoseconds) / 1e9)
    ])
  }

  private static func reconciliations(_ missing: [TaskKey], _ context: Context) -> JSONValue {
    var groups: [(framework: FrameworkIndex, tasks: [JSONValue])] = []
    for key in missing {
      let status = object([
        ("task_id", .text(key.task.value)),
        ("state", context.state(key).map { .text($0.description) }),
      ])
      if let place = groups.firstIndex(where: { $0.framework == key.framework }) {
        groups[place].tasks.append(status)
      } else {
        groups.append((key.framework, [status]))
      }
    }
    return .array(
      groups.map {
        object([
          ("framework_id", .text(context.frameworkID($0.framework))),
          ("statuses", .array($0.tasks)),
        ])
      })
  }

  private static func runTask(_ launch: TaskLaunch, _ context: Context) -> JSONValue {
    object([
      ("type", .text("RunTask")), ("pid", context.pid(launch.framework).map { .text($0) }),
      ("task", flattened(value { $0.task(launch.task, role: launch.role) })),
      ("launch_executor", .bool(launch.startsExecutor)),
      ("framework_id", .text(context.frameworkID(launch.framework))),
    ])
  }

  private static func runGroup(_ launches: [TaskLaunch], _ context: Context) -> JSONValue? {
    guard let first = launches.first, let executor = first.task.executor else { return nil }
    let tasks = launches.map { launch in
      flattened(value { $0.task(launch.task, role: launch.role) })
    }
    return object([
      ("type", .text("RunTaskGroup")),
      ("framework_id", .text(context.frameworkID(first.framework))),
      ("executor", flattened(value { $0.executor(executor, role: first.role) })),
      ("task_group", .object(["tasks": .array(tasks)])),
      ("launch_executor", .bool(first.startsExecutor)),
    ])
  }
}
