// Part of mesosim. Apache-2.0, see LICENSE.
//
// How long, how large, how often: what scenarios say of things that vary. Parameters are validated
// here, before GSL, which ends the process on bad ones, can see them.

/// A distribution of numbers from which a stream can be sampled.
///
///     let duration = try Distribution(.lognormal(median: 30, sigma: 1.2), maximum: 3600)
///     let seconds = duration.sample(from: stream)
///
/// Bounds mean the distribution *given that* it falls between them: what would lie outside is drawn
/// again, not moved to the bound: no real workload has a heap of equal values at a bound. It
/// is done by inversion (one draw, always ends). Samples are finite. Units are the user's, mostly
/// seconds.
public struct Distribution: Sendable {
  /// The kinds there are, with their parameters.
  public enum Kind: Hashable, Sendable {
    /// Always the same; takes no draw.
    case constant(Double)
    /// Time between events that know nothing of each other.
    case exponential(mean: Double)
    /// A number whose logarithm is normal with standard deviation `sigma`.
    case lognormal(median: Double, sigma: Double)
    /// Power law: the chance of exceeding x is (minimum / x) to the `shape`.
    case pareto(shape: Double, minimum: Double)
    /// The chance of exceeding x is exp(-(x / scale) to the `shape`).
    case weibull(shape: Double, scale: Double)
    /// All numbers from `minimum` up to, not including, `maximum`.
    case uniform(minimum: Double, maximum: Double)
    /// Bell curve with standard deviation `sigma`; may be negative unless bounded.
    case normal(mean: Double, sigma: Double)
    /// Rank k of 1 ... `count` with a weight of 1 / k to the `exponent`.
    case zipf(exponent: Double, count: Int)
    /// One of the values, each as likely as it is frequent among them; their order does not matter.
    case empirical([Double])
  }

  /// The kind, with its parameters.
  public let kind: Kind
  /// The lower bound, if one was given.
  public let minimum: Double?
  /// The upper bound, if one was given.
  public let maximum: Double?
  /// The value, when it is always the same.
  public let constant: Double?

  private let sampler: Sampler

  /// Makes a distribution.
  /// - Parameters:
  ///   - kind: The kind, with its parameters.
  ///   - minimum: Nothing below it is drawn.
  ///   - maximum: Nothing above it is drawn.
  /// - Throws: `DistributionError` when a parameter is not a finite number of its range, or the
  ///   bounds leave (nearly) nothing of the distribution.
  public init(
    _ kind: Kind, minimum: Double? = nil, maximum: Double? = nil
  ) throws(DistributionError) {
    turnOffGSLErrorHandler
    self.kind = kind
    self.minimum = minimum
    self.maximum = maximum
    sampler = try Validation(kind: kind, minimum: minimum, maximum: maximum).sampler()
    if case .constant(let value) = kind { constant = value } else { constant = nil }
  }

  /// Draws a number, which is finite and within the bounds.
  /// - Parameter stream: Where the randomness comes from; a constant takes none.
  /// - Returns: The number.
  @inline(__always) public func sample(from stream: RandomStream) -> Double {
    let value = sampler.draw(from: stream)
    return min(max(value, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }

  /// The distribution in plain numbers, where it is an exponential between bounds, drawn from
  /// its lower tail.
  var truncatedExponential: TruncatedExponential? {
    if case .truncated(let variate) = sampler { TruncatedExponential(variate) } else { nil }
  }

  /// What is exceeded with a chance of less than 1e-15.
  var practicalMaximum: Double { sampler.practicalMaximum }

  /// The mean, where it is finite and known; it is not where bounds cut a continuous distribution.
  public var mean: Double? { sampler.mean }
}

extension Distribution: Hashable {
  /// Whether kind, parameters and bounds are the same.
  public static func == (left: Distribution, right: Distribution) -> Bool {
    left.kind == right.kind && left.minimum == right.minimum && left.maximum == right.maximum
  }

  /// Hashes kind, parameters and bounds.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(minimum)
    hasher.combine(maximum)
  }
}
