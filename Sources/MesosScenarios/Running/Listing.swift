// Part of mesosim. Apache-2.0, see LICENSE.
//
// What commands show of the scenario format, and how they read its values.

/// One key of an object in a scenario file, for people.
public struct ScenarioKey: Sendable {
  /// The key.
  public let name: String
  /// What it means.
  public let meaning: String
  /// What stands when it is left out; `nil` when it must be given or then stands for nothing.
  public let standard: String?
  /// Whether it must be given.
  public let isRequired: Bool
}

extension FrameworkDescription.Kind {
  /// What a framework of this kind does, in one line.
  public var summary: String {
    switch self {
    case .batch: "jobs of stages of tasks, shared fairly, as in Hadoop, Spark or MPI"
    }
  }

  /// The keys of a framework of this kind.
  public var keys: [ScenarioKey] {
    FrameworkDescription.table.fields.filter { $0.schema != nil }.map { field in
      let standard = field.isRequired ? nil : field.write(FrameworkDescription.table.blank)
      let isPlain = if case .scalar = standard?.content { true } else { false }
      return ScenarioKey(
        name: field.key, meaning: field.summary,
        standard: isPlain ? standard?.yaml.trimmed : nil, isRequired: field.isRequired)
    }
  }
}

extension Scenario {
  /// Reads a duration as a scenario writes it, such as `2h`; `nil` if it is none.
  public static func duration(_ text: String) -> Duration? {
    guard let nanoseconds = try? UnitText.duration.parse(text, expected: "a duration") else {
      return nil
    }
    return .nanoseconds(nanoseconds)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
