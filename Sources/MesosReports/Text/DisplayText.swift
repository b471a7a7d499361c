// Part of mesosim. Apache-2.0, see LICENSE.
//
// Names come from users; tables must stay straight and terminals unharmed whatever is in them.

/// Prepares text for places where its width and its characters matter.
enum DisplayText {
  /// The text with control characters, which could steer a terminal, replaced by a sign.
  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
  }

  /// The text as one harmless paragraph without line breaks; `nil` when there are no words in it.
  static func paragraph(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace).map { harmless(String($0)) }
    return words.isEmpty ? nil : words.joined(separator: " ")
  }

  /// How many columns of a terminal the text takes.
  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  /// The text cut to some columns, with an ellipsis in the middle: names that are alike often
  /// differ at their end.
  static func cut(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    let tail = String(prefix(of: text.reversed(), columns: (columns - 1) / 2).reversed())
    return String(prefix(of: Array(text), columns: columns - 1 - width(tail))) + "…" + tail
  }

  /// As much of the text as takes at most some columns; at least one character.
  static func start(of text: String, columns: Int) -> String {
    let start = String(prefix(of: Array(text), columns: columns))
    return start.isEmpty ? String(text.prefix(1)) : start
  }

  private static func prefix(of characters: [Character], columns: Int) -> [Character] {
    var taken = 0
    return Array(
      characters.prefix { character in
        taken += width(of: character)
        return taken <= columns
      })
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .surrogate, .lineSeparator, .paragraphSeparator: true
    default: scalar.value == 0xFFFE || scalar.value == 0xFFFF
    }
  }

  private static func width(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0..<0x1100: return 1
    // Roughly the East Asian wide and emoji blocks.
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
