// Part of mesosim. Apache-2.0, see LICENSE.
//
// Straight columns for a terminal.

/// A table of text with aligned columns, at most `maxWidth` wide as far as names can be cut.
struct TextTable {
  /// How a column lies.
  enum Column {
    /// A name: to the left, and cut when the table would become too wide.
    case name
    /// A figure: to the right, never cut.
    case figure
  }

  /// A cell and how it looks.
  struct Cell {
    var text: String
    var tone: Style.Tone = .normal

    init(_ text: String, _ tone: Style.Tone = .normal) {
      self.text = DisplayText.harmless(text)
      self.tone = tone
    }
  }

  let columns: [Column]
  private var rows: [[Cell]] = []
  private let maxWidth = 100
  private let gap = 2

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty.
  mutating func add(_ cells: [Cell]) { rows.append(cells) }

  /// Adds an empty line.
  mutating func addGap() { rows.append([]) }

  /// The lines of the table, without trailing spaces.
  func lines(_ style: Style) -> [String] {
    let widths = widths()
    return rows.map { row in
      var line = ""
      var pendingSpaces = 0
      for (index, column) in columns.enumerated() {
        let cell = index < row.count ? row[index] : Cell("")
        let text = DisplayText.cut(cell.text, to: widths[index])
        let fill = widths[index] - DisplayText.width(text)
        let before = column == .figure ? fill : 0
        pendingSpaces += before
        if !text.isEmpty {
          line += String(repeating: " ", count: pendingSpaces) + style.paint(text, cell.tone)
          pendingSpaces = 0
        }
        pendingSpaces += fill - before + gap
      }
      return line
    }
  }

  /// The width of each column; the widest names give way first.
  private func widths() -> [Int] {
    var widths = columns.indices.map { index in
      rows.map { index < $0.count ? DisplayText.width($0[index].text) : 0 }.max() ?? 0
    }
    let shortest = 8
    var excess = widths.reduce(0, +) + gap * (columns.count - 1) - maxWidth
    while excess > 0 {
      let names = columns.indices.filter { columns[$0] == .name && widths[$0] > shortest }
      guard let widest = names.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}

extension TextTable {
  /// A sentence broken into lines of at most 100 columns, beginning with a capital letter.
  static func wrapped(_ sentence: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in DisplayText.harmless(sentence.sentenceCased).split(separator: " ") {
      if !line.isEmpty, DisplayText.width(line) + 1 + DisplayText.width(String(word)) > 100 {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + (line.isEmpty ? [] : [line])
  }
}
