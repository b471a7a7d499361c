// Part of mesosim. Apache-2.0, see LICENSE.
//
// What those hear who watch a master: operators with a stream of events, and those who count. It is
// written down only while somebody watches.

public import Mesos
import MesosAllocation
import VirtualTime

/// Something that has happened to a master, for those who watch it.
public enum MasterNote: Sendable {
  /// Why a slave was removed.
  public enum Removal: Sendable {
    /// It did not answer, or did not come back in time.
    case unreachable
    /// It said good-bye, or its machine was taken down.
    case unregistered
    /// Its machine came back as a new slave.
    case replaced
    /// An operator said that it is gone for good.
    case gone
  }

  /// A task was launched.
  case taskAdded(MasterSnapshot.Task)
  /// Something was said of a task that is tracked: the state that it was in, the latest, and
  /// whether subscribers hear of it, for it says more than what was said last.
  case taskUpdated(FrameworkIndex, TaskStatus, from: TaskState, to: TaskState, isNews: Bool)
  /// A task was refused.
  case taskRefused(FrameworkIndex, TaskStatus)
  /// A framework was taken on.
  case frameworkAdded(MasterSnapshot.Framework)
  /// A framework changed, or came back.
  case frameworkUpdated(MasterSnapshot.Framework)
  /// A framework ended.
  case frameworkRemoved(FrameworkInfo)
  /// A slave was taken on, a new one or one that was known to another master.
  case slaveAdded(MasterSnapshot.Slave, isNew: Bool)
  /// A slave came back in time.
  case slaveReturned(SlaveID)
  /// A slave was removed.
  case slaveRemoved(SlaveID, Removal)
}

/// What is said of a task that no decision needs (mesos.proto, `Task`).
public final class TaskDetails: Sendable {
  /// The user that it runs as, where that is said.
  public let user: String?
  /// Notes.
  public let labels: Labels
  /// How others find it.
  public let discovery: DiscoveryInfo?
  /// What it runs in.
  public let container: ContainerInfo?
  /// How its health is found out.
  public let healthCheck: HealthCheck?
  /// How it is killed.
  public let killPolicy: KillPolicy?

  /// What a task says; `nil` if it says nothing of the kind.
  init?(_ task: TaskInfo) {
    user = task.command?.user ?? task.executor?.command?.user
    labels = task.labels
    discovery = task.discovery
    container = task.container
    healthCheck = task.healthCheck
    killPolicy = task.killPolicy
    if task.isOrdinary, user == nil { return nil }
  }
}

extension RemovalCause {
  var noted: MasterNote.Removal {
    switch self {
    case .unreachable: .unreachable
    case .unregistered: .unregistered
    case .replaced: .replaced
    case .gone: .gone
    }
  }
}

extension Master {
  /// What has happened since this was last asked; nothing unless the master is watched.
  public mutating func takeNotes() -> [MasterNote] {
    if notes.isEmpty { return [] }
    defer { notes = [] }
    return notes
  }

  /// Notes what is said of a task that is tracked.
  mutating func noteUpdate(
    _ update: TaskStatus, of framework: FrameworkIndex, from before: TaskState,
    to latest: TaskState
  ) {
    let key = TaskKey(framework: framework, task: update.taskID)
    let isNews =
      taskNotes[key]?.statuses.last?.state != update.state
      || [.taskCheckStatusUpdated, .taskHealthCheckStatusUpdated].contains(update.reason)
    taskNotes[key]?.note(update)
    guard isWatched else { return }
    let state = before.isTerminal ? before : latest
    notes.append(.taskUpdated(framework, update, from: before, to: state, isNews: isNews))
  }

  /// Notes that a task ends with its framework.
  mutating func noteKill(of slot: Int32) {
    let task = tasks[slot]
    var status = TaskStatus(
      taskID: task.id, state: .killed,
      message: "Framework \(frameworks[task.framework].id) removed",
      slaveID: slaves[task.slave].id, timestamp: now, source: .master, reason: .frameworkRemoved)
    if let executor = task.executor { status.executorID = executor }
    noteUpdate(status, of: task.framework, from: task.state, to: .killed)
  }

  /// Notes that a framework has ended, with what is remembered of it.
  mutating func noteEnd(of framework: FrameworkIndex) {
    var shown = shown(framework)
    shown.endedAt = now
    let record = frameworks[framework]
    endedFrameworks.append(
      MasterSnapshot.EndedFramework(
        shown, completed: record.completedTasks.views(frameworkID: record.id),
        unreachable: record.unreachableShown.map(\.task)))
    if isWatched { notes.append(.frameworkRemoved(record.info)) }
  }
}
