// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a test expects of a framework: numbers of something, never steps. Words of its own are in
// the files `Outcome+…`.

import Mesos

/// An outcome that a test expects: a number of something.
public struct Outcome: Sendable {
  let noun: String
  let range: ClosedRange<Int>
  let count: @Sendable (FrameworkHandle) -> Int

  /// Describes an outcome.
  ///
  /// - Parameters:
  ///   - noun: What is counted, as in "3 tasks running".
  ///   - range: How many are expected, as in `2...4`, `2...` or `...4`.
  ///   - count: How many there are.
  public init(
    _ noun: String, in range: some RangeExpression<Int>,
    _ count: @escaping @Sendable (FrameworkHandle) -> Int
  ) {
    self.noun = noun
    self.range = Self.bounds(of: range)
    self.count = count
  }

  /// A number of something is never below zero, and may be any beyond.
  private static func bounds(of range: some RangeExpression<Int>) -> ClosedRange<Int> {
    if let range = range as? ClosedRange<Int> { return range }
    let bounds = range.relative(to: 0..<Int.max)
    if bounds.upperBound == .max { return bounds.lowerBound...(.max) }
    return bounds.lowerBound...max(bounds.lowerBound, bounds.upperBound - 1)
  }

  /// How far a number is from what is expected.
  func distance(of found: Int) -> Int {
    max(0, range.lowerBound - found, found - range.upperBound)
  }

  var text: String {
    if range.lowerBound == range.upperBound { return "\(range.lowerBound) \(noun)" }
    if range.upperBound == .max { return "at least \(range.lowerBound) \(noun)" }
    if range.lowerBound == 0 { return "at most \(range.upperBound) \(noun)" }
    return "\(range.lowerBound) to \(range.upperBound) \(noun)"
  }
}

// MARK: - Tasks, by what the framework was told last

extension Outcome {
  /// So many of its tasks are as described.
  ///
  /// - Parameters:
  ///   - what: What to call it in reports, as in "tasks running".
  ///   - range: How many.
  ///   - name: What their names are, with `*` for any text; whatever they are by default.
  ///   - matches: Whether a task is meant.
  /// - Returns: The outcome.
  public static func tasks(
    _ what: String, in range: some RangeExpression<Int>, named name: String? = nil,
    where matches: @escaping @Sendable (TestTask) -> Bool
  ) -> Outcome {
    Outcome("tasks \(name.map { "'\($0)' " } ?? "")\(what)", in: range) { framework in
      framework.tasks.count { task in
        matches(task) && (name.map { Glob.matches(task.name, $0) } ?? true)
      }
    }
  }

  private static func tasks(
    _ what: String, _ state: TaskState, _ range: some RangeExpression<Int>, _ name: String?
  ) -> Outcome {
    tasks(what, in: range, named: name) { $0.state == state }
  }

  /// So many tasks were launched, whatever became of them.
  public static func launched(_ count: Int, named name: String? = nil) -> Outcome {
    launched(in: count...count, named: name)
  }
  /// So many tasks were launched, within bounds such as `2...`.
  public static func launched(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("launched", in: range, named: name) { _ in true }
  }

  /// So many tasks were launched, and nothing was heard of them.
  public static func staging(_ count: Int, named name: String? = nil) -> Outcome {
    staging(in: count...count, named: name)
  }
  /// So many tasks were launched and not heard of, within bounds such as `2...`.
  public static func staging(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("staging", .staging, range, name)
  }

  /// So many tasks run.
  public static func running(_ count: Int, named name: String? = nil) -> Outcome {
    running(in: count...count, named: name)
  }
  /// So many tasks run, within bounds such as `2...`.
  public static func running(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("running", .running, range, name)
  }
  /// So many tasks run at least.
  public static func running(atLeast count: Int) -> Outcome { running(in: count...) }

  /// So many tasks run, and their health check came out well.
  public static func healthy(_ count: Int, named name: String? = nil) -> Outcome {
    healthy(in: count...count, named: name)
  }
  /// So many tasks run with a health check that came out well, within bounds such as `2...`.
  public static func healthy(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("healthy", in: range, named: name) { $0.state == .running && $0.isHealthy == true }
  }

  /// So many tasks were launched and have not ended.
  public static func live(_ count: Int, named name: String? = nil) -> Outcome {
    live(in: count...count, named: name)
  }
  /// So many tasks were launched and have not ended, within bounds such as `2...`.
  public static func live(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("live", in: range, named: name) { !$0.state.isTerminal }
  }

  /// So many tasks finished.
  public static func finished(_ count: Int, named name: String? = nil) -> Outcome {
    finished(in: count...count, named: name)
  }
  /// So many tasks finished, within bounds such as `2...`.
  public static func finished(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("finished", .finished, range, name)
  }

  /// So many tasks failed.
  public static func failed(_ count: Int, named name: String? = nil) -> Outcome {
    failed(in: count...count, named: name)
  }
  /// So many tasks failed, within bounds such as `2...`.
  public static func failed(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("failed", .failed, range, name)
  }

  /// So many tasks were killed.
  public static func killed(_ count: Int, named name: String? = nil) -> Outcome {
    killed(in: count...count, named: name)
  }
  /// So many tasks were killed, within bounds such as `2...`.
  public static func killed(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("killed", .killed, range, name)
  }

  /// So many tasks were lost.
  public static func lost(_ count: Int, named name: String? = nil) -> Outcome {
    lost(in: count...count, named: name)
  }
  /// So many tasks were lost, within bounds such as `2...`.
  public static func lost(
    in range: some RangeExpression<Int>, named name: String? = nil
  ) -> Outcome {
    tasks("lost", .lost, range, name)
  }
}
