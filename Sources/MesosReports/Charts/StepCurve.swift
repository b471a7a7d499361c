// Part of mesosim. Apache-2.0, see LICENSE.
//
// Levels over time as steps: means over stretches of equal length.

import VirtualTime

/// The mean of a level over a stretch of time.
struct Step {
  /// From 0 to 1000 along the axis.
  var from: Double
  var to: Double
  /// In percent of the plot's height.
  var height: Double

  /// Means over stretches of equal length.
  /// - Parameters:
  ///   - values: A level over time, in order, without a gap.
  ///   - most: How many steps there are at most.
  /// - Returns: The steps; those of one height are one.
  static func means(
    _ values: [(start: Instant, end: Instant, value: Double)], most: Int
  ) -> [Step] {
    guard let end = values.last?.end.seconds, end > 0 else { return [] }
    let group = (values.count + most - 1) / most
    var steps: [Step] = []
    for first in stride(from: 0, to: values.count, by: group) {
      let part = values[first..<min(first + group, values.count)]
      let length = part.reduce(0) { $0 + $1.end.seconds - $1.start.seconds }
      let sum = part.reduce(0) { $0 + $1.value * ($1.end.seconds - $1.start.seconds) }
      let step = Step(
        from: (part.first?.start.seconds ?? 0) / end * 1000,
        to: (part.last?.end.seconds ?? 0) / end * 1000, height: sum / max(length, 1e-12))
      if let last = steps.last, last.height == step.height {
        steps[steps.count - 1].to = step.to
      } else {
        steps.append(step)
      }
    }
    return steps
  }
}

/// A curve of steps with a mark on it.
struct StepCurve {
  let variant: Variant
  let steps: [Step]

  /// The curve in a plot; the baseline is the ground that others stand out from.
  func svg(top: Int, height: Int) -> String {
    let points = steps.flatMap { step in
      [step.from, step.to].map { (x: $0, y: StepCurve.inside(step.height)) }
    }
    return SVG.curve(
      points, kind: variant.series.kind, top: top, height: height, isFilled: variant.isBaseline)
      + mark(top: top, height: height)
  }

  /// Marks stand at different instants, so that curves on top of each other show all of theirs.
  private func mark(top: Int, height: Int) -> String {
    guard variant.count > 1, !variant.isBaseline else { return "" }
    let x = 1000 * (Double(variant.index) - 0.5) / Double(variant.count - 1)
    guard let step = steps.first(where: { $0.to >= x }) else { return "" }
    return SVG.mark(
      variant.series, on: (x, StepCurve.inside(step.height)), top: top, height: height)
  }

  private static func inside(_ height: Double) -> Double { min(100, max(0, height)) }
}
