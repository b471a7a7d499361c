// Part of mesosim. Apache-2.0, see LICENSE.
//
// A table from outside: a line with the names of the columns, then rows of cells. Cells may stand
// in quotes, as RFC 4180 has it and spreadsheets write it.

/// A table with a header line, read row by row.
struct TraceTable {
  /// A row that has something in it.
  struct Row {
    /// The line it begins on, from 1.
    let line: Int
    /// Its cells, without quotes and the blanks around them.
    let cells: [String]
  }

  /// The names of the columns.
  let header: Row
  private var reader: CellReader

  /// Reads the header; cells are separated by tabs if it has any, else by commas.
  init(_ file: TraceFile) throws(WorkloadError) {
    let first = file.lines.makeIterator().first { _ in true }
    let isTabbed = first?.bytes.contains(UInt8(ascii: "\t")) ?? false
    reader = CellReader(file: file, separator: UInt8(ascii: isTabbed ? "\t" : ","))
    guard let header = try reader.nextRow() else {
      throw .unreadable(
        file: file.path, reason: "is empty; expected the names of columns, and rows below them")
    }
    self.header = header
  }

  /// The place of a column.
  func column(_ name: String) throws(WorkloadError) -> Int {
    guard let place = header.cells.firstIndex(of: name) else {
      throw malformed(
        header.line, "no column '\(name)'; the header has \(headerText)")
    }
    guard !header.cells[(place + 1)...].contains(name) else {
      throw malformed(header.line, "two columns are called '\(name)'; expected one")
    }
    return place
  }

  /// The names of the columns, as many as help.
  private var headerText: String {
    let shown = header.cells.prefix(20).joined(separator: ", ")
    return header.cells.count > 20 ? "\(shown) and \(header.cells.count - 20) more" : shown
  }

  /// The next row that is not blank.
  /// - Throws: `WorkloadError` when it has other columns than the header: an unquoted comma in a
  ///   cell would put every later cell into the wrong column.
  mutating func nextRow() throws(WorkloadError) -> Row? {
    guard let row = try reader.nextRow() else { return nil }
    let (found, expected) = (row.cells.count, header.cells.count)
    guard found >= expected else {
      throw malformed(row.line, "only \(found) of \(expected) columns")
    }
    guard row.cells[expected...].allSatisfy(\.isEmpty) else {
      throw malformed(
        row.line,
        "more than \(expected) columns; expected quotes around a cell that holds a separator")
    }
    return row
  }

  /// The number in a cell.
  /// - Throws: `WorkloadError` when it is none, such as `1,000`, or not within a range.
  func number(
    _ row: Row, _ place: Int, in range: ClosedRange<Double>, expected: String
  ) throws(WorkloadError) -> Double {
    let cell = row.cells[place]
    // Not `Double(cell)` alone, which takes hexadecimal digits.
    let isDecimal = cell.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    guard isDecimal, let value = Double(cell), range.contains(value) else {
      let plain = cell.filter { $0 != "," }
      let advice =
        plain != cell && Double(plain) != nil ? ", without separators of thousands" : ""
      throw malformed(
        row.line, "column '\(header.cells[place])' is '\(cell)'; expected \(expected)\(advice)")
    }
    return value
  }

  private func malformed(_ line: Int, _ reason: String) -> WorkloadError {
    .malformed(file: reader.file.path, line: line, reason: reason)
  }
}

/// Splits the bytes of a file into rows of cells.
private struct CellReader {
  let file: TraceFile
  let separator: UInt8
  private var offset = 0
  private var line = 1

  init(file: TraceFile, separator: UInt8) {
    self.file = file
    self.separator = separator
  }

  /// The next row with a cell that is not empty.
  mutating func nextRow() throws(WorkloadError) -> TraceTable.Row? {
    while offset < file.bytes.count {
      let start = line
      var cells = [try nextCell()]
      while offset < file.bytes.count, file.bytes[offset] == separator {
        offset += 1
        cells.append(try nextCell())
      }
      skipLineEnd()
      if cells.contains(where: { !$0.isEmpty }) { return TraceTable.Row(line: start, cells: cells) }
    }
    return nil
  }

  /// Reads up to the separator or the end of the line.
  private mutating func nextCell() throws(WorkloadError) -> String {
    skipBlanks()
    guard offset < file.bytes.count, file.bytes[offset] == UInt8(ascii: "\"") else {
      let start = offset
      while !isAtEndOfCell { offset += 1 }
      var cell = file.bytes[start..<offset]
      while let last = cell.last, last.isBlank { cell.removeLast() }
      return String(decoding: cell, as: UTF8.self)
    }
    let cell = try quotedCell()
    skipBlanks()
    guard isAtEndOfCell else {
      throw malformed("there is text behind the quotes of a cell; expected a separator")
    }
    return cell
  }

  /// Reads a cell in quotes, in which two quotes stand for one.
  private mutating func quotedCell() throws(WorkloadError) -> String {
    let start = line
    var cell: [UInt8] = []
    offset += 1
    while offset < file.bytes.count {
      let byte = file.bytes[offset]
      if byte == UInt8(ascii: "\"") {
        offset += 1
        guard offset < file.bytes.count, file.bytes[offset] == byte else {
          return String(decoding: cell, as: UTF8.self)
        }
      }
      cell.append(byte)
      if byte.endsLine { skipLineEnd() } else { offset += 1 }
    }
    line = start
    throw malformed("a cell begins with a quote here that is never closed")
  }

  private var isAtEndOfCell: Bool {
    guard offset < file.bytes.count else { return true }
    return file.bytes[offset] == separator || file.bytes[offset].endsLine
  }

  private mutating func skipBlanks() {
    while offset < file.bytes.count, file.bytes[offset] != separator, file.bytes[offset].isBlank {
      offset += 1
    }
  }

  private mutating func skipLineEnd() {
    guard offset < file.bytes.count else { return }
    offset = file.bytes.skippingLineEnd(at: offset)
    line += 1
  }

  private func malformed(_ reason: String) -> WorkloadError {
    .malformed(file: file.path, line: line, reason: reason)
  }
}
