// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reads a page as a strict reader of XML would and says what is wrong with it.

/// What a page consists of.
struct MarkupChecker {
  private(set) var problems: [String] = []
  /// Every element by name, in order.
  private(set) var elements: [String] = []
  /// Every attribute as `name=value`, in order.
  private(set) var attributes: [String] = []
  /// All text outside of tags and styles.
  private(set) var text = ""

  private var open: [String] = []
  private var rest: Substring

  init(_ page: String) {
    rest = page[...]
    while !rest.isEmpty { readNext() }
    if !open.isEmpty { problems.append("never closed: \(open)") }
    for scalar in page.unicodeScalars where scalar.value < 32 && scalar != "\n" {
      problems.append("control character \(scalar.value)")
    }
  }

  private mutating func readNext() {
    guard let start = rest.firstIndex(of: "<") else {
      readText(rest)
      rest = ""
      return
    }
    readText(rest[..<start])
    guard let end = rest[start...].firstIndex(of: ">") else {
      problems.append("a tag without end: \(rest[start...].prefix(40))")
      rest = ""
      return
    }
    readTag(rest[rest.index(after: start)..<end])
    rest = rest[rest.index(after: end)...]
  }

  private mutating func readText(_ part: Substring) {
    guard open.last != "style" else { return }
    text += part
    for piece in part.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
      let name = piece.prefix { $0 != ";" }
      if !["amp", "lt", "gt", "quot", "#39"].contains(name) || name.count == piece.count {
        problems.append("a bare ampersand: &\(piece.prefix(20))")
      }
    }
  }

  private mutating func readTag(_ tag: Substring) {
    if tag.hasPrefix("!DOCTYPE") { return }
    if tag.hasPrefix("/") {
      let name = String(tag.dropFirst())
      if open.popLast() != name { problems.append("</\(name)> closes something else") }
      return
    }
    let isEmpty = tag.hasSuffix("/")
    let body = isEmpty ? tag.dropLast() : tag
    let name = String(body.prefix { $0 != " " })
    elements.append(name)
    if name.isEmpty || !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
      problems.append("no name of an element: <\(tag.prefix(40))>")
    }
    readAttributes(body.dropFirst(name.count))
    if !isEmpty { open.append(name) }
  }

  private mutating func readAttributes(_ list: Substring) {
    var list = list
    while let first = list.first(where: { $0 != " " }), first != " " {
      list = list.drop { $0 == " " }
      let name = list.prefix { $0 != "=" }
      list = list.dropFirst(name.count + 1)
      guard list.first == "\"", let end = list.dropFirst().firstIndex(of: "\"") else {
        problems.append("attribute \(name) is not quoted")
        return
      }
      attributes.append("\(name)=\(list[list.index(after: list.startIndex)..<end])")
      list = list[list.index(after: end)...]
    }
  }
}
