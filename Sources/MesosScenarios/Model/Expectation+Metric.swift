// Part of mesosim. Apache-2.0, see LICENSE.
//
// What expectations can be about: every figure of a result, by its path in `summary.json`, and what
// a comparison has a row of.

internal import Mesos
internal import MesosMetrics

extension Expectation {
  /// The path of the figure that is meant, with what short names leave out.
  public var path: String {
    let parts = metric.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count) {
    case ("jainContended", 1), ("jainDominantShare", 1): return "fairness.\(metric)"
    case ("utilization", 1): return "utilization.cpus.usedMean"
    case ("utilization", 2): return "\(metric).usedMean"
    case ("demandUtilization", 1): return "utilization.cpus.demandUtilization"
    case ("demandUtilization", 2): return "utilization.\(parts[1]).demandUtilization"
    case ("waitSeconds", 1), ("jobWaitSeconds", 1), ("dominantShare", 1): return "\(metric).mean"
    case ("service", 1): return "service.upFraction"
    case ("jobSeconds", 1): return framework == nil ? metric : "jobs.meanSeconds"
    case ("jobSeconds", 2): return "jobs.\(parts[1])Seconds"
    default: return metric
    }
  }

  /// Whether only a comparison has the figure.
  public var isOfComparison: Bool {
    let own = framework == nil ? ResultFigures.ofRun : ResultFigures.ofFramework
    return !own.contains(path)
  }

  /// Names for what is most asked for; paths are as good.
  static let shortNames = [
    "speedup", "slowdown", "utilization", "demandUtilization", "waitSeconds", "jobWaitSeconds",
    "jobSeconds", "service", "dominantShare", "jainContended", "jainDominantShare",
  ]

  /// What is wrong with the metric; `nil` for one that a result has.
  var complaintAboutMetric: String? {
    let ofRun = ResultFigures.ofRun + ResultFigures.ofComparison
    let ofFramework =
      ResultFigures.ofFramework + ResultFigures.ofComparedFramework + ["slowdown"]
    if (framework == nil ? ofRun : ofFramework).contains(path) { return nil }
    if framework == nil, ofFramework.contains(path) {
      return "'\(metric)' is a figure of one framework; name it with 'framework'"
    }
    if framework != nil, ofRun.contains(path) {
      return "'\(metric)' is a figure of the whole cluster; leave 'framework' out"
    }
    let figures = framework == nil ? ResultFigures.ofRun : ResultFigures.ofFramework
    let known = Self.shortNames + figures
    guard let nearest = Suggestion.nearest(to: metric, among: known) else {
      return
        "unknown metric '\(metric)'; expected \(Suggestion.oneOf(Self.shortNames)), or a path in "
        + "summary.json such as 'tasks.lost'"
    }
    return "unknown metric '\(metric)'; did you mean '\(nearest)'?"
  }
}
