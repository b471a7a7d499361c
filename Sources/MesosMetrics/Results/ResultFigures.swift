// Part of mesosim. Apache-2.0, see LICENSE.
//
// Figures of a result by their paths in `summary.json`. Which there are is not listed: what a
// result is written as tells it.

import Foundation
import Mesos

/// The figures that a result has, by their paths in `summary.json`, such as `tasks.lost`.
public enum ResultFigures {
  /// The paths of the figures of a run: of the cluster as a whole.
  public static let ofRun = paths(in: tree(sample), besides: ["schema", "seed", "partial"])
  /// The paths of the figures of one framework.
  public static let ofFramework = paths(in: sample.frameworks.first.flatMap(tree))
  /// What a comparison has a row of for the cluster as a whole.
  public static let ofComparison = metrics { $0.framework == nil }
  /// What a comparison has a row of for each framework.
  public static let ofComparedFramework = metrics { $0.framework != nil }

  private static func metrics(_ isMeant: (ComparisonRow) -> Bool) -> [String] {
    sampleComparison.filter(isMeant).map(\.metric.rawValue)
  }

  /// What JSON makes of a value; `nil` only for what is no object.
  fileprivate static func tree(_ value: some Encodable) -> [String: Any]? {
    (try? JSONSerialization.jsonObject(with: ResultJSON.data(value))) as? [String: Any]
  }

  /// The paths to all numbers, and to what is `null` where there is no number, sorted.
  private static func paths(in tree: [String: Any]?, besides left: [String] = []) -> [String] {
    (tree ?? [:]).sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
      if left.contains(key) { return [] }
      switch value {
      case let inner as [String: Any]: return paths(in: inner).map { "\(key).\($0)" }
      case is NSNumber, is NSNull: return [key]
      default: return []
      }
    }
  }

  /// A result in which everything is there that a result can have.
  private static let sample = RunResult(
    scenario: "", seed: 0, allocator: "", version: "", digest: "", simulatedSeconds: nil,
    windowSeconds: nil, events: 0, partial: false, warnings: [], slaves: 0,
    frameworks: [
      FrameworkResult(
        name: "", role: "",
        jobs: JobsResult(
          submitted: 0, finished: 0, abandoned: 0, unfinished: 0, sumSeconds: nil,
          times: Quantiles()),
        service: ServiceResult(
          groups: 0, wanted: 0, up: 0, upFraction: nil, restarts: 0, secondsBelow: nil,
          longestSecondsBelow: nil, secondsDown: nil),
        waitSeconds: WaitResult(count: 0, times: Quantiles()),
        jobWaitSeconds: WaitResult(count: 0, times: Quantiles()), tasks: tasks,
        tasksWaitingAtEnd: nil, dominantShare: ShareResult(mean: nil, max: nil),
        offers: OfferCounts(),
        resources: PerResource { _ in
          FrameworkUse(
            allocatedMean: nil, usedMean: nil, idleMean: 0, waitingMean: nil,
            sums: FrameworkSums(allocated: none, used: none, waiting: none))
        })
    ],
    utilization: PerResource { _ in
      UtilizationResult(
        capacityMean: nil, allocatedMean: nil, usedMean: nil, idleMean: 0, offeredMean: nil,
        blockedMean: nil, noDemandMean: nil, waitingMean: nil, p50: nil, p95: nil,
        demandUtilization: nil,
        sums: UtilizationSums(
          capacity: none, allocated: none, used: none, waiting: none, reachable: none,
          blocked: none))
    },
    fairness: FairnessResult(jainContended: nil, contendedSeconds: nil, jainDominantShare: nil),
    offers: OfferCounts(), tasks: tasks)

  private static let none = ExactSum(0)

  private static let tasks: TaskCounts = {
    var counts = TaskCounts()
    for reason in StatusReason.allCases { counts.byReason[reason.wireName] = 0 }
    return counts
  }()

  /// The rows that a comparison of two such results has.
  private static let sampleComparison: [ComparisonRow] = {
    let run = MeasuredRun(
      result: sample, jobs: [[]],
      series: LevelSeries(bucketWidth: .zero, points: []), frameworkSeries: [])
    return Comparison([[run, run]]).comparison
  }()
}

extension RunResult {
  /// A figure by its path in `summary.json`.
  /// - Parameters:
  ///   - path: The path, such as `tasks.lost`.
  ///   - framework: The framework it is a figure of; `nil` for the cluster as a whole.
  /// - Returns: The figure; `nil` where it was not measured, and for a path that leads to none.
  public func figure(_ path: String, of framework: String? = nil) -> Double? {
    let own = framework.flatMap { name in frameworks.first { $0.name == name } }
    if framework != nil && own == nil { return nil }
    var value: Any? = own.map { ResultFigures.tree($0) } ?? ResultFigures.tree(self)
    for key in path.split(separator: ".") { value = (value as? [String: Any])?[String(key)] }
    if let number = value as? NSNumber { return number.doubleValue }
    // Of what did not happen nothing is written.
    return path.hasPrefix("tasks.byReason.") ? 0 : nil
  }
}
