// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where two policies that were told the same things decide differently for the first time: what is
// reported of it. Comparing is done in `LockstepAllocator`.

public import Mesos
public import VirtualTime

internal import Synchronization

/// The first difference between two policies in lock step.
public struct Divergence: Sendable {
  /// One policy's decision, by names.
  public struct Decision: Sendable, Hashable {
    /// Who is offered.
    public var framework: String
    /// In which role.
    public var role: Role
    /// The host of the slave.
    public var hostname: String
    /// What.
    public var resources: Resources
  }

  /// The dominant share of a role, or of a framework in it: of all resources, the largest part of
  /// the cluster that it holds, offers included.
  public struct Share: Sendable, Hashable {
    /// The role.
    public var role: Role
    /// The framework; `nil` for the role as a whole.
    public var framework: String?
    /// Before the decisions of this instant: the same under both.
    public var before: Double
    /// After those of the leading policy.
    public var leader: Double
    /// After those of the following policy.
    public var follower: Double
  }

  /// When.
  public var instant: Instant
  /// The number of the call, among all that the policies were told or asked, from 1.
  public var event: Int
  /// How many decisions they had made alike.
  public var agreedDecisions: Int
  /// The leading policy's first decision that the other does not make; `nil` for none.
  public var leader: Decision?
  /// The other's decision instead: on the same slave if there is one; `nil` for none.
  public var follower: Decision?
  /// How many decisions each makes at this instant.
  public var decisionCounts: (leader: Int, follower: Int)
  /// The shares, role by role, each followed by its frameworks.
  public var shares: [Share]
}

/// Where a `LockstepAllocator` says what it has seen; shared by all copies of it.
public final class LockstepRecord: Sendable {
  private struct State {
    var divergence: Divergence?
    var events = 0
    var decisions = 0
  }

  private let state = Mutex(State())

  /// Makes a record of nothing.
  public init() {}

  /// The first difference, once there is one.
  public var divergence: Divergence? { state.withLock(\.divergence) }
  /// How many calls the policies had, up to the last time they were asked.
  public var events: Int { state.withLock(\.events) }
  /// How many decisions they made alike.
  public var agreedDecisions: Int { state.withLock(\.decisions) }

  func note(events: Int, decisions: Int) {
    state.withLock {
      $0.events = events
      $0.decisions += decisions
    }
  }

  func note(_ divergence: Divergence) {
    state.withLock {
      $0.events = divergence.event
      $0.divergence = divergence
    }
  }
}
