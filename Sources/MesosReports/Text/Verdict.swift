// Part of mesosim. Apache-2.0, see LICENSE.
//
// When a difference counts as one.

import MesosMetrics

/// Whether jobs finish sooner or later than under the baseline.
enum Verdict {
  case sooner, later, same, unknown

  /// Differences below one percent, and those whose confidence interval covers 1, are none.
  static let threshold = 0.01

  /// Judges a row of speedups.
  init(_ speedup: ComparisonRow?) {
    guard let speedup, let ratio = speedup.ratio else {
      self = .unknown
      return
    }
    if Verdict.isNone(ratio, speedup.ci95) {
      self = .same
    } else {
      self = ratio > 1 ? .sooner : .later
    }
  }

  /// Whether a ratio is too near to 1 to be told from it.
  static func isNone(_ ratio: Double, _ interval: Interval?) -> Bool {
    interval?.contains(1) ?? false || abs(ratio - 1) < threshold
  }

  var tone: Style.Tone {
    switch self {
    case .sooner: .good
    case .later: .bad
    case .same, .unknown: .normal
    }
  }
}
