// Part of mesosim. Apache-2.0, see LICENSE.
//
// Maps of YAML as people write scenarios: what says nothing is left out, small maps are one line.

/// The keys of a map, with their values as YAML text.
struct Keys {
  private(set) var entries: [(key: String, value: String)] = []

  /// Adds a key, unless there is nothing behind it.
  mutating func add(_ key: String, _ value: String?) {
    if let value { entries.append((key, value)) }
  }

  /// Adds a text in quotes, unless there is none.
  mutating func add(_ key: String, quoted text: String?) { add(key, text.map { "\"\($0)\"" }) }

  /// Adds a key that says that something is so, if it is.
  mutating func add(_ key: String, _ isSo: Bool) { add(key, isSo ? "true" : nil) }

  /// Adds a list on one line, unless it is empty.
  mutating func add(_ key: String, list: [String]) {
    add(key, list.isEmpty ? nil : "[" + list.joined(separator: ", ") + "]")
  }

  /// Adds a map on one line, unless it is empty.
  mutating func add(_ key: String, _ map: Keys) { add(key, map.entries.isEmpty ? nil : map.line) }

  /// The map on one line.
  var line: String {
    "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
  }

  /// The map as an item of a list, a line a key.
  func item(indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    return margin + "- "
      + entries.map { "\($0.key): \($0.value)" }.joined(separator: "\n" + margin + "  ") + "\n"
  }

  /// The map as a block, a line a key.
  func block(indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    return entries.map { "\(margin)\($0.key): \($0.value)\n" }.joined()
  }
}

extension [Keys] {
  /// A list behind a key, an item a line; nothing when it is empty.
  func list(_ key: String, indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    return isEmpty ? "" : margin + key + ":\n" + map { "\(margin)  - \($0.line)\n" }.joined()
  }
}
