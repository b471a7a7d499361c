// Part of mesosim. Apache-2.0, see LICENSE.
//
// Amounts in fixed point: whole thousandths, as Mesos compares, adds and prints them, so that
// 0.1 + 0.2 is 0.3 on every machine.

/// An amount of a resource, kept in whole thousandths; never negative.
public struct Scalar: Hashable, Comparable, Sendable {
  /// The amount times 1000.
  public let thousandths: Int64

  /// Makes an amount from thousandths; what is below zero counts as zero.
  public init(thousandths: Int64) { self.thousandths = max(0, thousandths) }

  /// Rounds an amount to thousandths, half away from zero.
  /// - Returns: `nil` when the amount is negative, not a number or past the end of fixed point.
  public init?(_ amount: Double) {
    guard let thousandths = Scalar.thousandths(of: amount), thousandths >= 0 else { return nil }
    self.thousandths = thousandths
  }

  /// The amount as a floating-point number, for people and for statistics.
  public var value: Double { Double(thousandths / 1000) + Double(thousandths % 1000) / 1000 }

  /// Orders amounts from small to large.
  public static func < (left: Scalar, right: Scalar) -> Bool {
    left.thousandths < right.thousandths
  }

  /// Where fixed point ends: 9.2e15, just below the largest 64-bit integer in thousandths.
  static let limit = 9.2e15

  /// The amount times 1000, rounded half away from zero; `nil` past the end of fixed point.
  static func thousandths(of amount: Double) -> Int64? {
    guard abs(amount) <= limit else { return nil }
    return Int64((amount * 1000).rounded(.toNearestOrAwayFromZero))
  }
}

extension Scalar: CustomStringConvertible {
  /// The whole part in full and at most three decimals, without trailing zeros: `2`, `0.5`.
  public var description: String {
    let whole = String(thousandths / 1000)
    var rest = thousandths % 1000
    if rest == 0 { return whole }
    var width = 3
    while rest % 10 == 0 {
      rest /= 10
      width -= 1
    }
    let digits = String(rest)
    return whole + "." + String(repeating: "0", count: width - digits.utf8.count) + digits
  }
}

extension Int64 {
  /// The sum of two amounts; ends at the largest integer instead of overflowing.
  func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
