// Part of mesosim. Apache-2.0, see LICENSE.
//
// Samples against formulas written down here, not GSL's.

import Glibc
import SimulationKernel
import Testing

/// A distribution with its mean and quantiles from the textbook.
struct Textbook: Sendable, CustomTestStringConvertible {
  let kind: Distribution.Kind
  /// Nil where it is infinite.
  let mean: Double?
  let deviation: Double?
  let quantile: @Sendable (Double) -> Double

  var testDescription: String { "\(kind)" }

  static let all = [
    Textbook(kind: .exponential(mean: 5), mean: 5, deviation: 5) { -5 * log(1 - $0) },
    Textbook(kind: .lognormal(median: 30, sigma: 0.5), mean: 30 * exp(0.125), deviation: 18.2) {
      30 * exp(0.5 * normalQuantile($0))
    },
    Textbook(kind: .pareto(shape: 3, minimum: 2), mean: 3, deviation: 1.7321) {
      2 / pow(1 - $0, 1.0 / 3)
    },
    Textbook(kind: .pareto(shape: 0.9, minimum: 2), mean: nil, deviation: nil) {
      2 / pow(1 - $0, 1 / 0.9)
    },
    Textbook(kind: .weibull(shape: 2, scale: 10), mean: 8.8623, deviation: 4.6325) {
      10 * sqrt(-log(1 - $0))
    },
    Textbook(kind: .weibull(shape: 0.5, scale: 10), mean: 20, deviation: 44.72) {
      10 * pow(-log(1 - $0), 2)
    },
    Textbook(kind: .uniform(minimum: -2, maximum: 6), mean: 2, deviation: 2.3094) { -2 + 8 * $0 },
    Textbook(kind: .normal(mean: -4, sigma: 3), mean: -4, deviation: 3) {
      -4 + 3 * normalQuantile($0)
    },
  ]

  /// Of the probabilities that the tests ask for.
  static func normalQuantile(_ probability: Double) -> Double {
    let table = [
      0.01: -2.326348, 0.1: -1.281552, 0.25: -0.674490, 0.5: 0, 0.75: 0.674490, 0.9: 1.281552,
      0.99: 2.326348,
    ]
    return table[probability] ?? .nan
  }
}

@Suite("Distributions") struct DistributionTests {
  let stream = Seeds(11).stream("samples")

  func samples(_ distribution: Distribution, _ count: Int = 100_000) -> [Double] {
    (0..<count).map { _ in distribution.sample(from: stream) }
  }

  func share(_ samples: [Double], upTo value: Double) -> Double {
    Double(samples.count { $0 <= value }) / Double(samples.count)
  }

  @Test("samples have the quantiles of the textbook", arguments: Textbook.all)
  func quantiles(textbook: Textbook) throws {
    let samples = samples(try Distribution(textbook.kind))
    for probability in [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99] {
      let share = share(samples, upTo: textbook.quantile(probability))
      let deviation = (probability * (1 - probability) / 100_000).squareRoot()
      #expect(abs(share - probability) < 4.5 * deviation, "at \(probability)")
    }
  }

  @Test("samples have the mean of the textbook, and so says the distribution")
  func means() throws {
    for textbook in Textbook.all {
      let distribution = try Distribution(textbook.kind)
      guard let mean = textbook.mean, let deviation = textbook.deviation else {
        #expect(distribution.mean == nil)
        continue
      }
      let known = try #require(distribution.mean)
      #expect(abs(known - mean) < 1e-3, "\(textbook.kind)")
      let measured = samples(distribution).reduce(0, +) / 100_000
      #expect(abs(measured - mean) < 4.5 * deviation / 100_000.0.squareRoot(), "\(textbook.kind)")
    }
  }

  @Test("a constant is always the same and leaves the stream alone")
  func constant() throws {
    let constant = try Distribution(.constant(2.5))
    let before = Seeds(11).stream("samples").bits()
    #expect(samples(constant, 10) == [Double](repeating: 2.5, count: 10))
    #expect(stream.bits() == before)
    #expect(constant.mean == 2.5)
    #expect(constant.constant == 2.5)
    let uniform = try Distribution(.uniform(minimum: 1, maximum: 2))
    #expect(uniform.constant == nil)
  }

  @Test("ranks of a Zipf distribution have weights of one over the rank")
  func zipf() throws {
    let zipf = try Distribution(.zipf(exponent: 1, count: 4))
    let samples = samples(zipf)
    let total = 1 + 1.0 / 2 + 1.0 / 3 + 1.0 / 4
    for rank in 1...4 {
      let share = Double(samples.count { $0 == Double(rank) }) / 100_000
      #expect(abs(share - 1 / Double(rank) / total) < 0.007)
    }
    #expect(abs((zipf.mean ?? 0) - 4 / total) < 1e-12)
  }

  @Test("a Zipf distribution over many ranks reaches both ends", arguments: [0.0, 1.1])
  func zipfEnds(exponent: Double) throws {
    let zipf = try Distribution(.zipf(exponent: exponent, count: 1_000_000))
    let samples = samples(zipf, 20_000)
    #expect(samples.allSatisfy { $0 >= 1 && $0 <= 1_000_000 && $0 == $0.rounded() })
    #expect((samples.max() ?? 0) > 900_000)
    #expect(exponent == 0 || samples.contains(1))
  }

  @Test("an empirical distribution gives its values as often as they stand in it")
  func empirical() throws {
    let empirical = try Distribution(.empirical([10, 1, 1, -3]))
    let samples = samples(empirical)
    #expect(Set(samples) == [10, 1, -3])
    #expect(abs(share(samples, upTo: 0) - 0.25) < 0.007)
    #expect(abs(share(samples, upTo: 1) - 0.75) < 0.007)
    #expect(empirical.mean == 2.25)
  }

  @Test("extreme parameters still give finite numbers")
  func extremes() throws {
    let kinds: [Distribution.Kind] = [
      .lognormal(median: 1e300, sigma: 100), .pareto(shape: 1e-3, minimum: 1),
      .weibull(shape: 1e-3, scale: 1e300), .exponential(mean: .greatestFiniteMagnitude),
      .normal(mean: 1e308, sigma: 1e308),
      .uniform(minimum: 0, maximum: .greatestFiniteMagnitude),
      .exponential(mean: .leastNonzeroMagnitude),
    ]
    for kind in kinds {
      let distribution = try Distribution(kind)
      #expect(samples(distribution, 1000).allSatisfy { $0.isFinite }, "\(kind)")
      #expect(distribution.mean?.isFinite != false, "\(kind)")
    }
  }

  @Test("distributions of equal kind, parameters and bounds are equal")
  func equality() throws {
    let plain = try Distribution(.exponential(mean: 5))
    let same = try Distribution(.exponential(mean: 5))
    let bounded = try Distribution(.exponential(mean: 5), minimum: 1)
    let other = try Distribution(.exponential(mean: 6))
    #expect(plain == same)
    #expect(plain.hashValue == same.hashValue)
    #expect(plain != bounded)
    #expect(plain != other)
  }

  @Test("the same stream gives the same samples")
  func reproducible() throws {
    for textbook in Textbook.all {
      let distribution = try Distribution(textbook.kind)
      let (left, right) = (Seeds(4).stream("x"), Seeds(4).stream("x"))
      for _ in 0..<100 {
        #expect(distribution.sample(from: left) == distribution.sample(from: right))
      }
    }
  }
}
