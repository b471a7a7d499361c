// Part of mesosim. Apache-2.0, see LICENSE.
//
// Every parameter that GSL would answer with an abort or with nonsense is refused before it sees
// it.

import SimulationKernel
import Testing

/// A bad distribution and the parameter at fault.
struct Refusal: Sendable, CustomTestStringConvertible {
  let kind: Distribution.Kind
  let parameter: String
  var minimum: Double?
  var maximum: Double?

  var testDescription: String { "\(kind) \(parameter)" }

  static let notFinite: [Double] = [.nan, .infinity, -.infinity]

  static let notPositive = notFinite + [0, -0.0, -1]

  static var parameters: [Refusal] {
    var list: [Refusal] = []
    for bad in notPositive {
      list += [
        Refusal(kind: .exponential(mean: bad), parameter: "mean"),
        Refusal(kind: .lognormal(median: bad, sigma: 1), parameter: "median"),
        Refusal(kind: .lognormal(median: 1, sigma: bad), parameter: "sigma"),
        Refusal(kind: .pareto(shape: bad, minimum: 1), parameter: "shape"),
        Refusal(kind: .pareto(shape: 1, minimum: bad), parameter: "minimum"),
        Refusal(kind: .weibull(shape: bad, scale: 1), parameter: "shape"),
        Refusal(kind: .weibull(shape: 1, scale: bad), parameter: "scale"),
        Refusal(kind: .normal(mean: 0, sigma: bad), parameter: "sigma"),
      ]
    }
    for bad in notFinite {
      list += [
        Refusal(kind: .constant(bad), parameter: "value"),
        Refusal(kind: .normal(mean: bad, sigma: 1), parameter: "mean"),
        Refusal(kind: .uniform(minimum: bad, maximum: 1), parameter: "minimum"),
        Refusal(kind: .uniform(minimum: 0, maximum: bad), parameter: "maximum"),
        Refusal(kind: .zipf(exponent: bad, count: 1), parameter: "exponent"),
        Refusal(kind: .empirical([1, bad]), parameter: "values[1]"),
        Refusal(kind: .exponential(mean: 1), parameter: "min", minimum: bad),
        Refusal(kind: .exponential(mean: 1), parameter: "max", maximum: bad),
      ]
    }
    return list
  }

  static let relations = [
    Refusal(kind: .uniform(minimum: 1, maximum: 1), parameter: "maximum"),
    Refusal(kind: .uniform(minimum: 2, maximum: 1), parameter: "maximum"),
    Refusal(kind: .uniform(minimum: -1.7e308, maximum: 1.7e308), parameter: "maximum"),
    Refusal(kind: .zipf(exponent: -1, count: 5), parameter: "exponent"),
    Refusal(kind: .zipf(exponent: 1, count: 0), parameter: "count"),
    Refusal(kind: .zipf(exponent: 1, count: -5), parameter: "count"),
    Refusal(kind: .zipf(exponent: 1, count: .max), parameter: "count"),
    Refusal(kind: .empirical([]), parameter: "values"),
    Refusal(kind: .exponential(mean: 1), parameter: "min", minimum: 5, maximum: 4),
  ]

  static let emptyBounds = [
    Refusal(kind: .exponential(mean: 1), parameter: "min ... max", maximum: -1),
    Refusal(kind: .exponential(mean: 1), parameter: "min ... max", maximum: 0),
    Refusal(kind: .exponential(mean: 1), parameter: "min ... max", minimum: 1000),
    Refusal(kind: .lognormal(median: 1, sigma: 1), parameter: "min ... max", maximum: -1),
    Refusal(kind: .pareto(shape: 1, minimum: 5), parameter: "min ... max", maximum: 4),
    Refusal(kind: .weibull(shape: 1, scale: 1), parameter: "min ... max", maximum: 0),
    Refusal(kind: .normal(mean: 0, sigma: 1), parameter: "min ... max", minimum: 50),
    Refusal(kind: .normal(mean: 0, sigma: 1), parameter: "min ... max", minimum: 1, maximum: 1),
    Refusal(kind: .uniform(minimum: 0, maximum: 1), parameter: "min ... max", minimum: 1),
    Refusal(kind: .zipf(exponent: 1, count: 5), parameter: "min ... max", minimum: 6),
    Refusal(kind: .zipf(exponent: 1, count: 5), parameter: "min ... max", maximum: -1e300),
    Refusal(
      kind: .zipf(exponent: 1, count: 5), parameter: "min ... max", minimum: 1.2, maximum: 1.8),
    Refusal(kind: .empirical([1, 2]), parameter: "min ... max", minimum: 3),
    Refusal(kind: .constant(1), parameter: "min ... max", minimum: 2),
  ]
}

@Suite("Bad parameters of distributions") struct DistributionErrorTests {
  @Test(
    "are refused by name", arguments: [Refusal.parameters, Refusal.relations, Refusal.emptyBounds])
  func refused(refusals: [Refusal]) {
    for refusal in refusals {
      do throws(DistributionError) {
        _ = try Distribution(
          refusal.kind, minimum: refusal.minimum, maximum: refusal.maximum)
        Issue.record("\(refusal.testDescription) was accepted")
      } catch {
        #expect(error.parameter == refusal.parameter, "\(error)")
      }
    }
  }

  @Test("are named with their value and what was expected")
  func message() {
    #expect(
      message(.exponential(mean: -5))
        == "exponential: mean is -5.0; expected a finite number above 0")
    #expect(
      message(.zipf(exponent: 1, count: 0))
        == "zipf: count is 0; expected a whole number from 1 to 1000000")
    #expect(message(.empirical([])) == "empirical: values is empty; expected at least one number")
    #expect(
      message(.pareto(shape: 2, minimum: 5), maximum: 4)
        == "pareto: min ... max is none ... 4.0; expected bounds that leave part of the distribution"
    )
  }

  private func message(_ kind: Distribution.Kind, maximum: Double? = nil) -> String {
    do throws(DistributionError) {
      _ = try Distribution(kind, maximum: maximum)
      return "accepted"
    } catch {
      return error.description
    }
  }
}
