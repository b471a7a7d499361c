// Part of mesosim. Apache-2.0, see LICENSE.
//
// An object of a scenario file as a table: one row a key. Reading, suggestions for unknown keys,
// the resolved text of `mesosim check` and the JSON Schema all come from the rows.

/// The keys of one kind of object in a scenario file.
struct Table<Root: Sendable>: Sendable {
  /// What the object is called, in messages and in the schema's definitions.
  var name: String
  /// The object when no key is given: the defaults.
  var blank: Root
  /// The keys, in the order in which they are written.
  var fields: [Field<Root>]
  /// Looks at an object whose keys are all fine by themselves.
  var check: @Sendable (Root, Path, YAMLNode, inout Problems) -> Void = { _, _, _, _ in }
}

/// One key of an object.
struct Field<Root: Sendable>: Sendable {
  let key: String
  let summary: String
  let isRequired: Bool
  var read: @Sendable (YAMLNode, Path, inout Root, inout Problems) -> Void
  /// The node to write, `nil` to leave the key out.
  let write: @Sendable (Root) -> YAMLNode?
  /// What JSON Schema says of the value; `nil` when the key is for a later version.
  let schema: (@Sendable (inout SchemaBuilder) -> JSONText)?
}

extension Field {
  /// A key that must be given.
  static func required<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ codec: Codec<Value>,
    _ summary: String
  ) -> Field {
    value(key, place, codec, summary, isRequired: true)
  }

  /// A key that must be given although what it describes could do without.
  static func required<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value?> & Sendable, _ codec: Codec<Value>,
    _ summary: String
  ) -> Field {
    optionalValue(key, place, codec, summary, isRequired: true)
  }

  /// A key that may be left out; the table's blank object has the default.
  static func optional<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ codec: Codec<Value>,
    _ summary: String
  ) -> Field {
    value(key, place, codec, summary, isRequired: false)
  }

  /// A key that may be left out, and then stands for nothing.
  static func optional<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value?> & Sendable, _ codec: Codec<Value>,
    _ summary: String
  ) -> Field {
    optionalValue(key, place, codec, summary, isRequired: false)
  }

  /// A key with an object that other keys say something of, too: it changes what it names, and
  /// leaves the rest as it is.
  static func block<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ table: Table<Value>,
    _ summary: String
  ) -> Field {
    var field = value(key, place, table.codec, summary, isRequired: false)
    field.read = { node, path, root, problems in
      var table = table
      table.blank = root[keyPath: place]
      if let value = table.read(node, path, &problems) { root[keyPath: place] = value }
    }
    return field
  }

  /// A key of the documented format that this version cannot honour: an error, not a surprise.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - summary: What it will do.
  ///   - harmless: A value that asks for nothing beyond this version, and is let pass.
  /// - Returns: The field.
  static func later(_ key: String, _ summary: String, except harmless: String? = nil) -> Field {
    var schema: (@Sendable (inout SchemaBuilder) -> JSONText)?
    if let harmless {
      let only = JSONText(YAMLNode.plain(harmless))
      schema = { _ in .object(["const": only]) }
    }
    return Field(
      key: key, summary: summary, isRequired: false,
      read: { node, path, _, problems in
        if let harmless, case .scalar(harmless, _) = node.content { return }
        let only = harmless.map { "; only \($0) is" } ?? ""
        problems.add(
          at: node.position, path, "\(summary) is not supported by this version\(only)")
      },
      write: { _ in nil },
      schema: schema)
  }

  private static func value<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ codec: Codec<Value>,
    _ summary: String, isRequired: Bool
  ) -> Field {
    Field(
      key: key, summary: summary, isRequired: isRequired,
      read: { node, path, root, problems in
        if let value = codec.read(node, path, &problems) { root[keyPath: place] = value }
      },
      write: { codec.write($0[keyPath: place]) },
      schema: codec.schema)
  }

  private static func optionalValue<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value?> & Sendable, _ codec: Codec<Value>,
    _ summary: String, isRequired: Bool
  ) -> Field {
    Field(
      key: key, summary: summary, isRequired: isRequired,
      read: { node, path, root, problems in
        if let value = codec.read(node, path, &problems) { root[keyPath: place] = value }
      },
      write: { $0[keyPath: place].map(codec.write) },
      schema: codec.schema)
  }
}

extension Table {
  /// How an object of this kind is read and written.
  var codec: Codec<Root> {
    Codec(expected: "a map: \(name)", read: read, write: write) { builder in
      builder.reference(name.replacing(" ", with: "-"), schema)
    }
  }

  /// The object at `node`, with defaults where it could not be read; `nil` if anything was wrong.
  @Sendable func read(_ node: YAMLNode, _ path: Path, _ problems: inout Problems) -> Root? {
    guard case .map(let entries) = node.content else {
      problems.mismatch(node, path, expected: "a map: \(name)")
      return nil
    }
    let before = problems.count
    var root = blank
    for entry in entries {
      if let field = fields.first(where: { $0.key == entry.key }) {
        field.read(entry.value, path + entry.key, &root, &problems)
      } else {
        let known = fields.filter { $0.schema != nil }.map(\.key)
        problems.add(
          at: entry.keyPosition, path,
          "unknown key '\(entry.key)'; " + Suggestion.text(for: entry.key, among: known))
      }
    }
    for field in fields where field.isRequired && !entries.contains(where: { $0.key == field.key })
    {
      problems.add(at: node.position, path, "'\(field.key)' is missing: \(field.summary)")
    }
    guard problems.count == before else { return nil }
    check(root, path, node, &problems)
    return problems.count == before ? root : nil
  }

  /// The object with every default filled in.
  @Sendable func write(_ root: Root) -> YAMLNode {
    .map(fields.compactMap { field in field.write(root).map { (field.key, $0) } })
  }

  /// What JSON Schema says of the object.
  @Sendable func schema(_ builder: inout SchemaBuilder) -> JSONText {
    var properties: [String: JSONText] = [:]
    for field in fields {
      guard var schema = field.schema?(&builder) else { continue }
      schema = schema.adding(["description": .string(field.summary)])
      if !field.isRequired, let standard = field.write(blank) {
        schema = schema.adding(["default": JSONText(standard)])
      }
      properties[field.key] = schema
    }
    let required = fields.filter(\.isRequired).map { JSONText.string($0.key) }
    let result: JSONText = [
      "type": "object", "additionalProperties": false, "properties": .object(properties),
    ]
    return required.isEmpty ? result : result.adding(["required": .array(required)])
  }
}
