// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why a distribution's parameters were refused. GSL would end the process or return nonsense.

/// A parameter with which a distribution does not exist.
public struct DistributionError: Error, Hashable, CustomStringConvertible {
  /// The distribution, such as `exponential`.
  public let distribution: String
  /// The parameter, such as `mean`.
  public let parameter: String
  /// What it was.
  public let value: String
  /// What it should have been.
  public let expected: String

  /// Such as `exponential: mean is -5.0; expected a finite number above 0`.
  public var description: String {
    "\(distribution): \(parameter) is \(value); expected \(expected)"
  }
}
