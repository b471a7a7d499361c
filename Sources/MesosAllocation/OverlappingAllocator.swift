// Part of mesosim. Apache-2.0, see LICENSE.
//
// The contract between the master and an allocator that has the same resources in several open
// offers. The allocator never looks for conflicts; that is the master's part.

/// An allocator that offers the same resources to several frameworks at once, of whom the first to
/// launch gets them (Schwarzkopf et al., EuroSys 2013: shared state with optimistic concurrency).
///
/// The master keeps the offers and finds the conflicts; this is the contract between the two:
///
/// - An allocation of `allocate` charges no framework. Resources of a slave may be in any number of
///   open offers at once, but never twice in open offers to the same framework, whatever its roles.
/// - A launch is first checked by the rules' `detection`, then as a whole or task by task by their
///   `commit`. For what became tasks the master calls `used`, once for each task and in the order
///   in which launches arrive. That alone charges: it takes the resources from what is free and
///   ends that part of the framework's open offer. What `used` reports must be free: under either
///   detection a task that does not fit into what is left of the slave is a conflict.
/// - Everything else that was offered comes back by `offerEnded`, each part exactly once: what was
///   declined, left over, rescinded, or wanted by a task that met a conflict. So for each offer the
///   parts reported by `used` and by `offerEnded` add up to what was offered. Implement both: the
///   defaults are for offers that are charged.
/// - After a launch the master rescinds the others' open offers of what it took. A launch that was
///   on its way on such an offer is judged as if the offer stood: what of it does not conflict is
///   launched, and `used` reports it although its offer has ended.
/// - A task that meets a conflict ends with TASK_LOST, and its resources come back by `offerEnded`
///   without a refusal, so that the framework is offered what is free there now at the next tick.
/// - `recover` is only for what tasks held, which `used` has charged. For resources that were
///   offered but never used, it does nothing.
/// - When a slave or a framework is removed, its open offers are forgotten at once; `offerEnded`
///   may still come for them, and does nothing then. When a framework is deactivated, the master
///   rescinds its offers and reports each.
public protocol OverlappingAllocator: Allocator {
  /// What the master does about launches that conflict; `nil` if this allocator's offers do not
  /// overlap after all, so that the contract above is not in force. Never changes.
  var conflicts: ConflictRules? { get }
}

/// When launches conflict, and what becomes of those that do.
public struct ConflictRules: Sendable, Hashable {
  /// When a launch conflicts with what happened since its offer was made.
  public var detection: ConflictDetection
  /// What becomes of a launch of which a part conflicts.
  public var commit: CommitMode

  /// Describes rules.
  public init(detection: ConflictDetection = .fine, commit: CommitMode = .incremental) {
    self.detection = detection
    self.commit = commit
  }
}

/// When a launch conflicts with launches of others (Schwarzkopf et al., EuroSys 2013, section 3.4).
public enum ConflictDetection: String, Sendable, Hashable, CaseIterable {
  /// When its tasks no longer fit into what is free on the slave.
  case fine
  /// When anything was launched, or became free, on the slave since the offer was made: the slave's
  /// sequence number has changed, even if the tasks still fit. This also covers
  /// what the framework may have assumed of the rest of the slave.
  case coarse
}

/// What becomes of a launch of several tasks some of which conflict (Schwarzkopf et al., EuroSys
/// 2013, section 3.4).
public enum CommitMode: String, Sendable, Hashable, CaseIterable {
  /// The tasks that do not conflict are launched, the others are lost.
  case incremental
  /// Either all tasks of the launch are launched, or none is and all are lost: gang scheduling.
  case allOrNothing
}
