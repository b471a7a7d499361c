// Part of mesosim. Apache-2.0, see LICENSE.
//
// A YAML document as a tree whose every node knows where it stands. Aliases and merge keys are
// already resolved, so that what reads the tree sees only scalars, lists and maps.

/// A place in a text: line and column, both from 1, columns in Unicode scalars.
public struct Position: Hashable, Comparable, Sendable {
  /// The line, from 1.
  public var line: Int
  /// The column, from 1.
  public var column: Int

  /// Makes a position.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Orders positions as they are read.
  public static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A node of a YAML document.
struct YAMLNode: Sendable {
  /// What a node holds.
  enum Content: Sendable {
    case scalar(String, style: ScalarStyle)
    case list([YAMLNode])
    case map([Entry])
  }

  /// How a scalar is written; only plain ones can be numbers.
  enum ScalarStyle: Sendable { case plain, quoted, block }

  /// One key of a map with its value.
  struct Entry: Sendable {
    var key: String
    var keyPosition: Position
    var value: YAMLNode
  }

  var content: Content
  var position: Position

  init(_ content: Content, at position: Position = Position(line: 1, column: 1)) {
    self.content = content
    self.position = position
  }
}

extension YAMLNode {
  /// The kinds of scalar in YAML 1.2's core schema.
  enum Kind: Hashable, Sendable { case null, bool, integer, number, text }

  /// Which kind of scalar this is; `nil` for lists and maps.
  var kind: Kind? {
    guard case .scalar(let text, let style) = content else { return nil }
    return style == .plain ? Kind(ofPlain: text) : .text
  }

  /// A word for what stands here, for messages.
  var spelled: String {
    switch content {
    case .scalar(let text, _): kind == .null ? "nothing" : "'\(text)'"
    case .list(let items): items.isEmpty ? "an empty list" : "a list"
    case .map(let entries): entries.isEmpty ? "an empty map" : "a map"
    }
  }
}

extension YAMLNode.Kind {
  /// Tells the kind of a plain scalar as YAML 1.2's core schema does: `yes` and `on` are texts.
  init(ofPlain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE", "false", "False", "FALSE": self = .bool
    case _ where YAMLNode.isNumber(text, allowsFraction: false): self = .integer
    case _ where YAMLNode.isNumber(text, allowsFraction: true): self = .number
    default: self = .text
    }
  }
}

extension YAMLNode {
  /// Whether a text is a decimal number: sign, digits and, where allowed, a fraction and exponent.
  static func isNumber(_ text: String, allowsFraction: Bool) -> Bool {
    var rest = Substring(text)
    if let sign = rest.first, sign == "-" || sign == "+" { rest.removeFirst() }
    let whole = rest.prefix(while: isDigit)
    rest = rest.dropFirst(whole.count)
    guard allowsFraction else { return !whole.isEmpty && rest.isEmpty }
    var fraction: Substring = ""
    if rest.first == "." {
      rest.removeFirst()
      fraction = rest.prefix(while: isDigit)
      rest = rest.dropFirst(fraction.count)
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return false }
    guard let exponent = rest.first, exponent == "e" || exponent == "E" else { return rest.isEmpty }
    rest.removeFirst()
    if let sign = rest.first, sign == "-" || sign == "+" { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }

  private static func isDigit(_ character: Character) -> Bool {
    "0" <= character && character <= "9" && character.utf8.count == 1
  }
}

extension YAMLNode {
  /// Where the value at `path` stands, or the nearest thing around it that is there.
  func position(of path: Path) -> Position { walk(path).node.position }

  /// The value at `path`; `nil` when it is not there.
  func node(at path: Path) -> YAMLNode? {
    let end = walk(path)
    return end.isWhole ? end.node : nil
  }

  /// The text of the scalar behind a key of this map.
  func scalarText(behind key: String) -> String? {
    guard case .scalar(let text, _)? = node(at: Path(steps: [.key(key)]))?.content else {
      return nil
    }
    return text
  }

  /// Whether this map has a key.
  func hasKey(_ key: String) -> Bool { node(at: Path(steps: [.key(key)])) != nil }

  private func walk(_ path: Path) -> (node: YAMLNode, isWhole: Bool) {
    var node = self
    for step in path.steps {
      switch (step, node.content) {
      case (.key(let key), .map(let entries)):
        guard let entry = entries.first(where: { $0.key == key }) else { return (node, false) }
        node = entry.value
      case (.index(let index), .list(let items)):
        guard items.indices.contains(index) else { return (node, false) }
        node = items[index]
      case (.index(let index), .map(let entries)):
        // A key that looks like a number.
        guard let entry = entries.first(where: { $0.key == String(index) }) else {
          return (node, false)
        }
        node = entry.value
      default:
        return (node, false)
      }
    }
    return (node, true)
  }
}
