// Part of mesosim. Apache-2.0, see LICENSE.
//
// The continuous distributions, each as GSL's variate, cumulative functions and their inverses (one
// of which is the C library's).

internal import CGSL
internal import Glibc

/// A continuous distribution in GSL's parameters, already validated.
enum Variate: Sendable {
  case exponential(mean: Double)
  case lognormal(zeta: Double, sigma: Double)
  case pareto(shape: Double, minimum: Double)
  case weibull(scale: Double, shape: Double)
  case uniform(minimum: Double, maximum: Double)
  case normal(mean: Double, sigma: Double)

  /// One draw.
  func draw(_ generator: UnsafePointer<gsl_rng>) -> Double {
    switch self {
    case .exponential(let mean): gsl_ran_exponential(generator, mean)
    case .lognormal(let zeta, let sigma): gsl_ran_lognormal(generator, zeta, sigma)
    case .pareto(let shape, let minimum): gsl_ran_pareto(generator, shape, minimum)
    case .weibull(let scale, let shape): gsl_ran_weibull(generator, scale, shape)
    case .uniform(let minimum, let maximum): gsl_ran_flat(generator, minimum, maximum)
    case .normal(let mean, let sigma): mean + gsl_ran_gaussian(generator, sigma)
    }
  }

  /// The probability of `value` or less.
  func lowerTail(_ value: Double) -> Double {
    switch self {
    case .exponential(let mean): gsl_cdf_exponential_P(value, mean)
    case .lognormal(let zeta, let sigma): value <= 0 ? 0 : gsl_cdf_lognormal_P(value, zeta, sigma)
    case .pareto(let shape, let minimum): gsl_cdf_pareto_P(value, shape, minimum)
    case .weibull(let scale, let shape): value <= 0 ? 0 : gsl_cdf_weibull_P(value, scale, shape)
    case .uniform(let minimum, let maximum): gsl_cdf_flat_P(value, minimum, maximum)
    case .normal(let mean, let sigma): gsl_cdf_gaussian_P(value - mean, sigma)
    }
  }

  /// The probability of more than `value`, precise where `lowerTail` is all but 1.
  func upperTail(_ value: Double) -> Double {
    switch self {
    case .exponential(let mean): gsl_cdf_exponential_Q(value, mean)
    case .lognormal(let zeta, let sigma): value <= 0 ? 1 : gsl_cdf_lognormal_Q(value, zeta, sigma)
    case .pareto(let shape, let minimum): gsl_cdf_pareto_Q(value, shape, minimum)
    case .weibull(let scale, let shape): value <= 0 ? 1 : gsl_cdf_weibull_Q(value, scale, shape)
    case .uniform(let minimum, let maximum): gsl_cdf_flat_Q(value, minimum, maximum)
    case .normal(let mean, let sigma): gsl_cdf_gaussian_Q(value - mean, sigma)
    }
  }

  /// The value that `lowerTail` takes to this probability.
  func value(lowerTail probability: Double) -> Double {
    switch self {
    case .exponential(let mean): Self.exponential(-mean, lowerTail: probability)
    case .lognormal(let zeta, let sigma): gsl_cdf_lognormal_Pinv(probability, zeta, sigma)
    case .pareto(let shape, let minimum): gsl_cdf_pareto_Pinv(probability, shape, minimum)
    case .weibull(let scale, let shape): gsl_cdf_weibull_Pinv(probability, scale, shape)
    case .uniform(let minimum, let maximum): gsl_cdf_flat_Pinv(probability, minimum, maximum)
    case .normal(let mean, let sigma): mean + gsl_cdf_gaussian_Pinv(probability, sigma)
    }
  }

  /// The value of an exponential; GSL's takes twice the time, by `log1p`.
  ///
  /// What `log` loses is less than 2⁻⁵³ of the mean, which rounding to nanoseconds nearly always
  /// hides.
  @inline(__always)
  static func exponential(_ negatedMean: Double, lowerTail probability: Double) -> Double {
    negatedMean * log(1 - probability)
  }

  /// The value that `upperTail` takes to this probability.
  func value(upperTail probability: Double) -> Double {
    switch self {
    case .exponential(let mean): gsl_cdf_exponential_Qinv(probability, mean)
    case .lognormal(let zeta, let sigma): gsl_cdf_lognormal_Qinv(probability, zeta, sigma)
    case .pareto(let shape, let minimum): gsl_cdf_pareto_Qinv(probability, shape, minimum)
    case .weibull(let scale, let shape): gsl_cdf_weibull_Qinv(probability, scale, shape)
    case .uniform(let minimum, let maximum): gsl_cdf_flat_Qinv(probability, minimum, maximum)
    case .normal(let mean, let sigma): mean + gsl_cdf_gaussian_Qinv(probability, sigma)
    }
  }

  /// The mean, where it exists and is finite.
  var mean: Double? {
    let mean: Double
    switch self {
    case .exponential(let expected): mean = expected
    case .lognormal(let zeta, let sigma): mean = exp(zeta + sigma * sigma / 2)
    case .pareto(let shape, let minimum):
      guard shape > 1 else { return nil }
      mean = shape * minimum / (shape - 1)
    case .weibull(let scale, let shape):
      var gamma = gsl_sf_result()
      guard gsl_sf_gamma_e(1 + 1 / shape, &gamma) == 0 else { return nil }
      mean = scale * gamma.val
    case .uniform(let minimum, let maximum): mean = minimum + (maximum - minimum) / 2
    case .normal(let expected, _): mean = expected
    }
    return mean.isFinite ? mean : nil
  }
}
