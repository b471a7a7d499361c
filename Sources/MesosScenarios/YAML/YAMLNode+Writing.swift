// Part of mesosim. Apache-2.0, see LICENSE.
//
// From the tree to YAML text that reads well and is always the same: what fits on a line stands on
// one, the rest is indented by two.

import Mesos

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
    switch content {
    case .map(let entries) where !entries.isEmpty:
      for (index, entry) in entries.enumerated() {
        let lead = index == 0 ? first ?? margin : margin
        let key = lead + YAMLNode.text(entry.key).lineText + ":"
        if !entry.value.writeLine(after: key + " ", indent: indent, into: &lines) {
          lines.append(key)
          entry.value.writeBlock(indent: indent + 2, first: nil, into: &lines)
        }
      }
    case .list(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() {
        let head = (index == 0 ? first ?? margin : margin) + "- "
        if !item.writeLine(after: head, indent: indent, into: &lines) {
          item.writeBlock(indent: indent + 2, first: head, into: &lines)
        }
      }
    default:
      lines.append((first ?? margin) + lineText)
    }
  }

  /// Writes this node on one line behind `head` if it fits; what stands at the top is spread out.
  private func writeLine(after head: String, indent: Int, into lines: inout [String]) -> Bool {
    let whole = head + lineText
    guard isLeaf || (indent > 0 && whole.count <= Self.columnsMax) else { return false }
    lines.append(whole)
    return true
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
  var lineText: String {
    switch content {
    case .scalar(let text, .plain): text
    case .scalar(let text, _): JSONValue.quoted(text)
    case .list(let items): "[" + items.map(\.lineText).joined(separator: ", ") + "]"
    case .map(let entries):
      "{"
        + entries.map { YAMLNode.text($0.key).lineText + ": " + $0.value.lineText }.joined(
          separator: ", ")
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
}
