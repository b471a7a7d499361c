// Part of mesosim. Apache-2.0, see LICENSE.
//
// Lines of a file that is never held whole.

/// The lines that are not blank, whether they end as on Unix or as on Windows.
struct TraceLines {
  /// The number of the present line, from 1; blank lines count.
  private(set) var number = 0

  private var source: TraceBytes
  private var line: [UInt8] = []
  private var lastNumber = 0

  init(_ bytes: TraceBytes) { source = bytes }

  /// The next line that has more on it than blanks, without its end; `nil` at the end.
  mutating func next() throws(WorkloadError) -> ArraySlice<UInt8>? {
    while true {
      line.removeAll(keepingCapacity: true)
      guard try fill() else { return nil }
      lastNumber += 1
      while let last = line.last, last.isBlank || last == UInt8(ascii: "\r") { line.removeLast() }
      let start = line.firstIndex { !$0.isBlank }
      if let start {
        number = lastNumber
        return line[start...]
      }
    }
  }

  /// Reads up to the end of the line; `false` when there is none.
  private mutating func fill() throws(WorkloadError) -> Bool {
    var isEmpty = true
    while true {
      if source.offset == source.piece.count, !(try source.next()) { return !isEmpty }
      isEmpty = false
      let rest = source.piece[source.offset...]
      let end = rest.firstIndex(of: UInt8(ascii: "\n"))
      line.append(contentsOf: rest[..<(end ?? rest.endIndex)])
      source.offset = end.map { $0 + 1 } ?? rest.endIndex
      if end != nil { return true }
      guard line.count <= CellReader.rowMax else {
        throw .unreadable(
          file: source.path,
          reason: "has a line of more than \(CellReader.rowMax >> 20) MB; expected a text in lines")
      }
    }
  }

  /// Says what is wrong with the present line.
  func malformed(_ reason: String) -> WorkloadError {
    .malformed(file: source.path, line: number, reason: reason)
  }
}
