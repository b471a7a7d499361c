// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a driver needs around it: something that carries what it says, and a clock.

package import Mesos
import SimulationKernel
package import VirtualTime

/// The surroundings of a scheduler's driver.
package protocol DriverHost: AnyObject {
  /// The instant.
  var now: Instant { get }

  /// Tells the driver who leads, now and whenever it changes.
  func watchLeader(_ framework: FrameworkIndex)

  /// A driver has ended; its process may.
  func driverEnded(of framework: FrameworkIndex, _ incarnation: Incarnation)

  /// Carries a call to a master.
  func call(
    _ call: consuming SchedulerCall, from framework: FrameworkIndex, _ number: FrameworkIndex,
    _ incarnation: Incarnation, to master: MasterIndex)

  /// Has the driver's own words called back, as if they came from a master.
  func deliverLocally(
    _ message: SchedulerMessage, to framework: FrameworkIndex, _ incarnation: Incarnation)

  /// Carries a message to an executor without the master; false when its slave is not found.
  func sendDirectly(
    _ data: [UInt8], to executor: ExecutorID, on slaveID: SlaveID, from framework: FrameworkIndex,
    _ number: FrameworkIndex
  ) -> Bool

  /// A number by chance from 0 up to 1, for the next delay.
  func backoff(of framework: FrameworkIndex, _ incarnation: Incarnation) -> Double

  /// Has the driver subscribe again at an instant.
  func scheduleRetry(
    of framework: FrameworkIndex, _ incarnation: Incarnation, at instant: Instant)

  /// Whether the connection of a framework's driver has broken unseen.
  func isConnectionBroken(_ framework: FrameworkIndex) -> Bool

  /// Has the driver told who leads, as if that had changed.
  func notifyOfLeader(scheduler: FrameworkIndex)
}

/// How a driver ends.
package enum DriverEnding: Sendable {
  /// The framework has done what it was there for.
  case stopped
  /// The framework leaves its tasks to another scheduler.
  case handedOver
  /// The framework has given up.
  case aborted
  /// The driver was aborted by an error.
  case failed
  /// The process ends within a call.
  case crashed
}

extension OfferOperation {
  /// Whether the framework wants to hear of it under a name.
  var isNamed: Bool { if case .named = self { true } else { false } }
}

extension Cluster: DriverHost {
  package var now: Instant { simulation.now }

  package func backoff(of framework: FrameworkIndex, _ incarnation: Incarnation) -> Double {
    backoffStream(of: framework, incarnation).uniform()
  }
}
