// Part of mesosim. Apache-2.0, see LICENSE.
//
// Straight columns for a terminal.

/// A table of text with aligned columns, at most `Prose.width` wide: names are cut, and gaps become
/// narrow, before figures would be.
struct TextTable {
  /// How a column lies.
  enum Column {
    /// A name: to the left, and cut when the table would become too wide; where there is room, no
    /// further than different names stay different.
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
    let names = columns.indices.filter { columns[$0] == .name }
    let all = widths.reduce(0, +)
    let gaps = columns.count - 1
    var shortest = columns.indices.map { index in
      columns[index] == .name ? widthToTellApart(index, within: widths[index]) : widths[index]
    }
    if shortest.reduce(0, +) + gaps > Prose.width {
      for index in names { shortest[index] = min(8, widths[index]) }
    }
    let least = shortest.reduce(0, +)
    // Narrow gaps where they spare all names, or where cutting names is not enough.
    let isTight = all + 2 * gaps > Prose.width && all + gaps <= Prose.width
    let gap = isTight || least + 2 * gaps > Prose.width ? 1 : 2
    var excess = all + gap * gaps - Prose.width
    while excess > 0 {
      let long = names.filter { widths[$0] > shortest[$0] }
      guard let widest = long.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return (widths, gap)
  }

  /// The least width of a column, but some letters, in which no two texts look the same.
  private func widthToTellApart(_ column: Int, within width: Int) -> Int {
    var texts: Set<String> = []
    for case .cells(let cells) in rows where column < cells.count {
      texts.insert(cells[column].text)
    }
    return (min(8, width)..<max(8, width)).first { width in
      Set(texts.map { DisplayText.cut($0, to: width) }).count == texts.count
    } ?? width
  }
}

extension TextTable {
  /// A sentence broken into lines, beginning with a capital letter.
  static func wrapped(_ sentence: String) -> [String] {
    Prose.lines(DisplayText.harmless(sentence.sentenceCased))
  }
}
