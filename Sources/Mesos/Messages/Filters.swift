// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a framework says with a refusal, and how long that lasts. How refusals are kept is the
// allocator's business.

internal import VirtualTime

/// How long refused resources are kept from a framework (mesos.proto, `Filters`).
public struct Filters: Hashable, Sendable {
  /// Seconds for which the same resources on the slave are not offered again: 0 sets no filter, a
  /// negative number counts as 5, more than a year as a year (Rules 4.3).
  public var refuseSeconds: Double

  /// Describes a filter; 5 s unless told otherwise, as in mesos.proto.
  public init(refuseSeconds: Double = 5) { self.refuseSeconds = refuseSeconds }
}

extension Filters {
  /// How long a filter lasts before the allocation interval is considered; `nil` if it sets none.
  ///
  /// Negative numbers and what is no number count as 5 s, more than a year as a year.
  package var timeoutNanoseconds: Int64? {
    if refuseSeconds == 0 { return nil }
    if refuseSeconds.isNaN || refuseSeconds < 0 { return 5_000_000_000 }
    return Duration.wholeNanoseconds(seconds: min(refuseSeconds, 31_536_000))
  }
}
