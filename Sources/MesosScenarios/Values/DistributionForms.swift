// Part of mesosim. Apache-2.0, see LICENSE.
//
// Distributions as scenario files write them: `{lognormal: {median: 30s, sigma: 1.2, max: 1h}}`.
// `min` and `max` cut a distribution: what would lie outside is drawn again.

internal import SimulationKernel

/// The parameters of any distribution; each kind uses some.
struct DistributionParameters: Sendable {
  var mean = 1.0
  var median = 1.0
  var sigma = 1.0
  var shape = 1.0
  var scale = 1.0
  var exponent = 1.0
  var count = 1
  /// The lower end of a uniform or Pareto distribution.
  var low = 0.0
  /// The upper end of a uniform distribution.
  var high = 1.0
  var min: Double?
  var max: Double?
}

/// One kind of distribution: its name, its keys, and what they mean.
struct DistributionForm: Sendable {
  let name: String
  let fields: [Field<DistributionParameters>]
  let kind: @Sendable (DistributionParameters) -> Distribution.Kind

  /// The kinds that are given by parameters.
  ///
  /// - Parameter unit: How a number of what is drawn is written.
  /// - Returns: The kinds.
  static func all(_ unit: Codec<Double>) -> [DistributionForm] {
    typealias Key = Field<DistributionParameters>
    let factor = Codec<Double>.number(above: 0, orEqual: false)
    let mean = Key.required("mean", \.mean, unit, "the mean")
    let shape = Key.required("shape", \.shape, factor, "the shape, without a unit")
    let low = Key.required("min", \.low, unit, "the least value")
    let min = Key.optional("min", \.min, unit, "nothing less is drawn")
    let max = Key.optional("max", \.max, unit, "nothing more is drawn")
    return [
      DistributionForm(name: "exponential", fields: [mean, min, max]) {
        .exponential(mean: $0.mean)
      },
      DistributionForm(
        name: "lognormal",
        fields: [
          .required("median", \.median, unit, "half of what is drawn is less"),
          .required("sigma", \.sigma, factor, "the standard deviation of the logarithm"),
          min, max,
        ]
      ) { .lognormal(median: $0.median, sigma: $0.sigma) },
      DistributionForm(name: "pareto", fields: [low, shape, max]) {
        .pareto(shape: $0.shape, minimum: $0.low)
      },
      DistributionForm(
        name: "weibull",
        fields: [.required("scale", \.scale, unit, "the scale"), shape, min, max]
      ) { .weibull(shape: $0.shape, scale: $0.scale) },
      DistributionForm(
        name: "uniform",
        fields: [low, .required("max", \.high, unit, "the greatest value")]
      ) { .uniform(minimum: $0.low, maximum: $0.high) },
      DistributionForm(
        name: "normal",
        fields: [
          mean, .required("sigma", \.sigma, unit, "the standard deviation"),
          // Nothing in a scenario can be negative, and a bell curve would be.
          .required("min", \.min, unit, "nothing less is drawn, as a bell curve has no end"),
          max,
        ]
      ) { .normal(mean: $0.mean, sigma: $0.sigma) },
      DistributionForm(
        name: "zipf",
        fields: [
          .required("exponent", \.exponent, .number(above: 0), "how fast the ranks fall off"),
          .required("count", \.count, .integer(1...1_000_000), "the number of ranks"),
        ]
      ) { .zipf(exponent: $0.exponent, count: $0.count) },
    ]
  }
}

extension DistributionForm {
  /// How the parameters stand behind the kind's name.
  ///
  /// - Parameter noun: What is drawn, to tell definitions of different units apart.
  /// - Returns: The codec of the distribution.
  func codec(_ noun: String) -> Codec<Distribution> {
    let table = Table(
      name: "\(name) \(noun)", blank: DistributionParameters(), fields: fields
    ) { parameters, path, node, problems in
      do throws(DistributionError) {
        _ = try distribution(parameters)
      } catch {
        let key = Self.key(of: error.parameter)
        let found = node.scalar(key) ?? error.value
        problems.add(
          at: node.position(of: Path(steps: [.key(key)])), path + key,
          "found \(found); expected \(error.expected)")
      }
    }
    return table.codec.map(
      { (parameters) throws(Mismatch) in
        do throws(DistributionError) { return try distribution(parameters) } catch {
          throw Mismatch(reason: error.description)
        }
      },
      { DistributionParameters($0) ?? DistributionParameters() })
  }

  private func distribution(
    _ parameters: DistributionParameters
  ) throws(DistributionError) -> Distribution {
    try Distribution(kind(parameters), minimum: parameters.min, maximum: parameters.max)
  }

  /// The key under which a parameter stands.
  private static func key(of parameter: String) -> String {
    switch parameter {
    case "minimum", "min ... max": "min"
    case "maximum": "max"
    default: parameter
    }
  }
}

extension DistributionParameters {
  /// The parameters of a distribution; `nil` for kinds that have none.
  init?(_ distribution: Distribution) {
    self.init(min: distribution.minimum, max: distribution.maximum)
    switch distribution.kind {
    case .exponential(let mean): self.mean = mean
    case .lognormal(let median, let sigma): (self.median, self.sigma) = (median, sigma)
    case .pareto(let shape, let minimum): (self.shape, low) = (shape, minimum)
    case .weibull(let shape, let scale): (self.shape, self.scale) = (shape, scale)
    case .uniform(let minimum, let maximum): (low, high) = (minimum, maximum)
    case .normal(let mean, let sigma): (self.mean, self.sigma) = (mean, sigma)
    case .zipf(let exponent, let count): (self.exponent, self.count) = (exponent, count)
    case .constant, .empirical: return nil
    }
  }
}

extension YAMLNode {
  /// The scalar behind a key of this map, as it is written.
  fileprivate func scalar(_ key: String) -> String? {
    guard case .map(let entries) = content,
      let entry = entries.first(where: { $0.key == key }),
      case .scalar(let text, _) = entry.value.content
    else { return nil }
    return text
  }
}
