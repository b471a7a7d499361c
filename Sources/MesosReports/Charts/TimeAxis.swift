// Part of mesosim. Apache-2.0, see LICENSE.
//
// Axes of durations: where a value lies between left and right, and which values are labelled.

/// A labelled place on an axis.
struct Tick: Equatable {
  /// From 0 at the left to 100 at the right.
  var percent: Double
  var label: String
}

/// A horizontal axis of durations in seconds.
///
/// Logarithmic where the values spread over more than a factor of 20; zero then has a place of its
/// own at the left, since it has none on a logarithmic axis.
struct TimeAxis {
  private(set) var ticks: [Tick] = []
  let isLogarithmic: Bool
  private let low: Double
  private let high: Double
  private let left: Double
  private let right: Double

  /// An axis from 0 for a stretch of time, from edge to edge.
  init(until end: Double) {
    self.init(low: 0, high: max(end, 1e-3), left: 0, right: 100, isLogarithmic: false)
  }

  /// An axis on which all the values can be told apart.
  init(covering values: [Double]) {
    let positive = values.filter { $0 > 0 && $0.isFinite }
    let high = positive.max() ?? 1
    // Five decades show what there is to see; what is smaller counts as next to nothing.
    let low = max(positive.min() ?? 1, high / 1e5)
    let isLogarithmic = high / low > 20
    let hasZero = positive.count < values.count || (positive.min() ?? 0) < low
    self.init(
      low: isLogarithmic ? low : 0, high: high, left: isLogarithmic && hasZero ? 9 : 2, right: 97,
      isLogarithmic: isLogarithmic, hasZero: hasZero)
  }

  private init(
    low: Double, high: Double, left: Double, right: Double, isLogarithmic: Bool,
    hasZero: Bool = false
  ) {
    self.low = low
    self.high = high
    self.left = left
    self.right = right
    self.isLogarithmic = isLogarithmic
    func shown(_ values: [Double]) -> [Double] {
      values.filter { low * 0.999 <= $0 && $0 <= high * 1.001 }
    }
    var labelled = shown(isLogarithmic ? TimeAxis.decades : TimeAxis.steps(to: high))
    if isLogarithmic, labelled.count < 4 { labelled = shown(TimeAxis.halfDecades) }
    ticks = labelled.map { Tick(percent: percent($0), label: TimeAxis.label($0)) }
    if isLogarithmic, hasZero { ticks.insert(Tick(percent: 2, label: "0"), at: 0) }
  }

  /// Where a value lies, from 0 at the left to 100 at the right.
  func percent(_ seconds: Double) -> Double {
    guard isLogarithmic else { return left + (right - left) * min(1, max(0, seconds / high)) }
    guard seconds >= low * 0.999 else { return 2 }
    return left + (right - left) * min(1, logarithm(seconds / low) / logarithm(high / low))
  }

  /// Powers and the units people count in.
  private static let decades: [Double] = [
    1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 60, 600, 3600, 6 * 3600, 86_400, 864_000, 8_640_000,
  ]

  /// About twice as many, for axes that span little.
  private static let halfDecades: [Double] = [
    1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60, 180,
    600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 259_200, 864_000, 2_592_000, 8_640_000,
  ]

  /// At most six round values from 0.
  private static func steps(to high: Double) -> [Double] {
    let widths: [Double] = [
      1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600,
      1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000, 2_592_000,
    ]
    let width = widths.first { high / $0 <= 6 } ?? high / 5
    return (0...6).map { Double($0) * width }
  }

  /// A round duration, as short as can be.
  static func label(_ seconds: Double) -> String {
    if seconds == 0 { return "0" }
    if seconds < 0.9995 { return NumberText.factorless(seconds * 1000) + "ms" }
    for (unit, name) in [(86_400.0, "d"), (3600, "h"), (60, "m")] where seconds >= unit {
      let count = seconds / unit
      // Beside 1h, 1h20m is read at once.
      if name == "m", count > 60 { break }
      if count == count.rounded() { return NumberText.fixed(count, 0) + name }
    }
    let minutes = seconds / 60
    if seconds >= 3600, minutes == minutes.rounded() { return DurationText.text(seconds) }
    return NumberText.factorless(seconds) + "s"
  }

  /// The natural logarithm, by a series: plots need no more digits, and every machine gives the
  /// same ones.
  private func logarithm(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    let (exponent, fraction) = (Double(value.exponent), value.significand)
    let ratio = (fraction - 1) / (fraction + 1)
    let square = ratio * ratio
    var sum = 0.0
    for power in stride(from: 15, through: 1, by: -2) { sum = sum * square + 1 / Double(power) }
    return exponent * 0.693147180559945 + 2 * ratio * sum
  }
}

extension NumberText {
  /// A level of an axis, to a millionth.
  static func level(_ value: Double) -> String {
    exact(Int64((value * 1e6).rounded(.toNearestOrEven)), decimals: 6)
  }

  /// A number without needless decimals, such as `10` or `2.5`.
  static func factorless(_ value: Double) -> String {
    exact(Int64((value * 1000).rounded(.toNearestOrEven)), decimals: 3)
  }
}
