// Part of mesosim. Apache-2.0, see LICENSE.
//
// A small JSON reader. It keeps what the usual ones lose: the place of every value, so that errors
// can point at it, and the text of numbers, so that 64-bit bounds stay exact.

/// A JSON value that knows where it stood.
package struct JSONValue: Sendable {
  /// What a value can be.
  package enum Content: Sendable {
    case null
    case bool(Bool)
    /// The number as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// Members in the order given; of a repeated key the last counts.
    case object([Member])
  }

  /// A key and its value.
  package struct Member: Sendable {
    package let key: String
    package let value: JSONValue

    package init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  package let content: Content
  /// The offset of its first byte in the text.
  package let place: Int

  package init(_ content: Content, place: Int = 0) {
    self.content = content
    self.place = place
  }

  /// Reads a text that is one JSON value.
  package init(parsing text: String) throws(JSONSyntaxError) {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.readDocument()
  }

  /// The last member with this key, unless it is `null`.
  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = content,
      let member = members.last(where: { $0.key == key })
    else { return nil }
    if case .null = member.value.content { return nil }
    return member.value
  }

  package var string: String? {
    if case .string(let text) = content { text } else { nil }
  }

  package var bool: Bool? {
    if case .bool(let value) = content { value } else { nil }
  }

  package var array: [JSONValue]? {
    if case .array(let values) = content { values } else { nil }
  }

  package var members: [Member]? {
    if case .object(let members) = content { members } else { nil }
  }

  /// A whole number that fits.
  package var integer: Int? {
    if case .number(let text) = content { Int(text) } else { nil }
  }

  /// The nearest floating-point number; infinite when the number is too large for one.
  package var double: Double? {
    if case .number(let text) = content { Decimal.value(text) } else { nil }
  }

  /// The number as an unsigned integer, if it is one.
  package var unsigned: UInt64? {
    guard case .number(let text) = content else { return nil }
    return UInt64(text) ?? Decimal.value(text).flatMap(UInt64.init(exactly:))
  }
}

/// Says where a text stops being JSON.
package struct JSONSyntaxError: Error, Sendable, CustomStringConvertible {
  /// The offset of the byte.
  package let place: Int
  package let message: String
  package var description: String { "byte \(place): \(message)" }
}

/// Reads JSON by recursive descent, at most 200 levels deep.
private struct JSONReader {
  let bytes: [UInt8]
  var place = 0
  var depth = 0

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private func error(_ message: String) -> JSONSyntaxError {
    JSONSyntaxError(place: place, message: message)
  }

  mutating func readDocument() throws(JSONSyntaxError) -> JSONValue {
    let value = try readValue()
    skipWhiteSpace()
    guard next == nil else { throw error("expected the end after the value") }
    return value
  }

  private mutating func skipWhiteSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { place += 1 }
  }

  /// Skips white space and, if it comes next, the byte.
  private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
    skipWhiteSpace()
    guard next == UInt8(ascii: byte) else { return false }
    place += 1
    return true
  }

  private mutating func readValue() throws(JSONSyntaxError) -> JSONValue {
    skipWhiteSpace()
    depth += 1
    defer { depth -= 1 }
    guard depth <= 200 else { throw error("more than 200 levels of nesting") }
    let start = place
    return JSONValue(try readContent(), place: start)
  }

  private mutating func readContent() throws(JSONSyntaxError) -> JSONValue.Content {
    switch next {
    case UInt8(ascii: "{"): return .object(try readMembers())
    case UInt8(ascii: "["): return .array(try readElements())
    case UInt8(ascii: "\""): return .string(try readString())
    default: break
    }
    if let byte = next, Decimal.isDigit(byte) || byte == UInt8(ascii: "-") {
      return .number(try readNumber())
    }
    for (word, content) in [
      ("null", JSONValue.Content.null), ("true", .bool(true)), ("false", .bool(false)),
    ] where bytes[place...].starts(with: word.utf8) {
      place += word.utf8.count
      return content
    }
    throw error("expected a JSON value")
  }

  private mutating func readMembers() throws(JSONSyntaxError) -> [JSONValue.Member] {
    place += 1
    var members: [JSONValue.Member] = []
    if skip("}") { return members }
    repeat {
      skipWhiteSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
      let key = try readString()
      guard skip(":") else { throw error("expected ':' after the key '\(key)'") }
      members.append(JSONValue.Member(key: key, value: try readValue()))
    } while skip(",")
    guard skip("}") else { throw error("expected ',' or '}'") }
    return members
  }

  private mutating func readElements() throws(JSONSyntaxError) -> [JSONValue] {
    place += 1
    var elements: [JSONValue] = []
    if skip("]") { return elements }
    repeat { elements.append(try readValue()) } while skip(",")
    guard skip("]") else { throw error("expected ',' or ']'") }
    return elements
  }

  private mutating func readNumber() throws(JSONSyntaxError) -> String {
    let signs = Array("+-.eE".utf8)
    let run = bytes[place...].prefix { Decimal.isDigit($0) || signs.contains($0) }
    let text = String(decoding: run, as: UTF8.self)
    guard Decimal.value(text) != nil else { throw error("'\(text)' is no number") }
    place += run.count
    return text
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func readString() throws(JSONSyntaxError) -> String {
    place += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else {
        throw error("a control character in a string; write it as \\u00..")
      }
      place += 1
      if byte == UInt8(ascii: "\\") {
        text += String(try readEscape()).utf8
      } else {
        text.append(byte)
      }
    }
    guard next != nil else { throw error("a string is not closed; add the '\"'") }
    place += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func readEscape() throws(JSONSyntaxError) -> Character {
    let letters: [UInt8: Character] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard let letter = next else { throw error("a string ends within an escape") }
    place += 1
    if let character = letters[letter] { return character }
    guard letter == UInt8(ascii: "u") else { throw error("an unknown escape in a string") }
    return Character(try readScalar())
  }

  /// Reads the four digits behind `\u`, and those of the second half of a surrogate pair.
  private mutating func readScalar() throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try readCodeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, bytes[place...].starts(with: "\\u".utf8) else {
      throw error("half of a surrogate pair")
    }
    place += 2
    let second = try readCodeUnit()
    guard (0xdc00...0xdfff).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw error("half of a surrogate pair") }
    return scalar
  }

  private mutating func readCodeUnit() throws(JSONSyntaxError) -> UInt32 {
    let digits = bytes[place...].prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, text.allSatisfy(\.isHexDigit), let unit = UInt32(text, radix: 16)
    else {
      throw error("expected four hexadecimal digits")
    }
    place += 4
    return unit
  }
}
