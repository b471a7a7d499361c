// Part of mesosim. Apache-2.0, see LICENSE.
//
// One column of numbers of a table with a header line, for empirical distributions.

extension TraceFile {
  /// More values than a distribution needs, and no more than a resolved scenario may hold.
  private static let valuesMax = 250_000

  /// The numbers of one column of a table, separated by tabs if the header has any, else by commas.
  ///
  /// - Parameter name: The column's name in the first line.
  /// - Returns: The numbers, from top to bottom.
  /// - Throws: `WorkloadError` when there is no such column, or a line has no number of at least 0
  ///   in it.
  public func numbers(inColumn name: String) throws(WorkloadError) -> [Double] {
    var table = try TraceTable(self)
    let column = try table.column(name)
    var numbers: [Double] = []
    while try table.nextRow() {
      guard numbers.count < Self.valuesMax else {
        throw .malformed(
          file: path, line: table.line,
          reason: "more than \(Self.valuesMax) rows; expected a sample")
      }
      numbers.append(
        try table.number(
          column, in: 0...Double.greatestFiniteMagnitude,
          expected: "a number of at least 0"))
    }
    guard !numbers.isEmpty else {
      throw .unreadable(file: path, reason: "there are no lines below the header")
    }
    return numbers
  }
}
