// Part of mesosim. Apache-2.0, see LICENSE.
//
// From YAML text to the tree: Yams finds syntax, aliases and positions, this file resolves merge
// keys and bounds what a few lines of nested aliases can grow to.

internal import Yams

extension YAMLNode {
  /// More nodes than any scenario has, fewer than would fill the memory.
  private static let nodesMax = 500_000
  /// Deeper than any scenario goes.
  fileprivate static let depthMax = 100

  /// Reads the one document of a YAML text.
  ///
  /// - Returns: The tree; `nil` when the text is no YAML or has no document, `problems` says why.
  static func parse(_ text: String, _ problems: inout Problems) -> YAMLNode? {
    if let line = text.lineBeyond(values: nodesMax) {
      problems.add(
        at: Position(line: line, column: 1), Path(),
        "too many values; expected at most \(nodesMax)")
      return nil
    }
    let root: Yams.Node?
    do {
      // The basic resolver leaves scalars alone: what is expected decides what they mean.
      root = try Yams.compose(yaml: text, .basic, .default, .utf8)
    } catch let error as YamlError {
      problems.addSyntax(error, in: text)
      return nil
    } catch {
      problems.add(at: Position(line: 1, column: 1), Path(), "the text is no YAML: \(error)")
      return nil
    }
    guard let root else {
      problems.add(
        at: Position(line: 1, column: 1), Path(),
        "the file is empty; expected a scenario: 'mesosim init' writes one to start from")
      return nil
    }
    var budget = nodesMax
    return convert(root, Path(), &budget, &problems)
  }

  private static func convert(
    _ node: Yams.Node, _ path: Path, _ budget: inout Int, _ problems: inout Problems
  ) -> YAMLNode? {
    let position = node.mark.map(Position.init) ?? Position(line: 1, column: 1)
    budget -= 1
    guard budget > 0, path.steps.count < depthMax else {
      if budget >= 0 {
        problems.add(
          at: position, path,
          "too many values, or too deeply nested; expected at most \(nodesMax), \(depthMax) deep"
        )
      }
      budget = min(budget, -1)
      return nil
    }
    switch node {
    case .scalar(let scalar):
      return YAMLNode(.scalar(scalar.string, style: ScalarStyle(scalar.style)), at: position)
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for (index, item) in sequence.enumerated() {
        guard let item = convert(item, path + index, &budget, &problems) else { return nil }
        items.append(item)
      }
      return YAMLNode(.list(items), at: position)
    case .mapping(let mapping):
      return convert(mapping, at: position, path, &budget, &problems)
    case .alias:
      problems.add(at: position, path, "this alias has no anchor before it")
      return nil
    }
  }

  private static func convert(
    _ mapping: Yams.Node.Mapping, at position: Position, _ path: Path, _ budget: inout Int,
    _ problems: inout Problems
  ) -> YAMLNode? {
    var entries: [Entry] = []
    var merged: [Entry] = []
    for (key, value) in mapping {
      let keyPosition = key.mark.map(Position.init) ?? position
      guard case .scalar(let name) = key else {
        problems.add(at: keyPosition, path, "a list or map stands as a key; expected a plain word")
        return nil
      }
      guard let value = convert(value, path + name.string, &budget, &problems) else { return nil }
      if name.string == "<<", ScalarStyle(name.style) == .plain {
        guard let bases = value.mergeBases else {
          problems.mismatch(value, path + "<<", expected: "a map, or a list of maps, to merge")
          return nil
        }
        merged += bases
      } else {
        entries.append(Entry(key: name.string, keyPosition: keyPosition, value: value))
      }
    }
    // A map's own keys win over merged ones, and earlier merged maps over later ones.
    for entry in merged where !entries.contains(where: { $0.key == entry.key }) {
      entries.append(entry)
    }
    return YAMLNode(.map(entries), at: position)
  }

  /// The entries that a merge key with this value brings; `nil` when it is no map.
  private var mergeBases: [Entry]? {
    switch content {
    case .map(let entries): return entries
    case .list(let items):
      var bases: [Entry] = []
      for item in items {
        guard case .map(let entries) = item.content else { return nil }
        bases += entries
      }
      return bases
    case .scalar: return nil
    }
  }
}

extension String {
  /// The line on which a YAML text has had more than so many values, guessed by what stands between
  /// them: the library would need a multiple of the text's size to find out.
  fileprivate func lineBeyond(values: Int) -> Int? {
    var (count, line) = (0, 1)
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "\n"): (count, line) = (count + 1, line + 1)
      case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "{"): count += 1
      default: continue
      }
      if count > values { return line }
    }
    return nil
  }
}

extension YAMLNode.ScalarStyle {
  fileprivate init(_ style: Yams.Node.Scalar.Style) {
    switch style {
    case .any, .plain: self = .plain
    case .singleQuoted, .doubleQuoted: self = .quoted
    case .literal, .folded: self = .block
    }
  }
}

extension Position {
  fileprivate init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

extension Problems {
  fileprivate mutating func addSyntax(_ error: YamlError, in text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      // The library's advice is for who programs with it.
      if problem.contains("nesting level") {
        add(
          at: Position(mark), Path(),
          "too deeply nested; expected at most \(YAMLNode.depthMax) lists and maps in one another")
        return
      }
      let around = context.map { "\($0.text) (line \($0.mark.line)): " } ?? ""
      add(at: Position(mark), Path(), "this is no valid YAML: \(around)\(problem)")
    case .reader(let problem, let offset, _, _):
      add(at: Position(in: text, offset: offset ?? 0), Path(), "this is no valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
      add(
        at: Position(context.mark), Path(),
        "\(keys) stands more than once in this map; keep one of them")
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      add(at: Position(line: 1, column: 1), Path(), "this is no valid YAML: \(error)")
    }
  }
}

extension Position {
  /// The position of the character number `offset` (from 0) of a text.
  fileprivate init(in text: String, offset: Int) {
    let before = text.prefix(offset)
    let line = before.reduce(1) { $1.isNewline ? $0 + 1 : $0 }
    let last = before.lastIndex(where: \.isNewline).map { before[before.index(after: $0)...] }
    self.init(line: line, column: (last ?? before).unicodeScalars.count + 1)
  }
}
