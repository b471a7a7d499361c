// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why free resources are not offered, for reports. Nothing here may change a decision.

public import Mesos

/// An allocator that can say why free resources are not offered, for reports.
public protocol ExplainingAllocator: Allocator {
  /// Why what is free on a slave is not offered, as far as the allocator knows a cause.
  ///
  /// - Parameter slave: The slave.
  /// - Returns: The first cause that applies, in the order of the cases; `nil` for none, or when
  ///   nothing is free there.
  func withholding(on slave: SlaveIndex) -> Withholding?
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
