// Part of mesosim. Apache-2.0, see LICENSE.
//
// Messages in protobuf's binary form, from JSON and into it, by a table of their fields.

package import Mesos

/// Turns messages of the v1 APIs from JSON into protobuf and back.
package enum Protobuf {
  /// A message in JSON, such as `Call` or `Executor.Call`, in protobuf; `nil` where it does not fit
  /// the table.
  package static func bytes(of json: JSONValue, as message: String) -> [UInt8]? {
    ProtobufSchema.shared.bytes(of: json, as: message)
  }

  /// A message in protobuf, such as `Event`, in JSON; `nil` where it is malformed.
  package static func json(of bytes: [UInt8], as message: String) -> JSONValue? {
    ProtobufSchema.shared.json(of: bytes[...], as: message, depth: 0)
  }
}

/// The fields of messages and the words of enumerations.
struct ProtobufSchema: Sendable {
  enum Kind: Hashable, Sendable {
    case string
    case bytes
    case bool
    case double
    case float
    case int
    case uint
    case word(String)
    case message(String)
    /// From texts to whatever there is; a text where nothing else is said.
    case map(String)
  }

  struct Field: Sendable {
    let name: String
    let number: Int
    let isRepeated: Bool
    let kind: Kind
  }

  private var messages: [String: [Field]] = [:]
  private var words: [String: [(name: String, number: Int64)]] = [:]

  static let shared = ProtobufSchema(
    reading: [
      ProtobufTable.scheduler, ProtobufTable.executor, ProtobufTable.master, ProtobufTable.slave,
      ProtobufTable.messages,
    ].joined(separator: "\n"))

  /// Reads a table: a message after `@` with its fields, `name=number:kind`, and an enumeration
  /// after `#` with its words, `WORD=number`.
  init(reading table: String) {
    var name = ""
    for token in table.split(whereSeparator: \.isWhitespace) {
      if token.first == "@" || token.first == "#" {
        name = String(token.dropFirst())
        if token.first == "@" { messages[name] = [] } else { words[name] = [] }
        continue
      }
      let halves = token.split(separator: "=")
      guard halves.count == 2 else { continue }
      if words[name] != nil {
        if let number = Int64(halves[1]) { words[name]?.append((String(halves[0]), number)) }
      } else if let field = Self.field(String(halves[0]), halves[1]) {
        messages[name]?.append(field)
      }
    }
  }

  private static func field(_ name: String, _ text: Substring) -> Field? {
    let parts = text.split(separator: ":")
    guard parts.count == 2 else { return nil }
    let isRepeated = parts[0].hasSuffix("*")
    guard let number = Int(isRepeated ? parts[0].dropLast() : parts[0]) else { return nil }
    let plain: [Substring: Kind] = [
      "string": .string, "bytes": .bytes, "bool": .bool, "double": .double, "float": .float,
      "int": .int, "uint": .uint,
    ]
    let kind: Kind
    switch parts[1].first {
    case "#": kind = .word(String(parts[1].dropFirst()))
    case "%": kind = .map(String(parts[1].dropFirst()))
    default: kind = plain[parts[1]] ?? .message(String(parts[1]))
    }
    return Field(name: name, number: number, isRepeated: isRepeated, kind: kind)
  }

  // MARK: Into protobuf

  func bytes(of json: JSONValue, as message: String) -> [UInt8]? {
    guard let fields = messages[message], json.members != nil else { return nil }
    var output = ProtobufOutput()
    for field in fields {
      guard let member = json[field.name] else { continue }
      let values = field.isRepeated ? member.array : [member]
      guard let values else { return nil }
      for value in values {
        guard write(value, field.kind, field.number, to: &output) else { return nil }
      }
    }
    return output.bytes
  }

  private func write(
    _ value: JSONValue, _ kind: Kind, _ number: Int, to output: inout ProtobufOutput
  ) -> Bool {
    switch kind {
    case .string:
      guard let text = value.string else { return false }
      output.field(number, Array(text.utf8))
    case .bytes:
      guard let bytes = value.string.flatMap(Base64.bytes) else { return false }
      output.field(number, bytes)
    case .bool:
      guard let flag = value.bool else { return false }
      output.field(number, varint: flag ? 1 : 0)
    case .double:
      guard let amount = value.double else { return false }
      output.field(number, fixed: amount.bitPattern)
    case .float:
      guard let amount = value.double else { return false }
      output.field(number, fixed32: Float(amount).bitPattern)
    case .int, .uint:
      guard let bits = Self.bits(of: value) else { return false }
      output.field(number, varint: bits)
    case .word(let type):
      // A word that the table lacks is left out, as by those who do not know it.
      guard let word = value.string else { return false }
      let known = words[type]?.first { $0.name == word }
      if let known { output.field(number, varint: UInt64(bitPattern: known.number)) }
    case .message(let type):
      guard let bytes = bytes(of: value, as: type) else { return false }
      output.field(number, bytes)
    case .map(let type):
      for member in value.members ?? [] {
        var entry = ProtobufOutput()
        entry.field(1, Array(member.key.utf8))
        let kind: Kind = type == "string" ? .string : .message(type)
        guard write(member.value, kind, 2, to: &entry) else { return false }
        output.field(number, entry.bytes)
      }
    }
    return true
  }

