// Part of mesosim. Apache-2.0, see LICENSE.
//
// The keys of a scenario as commands list them for people.

/// A key of an object in a scenario, for listings.
public struct ScenarioKey: Hashable, Sendable {
  /// The key.
  public var name: String
  /// What it is for, in one line.
  public var summary: String
  /// Whether it must be given.
  public var isRequired: Bool
  /// What stands when it is left out; `nil` when nothing does.
  public var standard: String?
}

extension FrameworkDescription {
  /// The keys of a framework in a scenario, with their defaults.
  public static var keys: [ScenarioKey] { table.keys }
}

extension Table {
  /// The keys that this version supports.
  var keys: [ScenarioKey] {
    fields.filter { $0.schema != nil }.map { field in
      let standard = field.isRequired ? nil : field.write(blank)
      return ScenarioKey(
        name: field.key, summary: field.summary, isRequired: field.isRequired,
        standard: standard.map(\.lineText))
    }
  }
}
