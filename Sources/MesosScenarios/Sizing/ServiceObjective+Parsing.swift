// Part of mesosim. Apache-2.0, see LICENSE.
//
// Objectives as people write them: "p95 wait < 60s", "mean job time < 5m of web".

internal import Mesos
public import MesosMetrics

/// Says why a text is no objective.
public struct ObjectiveSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong and what to write instead.
  public var description: String

  init(_ text: String, _ reason: String) {
    description =
      "'\(text)': \(reason); write it as 'p95 wait < 60s' or 'mean job time < 5m of web'"
  }
}

extension ServiceObjective {
  /// Reads an objective: a statistic, what is timed, `<` or `<=`, a duration, and perhaps `of` and
  /// a framework.
  ///
  /// Statistics are `mean`, `median`, `p1` to `p99` and `max`; `wait` (or `task wait`), `job wait`
  /// and `job time` can be timed.
  /// - Parameter text: The objective.
  /// - Throws: `ObjectiveSyntaxError` when a part is missing or makes no sense.
  public init(parsing text: String) throws(ObjectiveSyntaxError) {
    func refusal(_ reason: String) -> ObjectiveSyntaxError { ObjectiveSyntaxError(text, reason) }
    let sign = text.contains("<=") ? "<=" : "<"
    let sides = text.split(separator: sign, omittingEmptySubsequences: false)
    guard sides.count == 2 else {
      throw refusal(
        sides.count < 2 ? "has no '<' before its limit" : "has more than one '\(sign)'")
    }
    var left = sides[0].split(whereSeparator: \.isWhitespace).map(String.init)
    var right = sides[1].split(whereSeparator: \.isWhitespace).map(String.init)
    let framework = try Self.takeFramework(&left, &right, text)
    guard let statisticWord = left.first else { throw refusal("says nothing before '\(sign)'") }
    guard let statistic = Statistic(statisticWord) else {
      let known = ["mean", "median", "p50", "p95", "p99", "max"]
      throw refusal(
        "unknown statistic '\(statisticWord)'; "
          + Suggestion.text(for: statisticWord, among: known))
    }
    let name = left.dropFirst().joined(separator: " ")
    guard let quantity = Quantity(rawValue: name == "task wait" ? "wait" : name) else {
      let known = Quantity.allCases.map(\.rawValue)
      throw refusal(
        (name.isEmpty ? "does not say of what" : "unknown figure '\(name)'") + "; "
          + Suggestion.text(for: name, among: known))
    }
    guard right.count == 1, let limit = Scenario.duration(right[0]), limit > .zero else {
      let found = right.isEmpty ? "has no limit" : "'\(right.joined(separator: " "))' is no limit"
      throw refusal(found + "; expected a duration such as 250ms, 60s, 5m or 2h")
    }
    self.init(
      statistic, of: quantity, below: limit, includesLimit: sign == "<=", framework: framework)
  }

  /// Takes `of NAME` off whichever side ends with it.
  private static func takeFramework(
    _ left: inout [String], _ right: inout [String], _ text: String
  ) throws(ObjectiveSyntaxError) -> String? {
    let places = [left, right].compactMap { $0.firstIndex(of: "of") }
    guard !places.isEmpty else { return nil }
    func taken(from words: inout [String]) -> String? {
      guard let place = words.firstIndex(of: "of"), place + 2 == words.count else { return nil }
      defer { words.removeLast(2) }
      return words.last
    }
    guard places.count == 1, let name = taken(from: &left) ?? taken(from: &right) else {
      throw ObjectiveSyntaxError(text, "expected one framework's name after one 'of'")
    }
    return name
  }
}

extension ServiceObjective.Statistic {
  /// Reads `mean`, `median`, `max` or `p1` to `p99`.
  init?(_ word: String) {
    switch word {
    case "mean": self = .mean
    case "median": self = .percentile(50)
    case "max": self = .max
    default:
      guard word.first == "p", let percent = Int(word.dropFirst()), (1...99).contains(percent)
      else { return nil }
      self = .percentile(percent)
    }
  }
}
