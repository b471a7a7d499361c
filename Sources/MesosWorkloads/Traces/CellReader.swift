// Part of mesosim. Apache-2.0, see LICENSE.
//
// The cells of a table, from bytes that come in pieces.

/// Splits bytes into rows of cells; holds one row.
struct CellReader {
  /// The line on which the present row begins, from 1.
  private(set) var rowLine = 1

  private var source: TraceBytes
  private let separator: UInt8
  private var line = 1
  /// The cells of the present row, one behind the other, without quotes.
  private var row: [UInt8] = []
  /// Where each of them ends.
  private var ends: [Int] = []
  /// Whether the byte before was the first of a line end that may have two.
  private var isAfterReturn = false

  /// More than any row has; a binary file may have no line end at all.
  static let rowMax = 1 << 20

  init(_ bytes: TraceBytes) throws(WorkloadError) {
    source = bytes
    if source.offset == source.piece.count { _ = try source.next() }
    separator = UInt8(ascii: Self.isTabbed(source.piece[source.offset...]) ? "\t" : ",")
  }

  /// Whether there is a tab in the first line that is not blank.
  private static func isTabbed(_ bytes: ArraySlice<UInt8>) -> Bool {
    let start = bytes.firstIndex { !$0.isBlank && !$0.endsLine } ?? bytes.endIndex
    let line = bytes[start...].prefix { !$0.endsLine }
    return line.contains(UInt8(ascii: "\t"))
      || bytes[..<start].reversed().prefix { !$0.endsLine }.contains(UInt8(ascii: "\t"))
  }

  /// The path, for messages.
  var path: String { source.path }
  /// How many cells the present row has.
  var count: Int { ends.count }

  /// A cell of the present row.
  func bytes(_ place: Int) -> ArraySlice<UInt8> {
    row[(place > 0 ? ends[place - 1] : 0)..<ends[place]]
  }

  /// The same as text.
  func text(_ place: Int) -> String { String(decoding: bytes(place), as: UTF8.self) }

  /// Whether a cell of the present row is empty.
  func isEmpty(_ place: Int) -> Bool { bytes(place).isEmpty }

  /// Goes to the next row with a cell that is not empty; `false` at the end.
  mutating func nextRow() throws(WorkloadError) -> Bool {
    while let first = try peek() {
      if first.endsLine {
        endLine(first)
        continue
      }
      rowLine = line
      row.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
      repeat { try readCell() } while try endsWithSeparator()
      if let end = try peek() { endLine(end) }
      if !row.isEmpty { return true }
    }
    return false
  }

  /// The next byte, which is left where it is; `nil` at the end.
  private mutating func peek() throws(WorkloadError) -> UInt8? {
    while true {
      if source.offset == source.piece.count, !(try source.next()) { return nil }
      // An empty piece cannot follow, but a mark may have been all of it.
      guard source.offset < source.piece.count else { continue }
      let byte = source.piece[source.offset]
      guard isAfterReturn else { return byte }
      isAfterReturn = false
      guard byte == UInt8(ascii: "\n") else { return byte }
      source.offset += 1
    }
  }

  private mutating func endLine(_ byte: UInt8) {
    source.offset += 1
    line += 1
    isAfterReturn = byte == UInt8(ascii: "\r")
  }

  private mutating func endsWithSeparator() throws(WorkloadError) -> Bool {
    guard try peek() == separator else { return false }
    source.offset += 1
    return true
  }

  /// Reads up to the separator or the end of the line.
  private mutating func readCell() throws(WorkloadError) {
    try skipBlanks()
    let start = row.count
    guard try peek() == UInt8(ascii: "\"") else {
      try readPlain()
      while row.count > start, row[row.count - 1].isBlank { row.removeLast() }
      ends.append(row.count)
      return
    }
    try readQuoted()
    try skipBlanks()
    if let next = try peek(), next != separator, !next.endsLine {
      throw malformed(line, "there is text behind the quotes of a cell; expected a separator")
    }
    ends.append(row.count)
  }

  /// Reads a cell without quotes, which may go on in the next piece.
  private mutating func readPlain() throws(WorkloadError) {
    while try peek() != nil {
      let start = source.offset
      var end = start
      let separator = separator
      source.piece.withUnsafeBufferPointer { piece in
        while end < piece.count, piece[end] != separator, !piece[end].endsLine { end += 1 }
        row.append(contentsOf: UnsafeBufferPointer(rebasing: piece[start..<end]))
      }
      source.offset = end
      if end < source.piece.count { return }
      guard row.count <= Self.rowMax else {
        throw .unreadable(
          file: path,
          reason: "has a line of more than \(Self.rowMax >> 20) MB; expected a text in lines")
      }
    }
  }

  /// Reads a cell in quotes, in which two quotes stand for one.
  private mutating func readQuoted() throws(WorkloadError) {
    let start = line
    source.offset += 1
    while row.count <= Self.rowMax, let byte = try peek() {
      if byte == UInt8(ascii: "\"") {
        source.offset += 1
        guard try peek() == byte else { return }
      }
      row.append(byte)
      if byte.endsLine { endLine(byte) } else { source.offset += 1 }
    }
    throw malformed(start, "a cell begins with a quote here that is never closed")
  }

  private mutating func skipBlanks() throws(WorkloadError) {
    while let byte = try peek(), byte != separator, byte.isBlank { source.offset += 1 }
  }

  private func malformed(_ line: Int, _ reason: String) -> WorkloadError {
    .malformed(file: path, line: line, reason: reason)
  }
}
