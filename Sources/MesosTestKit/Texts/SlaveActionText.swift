// Part of mesosim. Apache-2.0, see LICENSE.
//
// Actions of a slave, one line each, for people.

import Mesos
public import MesosCluster

extension SlaveAction {
  /// The line of a transcript that says so.
  public var transcriptText: String {
    switch self {
    case .toMaster(let master, let report): "to master \(master): \(describe(report))"
    case .toScheduler(let framework, let executor, let data):
      "to scheduler \(framework): \(String(decoding: data, as: UTF8.self)) from \(executor)"
    case .toExecutor(let number, let message): "to executor \(number): \(describe(message))"
    case .startExecutor(let number, let key, _, let resources, let isKept):
      "start executor \(number): \(key.framework)/\(key.executor) in \(resources)"
        + (isKept ? ", kept" : "")
    case .startCommand(let number, let framework, let task, let terms):
      "start command \(number): \(framework)/\(task.taskID)"
        + (terms.contains(.isKept) ? ", kept" : "")
    case .killCommand(let number, let isShutdown):
      "kill command \(number)" + (isShutdown ? " for a shutdown" : "")
    case .killCommandBy(let policy, let number):
      "kill command \(number)" + describe(policy)
    case .reconnectCommand(let number): "reconnect command \(number)"
    case .resizeContainer(let number, let resources): "resize \(number) to \(resources)"
    case .destroyContainer(let number): "destroy \(number)"
    case .exit: "exit"
    }
  }

  private func describe(_ policy: KillPolicy) -> String {
    policy.gracePeriod.map { " within \($0)" } ?? ""
  }

  private func describe(_ report: SlaveReport) -> String {
    switch report {
    case .register(let info): return "register \(info.hostname) \(info.resources)"
    case .reregister(let id, _, let inventory):
      let executors = inventory.executors.map {
        "\($0.framework)/\($0.info.executorID)"
      }
      let tasks = inventory.tasks.map { task in
        "\(task.framework)/\(task.id) \(task.state)"
          + (task.updateState.map { ", \($0) under way" } ?? "")
      }
      return
        (["reregister \(id)"] + executors.map { "executor \($0)" } + tasks.map { "task \($0)" })
        .joined(separator: "; ")
    case .unregister(let id): return "unregister \(id)"
    case .statusUpdate(let framework, let status, let latest):
      return "update of \(framework): \(text(status))"
        + (latest == status.state ? "" : ", latest \(latest)")
    case .executorExited(let framework, let executor, let status):
      return "executor \(framework)/\(executor) exited with \(status)"
    case .frameworkMessage(let framework, let executor, _):
      return "message of \(framework)/\(executor)"
    case .pong: return "pong"
    case .oversubscribed(let resources): return "oversubscribed \(resources)"
    }
  }

  private func text(_ status: TaskStatus) -> String {
    var text = "\(status.taskID) \(status.state) from \(status.source)"
    if let reason = status.reason { text += " \(reason)" }
    if let uuid = status.uuid { text += " #\(uuid.number)" }
    return text
  }

  private func describe(_ message: ExecutorMessage) -> String {
    switch message {
    case .registered: "registered"
    case .reconnect: "reconnect"
    case .reregistered: "reregistered"
    case .launchTask(let task): "launch \(task.taskID)"
    case .launchTaskGroup(let tasks):
      "launch together \(tasks.map(\.taskID.value).joined(separator: " "))"
    case .killTask(let task): "kill \(task)"
    case .killTaskBy(let policy, let task): "kill \(task)" + describe(policy)
    case .frameworkMessage(let data): "message \(String(decoding: data, as: UTF8.self))"
    case .shutdown: "shutdown"
    case .acknowledge(let task, let update): "acknowledge \(task) #\(update.number)"
    }
  }
}
