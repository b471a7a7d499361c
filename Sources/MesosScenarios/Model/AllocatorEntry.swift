// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocators of a scenario. What one can be told is known to the registry alone, so that a
// user's own allocator is configured like ours.

public import MesosAllocation

/// An allocator with its parameters.
public struct AllocatorEntry: Equatable, Sendable {
  /// The allocator's registered name.
  public var name: String
  /// What it is told, in the order of the file.
  public var parameters: [AllocatorParameterValue.Entry]

  /// Names an allocator.
  public init(name: String, parameters: [AllocatorParameterValue.Entry] = []) {
    self.name = name
    self.parameters = parameters
  }

  /// The parameters by their keys, as the registry takes them.
  public var parametersByName: [String: AllocatorParameterValue] {
    Dictionary(parameters.map { ($0.key, $0.value) }) { first, _ in first }
  }
}

extension AllocatorEntry {
  static let codec = Codec(
    expected: "a map such as {name: drf}", read: read,
    write: { entry in
      .map([("name", .text(entry.name))] + entry.parameters.map { ($0.key, YAMLNode($0.value)) })
    },
    schema: { builder in builder.reference("allocator", schema) })

  @Sendable private static func read(
    _ node: YAMLNode, _ path: Path, _ problems: inout Problems
  ) -> AllocatorEntry? {
    guard case .map(let entries) = node.content else {
      problems.mismatch(node, path, expected: "a map such as {name: drf}")
      return nil
    }
    guard let nameNode = entries.first(where: { $0.key == "name" })?.value else {
      problems.add(at: node.position, path, "'name' is missing: which allocator it is")
      return nil
    }
    guard let name = Codec.text.read(nameNode, path + "name", &problems) else { return nil }
    let registry = problems.vocabulary.allocators
    guard let descriptor = registry[name] else {
      let known = registry.descriptors.map(\.name)
      problems.add(
        at: nameNode.position, path + "name",
        "unknown allocator '\(name)'; " + Suggestion.text(for: name, among: known))
      return nil
    }
    var result = AllocatorEntry(name: name)
    let before = problems.count
    for entry in entries where entry.key != "name" {
      let known = descriptor.parameters.map(\.name)
      if known.contains(entry.key) {
        result.parameters.append(
          AllocatorParameterValue.Entry(
            key: entry.key, value: AllocatorParameterValue(entry.value)))
      } else {
        problems.add(
          at: entry.keyPosition, path,
          "unknown key '\(entry.key)' of allocator '\(name)'; "
            + Suggestion.text(for: entry.key, among: ["name"] + known))
      }
    }
    return problems.count == before ? result : nil
  }

  /// The schema of the allocators there are; static's partition in full.
  @Sendable private static func schema(_ builder: inout SchemaBuilder) -> JSONText {
    var properties: [String: JSONText] = [
      "name": ["type": "string", "description": "'mesosim allocators' lists them"]
    ]
    for parameter in builder.vocabulary.allocators.descriptors.flatMap(\.parameters) {
      let shape = parameter.name == "partition" ? partitionSchema : [:]
      properties[parameter.name] = shape.adding(["description": .string(parameter.meaning)])
    }
    return [
      "type": "object", "additionalProperties": false, "required": ["name"],
      "properties": .object(properties),
    ]
  }

  private static let partitionSchema: JSONText = [
    "type": "object", "additionalProperties": false,
    "properties": [
      "by": ["enum": ["framework", "role"], "default": "framework"],
      "counts": ["type": "object", "additionalProperties": ["type": "integer", "minimum": 0]],
      "shares": ["type": "object", "additionalProperties": ["type": "number", "minimum": 0]],
    ],
  ]
}

extension AllocatorParameterValue {
  /// The value of a YAML node.
  init(_ node: YAMLNode) {
    switch node.content {
    case .list(let items): self = .list(items.map(AllocatorParameterValue.init))
    case .map(let entries):
      self = .map(
        entries.map { Entry(key: $0.key, value: AllocatorParameterValue($0.value)) })
    case .scalar(let text, _):
      switch node.kind {
      case .bool: self = .flag(text.lowercased() == "true")
      case .integer, .number: self = .number(Double(text) ?? 0)
      case .null, .text, nil: self = .text(text)
      }
    }
  }
}

extension YAMLNode {
  /// The node that reads as a parameter's value.
  init(_ value: AllocatorParameterValue) {
    switch value {
    case .flag(let flag): self = .plain(flag ? "true" : "false")
    case .number(let number): self = .plain(number.shortText)
    case .text(let text): self = .text(text)
    case .list(let items): self = .list(items.map { YAMLNode($0) })
    case .map(let entries): self = .map(entries.map { ($0.key, YAMLNode($0.value)) })
    }
  }
}
