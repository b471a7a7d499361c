// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where two allocators part: the shape of `mesosim diff SCENARIO --format json`. Names here are a
// contract with scripts.

public import MesosAllocation

import Mesos
import VirtualTime

/// What came of two allocators in lock step.
public struct LockstepResult: Codable, Equatable, Sendable {
  /// The version of this shape.
  public var schema = 1
  /// The scenario's name.
  public var scenario: String
  /// The version of mesosim.
  public var version: String
  /// The seed of every random stream.
  public var seed: UInt64
  /// The two allocators, first the one that decides what happens.
  public var allocators: [String]
  /// How many decisions they made alike.
  public var agreedDecisions: Int
  /// How many calls they had: what they were told, and each time they were asked.
  public var allocatorEvents: Int
  /// Whether the run was stopped by hand, so that the end of it was not compared.
  public var partial: Bool
  /// The first difference; `null` for none.
  @Nullable public var divergence: DivergenceResult?

  /// States a result.
  public init(
    scenario: String, version: String, seed: UInt64, allocators: [String],
    record: LockstepRecord, partial: Bool
  ) {
    self.scenario = scenario
    self.version = version
    self.seed = seed
    self.allocators = allocators
    agreedDecisions = record.agreedDecisions
    allocatorEvents = record.events
    let divergence = record.divergence
    self.partial = partial && divergence == nil
    self.divergence = divergence.map(DivergenceResult.init)
  }
}

/// A difference between two allocators.
public struct DivergenceResult: Codable, Equatable, Sendable {
  /// A decision by names.
  public struct Decision: Codable, Equatable, Sendable {
    /// Who is offered.
    public var framework: String
    /// In which role.
    public var role: String
    /// The host of the slave.
    public var slave: String
    /// What, as Mesos writes it.
    public var resources: String

    init(_ decision: Divergence.Decision) {
      framework = decision.framework
      role = decision.role.value
      slave = decision.hostname
      resources = decision.resources.description
    }
  }

  /// The dominant share of a role, or of a framework in it, of what it holds, offers included.
  public struct Share: Codable, Equatable, Sendable {
    /// The role.
    public var role: String
    /// The framework; `null` for the role as a whole.
    @Nullable public var framework: String?
    /// Before the decisions of this instant.
    @Measured public var before: Double?
    /// After the first allocator's.
    @Measured public var first: Double?
    /// After the second allocator's.
    @Measured public var second: Double?
  }

  /// When.
  @Measured public var seconds: Double?
  /// The number of the call among all that the allocators had, from 1.
  public var event: Int
  /// The first allocator's decision that the second does not make; `null` for none.
  @Nullable public var first: Decision?
  /// The second's instead; `null` for none.
  @Nullable public var second: Decision?
  /// How many decisions each makes at this instant.
  public var decisions: [Int]
  /// The shares, role by role, each followed by its frameworks.
  public var shares: [Share]

  init(_ divergence: Divergence) {
    seconds = divergence.instant.seconds
    event = divergence.event
    first = divergence.leader.map(Decision.init)
    second = divergence.follower.map(Decision.init)
    decisions = [divergence.decisionCounts.leader, divergence.decisionCounts.follower]
    shares = divergence.shares.map {
      Share(
        role: $0.role.value, framework: $0.framework, before: $0.before, first: $0.leader,
        second: $0.follower)
    }
  }
}
