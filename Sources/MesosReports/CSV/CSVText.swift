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
    let special: Set<UInt8> = [
      UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
    ]
    let needsQuotes =
      field.utf8.contains(where: special.contains) || field.first == " " || field.last == " "
    guard needsQuotes else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
