// Part of mesosim. Apache-2.0, see LICENSE.
//
// What sharing costs those who would be better off alone, in words.

import MesosMetrics

extension Answer {
  /// Who fares worst against having its part of the cluster alone, and of whom that is not known.
  var slowdowns: [String] {
    guard let comparison = report.comparison, let challenger else { return [] }
    let rows = comparison.slowdowns.filter { $0.allocator == challenger && $0.slowdown != nil }
    let worst = rows.max { ($0.slowdown ?? 0) < ($1.slowdown ?? 0) }
    guard let worst, let factor = worst.slowdown, rows.count > 1 else { return [] }
    let left = comparison.withoutSlowdown.map { DisplayText.cut($0.framework, to: 20) }
    let others = left.isEmpty ? "" : " (not known of \(left.inWords))"
    let part = "with its part of the cluster for itself"
    if factor <= 1 + Verdict.threshold {
      return ["under \(challenger), no framework's jobs take longer than \(part)\(others)"]
    }
    let name = DisplayText.cut(worst.framework, to: 20)
    return [
      "under \(challenger), \(name)'s jobs take \(NumberText.factor(factor))\(times) as long as "
        + "\(part)\(others); no framework loses more"
    ]
  }
}
