// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a distribution's parameters must be, and the sampler that good ones give.

internal import CGSL
internal import Glibc

/// A distribution's parameters on trial.
struct Validation {
  let kind: Distribution.Kind
  let minimum: Double?
  let maximum: Double?

  /// The table of a Zipf distribution takes eight bytes a rank.
  static let ranksMax = 1_000_000
  /// Bounds that leave less than this are taken for a mistake.
  static let shareMin = 1e-12

  func sampler() throws(DistributionError) -> Sampler {
    try checkBounds()
    switch kind {
    case .constant(let value):
      try finite("value", value)
      return .constant(try within([value], "value")[0])
    case .zipf(let exponent, let count): return try zipf(exponent, count)
    case .empirical(let values): return try empirical(values)
    case .uniform(let low, let high): return try uniform(low, high)
    default: return try truncate(try variate())
    }
  }

  private func variate() throws(DistributionError) -> Variate {
    switch kind {
    case .lognormal(let median, let sigma):
      return .lognormal(
        zeta: log(try positive("median", median)), sigma: try positive("sigma", sigma))
    case .pareto(let shape, let minimum):
      return .pareto(
        shape: try positive("shape", shape), minimum: try positive("minimum", minimum))
    case .weibull(let shape, let scale):
      return .weibull(scale: try positive("scale", scale), shape: try positive("shape", shape))
    case .normal(let mean, let sigma):
      return .normal(mean: try finite("mean", mean), sigma: try positive("sigma", sigma))
    case .exponential(let mean): return .exponential(mean: try positive("mean", mean))
    case .constant, .uniform, .zipf, .empirical:
      preconditionFailure("\(kind.name) is not drawn as a variate")
    }
  }

  private func truncate(_ variate: Variate) throws(DistributionError) -> Sampler {
    if minimum == nil, maximum == nil { return .free(variate) }
    let truncated = TruncatedVariate(
      variate, minimum: minimum ?? -.infinity, maximum: maximum ?? .infinity)
    guard truncated.share >= Self.shareMin else { throw emptyBounds() }
    return .truncated(truncated)
  }

  private func uniform(_ low: Double, _ high: Double) throws(DistributionError) -> Sampler {
    try finite("minimum", low)
    try finite("maximum", high)
    guard high > low, (high - low).isFinite else {
      throw error("maximum", "\(high)", "a number above the minimum, \(low)")
    }
    let (from, to) = (max(low, minimum ?? low), min(high, maximum ?? high))
    guard to > from else { throw emptyBounds() }
    return .free(.uniform(minimum: from, maximum: to))
  }

  private func zipf(_ exponent: Double, _ count: Int) throws(DistributionError) -> Sampler {
    guard exponent.isFinite, exponent >= 0 else {
      throw error("exponent", "\(exponent)", "a finite number of at least 0")
    }
    guard count >= 1, count <= Self.ranksMax else {
      throw error("count", "\(count)", "a whole number from 1 to \(Self.ranksMax)")
    }
    let first = max(1, (minimum ?? 1).rounded(.up))
    let last = min(Double(count), (maximum ?? Double(count)).rounded(.down))
    guard first <= last else { throw emptyBounds() }
    return .ranks(RankTable(ranks: Int(first)...Int(last), exponent: exponent))
  }

  private func empirical(_ values: [Double]) throws(DistributionError) -> Sampler {
    guard !values.isEmpty else { throw error("values", "empty", "at least one number") }
    for (index, value) in values.enumerated() { try finite("values[\(index)]", value) }
    return .values(try within(values, "values").sorted())
  }

  private func within(
    _ values: [Double], _ parameter: String
  ) throws(DistributionError) -> [Double] {
    let kept = values.filter { $0 >= minimum ?? $0 && $0 <= maximum ?? $0 }
    guard !kept.isEmpty else { throw emptyBounds() }
    return kept
  }

  private func checkBounds() throws(DistributionError) {
    if let minimum { try finite("min", minimum) }
    if let maximum { try finite("max", maximum) }
    if let minimum, let maximum, minimum > maximum {
      throw error("min", "\(minimum)", "at most the max, \(maximum)")
    }
  }

  private func emptyBounds() -> DistributionError {
    let low = minimum.map { "\($0)" } ?? "none"
    let high = maximum.map { "\($0)" } ?? "none"
    return error("min ... max", "\(low) ... \(high)", "bounds that leave part of the distribution")
  }

  @discardableResult
  private func finite(_ parameter: String, _ value: Double) throws(DistributionError) -> Double {
    guard value.isFinite else { throw error(parameter, "\(value)", "a finite number") }
    return value
  }

  private func positive(_ parameter: String, _ value: Double) throws(DistributionError) -> Double {
    guard value.isFinite, value > 0 else {
      throw error(parameter, "\(value)", "a finite number above 0")
    }
    return value
  }

  private func error(_ parameter: String, _ value: String, _ expected: String) -> DistributionError
  {
    DistributionError(
      distribution: kind.name, parameter: parameter, value: value, expected: expected)
  }
}

extension Distribution.Kind {
  /// What the kind is called, in messages and in scenarios.
  package var name: String {
    switch self {
    case .constant: "constant"
    case .exponential: "exponential"
    case .lognormal: "lognormal"
    case .pareto: "pareto"
    case .weibull: "weibull"
    case .uniform: "uniform"
    case .normal: "normal"
    case .zipf: "zipf"
    case .empirical: "empirical"
    }
  }
}
