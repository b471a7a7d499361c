// Part of mesosim. Apache-2.0, see LICENSE.
//
// A table from outside: a line with the names of the columns, then rows of cells. Cells may stand
// in quotes, as RFC 4180 has it and spreadsheets write it.

/// A table with a header line, read row by row; only the present row is held.
struct TraceTable {
  /// The names of the columns.
  let header: [String]
  private let headerLine: Int
  private var reader: CellReader

  /// Reads the header of a file that was read whole.
  init(_ file: TraceFile) throws(WorkloadError) { try self.init(TraceBytes(file)) }

  /// Reads the header; cells are separated by tabs if it has any, else by commas.
  ///
  /// - Parameters:
  ///   - bytes: The table.
  ///   - names: The names of the columns, for a table that begins with its first row.
  /// - Throws: `WorkloadError` when there is no header.
  init(_ bytes: TraceBytes, header names: [String] = []) throws(WorkloadError) {
    reader = try CellReader(bytes)
    if !names.isEmpty {
      header = names
      headerLine = 1
      return
    }
    guard try reader.nextRow() else {
      throw .unreadable(
        file: bytes.path, reason: "is empty; expected the names of columns, and rows below them")
    }
    headerLine = reader.rowLine
    header = (0..<reader.count).map { [reader] in reader.text($0) }
  }

  /// The path, for messages.
  var path: String { reader.path }
  /// The line on which the present row begins, from 1.
  var line: Int { reader.rowLine }

  /// The place of a column.
  func column(_ name: String) throws(WorkloadError) -> Int {
    guard let place = header.firstIndex(of: name) else {
      throw malformed(headerLine, "no column '\(name)'; the header has \(headerText)")
    }
    guard !header[(place + 1)...].contains(name) else {
      throw malformed(headerLine, "two columns are called '\(name)'; expected one")
    }
    return place
  }

  /// The names of the columns, as many as help.
  var headerText: String {
    let shown = header.prefix(20).joined(separator: ", ")
    return header.count > 20 ? "\(shown) and \(header.count - 20) more" : shown
  }

  /// Goes to the next row that is not blank; `false` at the end.
  /// - Throws: `WorkloadError` when it has other columns than the header: an unquoted comma in a
  ///   cell would put every later cell into the wrong column.
  mutating func nextRow() throws(WorkloadError) -> Bool {
    guard try reader.nextRow() else { return false }
    let (found, expected) = (reader.count, header.count)
    guard found >= expected else {
      throw malformed("only \(found) of \(expected) columns")
    }
    for place in expected..<found where !reader.isEmpty(place) {
      throw malformed(
        "more than \(expected) columns; expected quotes around a cell that holds a separator")
    }
    return true
  }

  /// A cell of the present row, without quotes and the blanks around them.
  func bytes(_ place: Int) -> ArraySlice<UInt8> { reader.bytes(place) }

  /// The same as text.
  func text(_ place: Int) -> String { reader.text(place) }

  /// The number in a cell.
  /// - Throws: `WorkloadError` when it is none, such as `1,000`, or not within a range.
  func number(
    _ place: Int, in range: ClosedRange<Double>, expected: String
  ) throws(WorkloadError) -> Double {
    let cell = text(place)
    // Not `Double(cell)` alone, which takes hexadecimal digits.
    let isDecimal = cell.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    guard isDecimal, let value = Double(cell), range.contains(value) else {
      throw mismatch(place, expected: expected)
    }
    return value
  }

  /// Says that a cell is not what was expected.
  func mismatch(_ place: Int, expected: String) -> WorkloadError {
    let cell = text(place)
    let plain = cell.filter { $0 != "," }
    let advice = plain != cell && Double(plain) != nil ? ", without separators of thousands" : ""
    return malformed("column '\(header[place])' is '\(cell)'; expected \(expected)\(advice)")
  }

  /// Says what is wrong with the present row.
  func malformed(_ reason: String) -> WorkloadError { malformed(line, reason) }

  private func malformed(_ line: Int, _ reason: String) -> WorkloadError {
    .malformed(file: path, line: line, reason: reason)
  }
}
