// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave keeps of tasks, executors, frameworks and updates. A task is kept in a few flat
// words, as there may be millions in a run and thousands on a slave.

import Mesos
import VirtualTime

/// Stands for no slot.
let noSlot = UInt32.max

/// A task on a slave, until its terminal update is acknowledged.
struct SlaveTask {
  struct Flags: OptionSet {
    let rawValue: UInt8
    /// Mesos's own executor runs it; `runner` is a container, otherwise an executor's slot.
    static let isCommand = Flags(rawValue: 1)
    /// It waits for its executor to register.
    static let isQueued = Flags(rawValue: 2)
    /// There is nothing but updates of it: the slave never had it, or no longer has.
    static let isUnknown = Flags(rawValue: 4)
    /// Its container is being made.
    static let isPreparing = Flags(rawValue: 8)
    /// The container of the command is there.
    static let hasContainer = Flags(rawValue: 16)
    /// The command's executor has not been heard of since the slave's restart.
    static let isReconnecting = Flags(rawValue: 32)
  }

  var info: TaskInfo
  var role: Role
  let framework: FrameworkIndex
  let hash: UInt32
  /// Numbers tasks in the order of their arrival.
  let serial: UInt32
  var runner: UInt32
  /// The update under way, and the last of those that wait behind it; slots of `Slave.updates`.
  var head = noSlot
  var tail = noSlot
  /// Which tasks were launched with it; 0 for none.
  var group: UInt32 = 0
  var state = TaskState.staging
  var flags: Flags

  var isCommand: Bool { flags.contains(.isCommand) }
}

/// A framework's own executor on a slave, until it has ended and the terminal updates of its tasks
/// are acknowledged.
struct SlaveExecutor {
  enum State {
    case registering, running, terminating, terminated
  }

  let key: ExecutorKey
  let hash: UInt32
  let info: ExecutorInfo
  let role: Role
  let container: ContainerNumber
  let serial: UInt32
  let isKept: Bool
  /// Whether it is the executor of a command: masters do not know of it.
  let isOfCommand: Bool
  var state = State.registering
  /// Whether it has ever reported on a task.
  var hasReported = false
  /// Whether a task was ever handed to it.
  var hasHadTask = false
  /// Whether the slave was restarted and has not heard of it.
  var isReconnecting = false
  /// Slots of tasks that have not ended, in the order of arrival.
  var tasks: [UInt32] = []
  /// How many task records name it.
  var records = 0
  /// Its own resources and those of its tasks that have not ended.
  var held: Resources
  /// Why it is being destroyed, where that is not for itself to say.
  var terminationReason: StatusReason?
}

/// A framework that has something on a slave.
struct SlaveFramework {
  let index: FrameworkIndex
  var info: FrameworkInfo
  /// Task and executor records that belong to it.
  var uses = 0
  var isTerminating = false
  let isKept: Bool
  let reportsKilling: Bool

  /// The state of a task that was never begun (Rules 6.5).
  var stateOfDropped: TaskState { info.capabilities.contains(.partitionAware) ? .dropped : .lost }
  /// The state of a task whose executor is gone.
  var stateOfGone: TaskState { info.capabilities.contains(.partitionAware) ? .gone : .lost }
}

/// Who is in a container.
struct ContainerOwner {
  enum Kind: UInt8 {
    case nobody, command, executor
  }
  var slot: UInt32
  /// Numbers all containers of the slave, so that an old deadline does not meet a new container.
  var run: UInt32
  var kind: Kind
}

/// An update on its way to a scheduler, or waiting behind one of the same task.
struct PendingUpdate {
  let status: TaskStatus
  /// The slot of its task.
  let task: UInt32
  /// Tells it from others that were in its slot before.
  let serial: UInt32
  /// The next update of the same task.
  var next = noSlot
  /// How often it was sent again.
  var retries: UInt8 = 0
  /// When it is sent again.
  var due = Instant.distantFuture
}
