// Part of mesosim. Apache-2.0, see LICENSE.
//
// Patterns of names, command lines and addresses, the same wherever a scenario has some.

/// Patterns with `*` for any text, also none, and `?` for any one character; all else means itself.
package enum Glob {
  /// Whether a pattern has neither `*` nor `?` and so means just itself.
  package static func isLiteral(_ pattern: String) -> Bool {
    !pattern.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
  }

  /// Whether the whole text matches.
  ///
  /// - Complexity: O(*n* · *m*) in the lengths of the two at worst, nearly always O(*n* + *m*).
  package static func matches(_ text: String, _ pattern: String) -> Bool {
    var (text, pattern) = (text, pattern)
    return text.withUTF8 { text in pattern.withUTF8 { matches(text, $0) } }
  }

  private static func matches(
    _ text: UnsafeBufferPointer<UInt8>, _ pattern: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var (place, wanted) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while place < text.count {
      if wanted < pattern.count, pattern[wanted] == UInt8(ascii: "*") {
        star = (wanted, place)
        wanted += 1
      } else if wanted < pattern.count, pattern[wanted] == UInt8(ascii: "?") {
        wanted += 1
        place += 1
        // A character beyond ASCII has bytes that continue it.
        while place < text.count, text[place] & 0xC0 == 0x80 { place += 1 }
      } else if wanted < pattern.count, pattern[wanted] == text[place] {
        wanted += 1
        place += 1
      } else if let (lastStar, matched) = star {
        // The last star takes one byte more.
        star = (lastStar, matched + 1)
        wanted = lastStar + 1
        place = matched + 1
      } else {
        return false
      }
    }
    return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
