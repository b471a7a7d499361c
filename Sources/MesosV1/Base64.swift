// Part of mesosim. Apache-2.0, see LICENSE.
//
// Bytes as JSON carries them.

/// Base 64 by RFC 4648, with padding.
package enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text that stands for some bytes.
  package static func text(of bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      var word: UInt32 = 0
      for (place, byte) in part.enumerated() { word |= UInt32(byte) << (16 - 8 * UInt32(place)) }
      for place in 0..<4 {
        let digit = digits[Int(word >> (18 - 6 * UInt32(place)) & 63)]
        text.append(place <= part.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that a text stands for; `nil` when it stands for none.
  package static func bytes(of text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var word: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(of: byte) else { return nil }
      word = word << 6 | value
      count += 1
      if count % 4 == 0 {
        bytes += [UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)]
        word = 0
      }
    }
    switch (count % 4, padding) {
    case (0, 0): break
    case (2, 0), (2, 2): bytes.append(UInt8(word >> 4 & 255))
    case (3, 0), (3, 1): bytes += [UInt8(word >> 10 & 255), UInt8(word >> 2 & 255)]
    default: return nil
    }
    return bytes
  }

  /// The first character of a text that no text for bytes has.
  static func foreignCharacter(in text: String) -> Character? {
    text.first { character in
      guard let byte = character.asciiValue else { return true }
      return byte != UInt8(ascii: "=") && value(of: byte) == nil
    }
  }

  private static func value(of digit: UInt8) -> UInt32? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
