// Part of mesosim. Apache-2.0, see LICENSE.
//
// The half of a `Table` that is the same for every kind of object. Nothing in here is generic, so
// that the compiler makes it once instead of fifty times.

internal import Mesos

/// What is known of a key whatever object it belongs to.
struct ObjectKey: Sendable {
  let name: String
  let summary: String
  let isRequired: Bool
  /// What JSON Schema says of the value; `nil` when the key is for a later version.
  let schema: (@Sendable (inout SchemaBuilder) -> JSONText)?
}

/// The keys of an object, without the object.
struct ObjectKeys: Sendable {
  /// What the object is called.
  let name: String
  let keys: [ObjectKey]

  /// An entry of a map with the number of its key.
  typealias Match = (key: Int, entry: YAMLNode.Entry)

  /// What is expected, for messages.
  var expected: String { "a map: \(name)" }

  /// What the object is called in the schema's definitions.
  var definitionName: String { name.replacing(" ", with: "-") }

  /// The entries of a map whose keys are known, in the file's order; unknown ones are problems, and
  /// so is what is no map: `nil`.
  func entries(of node: YAMLNode, _ path: Path, _ problems: inout Problems) -> [Match]? {
    guard case .map(let entries) = node.content else {
      problems.mismatch(node, path, expected: expected)
      return nil
    }
    var matches: [Match] = []
    for entry in entries {
      if let key = keys.firstIndex(where: { $0.name == entry.key }) {
        matches.append((key, entry))
      } else {
        // What nobody is shown needs no suggestion, which takes its time.
        let isShown = problems.count < ScenarioError.shownMax * 10
        let known = isShown ? keys.filter { $0.schema != nil }.map(\.name) : []
        problems.add(
          at: entry.keyPosition, path,
          "unknown key '\(entry.key)'; " + Suggestion.text(for: entry.key, among: known))
      }
    }
    return matches
  }

  /// Notes the keys that must be given and are not.
  func noteMissing(
    among entries: [Match], of node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) {
    for (number, key) in keys.enumerated()
    where key.isRequired && !entries.contains(where: { $0.key == number }) {
      problems.add(at: node.position, path, "'\(key.name)' is missing: \(key.summary)")
    }
  }

  /// The map of these values, one a key; `nil` leaves a key out.
  func node(_ values: [YAMLNode?]) -> YAMLNode {
    .map(zip(keys, values).compactMap { key, value in value.map { (key.name, $0) } })
  }

  /// What JSON Schema says of the object.
  ///
  /// - Parameters:
  ///   - standards: What stands when a key is left out, one a key; `nil` for nothing.
  ///   - builder: Collects the definitions that the keys refer to.
  /// - Returns: The schema.
  func schema(standards: [YAMLNode?], _ builder: inout SchemaBuilder) -> JSONText {
    var properties: [String: JSONText] = [:]
    for (key, standard) in zip(keys, standards) {
      guard var schema = key.schema?(&builder) else { continue }
      schema = schema.adding(["description": .string(key.summary)])
      if !key.isRequired, let standard {
        schema = schema.adding(["default": JSONText(standard)])
      }
      properties[key.name] = schema
    }
    let required = keys.filter(\.isRequired).map { JSONText.string($0.name) }
    let result: JSONText = [
      "type": "object", "additionalProperties": false, "properties": .object(properties),
    ]
    return required.isEmpty ? result : result.adding(["required": .array(required)])
  }
}
