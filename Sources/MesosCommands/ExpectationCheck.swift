// Part of mesosim. Apache-2.0, see LICENSE.
//
// Holds results to what a scenario expects of them.

import MesosMetrics
import MesosScenarios

/// What came of an expectation.
struct Verdict {
  let isMet: Bool
  let line: String
}

extension Expectation {
  /// Looks the metric up in results and compares.
  /// - Parameters:
  ///   - results: The result under each allocator, of the first seed.
  ///   - comparison: What differs, when allocators were compared.
  /// - Returns: Whether it is met, and the line that says so.
  func verdict(on results: [RunResult], _ comparison: Comparison?) -> Verdict {
    guard let value = value(in: results, comparison) else {
      return Verdict(
        isMet: false, line: "expect \(subject): not measured; expected \(wanted); failed")
    }
    let isMet = isMet(by: value)
    let origin = source.map { " (\($0))" } ?? ""
    return Verdict(
      isMet: isMet,
      line: "expect \(subject): \(rounded(value)), expected \(wanted)\(origin): "
        + (isMet ? "met" : "failed"))
  }

  private var subject: String {
    [metric, framework.map { "of \($0)" }, allocator.map { "under \($0)" }]
      .compactMap { $0 }.joined(separator: " ")
  }

  private var wanted: String {
    switch (atLeast, atMost) {
    case (let low?, let high?): "\(rounded(low)) to \(rounded(high))"
    case (let low?, nil): "at least \(rounded(low))"
    case (nil, let high?): "at most \(rounded(high))"
    case (nil, nil): "anything"
    }
  }

  private func rounded(_ value: Double) -> String {
    let thousandths = (value * 1000).rounded() / 1000
    return thousandths == thousandths.rounded() && abs(thousandths) < 1e15
      ? String(Int(thousandths)) : String(thousandths)
  }

  private func value(in results: [RunResult], _ comparison: Comparison?) -> Double? {
    let named = results.first { $0.allocator == allocator }
    guard let result = allocator == nil ? results.last : named else { return nil }
    if metric == "slowdown" {
      return framework.flatMap { comparison?.slowdown(of: $0, under: result.allocator)?.slowdown }
    }
    if !isOfComparison { return result.figure(path, of: framework) }
    return comparison?.figure(
      ComparisonMetric(rawValue: path), of: framework, under: result.allocator)
  }
}

extension Comparison {
  /// What a row says of an allocator; every row says it of the baseline, too.
  fileprivate func figure(
    _ metric: ComparisonMetric, of framework: String?, under allocator: String
  ) -> Double? {
    if let row = row(metric, of: framework, under: allocator) {
      return metric == .speedup ? row.ratio : row.value
    }
    guard allocator == baseline else { return nil }
    return comparison.first { $0.metric == metric && $0.framework == framework }?.baseline
  }
}
