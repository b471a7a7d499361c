// Part of mesosim. Apache-2.0, see LICENSE.
//
// A value of several forms, told apart by the one key of a map: `{poisson: {mean: 14s}}`.

internal import Mesos

/// One form of a value.
struct Form<Value: Sendable>: Sendable {
  let key: String
  let read: @Sendable (YAMLNode, Path, inout Problems) -> Value?
  /// The node behind the key, `nil` when the value is of another form.
  let write: @Sendable (Value) -> YAMLNode?
  let schema: @Sendable (inout SchemaBuilder) -> JSONText

  /// The form behind `key`.
  ///
  /// - Parameters:
  ///   - key: The key that tells this form.
  ///   - codec: What stands behind the key.
  ///   - make: The value from what stands there.
  ///   - take: What stands there, from the value; `nil` when the value is of another form.
  init<Part>(
    _ key: String, _ codec: Codec<Part>, _ make: @escaping @Sendable (Part) -> Value,
    _ take: @escaping @Sendable (Value) -> Part?
  ) {
    self.key = key
    self.read = { codec.read($0, $1, &$2).map(make) }
    self.write = { take($0).map(codec.write) }
    self.schema = codec.schema
  }
}

extension Codec {
  /// A value that takes one of several forms, each with a key of its own.
  static func choice(_ expected: String, _ forms: [Form<Value>]) -> Codec {
    let keys = forms.map(\.key)
    return Codec(
      expected: expected,
      read: { node, path, problems in
        guard case .map(let entries) = node.content, let entry = entries.first else {
          problems.mismatch(node, path, expected: expected)
          return nil
        }
        guard let form = forms.first(where: { $0.key == entry.key }) else {
          problems.add(
            at: entry.keyPosition, path,
            "unknown form '\(entry.key)'; " + Suggestion.text(for: entry.key, among: keys))
          return nil
        }
        if entries.count > 1 {
          problems.add(
            at: entries[1].keyPosition, path,
            "'\(entries[1].key)' beside '\(entry.key)'; expected only one of them")
          return nil
        }
        return form.read(entry.value, path + entry.key, &problems)
      },
      write: { value in
        for form in forms {
          if let node = form.write(value) { return .map([(form.key, node)]) }
        }
        return .map([])
      },
      schema: { builder in
        let properties = forms.map { ($0.key, $0.schema(&builder)) }
        return [
          "type": "object", "additionalProperties": false, "minProperties": 1,
          "maxProperties": 1,
          "properties": .object(Dictionary(properties) { first, _ in first }),
        ]
      })
  }

  /// The same value, or its short form as a scalar, for which `isShort` tells whether to write it.
  func orShort<Short>(
    _ short: Codec<Short>, _ make: @escaping @Sendable (Short) -> Value,
    _ take: @escaping @Sendable (Value) -> Short?
  ) -> Codec {
    Codec(
      expected: "\(short.expected), or \(expected)",
      read: { [self] node, path, problems in
        if case .map = node.content { return read(node, path, &problems) }
        guard case .scalar = node.content else {
          problems.mismatch(node, path, expected: "\(short.expected), or \(expected)")
          return nil
        }
        return short.read(node, path, &problems).map(make)
      },
      write: { [self] value in take(value).map(short.write) ?? write(value) },
      schema: { [self] builder in ["anyOf": [short.schema(&builder), schema(&builder)]] })
  }
}
