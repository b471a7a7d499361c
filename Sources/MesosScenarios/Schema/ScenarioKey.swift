// Part of mesosim. Apache-2.0, see LICENSE.
//
// The keys that every framework has, as `mesosim frameworks` lists them.

/// One key of an object in a scenario file, for people.
public struct ScenarioKey: Sendable {
  /// The key.
  public let name: String
  /// What it means.
  public let meaning: String
  /// Whether it must be given.
  public let isRequired: Bool
}

extension FrameworkDescription {
  /// The keys of frameworks of any type.
  public static var keysOfAll: [ScenarioKey] {
    (headFields() + Registration.fields).map {
      ScenarioKey(name: $0.key, meaning: $0.summary, isRequired: $0.isRequired)
    }
  }
}
