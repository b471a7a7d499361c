// Part of mesosim. Apache-2.0, see LICENSE.
//
// From the tree to YAML text that reads well and is always the same: what fits on a line stands on
// one, the rest is indented by two.

extension YAMLNode {
  /// A scalar that is written as it is: a number, a truth value, a duration.
  static func plain(_ text: String) -> YAMLNode { YAMLNode(.scalar(text, style: .plain)) }

  /// A text, quoted where it would otherwise read as something else.
  static func text(_ text: String) -> YAMLNode {
    YAMLNode(.scalar(text, style: isPlainText(text) ? .plain : .quoted))
  }

  /// A list.
  static func list(_ items: [YAMLNode]) -> YAMLNode { YAMLNode(.list(items)) }

  /// A map with these keys, in this order.
  static func map(_ entries: [(key: String, value: YAMLNode)]) -> YAMLNode {
    let start = Position(line: 1, column: 1)
    return YAMLNode(.map(entries.map { Entry(key: $0.key, keyPosition: start, value: $0.value) }))
  }
}

extension YAMLNode {
  /// Columns a line may have before a list or map is spread over several.
  private static let columnsMax = 100

  /// The YAML text of this node as a document.
  var yaml: String {
    var lines: [String] = []
    writeBlock(indent: 0, first: nil, into: &lines)
    return lines.map { $0 + "\n" }.joined()
  }

  /// Writes this node in as many lines as it needs; `first` stands before its first line.
  private func writeBlock(indent: Int, first: String?, into lines: inout [String]) {
    let margin = String(repeating: " ", count: indent)
    var lead = first
    func opening() -> String {
      defer { lead = nil }
      return lead ?? margin
    }
    switch content {
    case .map(let entries) where !entries.isEmpty:
      for entry in entries {
        entry.value.write(
          after: opening() + YAMLNode.text(entry.key).flow + ":", indent: indent, into: &lines)
      }
    case .list(let items) where !items.isEmpty:
      for item in items {
        let head = opening() + "-"
        let whole = head + " " + item.flow
        if item.isLeaf || (indent > 0 && whole.count <= Self.columnsMax) {
          lines.append(whole)
        } else {
          item.writeBlock(indent: indent + 2, first: head + " ", into: &lines)
        }
      }
    default:
      lines.append(opening() + flow)
    }
  }

  /// Writes this node as the value of a key: on the key's line where it fits, else below it.
  private func write(after key: String, indent: Int, into lines: inout [String]) {
    let whole = key + " " + flow
    if isLeaf || (indent > 0 && whole.count <= Self.columnsMax) {
      lines.append(whole)
    } else {
      lines.append(key)
      writeBlock(indent: indent + 2, first: nil, into: &lines)
    }
  }

  /// Whether the node has nothing in it that could go on a line of its own.
  private var isLeaf: Bool {
    switch content {
    case .scalar: true
    case .list(let items): items.isEmpty
    case .map(let entries): entries.isEmpty
    }
  }

  /// The node on one line.
  private var flow: String {
    switch content {
    case .scalar(let text, .plain): text
    case .scalar(let text, _): Self.quoted(text)
    case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
    case .map(let entries):
      "{"
        + entries.map { YAMLNode.text($0.key).flow + ": " + $0.value.flow }.joined(separator: ", ")
        + "}"
    }
  }
}

extension YAMLNode {
  /// Whether a text means itself without quotes wherever it stands.
  private static func isPlainText(_ text: String) -> Bool {
    guard Kind(ofPlain: text) == .text, let first = text.utf8.first else { return false }
    let isWord = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    // Older readers take these for truth values.
    let isTruth = ["yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    return isWord && first != UInt8(ascii: "-") && first != UInt8(ascii: ".") && !isTruth
  }

  /// A text in double quotes, as in JSON.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where needsEscape(scalar):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Whether YAML would refuse this character or take it for a line break.
  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
