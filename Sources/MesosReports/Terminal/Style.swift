// Part of mesosim. Apache-2.0, see LICENSE.
//
// How text on a terminal may look.

/// Whether text may carry colour; the caller knows of `NO_COLOR`, `--no-color` and pipes.
public struct Style: Sendable {
  /// Whether escape sequences may be written.
  public var isColored: Bool

  /// Makes a style.
  public init(isColored: Bool) { self.isColored = isColored }

  /// Text and nothing else.
  public static let plain = Style(isColored: false)
  /// With colour.
  public static let colored = Style(isColored: true)

  /// What a piece of text is; colour only repeats what the words say.
  enum Tone: String {
    case normal = ""
    case strong = "1"
    case faint = "2"
    case good = "32"
    case bad = "31"
  }

  func paint(_ text: String, _ tone: Tone) -> String {
    guard isColored, tone != .normal, !text.isEmpty else { return text }
    return "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m"
  }
}
