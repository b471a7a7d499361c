// Part of mesosim. Apache-2.0, see LICENSE.
//
// How one kind of value stands in a scenario file: reading, writing and JSON Schema in one place,
// so that the three cannot disagree.

/// How one kind of value stands in a file; one reference, for it is kept by all that is made of it.
final class Codec<Value: Sendable>: Sendable {
  /// What is expected, for messages: "a duration such as 5s".
  let expected: String
  /// Takes the value from a node; `nil` when `problems` says why not.
  let read: @Sendable (_ node: YAMLNode, _ path: Path, _ problems: inout Problems) -> Value?
  /// The node that reads as this value.
  let write: @Sendable (Value) -> YAMLNode
  /// What JSON Schema says of it.
  let schema: @Sendable (inout SchemaBuilder) -> JSONText

  init(
    expected: String,
    read:
      @escaping @Sendable (_ node: YAMLNode, _ path: Path, _ problems: inout Problems) -> Value?,
    write: @escaping @Sendable (Value) -> YAMLNode,
    schema: @escaping @Sendable (inout SchemaBuilder) -> JSONText
  ) {
    self.expected = expected
    self.read = read
    self.write = write
    self.schema = schema
  }
}

/// Why a scalar is not what was expected.
struct Mismatch: Error {
  /// What is wrong with it.
  var reason: String
  /// How many characters into the scalar it is wrong.
  var offset = 0
}

extension Codec {
  /// A value that is written as one scalar.
  ///
  /// - Parameters:
  ///   - expected: What is expected, for messages.
  ///   - kinds: The kinds of scalar that can be meant.
  ///   - schema: What JSON Schema says of it.
  ///   - parse: Takes the value from the text.
  ///   - print: The node that reads as the value.
  /// - Returns: The codec.
  static func scalar(
    _ expected: String, _ kinds: Set<YAMLNode.Kind>, schema: JSONText,
    parse: @escaping @Sendable (String) throws(Mismatch) -> Value,
    print: @escaping @Sendable (Value) -> YAMLNode
  ) -> Codec {
    Codec(
      expected: expected,
      read: { node, path, problems in
        guard let text = node.text(kinds, expected, path, &problems) else { return nil }
        do throws(Mismatch) {
          return try parse(text)
        } catch {
          problems.add(error, in: node, path)
          return nil
        }
      },
      write: print,
      schema: { _ in schema })
  }

  /// The same value under another name in the schema's definitions.
  func defined(as name: String) -> Codec {
    Codec(expected: expected, read: read, write: write) { [schema] builder in
      builder.reference(name, schema)
    }
  }

  /// The value, or this word where there is none; `synonym` says the same.
  func orWord(_ word: String, _ synonym: String? = nil) -> Codec<Value?> {
    let words = [word] + (synonym.map { [$0] } ?? [])
    return Codec<Value?>(
      expected: expected + words.map { ", or '\($0)'" }.joined(),
      read: { [self] node, path, problems in
        if case .scalar(let text, _) = node.content, words.contains(text) { return .some(nil) }
        return read(node, path, &problems).map(Optional.some)
      },
      write: { [self] in $0.map(write) ?? .text(word) },
      schema: { [self] builder in
        ["anyOf": .array([schema(&builder)] + words.map { ["const": .string($0)] })]
      })
  }

  /// Another type that stands for the same values, or for those among them that make sense.
  func map<Other>(
    _ convert: @escaping @Sendable (Value) throws(Mismatch) -> Other,
    _ back: @escaping @Sendable (Other) -> Value
  ) -> Codec<Other> {
    Codec<Other>(
      expected: expected,
      read: { [self] node, path, problems in
        guard let value = read(node, path, &problems) else { return nil }
        do throws(Mismatch) {
          return try convert(value)
        } catch {
          problems.add(at: node.position, path, error.reason)
          return nil
        }
      },
      write: { [self] in write(back($0)) },
      schema: schema)
  }

  /// A list of such values, at least `least` of them; `phrase` says so in other words.
  func list(atLeast least: Int = 0, as phrase: String? = nil) -> Codec<[Value]> {
    let start = least > 0 ? "a list with at least \(least) entry" : "a list"
    let expected = phrase ?? "\(start), each \(self.expected)"
    return Codec<[Value]>(
      expected: expected,
      read: { [self] node, path, problems in
        guard case .list(let items) = node.content, items.count >= least else {
          problems.mismatch(node, path, expected: expected)
          return nil
        }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
          if let value = read(item, path + index, &problems) { values.append(value) }
        }
        return values.count == items.count ? values : nil
      },
      write: { [self] in .list($0.map(write)) },
      schema: { [self] in
        ["type": "array", "items": schema(&$0), "minItems": .number(String(least))]
      })
  }

  /// A map from names to such values, in the file's order; `phrase` says so in other words.
  func named(_ keys: String, as phrase: String? = nil) -> Codec<[Named<Value>]> {
    let expected = phrase ?? "a map from \(keys) to \(self.expected)"
    return Codec<[Named<Value>]>(
      expected: expected,
      read: { [self] node, path, problems in
        guard case .map(let entries) = node.content else {
          problems.mismatch(node, path, expected: expected)
          return nil
        }
        var values: [Named<Value>] = []
        for entry in entries {
          if let value = read(entry.value, path + entry.key, &problems) {
            values.append(Named(entry.key, value))
          }
        }
        return values.count == entries.count ? values : nil
      },
      write: { [self] in .map($0.map { ($0.name, write($0.value)) }) },
      schema: { [self] in ["type": "object", "additionalProperties": schema(&$0)] })
  }
}

/// A value with the name it has in the file.
public struct Named<Value: Sendable>: Sendable {
  /// The name.
  public var name: String
  /// What has the name.
  public var value: Value

  /// Names a value.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension Named: Equatable where Value: Equatable {}

extension YAMLNode {
  /// The text of a scalar of one of these kinds; `nil` when `problems` says what else it is.
  fileprivate func text(
    _ kinds: Set<Kind>, _ expected: String, _ path: Path, _ problems: inout Problems
  ) -> String? {
    if case .scalar(let text, _) = content, let kind, kinds.contains(kind) { return text }
    let isUnquoted = kind != nil && kind != .null && kinds == [.text]
    problems.mismatch(self, path, expected: expected + (isUnquoted ? "; write it in quotes" : ""))
    return nil
  }

  /// Where a character of this scalar's text stands; exact unless the text is escaped or folded.
  fileprivate func position(ofOffset offset: Int) -> Position {
    guard case .scalar(_, let style) = content, style != .block else { return position }
    let quote = style == .quoted ? 1 : 0
    return Position(
      line: position.line, column: position.column + (offset > 0 ? offset + quote : 0))
  }
}

extension Problems {
  /// Notes what is wrong with the text of a scalar.
  fileprivate mutating func add(_ mismatch: Mismatch, in node: YAMLNode, _ path: Path) {
    add(at: node.position(ofOffset: mismatch.offset), path, mismatch.reason)
  }
}
