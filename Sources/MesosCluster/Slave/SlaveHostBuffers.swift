// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a slave's host needs of the cluster around it, and what it shares with the other hosts.

import Mesos
import SimulationKernel
import VirtualTime

/// What a slave's host needs of the cluster around it.
protocol SlaveHostDelegate: AnyObject {
  /// The kernel.
  var simulation: Simulation { get }
  /// Calendar time of instant 0, in seconds since 1970.
  var epoch: Int64 { get }
  /// Sends a slave's report to a master.
  func send(_ report: consuming SlaveReport, from slave: SlaveIndex, to master: MasterIndex)
  /// Sends an executor's message straight to its scheduler.
  func send(_ data: [UInt8], from executor: ExecutorKey, on slave: SlaveIndex)
  /// Schedules an event, to be handed to `SlaveHost.handle`.
  func schedule(
    _ code: SlaveEventCode, slot: UInt32, for slave: SlaveIndex, at instant: Instant,
    priority: EventPriority
  ) -> EventToken
  /// Makes a framework's executor; `nil` when there is no such program.
  func makeExecutor(
    _ info: ExecutorInfo, for framework: FrameworkIndex, environment: any Environment
  ) -> (any Executor)?
  /// What the executors with this id have written down on this slave.
  func store(of executor: ExecutorKey, on slave: SlaveIndex) -> any Store
  /// A slave's process has ended by itself, after a shutdown or a stop; it may be started again.
  func slaveExited(_ slave: SlaveIndex)
}

/// What an event of a slave is about; `slot` says of what.
enum SlaveEventCode: UInt16 {
  /// The slave's own deadline has come.
  case deadline
  /// The time of a container has come; `slot` is its number.
  case container
  /// Something is to be done on the slave's machine; `slot` is its number.
  case localEvent
  /// It is time to look at what all containers use.
  case survey
}

/// Something under way on a slave's machine, between the slave and the executors on it: local, so
/// that it takes no time, and yet an event, so that no callback is called from within another.
enum LocalEvent {
  /// Names a local event that may be cancelled.
  struct Ticket {
    let token: EventToken
    let slot: UInt32
  }

  /// A message of the slave for an executor.
  case message(ExecutorProcess, ExecutorMessage)
  /// A report of an executor for the slave.
  case report(ExecutorProcess, ExecutorReport)
  /// An executor's process has ended.
  case exit(ExecutorProcess, status: Int32)
  /// A timer of an executor's.
  case timer(ExecutorProcess, UInt32)
  /// An executor has waited long enough for its slave.
  case recoveryTimeout(ExecutorProcess)
  /// So have the executors of commands.
  case commandRecoveryTimeout
}

/// What the hosts of a cluster's slaves share: memory that is used by one of them at a time.
final class SlaveHostBuffers {
  let shared: SlaveShared
  @exclusivity(unchecked) var actions = ActionBuffer<SlaveAction>()
  @exclusivity(unchecked) var effects = ActionBuffer<ContainerEffect>()
  @exclusivity(unchecked) var localEvents = MessagePool<Void, LocalEvent>()

  init(shared: SlaveShared) { self.shared = shared }
}
