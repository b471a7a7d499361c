// Part of mesosim. Apache-2.0, see LICENSE.
//
// What must hold throughout a run, whatever happens in it: one file each, folded from the facts and
// compared with the state of masters and slaves.

public import Mesos
public import VirtualTime

import SimulationKernel

/// Something that must hold at every moment of a run.
public protocol Invariant {
  /// What people call it, such as `resources-conserved`.
  var name: String { get }

  /// Called after each fact, when the step that it is part of is over.
  ///
  /// - Parameters:
  ///   - fact: What happened.
  ///   - ledger: All facts up to this one, in sum.
  ///   - cluster: The cluster, all of the step done.
  /// - Returns: What is broken; `nil` for nothing.
  mutating func check(_ fact: ClusterEvent, _ ledger: RunLedger, in cluster: Cluster) -> String?
}

/// A broken invariant.
public struct InvariantViolation: Sendable, Hashable {
  /// The invariant.
  public let invariant: String
  /// What is broken.
  public let message: String
  /// When.
  public let instant: Instant
  /// How many events the run had handled.
  public let events: Int
}

/// Checks invariants against every fact of a run.
///
///     let checker = InvariantChecker(watching: cluster)
///     cluster.recorder.attach(checker)
public final class InvariantChecker: ClusterEventSink {
  private unowned let cluster: Cluster
  private var ledger = RunLedger()
  private var invariants: [any Invariant]
  private var convergence = Convergence()
  /// The first violation.
  public private(set) var violation: InvariantViolation?

  /// Makes a checker.
  /// - Parameters:
  ///   - cluster: The cluster, which must outlive the checker.
  ///   - invariants: What to check.
  public init(
    watching cluster: Cluster, invariants: [any Invariant] = InvariantChecker.standard
  ) {
    self.cluster = cluster
    self.invariants = invariants
    cluster.wireTap = AcknowledgementTap()
    cluster.serviceNotes.checksRules = true
  }

  /// All invariants that every cluster must keep.
  public static var standard: [any Invariant] {
    [
      ResourcesConserved(), NoOfferOfTakenResources(), OneTerminalState(), TasksTracked(),
      AcknowledgedUpdatesStay(), QuotaLimitsKept(), ReservationsKept(), FrameworkRulesKept(),
    ]
  }

  /// Takes in one fact.
  public func record(_ event: ClusterEvent, at now: Instant) {
    event.forEachSingle { check($0, at: now) }
  }

  private func check(_ event: ClusterEvent, at now: Instant) {
    guard violation == nil else { return }
    ledger.now = now
    for index in invariants.indices {
      guard let message = invariants[index].check(event, ledger, in: cluster) else { continue }
      violation = InvariantViolation(
        invariant: invariants[index].name, message: message, instant: now,
        events: cluster.simulation.eventsHandled)
      return
    }
    ledger.fold(event)
    convergence.fold(event, at: now)
  }

  // MARK: Liveness

  /// When the cluster must have recovered from the last of its faults: as long after it as its
  /// settings let it take.
  public func recoveryDeadline(lastFault: Instant) -> Instant {
    lastFault + Convergence.patience(with: cluster.setup)
  }

  /// Looks at what is not well, but for what still is down or cut off.
  ///
  /// Call it twice, a minute apart, at the deadline and after it. What is not well both times is a
  /// violation.
  /// - Parameters:
  ///   - lastFault: When the last fault happened.
  ///   - now: The instant, if nothing has happened since the last event.
  public func checkRecovery(lastFault: Instant, at now: Instant) {
    guard violation == nil else { return }
    let lasting = convergence.look(at: cluster, since: lastFault, at: now)
    guard let message = lasting.first else { return }
    violation = InvariantViolation(
      invariant: "recovers-from-faults",
      message: message + (lasting.count > 1 ? ", and \(lasting.count - 1) more" : ""),
      instant: now, events: cluster.simulation.eventsHandled)
  }

  /// The time between the two looks.
  public static var recoveryDistance: Duration { Convergence.distance }
}

/// What the facts of a run come to: who holds what where.
///
/// It stands before the fact being checked.
public struct RunLedger: Sendable {
  /// What is held on one slave.
  public struct Slave: Sendable {
    /// Everything there is; `nil` while the slave is not there.
    public var total: Resources?
    /// What tasks and executors hold.
    public var used = Resources()
    /// What open offers hold.
    public var offered = Resources()
  }

  /// The state of a task.
  public enum TaskPhase: Sendable {
    /// Launched, not known to run.
    case launched
    /// Known to run.
    case running
  }

  /// The instant of the fact being checked.
  public internal(set) var now = Instant.start
  /// By index.
  public private(set) var slaves: [Slave] = []
  /// Tasks that have not ended, by number.
  public private(set) var tasks: [TaskNumber: TaskPhase] = [:]

  subscript(slave: SlaveIndex) -> Slave {
    slaves.has(slave) ? slaves[slave] : Slave()
  }

  mutating func fold(_ fact: ClusterEvent) {
    switch fact {
    case .slaveAdded(let slave, let total), .slaveChanged(let slave, let total):
      change(slave) { $0.total = total }
    case .slaveRemoved(let slave): change(slave) { $0.total = nil }
    case .offered(_, let slave, let resources): change(slave) { $0.offered += resources }
    case .offerEnded(_, let slave, let resources, _): change(slave) { $0.offered -= resources }
    case .executorStarted(_, let slave, let resources): change(slave) { $0.used += resources }
    case .executorEnded(_, let slave, let resources): change(slave) { $0.used -= resources }
    case .taskLaunched(_, let slave, let resources, let number):
      change(slave) { $0.used += resources }
      tasks[number] = .launched
    case .taskRunning(_, _, let number):
      if tasks[number] != nil { tasks[number] = .running }
    case .taskEnded(_, let slave, let resources, _, let number, _):
      change(slave) { $0.used -= resources }
      tasks[number] = nil
    default: break
    }
  }

  private mutating func change(_ slave: SlaveIndex, _ body: (inout Slave) -> Void) {
    while slaves.count <= Int(slave) { slaves.append(Slave()) }
    body(&slaves[slave])
  }
}
