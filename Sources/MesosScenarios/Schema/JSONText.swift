// Part of mesosim. Apache-2.0, see LICENSE.
//
// JSON as a value, printed with sorted keys: what the JSON Schema of scenarios is made of.

/// A JSON value.
indirect enum JSONText: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONText])
  case object([String: JSONText])
}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .number(String(value)) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSONText...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, JSONText)...) {
    self = .object(Dictionary(elements) { first, _ in first })
  }
}

extension JSONText {
  /// The value of a YAML node, by YAML 1.2's core schema.
  init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let text, _):
      switch node.kind {
      case .null: self = .null
      case .bool: self = .bool(text.lowercased() == "true")
      case .integer, .number: self = .number(text)
      case .text, nil: self = .string(text)
      }
    case .list(let items): self = .array(items.map(JSONText.init))
    case .map(let entries):
      let pairs = entries.map { ($0.key, JSONText($0.value)) }
      self = .object(Dictionary(pairs) { first, _ in first })
    }
  }

  /// This object with more members; a member of `others` replaces one of the same name.
  func adding(_ others: [String: JSONText]) -> JSONText {
    guard case .object(let members) = self else { return self }
    return .object(members.merging(others) { _, new in new })
  }

  /// This schema of an object with more properties.
  func addingProperties(_ others: [String: JSONText]) -> JSONText {
    guard case .object(let members) = self, case .object(let known)? = members["properties"] else {
      return self
    }
    return adding(["properties": .object(known.merging(others) { first, _ in first })])
  }

  /// The text, indented by two, keys sorted; short values stand on one line.
  func text(indent: Int = 0) -> String {
    let flat = flatText
    if flat.utf8.count + indent <= 90 { return flat }
    let margin = String(repeating: " ", count: indent + 2)
    let end = "\n" + String(repeating: " ", count: indent)
    switch self {
    case .array(let items):
      let lines = items.map { margin + $0.text(indent: indent + 2) }
      return "[\n" + lines.joined(separator: ",\n") + end + "]"
    case .object(let members):
      let lines = members.sorted { $0.key < $1.key }.map {
        margin + YAMLNode.quoted($0.key) + ": " + $0.value.text(indent: indent + 2)
      }
      return "{\n" + lines.joined(separator: ",\n") + end + "}"
    default: return flat
    }
  }

  private var flatText: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .string(let text): YAMLNode.quoted(text)
    case .array(let items): "[" + items.map(\.flatText).joined(separator: ", ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }
        .map { YAMLNode.quoted($0.key) + ": " + $0.value.flatText }.joined(separator: ", ") + "}"
    }
  }
}

/// Collects the named parts of a JSON Schema.
struct SchemaBuilder {
  /// The names that are known elsewhere.
  let vocabulary: ScenarioVocabulary
  private(set) var definitions: [String: JSONText] = [:]

  init(vocabulary: ScenarioVocabulary = ScenarioVocabulary()) { self.vocabulary = vocabulary }

  /// A reference to the definition of this name, which is made at its first use.
  mutating func reference(
    _ name: String, _ make: (inout SchemaBuilder) -> JSONText
  ) -> JSONText {
    if definitions[name] == nil {
      // Taken before it is made, so that a definition may refer to itself.
      definitions[name] = .null
      definitions[name] = make(&self)
    }
    return ["$ref": .string("#/$defs/\(name)")]
  }
}
