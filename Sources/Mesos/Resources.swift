// Part of mesosim. Apache-2.0, see LICENSE.
//
// A list of resources and its algebra.

/// A list of resources.
public struct Resources: Hashable, Sendable {
  /// Unreserved cpus, mem, disk and gpus in thousandths.
  var plain: SIMD4<Int64> = .zero
  /// The empty list.
  public init() {}
}
