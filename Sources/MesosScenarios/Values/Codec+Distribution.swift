// Part of mesosim. Apache-2.0, see LICENSE.
//
// Wherever a duration, a number or a gap stands, a distribution of it may stand too.

internal import MesosWorkloads
internal import SimulationKernel
internal import VirtualTime

extension Codec where Value == Distribution {
  /// A duration, or a distribution of durations; drawn in seconds.
  static var drawnDuration: Codec {
    drawn("durations", .seconds, "{uniform: {min: 5s, max: 9s}}")
  }

  /// A number of things, at least 1, or a distribution of such numbers.
  static var drawnCount: Codec {
    drawn(
      "counts", .number("a number", above: 1), "{uniform: {min: 5, max: 9}}")
  }

  /// What is drawn, by its forms; a plain value is a constant.
  private static func drawn(_ noun: String, _ unit: Codec<Double>, _ example: String) -> Codec {
    let forms = Form<Distribution>.distributions(of: noun, unit, { $0 }, { $0 })
    return Codec.choice("a distribution such as \(example)", forms).orShort(
      unit.map({ (value) throws(Mismatch) in .fixed(value) }, { $0.constant ?? 0 }),
      { $0 }, { $0.isPlainConstant ? $0 : nil }
    ).defined(as: "distribution-of-\(noun)")
  }

  /// A latency: also `{mean: 2ms, min: 0.5ms}`, an exponential part beyond the least.
  static var latency: Codec {
    Codec(
      expected: "a latency such as 1ms, {mean: 2ms, min: 0.5ms}, or a distribution",
      read: { node, path, problems in
        if case .map(let entries) = node.content, entries.contains(where: { $0.key == "mean" }) {
          return ShiftedExponential.table.read(node, path, &problems)?.distribution
        }
        return drawnDuration.read(node, path, &problems)
      },
      write: { distribution in
        ShiftedExponential(distribution).map(ShiftedExponential.table.write)
          ?? drawnDuration.write(distribution)
      },
      schema: { builder in
        [
          "anyOf": [
            drawnDuration.schema(&builder), ShiftedExponential.table.codec.schema(&builder),
          ]
        ]
      })
  }
}

/// A least value and an exponential part beyond it.
///
/// An exponential distribution cut at a least value is the same thing, as it knows no past; so it
/// is kept as that.
private struct ShiftedExponential: Sendable {
  var mean = Duration.zero
  var min = Duration.zero

  static let table = Table(
    name: "latency", blank: ShiftedExponential(),
    fields: [
      .required("mean", \.mean, .duration, "the mean"),
      .optional("min", \.min, .duration, "the least"),
    ],
    check: { latency, path, node, problems in
      if latency.min > latency.mean {
        problems.add(
          at: node.position(of: Path(steps: [.key("min")])), path + "min",
          "\(latency.min.scenarioText) is more than the mean; expected at most "
            + latency.mean.scenarioText)
      }
    })

  var distribution: Distribution {
    if mean > min,
      let result = try? Distribution(
        .exponential(mean: (mean - min).inSeconds),
        minimum: min > .zero ? min.inSeconds : nil)
    {
      return result
    }
    return .fixed(mean.inSeconds)
  }

  init() {}

  /// The distribution in this form, if it has it.
  init?(_ distribution: Distribution) {
    guard case .exponential(let beyond) = distribution.kind, distribution.maximum == nil
    else { return nil }
    min = .rounded(seconds: distribution.minimum ?? 0)
    mean = min + .rounded(seconds: beyond)
  }
}

extension Form {
  /// The forms of a distribution, as forms of what is made of it.
  ///
  /// - Parameters:
  ///   - noun: What is drawn, in the plural.
  ///   - unit: How a number of what is drawn is written.
  ///   - make: The value from the distribution.
  ///   - take: The distribution from the value; `nil` when there is none in it.
  /// - Returns: One form a kind.
  static func distributions(
    of noun: String, _ unit: Codec<Double>,
    _ make: @escaping @Sendable (Distribution) -> Value,
    _ take: @escaping @Sendable (Value) -> Distribution?
  ) -> [Form] {
    func form(_ key: String, _ codec: Codec<Distribution>) -> Form {
      Form(key, codec, make) { value in
        take(value).flatMap { $0.kind.name == key ? $0 : nil }
      }
    }
    let constant = unit.map(
      { (value) throws(Mismatch) in Distribution.fixed(value) }, { $0.constant ?? 0 })
    return [form("constant", constant)]
      + DistributionForm.all(unit).map { form($0.name, $0.codec(noun)) }
      + [form("empirical", EmpiricalValues.codec(noun, unit))]
  }
}

extension Distribution {
  /// Always the same value, which must be finite.
  static func fixed(_ value: Double) -> Distribution {
    do throws(DistributionError) { return try Distribution(.constant(value)) } catch {
      preconditionFailure("\(value) is not finite: \(error)")
    }
  }

  fileprivate var isPlainConstant: Bool {
    if case .constant = kind { minimum == nil && maximum == nil } else { false }
  }
}
