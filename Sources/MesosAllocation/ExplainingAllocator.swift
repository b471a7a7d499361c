// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why free resources are not offered, and in which order they are, for reports. Nothing here may
// change a decision.

public import Mesos
public import VirtualTime

/// An allocator that can say why free resources are not offered, for reports.
///
/// Only `withholding` must be answered. What has a default is asked where reasons are recorded.
public protocol ExplainingAllocator: Allocator {
  /// Why what is free on a slave is not offered, as far as the allocator knows a cause.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: The first cause that applies, in the order of the cases; `nil` for none, or when
  ///   nothing is free there.
  func withholding(on slave: SlaveIndex) -> Withholding?

  /// In which order an allocation at `now` would serve, with what it goes by; `nil`, the default,
  /// if the allocator does not say.
  ///
  /// - Complexity: O(roles + frameworks), with the logarithms of sorting them.
  func passOrder(at now: Instant) -> PassOrder?

  /// What keeps a framework from being offered what is free on a slave; `nil`, the default, for
  /// nothing that the allocator knows of, or when nothing is free there.
  ///
  /// - Returns: The first that applies, in the order of the cases.
  func obstacle(to framework: FrameworkIndex, on slave: SlaveIndex) -> Obstacle?

  /// Whether slaves may be unsuitable for a framework, so that it is worth asking of each; by
  /// default not.
  func distinguishesSlaves(for framework: FrameworkIndex) -> Bool
}

extension ExplainingAllocator {
  /// Does not say.
  public func passOrder(at now: Instant) -> PassOrder? { nil }

  /// Knows of none.
  public func obstacle(to framework: FrameworkIndex, on slave: SlaveIndex) -> Obstacle? { nil }

  /// Takes all slaves for suitable.
  public func distinguishesSlaves(for framework: FrameworkIndex) -> Bool { false }
}

/// Why an allocator does not offer what is free.
public enum Withholding: String, Sendable, Hashable, CaseIterable {
  /// The slave is set aside for one party, or for none.
  case partition
  /// A framework refused it, and the refusal is still in force.
  case refusal
  /// Limits or the headroom of guarantees keep it.
  case quota
  /// It has become free since the last allocation.
  case nextPass
}

/// What keeps a framework from being offered a slave.
public enum Obstacle: Sendable, Hashable {
  /// The slave is not for it, whatever is free: by the framework's constraints, by what both can
  /// deal with, by the policy, or as another's part of the cluster.
  case unsuitable
  /// The framework wants no offers at present: it has suppressed them, or is not connected.
  case unwanted
  /// The framework has refused it: until when, and the first periodic allocation that finds that
  /// ended.
  case refusal(until: Instant, allocation: Instant)
  /// Limits or the headroom of guarantees keep it.
  case quota
  /// It has become free since the last allocation.
  case nextPass
}
