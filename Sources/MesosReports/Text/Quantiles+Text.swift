// Part of mesosim. Apache-2.0, see LICENSE.

import MesosMetrics

extension Quantiles {
  /// The figures in words, in the order of `all`; what has no end is ∞.
  var texts: [String] {
    all.map { $0 == nil && mean != nil ? "∞" : DurationText.text($0) }
  }
}
