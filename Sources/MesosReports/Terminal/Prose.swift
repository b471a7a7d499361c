// Part of mesosim. Apache-2.0, see LICENSE.
//
// Text broken into lines that fit a terminal of the usual width, whatever words are in it.

/// Breaks text into lines.
public enum Prose {
  /// How many columns everything that is printed takes at most.
  public static let width = 80

  /// The lines of a text: as it is where it fits, else broken between words, and within words that
  /// are wider than a line.
  /// - Parameters:
  ///   - text: One line of text.
  ///   - width: How many columns a line takes at most; at least 20.
  ///   - indent: By how much every line but the first is set in.
  /// - Returns: At least one line.
  public static func lines(_ text: String, width: Int = width, indent: Int = 0) -> [String] {
    let width = max(20, width)
    guard DisplayText.width(text) > width else { return [text] }
    let margin = String(repeating: " ", count: min(indent, width / 2))
    var lines: [String] = []
    var line = ""
    var isFresh = true
    // Empty words are spaces that stand for something: what sets the line in, or a wider gap.
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      var rest = String(word)
      if !isFresh, DisplayText.width(line) + 1 + DisplayText.width(rest) > width {
        lines.append(line.trimmingEnd)
        line = margin
      } else if !isFresh {
        line += " "
      }
      while DisplayText.width(line) + DisplayText.width(rest) > width {
        let part = DisplayText.start(of: rest, columns: width - DisplayText.width(line))
        lines.append(line + part)
        rest.removeFirst(part.count)
        line = margin
      }
      line += rest
      isFresh = false
    }
    return lines + [line]
  }

  /// The first lines of what is printed on a scenario: its name, and faintly what else there is.
  static func heading(_ name: String, _ detail: String, _ style: Style) -> [String] {
    let name = DisplayText.cut(DisplayText.harmless(name), to: width)
    let detail = DisplayText.harmless(detail)
    let isNarrow = DisplayText.width(name) + 3 + DisplayText.width(detail) <= width
    if isNarrow { return [style.paint(name, .strong) + style.paint("   " + detail, .faint)] }
    return [style.paint(name, .strong)] + lines(detail).map { style.paint($0, .faint) }
  }
}

extension String {
  /// The text without the spaces at its end.
  fileprivate var trimmingEnd: String {
    String(dropLast(reversed().prefix { $0 == " " }.count))
  }
}
