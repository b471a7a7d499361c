// Part of mesosim. Apache-2.0, see LICENSE.
//
// The tasks that did not end well, in words: how many, and why.

import MesosMetrics

extension Answer {
  /// How many tasks failed, were lost or were refused, by reason; empty where there were none.
  var taskEndings: [String] {
    let parts = resultsByVariant.compactMap { variant, results -> String? in
      let count = results.reduce(0) { $0 + $1.tasks.unsuccessful }
      guard count > 0 else { return nil }
      let words = [NumberText.count(count), under(variant), "(\(reasons(count, results)))"]
      return words.filter { !$0.isEmpty }.joined(separator: " ")
    }
    if parts.isEmpty { return [] }
    return ["tasks that failed, were lost or were refused: " + parts.joined(separator: ", ")]
  }

  private func reasons(_ count: Int, _ results: [RunResult]) -> String {
    let byReason = results.reduce(into: [String: Int]()) { sums, result in
      sums.merge(result.tasks.byReason) { $0 + $1 }
    }
    var parts = byReason.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "\(NumberText.count($0.value)) \($0.key)"
    }
    let unexplained = count - byReason.values.reduce(0, +)
    if unexplained > 0 { parts.append("\(NumberText.count(unexplained)) without a reason") }
    return parts.joined(separator: ", ")
  }
}
