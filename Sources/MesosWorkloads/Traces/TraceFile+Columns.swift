// Part of mesosim. Apache-2.0, see LICENSE.
//
// One column of numbers of a table with a header line, for empirical distributions.

extension TraceFile {
  /// The numbers of one column of a table, separated by tabs if the header has any, else by commas.
  ///
  /// - Parameter name: The column's name in the first line.
  /// - Returns: The numbers, from top to bottom.
  /// - Throws: `WorkloadError` when there is no such column, or a line has no number of at least 0
  ///   in it.
  public func numbers(inColumn name: String) throws(WorkloadError) -> [Double] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let isTabbed = lines.first?.contains(UInt8(ascii: "\t")) ?? false
    let separator = isTabbed ? UInt8(ascii: "\t") : UInt8(ascii: ",")
    func cells(_ line: ArraySlice<UInt8>) -> [String] {
      line.split(separator: separator, omittingEmptySubsequences: false).map { cell in
        let text = cell.filter { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\"") }
        return String(decoding: text, as: UTF8.self)
      }
    }
    let header = lines.first.map(cells) ?? []
    guard let index = header.firstIndex(of: name) else {
      throw .malformed(
        file: path, line: 1,
        reason: "no column '\(name)'; the header has \(header.joined(separator: ", "))")
    }
    var numbers: [Double] = []
    for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let row = cells(line)
      let cell = row.indices.contains(index) ? row[index] : ""
      guard let value = Double(cell), value.isFinite, value >= 0 else {
        throw .malformed(
          file: path, line: number + 1,
          reason: "column '\(name)' is '\(cell)'; expected a number of at least 0")
      }
      numbers.append(value)
    }
    guard !numbers.isEmpty else {
      throw .unreadable(file: path, reason: "there are no lines below the header")
    }
    return numbers
  }
}
