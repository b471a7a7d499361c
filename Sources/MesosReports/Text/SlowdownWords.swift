// Part of mesosim. Apache-2.0, see LICENSE.
//
// What sharing costs those who would be better off alone, in words.

import MesosMetrics

extension Answer {
  /// Who fares worst against having its part of the cluster alone, and of whom that is not known.
  var slowdowns: [String] { worstSlowdown + withoutSlowdown }

  private var worstSlowdown: [String] {
    guard let comparison = report.comparison, let challenger else { return [] }
    // Against those who are alone already, the speedups have said it.
    let isAlone = comparison.slowdowns.allSatisfy {
      $0.allocator != comparison.baseline || $0.jobSeconds == $0.aloneJobSeconds
    }
    if isAlone { return [] }
    let rows = comparison.slowdowns.filter { $0.allocator == challenger && $0.slowdown != nil }
    let worst = rows.max { ($0.slowdown ?? 0) < ($1.slowdown ?? 0) }
    guard let worst, let factor = worst.slowdown, rows.count > 1 else { return [] }
    let part = "alone on the part of the cluster that static deals by default"
    if factor <= 1 + Verdict.threshold {
      return ["under \(challenger), no framework's jobs take longer than \(part)"]
    }
    let name = DisplayText.cut(worst.framework, to: 20)
    return [
      "under \(challenger), \(name.possessive) jobs take \(NumberText.factor(factor))\(times) as long as "
        + "\(part); no framework loses more"
    ]
  }

  /// The frameworks without one, by the reason.
  private var withoutSlowdown: [String] {
    guard let comparison = report.comparison else { return [] }
    let omissions = comparison.withoutSlowdown
    // Where nobody had jobs, none are missed.
    guard !comparison.slowdowns.isEmpty || omissions.contains(where: { $0.reason != .noJobs })
    else { return [] }
    func names(_ reason: SlowdownOmission.Reason) -> [String] {
      let names = omissions.filter { $0.reason == reason }.map {
        DisplayText.cut($0.framework, to: 20)
      }
      return names.count > 5 ? names.prefix(4) + ["\(names.count - 4) more"] : names
    }
    let (jobless, stuck) = (names(.noJobs), names(.noneFinishedAlone))
    var parts: [String] = []
    if !jobless.isEmpty { parts.append("\(jobless.inWords) (no jobs)") }
    if !stuck.isEmpty { parts.append("\(stuck.inWords) (alone on its part, no job finishes)") }
    return parts.isEmpty ? [] : ["no slowdown is known of \(parts.inWords)"]
  }
}

extension Report {
  /// A framework's slowdown under an allocator, with its uncertainty if asked for.
  func slowdownText(
    _ framework: String, _ variant: Variant, times: String, isExact: Bool = false
  ) -> String {
    let row = comparison?.slowdown(of: framework, under: variant.names[0])
    guard let row, let slowdown = row.slowdown else { return NumberText.unknown }
    return factorText(slowdown, isExact ? row.ci95 : nil, times: times)
  }
}
