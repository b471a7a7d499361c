// Part of mesosim. Apache-2.0, see LICENSE.
//
// The tasks that did not end well, in words: how many, and why.

import MesosMetrics

extension Answer {
  /// How many tasks failed, were lost or were refused, by reason; empty where there were none.
  var taskEndings: [String] {
    let parts = report.results.compactMap { result -> String? in
      let tasks = result.tasks
      guard tasks.unsuccessful > 0 else { return nil }
      let count = NumberText.count(tasks.unsuccessful)
      let place = report.results.count > 1 ? " under \(result.allocator)" : ""
      return "\(count)\(place) (\(reasons(of: tasks)))"
    }
    if parts.isEmpty { return [] }
    return ["tasks that failed, were lost or were refused: " + parts.joined(separator: ", ")]
  }

  private func reasons(of tasks: TaskCounts) -> String {
    var parts = tasks.byReason.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "\(NumberText.count($0.value)) \($0.key)"
    }
    let unexplained = tasks.unsuccessful - tasks.byReason.values.reduce(0, +)
    if unexplained > 0 { parts.append("\(NumberText.count(unexplained)) without a reason") }
    return parts.joined(separator: ", ")
  }
}
