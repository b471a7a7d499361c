// Part of mesosim. Apache-2.0, see LICENSE.
//
// An object of a scenario file as a table: one row a key. Reading, suggestions for unknown keys,
// the resolved text of `mesosim check` and the JSON Schema all come from the rows. What a row does
// with a value is generic and compiled once for each kind of object: everything else belongs into
// `ObjectKeys`, which is compiled once.

/// The keys of one kind of object in a scenario file; one reference, since what is kept of it is
/// compiled once for each kind.
final class Table<Root: Sendable>: Sendable {
  /// What the object is called, in messages and in the schema's definitions.
  var name: String { keys.name }
  /// The object when no key is given: the defaults.
  let blank: Root
  /// The keys, in the order in which they are written.
  let fields: [Field<Root>]
  /// Looks at an object whose keys are all fine by themselves.
  let check: @Sendable (Root, Path, YAMLNode, inout Problems) -> Void
  private let keys: ObjectKeys

  @inline(never)
  init(
    name: String, blank: Root, fields: [Field<Root>],
    check: @escaping @Sendable (Root, Path, YAMLNode, inout Problems) -> Void = { _, _, _, _ in }
  ) {
    self.blank = blank
    self.fields = fields
    self.check = check
    keys = ObjectKeys(name: name, keys: fields.map(\.heading))
  }
}

/// One key of an object.
struct Field<Root: Sendable>: Sendable {
  /// What does not depend on the kind of object.
  let heading: ObjectKey
  var read: @Sendable (YAMLNode, Path, inout Root, inout Problems) -> Void
  /// Whether it is read before all others, which may then say otherwise.
  var isFirst = false
  /// The node to write, `nil` to leave the key out.
  let write: @Sendable (Root) -> YAMLNode?

  var key: String { heading.name }
  var summary: String { heading.summary }
  var isRequired: Bool { heading.isRequired }
  /// What JSON Schema says of the value; `nil` when the key is for a later version.
  var schema: (@Sendable (inout SchemaBuilder) -> JSONText)? { heading.schema }

  @inline(never)
  init(
    key: String, summary: String, isRequired: Bool,
    read: @escaping @Sendable (YAMLNode, Path, inout Root, inout Problems) -> Void,
    write: @escaping @Sendable (Root) -> YAMLNode?,
    schema: (@Sendable (inout SchemaBuilder) -> JSONText)?
  ) {
    heading = ObjectKey(name: key, summary: summary, isRequired: isRequired, schema: schema)
    self.read = read
    self.write = write
  }
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

  /// A key that may be left out, and otherwise sets what other keys may set again.
  static func first<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value?> & Sendable, _ codec: Codec<Value>,
    _ summary: String
  ) -> Field {
    var field = optionalValue(key, place, codec, summary, isRequired: false)
    field.isFirst = true
    return field
  }

  /// A key with an object that other keys say something of, too: it changes what it names, and
  /// leaves the rest as it is.
  static func block<Value>(
    _ key: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ table: Table<Value>,
    _ summary: String
  ) -> Field {
    var field = value(key, place, table.codec, summary, isRequired: false)
    field.read = { node, path, root, problems in
      let before = root[keyPath: place]
      if let value = table.read(node, path, onto: before, &problems) {
        root[keyPath: place] = value
      }
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

  @inline(never)
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

  @inline(never)
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
    Codec(expected: keys.expected, read: read, write: write) { [self] builder in
      builder.reference(keys.definitionName, schema)
    }
  }

  /// The object at `node`, with defaults where it could not be read; `nil` if anything was wrong.
  @Sendable func read(_ node: YAMLNode, _ path: Path, _ problems: inout Problems) -> Root? {
    read(node, path, onto: blank, &problems)
  }

  @inline(never)
  fileprivate func read(
    _ node: YAMLNode, _ path: Path, onto blank: Root, _ problems: inout Problems
  ) -> Root? {
    let before = problems.count
    guard let entries = keys.entries(of: node, path, &problems) else { return nil }
    var root = blank
    for isFirst in [true, false] {
      for (index, entry) in entries where fields[index].isFirst == isFirst {
        fields[index].read(entry.value, path + entry.key, &root, &problems)
      }
    }
    keys.noteMissing(among: entries, of: node, path, &problems)
    guard problems.count == before else { return nil }
    check(root, path, node, &problems)
    return problems.count == before ? root : nil
  }

  /// The object with every default filled in.
  @inline(never)
  @Sendable func write(_ root: Root) -> YAMLNode { keys.node(values(of: root)) }

  /// What JSON Schema says of the object.
  @inline(never)
  @Sendable func schema(_ builder: inout SchemaBuilder) -> JSONText {
    keys.schema(standards: values(of: blank), &builder)
  }

  private func values(of root: Root) -> [YAMLNode?] {
    var values: [YAMLNode?] = []
    for field in fields { values.append(field.write(root)) }
    return values
  }
}
