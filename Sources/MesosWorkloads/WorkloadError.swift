// Part of mesosim. Apache-2.0, see LICENSE.
//
// What can keep a workload from being made: a trace that is not there or not what it should be, or
// a distribution that runs away.

/// Why the jobs of a framework cannot be made.
public enum WorkloadError: Error, Hashable, Sendable {
  /// There is no such file; where to get it, as far as the scenario says, and what else to do.
  case missing(file: String, source: String?, sha256: String?, advice: String? = nil)
  /// The file is there but its bytes cannot be had.
  case unreadable(file: String, reason: String)
  /// The file is another than the scenario was written for.
  case otherContent(file: String, expected: String, found: String)
  /// A line is not as the format has it; lines count from 1.
  case malformed(file: String, line: Int, reason: String)
  /// A stage came out with more tasks than anything could run.
  case oversized(job: String, stage: String, tasks: Double)

  /// Whether a file is not there at all, which a user mends by fetching it.
  public var isMissingFile: Bool {
    if case .missing = self { true } else { false }
  }
}

extension WorkloadError: CustomStringConvertible {
  /// The error in one line: where, what, what was expected, what to do.
  public var description: String {
    switch self {
    case .missing(let file, let source, let sha256, let advice):
      let origin = source.map { "get it from \($0)" } ?? (advice == nil ? "check the path" : nil)
      let hash = sha256.map { " (SHA-256 \($0))" } ?? ""
      let steps = [advice, origin.map { $0 + hash }].compactMap(\.self)
      return "\(file): no such file; \(steps.joined(separator: "; "))"
    case .unreadable(let file, let reason):
      return "\(file): \(reason)"
    case .otherContent(let file, let expected, let found):
      return "\(file): SHA-256 is \(found); expected \(expected), "
        + "the file the scenario was written for"
    case .malformed(let file, let line, let reason):
      return "\(file):\(line): \(reason)"
    case .oversized(let job, let stage, let tasks):
      return "stage '\(stage)' of job '\(job)' has \(tasks) tasks; expected at most "
        + "\(StageTemplate.tasksMax): bound the distribution with max, or the rule with atMost"
    }
  }
}
