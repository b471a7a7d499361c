// Part of mesosim. Apache-2.0, see LICENSE.
//
// The allocators of a scenario. What one can be told is known to the registry alone, so that a
// user's own allocator is configured like ours.

public import Mesos
internal import MesosAllocation

/// An allocator with its parameters.
public struct AllocatorEntry: Equatable, Sendable {
  /// The allocator's registered name.
  public var name: String
  /// What results call it, which no other entry is called: the name, unless it says otherwise.
  public var label: String
  /// What it is told, in the order of the file.
  public var parameters: Parameters
  /// What it does otherwise than the scenario's `allocation` says.
  public var allocation: AllocationChanges

  /// Names an allocator.
  public init(
    name: String, label: String? = nil, parameters: Parameters = Parameters(),
    allocation: AllocationChanges = AllocationChanges()
  ) {
    self.name = name
    self.label = label ?? name
    self.parameters = parameters
    self.allocation = allocation
  }
}

extension AllocatorEntry {
  static let codec = Codec(
    expected: "a map such as {name: drf}", read: read,
    write: { entry in
      .map(
        [("name", .text(entry.name))]
          + (entry.label == entry.name ? [] : [("label", .text(entry.label))])
          + AllocationChanges.table.fields.compactMap { field in
            field.write(entry.allocation).map { (field.key, $0) }
          }
          + entry.parameters.entries.map { ($0.key, YAMLNode($0.value)) })
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
      if entry.key == "label" {
        let label = Codec<String>.label.read(entry.value, path + "label", &problems)
        result.label = label ?? name
      } else if let parameter = descriptor.parameters.first(where: { $0.name == entry.key }) {
        Field.parameter(parameter, \AllocatorEntry.parameters)
          .read(entry.value, path + entry.key, &result, &problems)
      } else if let field = AllocationChanges.table.fields.first(where: { $0.key == entry.key }) {
        field.read(entry.value, path + entry.key, &result.allocation, &problems)
      } else {
        let known =
          ["name", "label"] + descriptor.parameters.map(\.name)
          + AllocationChanges.table.fields.map(\.key)
        problems.add(
          at: entry.keyPosition, path,
          "unknown key '\(entry.key)' of allocator '\(name)'; "
            + Suggestion.text(for: entry.key, among: known))
      }
    }
    return problems.count == before ? result : nil
  }

  /// One object with the parameters of all allocators there are.
  @Sendable private static func schema(_ builder: inout SchemaBuilder) -> JSONText {
    var merged: [String: JSONText] = [
      "name": ["type": "string", "description": "'mesosim allocators' lists them"],
      "label": Codec<String>.label.schema(&builder).adding([
        "description": "what results call it, where several entries have the same name"
      ]),
    ]
    for field in AllocationChanges.table.fields {
      merged[field.key] = field.schema?(&builder).adding([
        "description": .string("for this entry: \(field.summary)")
      ])
    }
    for parameter in builder.vocabulary.allocators.descriptors.flatMap(\.parameters) {
      let schema = Codec.parameter(parameter.form).schema(&builder).adding([
        "description": .string(parameter.meaning)
      ])
      merged[parameter.name] = merged[parameter.name]?.uniting(schema) ?? schema
    }
    return [
      "type": "object", "additionalProperties": false, "required": ["name"],
      "properties": .object(merged),
    ]
  }
}

extension YAMLNode {
  /// The node that reads as a value, whatever its form.
  init(_ value: ParameterValue) {
    switch value {
    case .flag(let flag): self = Codec.flag.write(flag)
    case .integer(let number): self = .plain(String(number))
    case .number(let number): self = .plain(number.shortText)
    case .text(let text): self = .text(text)
    case .duration(let duration): self = Codec<Duration>.duration.write(duration)
    case .resources(let resources): self = Codec.resources.write(resources)
    case .list(let items): self = .list(items.map { YAMLNode($0) })
    case .map(let entries): self = .map(entries.map { ($0.key, YAMLNode($0.value)) })
    case .file(let name, let text): self = Codec.documentNode(name: name, text: text)
    }
  }
}
