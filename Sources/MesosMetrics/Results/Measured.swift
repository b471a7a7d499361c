// Part of mesosim. Apache-2.0, see LICENSE.
//
// Numbers as results show them: rounded, so that equal runs print equal bytes, and absent rather
// than meaningless.

/// A figure rounded to six decimals, or none where nothing was measured.
///
/// Not-a-number and infinities count as "nothing measured"; in JSON that is `null`, and the key is
/// always there. Rounding happens once, here, so a table and the JSON beside it agree.
@propertyWrapper
public struct Measured: Codable, Equatable, Sendable {
  private var rounded: Double?

  /// The figure.
  public var wrappedValue: Double? {
    get { rounded }
    set { rounded = Measured.rounded(newValue) }
  }

  /// Rounds a figure; `nil` where nothing was measured.
  public init(wrappedValue: Double?) { rounded = Measured.rounded(wrappedValue) }

  /// Reads a number or `null`.
  /// - Parameter decoder: Where to read from.
  /// - Throws: A `DecodingError` when there is something else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self.init(wrappedValue: container.decodeNil() ? nil : try container.decode(Double.self))
  }

  /// Writes the number or `null`.
  /// - Parameter encoder: Where to write to.
  /// - Throws: An `EncodingError` of the encoder.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let rounded { try container.encode(rounded) } else { try container.encodeNil() }
  }

  /// A figure as results have it.
  static func rounded(_ value: Double?) -> Double? {
    guard let value, value.isFinite else { return nil }
    let scaled = (value * 1e6).rounded(.toNearestOrEven)
    // Past 2^53 a double has no six decimals to round.
    guard abs(scaled) < 9e15 else { return value }
    return scaled == 0 ? 0 : scaled / 1e6
  }
}

/// A value that is written as `null` where there is none, so that its key is always there.
@propertyWrapper
public struct Nullable<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  /// The value.
  public var wrappedValue: Value?

  /// Wraps a value, or none.
  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// Reads a value or `null`.
  /// - Parameter decoder: Where to read from.
  /// - Throws: A `DecodingError` when there is something else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  /// Writes the value or `null`.
  /// - Parameter encoder: Where to write to.
  /// - Throws: An `EncodingError` of the encoder.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

/// A confidence interval, from its lower to its upper end, both rounded to six decimals.
public struct Interval: Codable, Equatable, Sendable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// Makes an interval; `nil` unless both ends are finite.
  public init?(low: Double, high: Double) {
    @Measured var low: Double? = low
    @Measured var high: Double? = high
    guard let low, let high else { return nil }
    self.low = low
    self.high = high
  }

  /// Whether the value lies within the interval, its ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// Reads `[low, high]`.
  /// - Parameter decoder: Where to read from.
  /// - Throws: A `DecodingError` when there is something else.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    low = try container.decode(Double.self)
    high = try container.decode(Double.self)
  }

  /// Writes `[low, high]`.
  /// - Parameter encoder: Where to write to.
  /// - Throws: An `EncodingError` of the encoder.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(low)
    try container.encode(high)
  }
}