  /// A whole number as the bits of one of 64.
  private static func bits(of value: JSONValue) -> UInt64? {
    let text = value.string ?? value.text
    if let number = UInt64(text) { return number }
    if let number = Int64(text) { return UInt64(bitPattern: number) }
    return value.double.flatMap { Int64(exactly: $0) }.map { UInt64(bitPattern: $0) }
  }

  // MARK: Out of protobuf

  func json(of bytes: ArraySlice<UInt8>, as message: String, depth: Int) -> JSONValue? {
    guard depth < 64, let fields = messages[message] else { return nil }
    var input = ProtobufInput(bytes)
    var found: [Int: [JSONValue]] = [:]
    while !input.isAtEnd {
      guard let (number, value) = input.next() else { return nil }
      guard let field = fields.first(where: { $0.number == number }) else { continue }
      guard let values = values(value, field, depth) else { return nil }
      found[number, default: []] += values
    }
    var members: [JSONValue.Member] = []
    for field in fields {
      guard let values = found[field.number] else { continue }
      let value: JSONValue
      if case .map = field.kind {
        value = JSONValue(.object(values.flatMap { $0.members ?? [] }))
      } else if field.isRepeated {
        value = JSONValue(.array(values))
      } else {
        // The last one counts.
        guard let last = values.last else { continue }
        value = last
      }
      members.append(JSONValue.Member(key: field.name, value: value))
    }
    return JSONValue(.object(members))
  }

  private func values(
    _ value: ProtobufInput.Value, _ field: Field, _ depth: Int
  ) -> [JSONValue]? {
    switch (field.kind, value) {
    case (.string, .bytes(let bytes)):
      return String(validating: bytes, as: UTF8.self).map { [JSONValue(.string($0))] }
    case (.bytes, .bytes(let bytes)): return [JSONValue(.string(Base64.text(of: Array(bytes))))]
    case (.bool, .varint(let bits)): return [JSONValue(.bool(bits != 0))]
    case (.int, .varint(let bits)): return [JSONValue(.number("\(Int64(bitPattern: bits))"))]
    case (.uint, .varint(let bits)): return [JSONValue(.number("\(bits)"))]
    case (.double, .fixed(let bits)): return Self.number(Double(bitPattern: bits))
    case (.float, .fixed32(let bits)): return Self.number(Double(Float(bitPattern: bits)))
    case (.word(let type), .varint(let bits)):
      let number = Int64(bitPattern: bits)
      return words[type]?.first { $0.number == number }.map { [JSONValue(.string($0.name))] } ?? []
    case (.message(let type), .bytes(let bytes)):
      return json(of: bytes, as: type, depth: depth + 1).map { [$0] }
    case (.map(let type), .bytes(let bytes)): return entry(bytes, type, depth).map { [$0] }
    default: return nil
    }
  }

  private static func number(_ value: Double) -> [JSONValue]? {
    value.isFinite ? [JSONValue(.number(value.description))] : nil
  }

  /// An entry of a map, as an object with one member.
  private func entry(
    _ bytes: ArraySlice<UInt8>, _ type: String, _ depth: Int
  ) -> JSONValue? {
    var input = ProtobufInput(bytes)
    var key = ""
    var value: JSONValue = type == "string" ? .text("") : JSONValue(.object([]))
    while !input.isAtEnd {
      guard let (number, part) = input.next(), case .bytes(let bytes) = part else { return nil }
      guard number != 1 else {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        key = text
        continue
      }
      let kind: Kind = type == "string" ? .string : .message(type)
      let field = Field(name: "", number: 2, isRepeated: false, kind: kind)
      guard let read = values(part, field, depth + 1)?.first else { return nil }
      value = read
    }
    return JSONValue(.object([JSONValue.Member(key: key, value: value)]))
  }
}
