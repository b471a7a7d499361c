// Part of mesosim. Apache-2.0, see LICENSE.
//
// JSON to build with, in literals: what the JSON Schema of scenarios is made of. It is written, as
// all JSON of ours, by `JSONValue`.

import Mesos

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

  /// What one schema or the other says of a key, without a default.
  func uniting(_ other: JSONText) -> JSONText {
    let (mine, theirs) = (without("default"), other.without("default"))
    if mine.without("description") == theirs.without("description") { return mine }
    if case .object(let members) = mine, case .array(let options)? = members["anyOf"],
      members.count == 1
    {
      return options.contains(theirs) ? mine : ["anyOf": .array(options + [theirs])]
    }
    return ["anyOf": [mine, theirs]]
  }

  private func without(_ key: String) -> JSONText {
    guard case .object(var members) = self else { return self }
    members[key] = nil
    return .object(members)
  }

  /// The text, indented by two, keys sorted; short values stand on one line.
  var text: String { value.text(indent: 0) }

  private var value: JSONValue {
    switch self {
    case .null: JSONValue(.null)
    case .bool(let value): .bool(value)
    case .number(let text): .number(text)
    case .string(let text): .text(text)
    case .array(let items): .array(items.map(\.value))
    case .object(let members):
      JSONValue(.object(members.map { JSONValue.Member(key: $0.key, value: $0.value.value) }))
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
