// Part of mesosim. Apache-2.0, see LICENSE.
//
// What an allocator decides: offers, and requests to leave a slave. What it is told is in
// `Entries.swift`.

public import Mesos
public import VirtualTime

/// One decision: this framework is offered these resources of this slave.
public struct Allocation: Sendable {
  /// Who is offered.
  public var framework: FrameworkIndex
  /// In which role.
  public var role: Role
  /// Where.
  public var slave: SlaveIndex
  /// What.
  public var resources: Resources
  /// Why.
  public var reason: Reason

  /// What led to a decision.
  public struct Reason: Sendable, Hashable {
    /// 1 for a quota guarantee, 2 for the fair share; 0 where a policy has no stages.
    public var stage: UInt8
    /// The role's share before the decision, in the policy's own measure.
    public var roleShare: Double
    /// The framework's share before the decision, in the policy's own measure.
    public var frameworkShare: Double

    /// Describes a reason.
    public init(stage: UInt8 = 0, roleShare: Double = 0, frameworkShare: Double = 0) {
      self.stage = stage
      self.roleShare = roleShare
      self.frameworkShare = frameworkShare
    }
  }

  /// Describes a decision.
  public init(
    framework: FrameworkIndex, role: Role, slave: SlaveIndex, resources: Resources,
    reason: Reason = Reason()
  ) {
    self.framework = framework
    self.role = role
    self.slave = slave
    self.resources = resources
    self.reason = reason
  }
}

/// A request to leave a slave.
public struct InverseOffer: Sendable, Hashable {
  /// Who is asked.
  public var framework: FrameworkIndex
  /// Which slave is to be left.
  public var slave: SlaveIndex
  /// From when on the slave will be unavailable.
  public var start: Instant

  /// Describes a request.
  public init(framework: FrameworkIndex, slave: SlaveIndex, start: Instant) {
    self.framework = framework
    self.slave = slave
    self.start = start
  }
}
