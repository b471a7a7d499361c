// Part of mesosim. Apache-2.0, see LICENSE.
//
// Straight columns for a terminal.

/// A table of text with aligned columns, at most `Prose.width` wide: names are cut, and gaps become
/// narrow, before figures would be.
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
  private var rows: [Row] = []

  private enum Row {
    case cells([Cell])
    /// A line of its own above the rows that it speaks of.
    case title(Cell)
  }

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; missing cells are empty.
  mutating func add(_ cells: [Cell]) { rows.append(.cells(cells)) }

  /// Adds a line that no column holds; it is cut at the end of the table's room.
  mutating func addTitle(_ cell: Cell) { rows.append(.title(cell)) }

  /// Adds an empty line.
  mutating func addGap() { rows.append(.cells([])) }

  /// The lines of the table, without trailing spaces.
  func lines(_ style: Style) -> [String] {
    let (widths, gap) = layout()
    return rows.map { row in
      switch row {
      case .title(let cell):
        style.paint(DisplayText.cut(cell.text, to: Prose.width), cell.tone)
      case .cells(let cells): line(cells, widths, gap, style)
      }
    }
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ gap: Int, _ style: Style) -> String {
    var line = ""
    var pendingSpaces = 0
    for (index, column) in columns.enumerated() {
      let cell = index < cells.count ? cells[index] : Cell("")
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

  /// The width of each column and of the gaps between them; the widest names give way first.
  private func layout() -> (widths: [Int], gap: Int) {
    var widths = [Int](repeating: 0, count: columns.count)
    for case .cells(let cells) in rows {
      for (index, cell) in cells.enumerated() where index < widths.count {
        widths[index] = max(widths[index], DisplayText.width(cell.text))
      }
    }
    let shortest = 8
    let names = columns.indices.filter { columns[$0] == .name }
    let least = columns.indices.reduce(0) {
      $0 + (columns[$1] == .name ? min(shortest, widths[$1]) : widths[$1])
    }
    let all = widths.reduce(0, +)
    let gaps = columns.count - 1
    // Narrow gaps where they spare all names, or where cutting names is not enough.
    let isTight = all + 2 * gaps > Prose.width && all + gaps <= Prose.width
    let gap = isTight || least + 2 * gaps > Prose.width ? 1 : 2
    var excess = all + gap * gaps - Prose.width
    while excess > 0 {
      let long = names.filter { widths[$0] > shortest }
      guard let widest = long.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return (widths, gap)
  }
}

extension TextTable {
  /// A sentence broken into lines, beginning with a capital letter.
  static func wrapped(_ sentence: String) -> [String] {
    Prose.lines(DisplayText.harmless(sentence.sentenceCased))
  }
}
