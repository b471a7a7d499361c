// Part of mesosim. Apache-2.0, see LICENSE.
//
// What became of one resource over the window, for the cluster and for one framework.

/// What became of the capacity of one resource.
///
/// Used, offered, blocked and no demand add up to the whole capacity.
public struct UtilizationResult: Codable, Equatable, Sendable {
  /// The mean capacity, in the resource's unit.
  @Measured public var capacityMean: Double?
  /// The part of the capacity that was offered or used; where offers overlap, at most all of it.
  @Measured public var allocatedMean: Double?
  /// The part that tasks held.
  @Measured public var usedMean: Double?
  /// The part that tasks held and left idle; `nil`, and not written, where no framework says so.
  public var idleMean: Double?
  /// The part that lay in offers not yet answered.
  @Measured public var offeredMean: Double?
  /// The part that was free while tasks waited: of what is free, at most the waiting demand.
  ///
  /// `null` when a framework does not tell its demand. Counted one resource at a time, so memory
  /// that is free beside busy processors counts too.
  @Measured public var blockedMean: Double?
  /// The part that was free and not wanted by any framework; no policy could have used it.
  @Measured public var noDemandMean: Double?
  /// What waiting tasks wanted, as a part of the capacity; may exceed 1.
  @Measured public var waitingMean: Double?
  /// The used share of the capacity that was not exceeded for half of the time.
  @Measured public var p50: Double?
  /// The used share of the capacity that was not exceeded for 95% of the time.
  @Measured public var p95: Double?
  /// Used ÷ min(capacity, used + waiting demand), both integrated level by level.
  ///
  /// 1 means that no task waited while something was free. `null` when a framework does not tell
  /// its demand.
  @Measured public var demandUtilization: Double?
  /// The exact integrals behind the figures.
  public var sums: UtilizationSums
}

/// Exact integrals, in thousandths of a unit × nanoseconds.
public struct UtilizationSums: Codable, Equatable, Sendable {
  /// What registered slaves had.
  public var capacity: ExactSum
  /// min(capacity, offered or used).
  public var allocated: ExactSum
  /// What tasks held.
  public var used: ExactSum
  /// What waiting tasks wanted.
  public var waiting: ExactSum
  /// min(capacity, used + waiting).
  public var reachable: ExactSum
  /// min(capacity − allocated, waiting).
  public var blocked: ExactSum
}

/// What one framework held and wanted of one resource.
public struct FrameworkUse: Codable, Equatable, Sendable {
  /// The part of the cluster's capacity offered to it or used by it.
  @Measured public var allocatedMean: Double?
  /// The part that its tasks held.
  @Measured public var usedMean: Double?
  /// The part that its tasks held and left idle; `nil`, and not written, where it does not say so.
  public var idleMean: Double?
  /// What its waiting tasks wanted, as a part of the cluster's capacity.
  @Measured public var waitingMean: Double?
  /// The exact integrals behind the figures.
  public var sums: FrameworkSums
}

/// Exact integrals, in thousandths of a unit × nanoseconds.
public struct FrameworkSums: Codable, Equatable, Sendable {
  /// What was offered to it or used by it.
  public var allocated: ExactSum
  /// What its tasks held.
  public var used: ExactSum
  /// What its waiting tasks wanted.
  public var waiting: ExactSum
}

/// An exact integer that is written as a decimal string, since JSON readers lose digits past 2^53.
public struct ExactSum: Codable, Equatable, Sendable {
  /// The integer.
  public let value: Int128

  /// Wraps an integer.
  public init(_ value: Int128) { self.value = value }

  /// Reads a decimal string.
  /// - Parameter decoder: Where to read from.
  /// - Throws: A `DecodingError` when there is something else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Int128(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "'\(text)' is no integer; expected digits such as 1200")
    }
    self.value = value
  }

  /// Writes the decimal string.
  /// - Parameter encoder: Where to write to.
  /// - Throws: An `EncodingError` of the encoder.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(value))
  }
}
