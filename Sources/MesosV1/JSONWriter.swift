// Part of mesosim. Apache-2.0, see LICENSE.
//
// Puts JSON into bytes, one after the other: nothing is made that is not written.

package import Mesos

/// Writes JSON without white space, keys in the order in which they are written.
package struct JSONWriter {
  /// What is written so far.
  package private(set) var bytes: [UInt8] = []
  /// Whether something stands before the next value at this level.
  private var needsComma = false

  /// Begins with nothing written.
  package init() {}

  /// The text that is written.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Makes room.
  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count) }

  /// Forgets what is written and keeps the memory.
  package mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  @inline(__always)
  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  /// Writes an object whose members the body writes.
  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  /// Writes an array whose elements the body writes.
  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "["))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: "]"))
    needsComma = true
  }

  /// Writes the key of the value that is written next.
  package mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a key that is not known beforehand.
  package mutating func key(named key: String) {
    string(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string.
  package mutating func string(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { source in
      if source.allSatisfy(Self.isPlain) {
        bytes.append(contentsOf: source)
      } else {
        for byte in source { append(escaping: byte) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7f
  }

  private mutating func append(escaping byte: UInt8) {
    if Self.isPlain(byte) { return bytes.append(byte) }
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }

  /// Writes true or false.
  package mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes a whole number.
  package mutating func number(_ value: some BinaryInteger) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Writes a number; one that is none, or infinite, as 0, for JSON has no word for it.
  package mutating func number(_ value: Double) {
    guard value.isFinite else { return number(0) }
    if value == value.rounded(), value.magnitude < 1e15 { return number(Int64(value)) }
    separate()
    bytes.append(contentsOf: value.description.utf8)
  }

  /// Writes an amount.
  package mutating func number(_ amount: Scalar) {
    separate()
    bytes.append(contentsOf: amount.description.utf8)
  }

  /// Writes bytes in base 64.
  package mutating func base64(_ data: [UInt8]) { string(Base64.text(of: data)) }

  /// Writes an object whose only member is `value`, as ids are.
  package mutating func wrapped(_ text: String) {
    object {
      $0.key("value")
      $0.string(text)
    }
  }
}
