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
    let parts = metric.split(separator: ".").map(String.init)
    let statistic = parts.count > 1 ? parts[1] : "mean"
    let part = framework.flatMap { name in result.frameworks.first { $0.name == name } }
    switch parts.first {
    case "speedup":
      return comparison?.row(.speedup, of: framework, under: result.allocator)?.ratio
    case "slowdown":
      return framework.flatMap { comparison?.slowdown(of: $0, under: result.allocator)?.slowdown }
    case "jainContended": return result.fairness.jainContended
    case "jainDominantShare": return result.fairness.jainDominantShare
    case "demandUtilization": return resource(parts, result)?.demandUtilization
    case "utilization":
      let use = resource(parts, result)
      return parts.last == "allocatedMean" ? use?.allocatedMean : use?.usedMean
    case "waitSeconds": return part?.waitSeconds.times[statistic]
    case "jobWaitSeconds": return part?.jobWaitSeconds.times[statistic]
    case "jobSeconds":
      return statistic == "sum" ? part?.jobs.sumSeconds : part?.jobs.times[statistic]
    case "service": return part?.service?[statistic]
    case "dominantShare":
      return statistic == "max" ? part?.dominantShare.max : part?.dominantShare.mean
    default: return nil
    }
  }

  private func resource(_ parts: [String], _ result: RunResult) -> UtilizationResult? {
    guard let resource = StandardResource(rawValue: parts.count > 1 ? parts[1] : "cpus") else {
      return nil
    }
    return result.utilization[resource]
  }
}

extension ServiceResult {
  /// The figure of a name; `mean` is the part of the time.
  fileprivate subscript(name: String) -> Double? {
    switch name {
    case "upFraction", "mean": upFraction
    case "restarts": Double(restarts)
    case "secondsBelow": secondsBelow
    case "longestSecondsBelow": longestSecondsBelow
    case "secondsDown": secondsDown
    default: nil
    }
  }
}
