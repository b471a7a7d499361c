// Part of mesosim. Apache-2.0, see LICENSE.
//
// Comma-separated values as RFC 4180 has them, with a newline alone at the end of a line.

/// Collects the lines of a file of comma-separated values.
struct CSVText {
  private(set) var text = ""

  init(header: [String]) { add(header) }

  /// Adds a line; fields are quoted where they need it.
  mutating func add(_ fields: [String]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { text += "," }
      text += CSVText.quoted(field)
    }
    text += "\n"
  }

  static func quoted(_ field: String) -> String {
    let space = UInt8(ascii: " ")
    let isPadded = field.utf8.first == space || field.utf8.last == space
    guard isPadded || field.utf8.contains(where: isSpecial) else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }
}
