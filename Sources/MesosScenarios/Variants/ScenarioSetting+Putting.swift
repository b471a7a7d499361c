// Part of mesosim. Apache-2.0, see LICENSE.
//
// From a path of names to its place in a document: keys of maps, and entries of lists by what they
// are called.

internal import Mesos

extension ScenarioSetting.Choice {
  /// The document with the value in its place.
  /// - Parameters:
  ///   - root: The document.
  ///   - standard: The scenario that it describes.
  ///   - number: The number of this choice, which tells where what it puts in comes from.
  /// - Returns: The changed document.
  /// - Throws: `SettingError` when a name leads nowhere.
  func put(
    into root: YAMLNode, _ standard: Scenario, number: Int
  ) throws(SettingError) -> YAMLNode {
    let line = Self.line(ofNumber: number)
    return try put(
      node.moved { Position(line: line, column: $0.column) }, into: root, at: Path(), steps[...],
      standard, line)
  }

  private func put(
    _ value: YAMLNode, into node: YAMLNode, at path: Path,
    _ steps: ArraySlice<ScenarioSetting.Step>, _ standard: Scenario, _ line: Int
  ) throws(SettingError) -> YAMLNode {
    guard let step = steps.first else { return value }
    var result = node
    switch node.content {
    case .map(var entries):
      let known = entries.map(\.key)
      if let (place, rest) = Self.find(steps, known) {
        entries[place].value = try put(
          value, into: entries[place].value, at: path + known[place], rest, standard, line)
      } else {
        let position = Position(line: line, column: step.column)
        // Allocators that the file does not name have names all the same.
        let base = standard.list(at: path + step.name) ?? YAMLNode(.map([]), at: position)
        entries.append(
          YAMLNode.Entry(
            key: step.name, keyPosition: position,
            value: try put(
              value, into: base, at: path + step.name, steps.dropFirst(), standard, line)))
      }
      result.content = .map(entries)
    case .list(var items):
      let (place, rest) = try entry(of: items, at: path, steps, standard)
      items[place] = try put(value, into: items[place], at: path + place, rest, standard, line)
      result.content = .list(items)
    case .scalar:
      guard node.kind == .null else {
        throw SettingError(
          text, at: step.column,
          "'\(path)' is \(node.spelled), which has nothing in it; set it as a whole")
      }
      result = try put(
        value, into: YAMLNode(.map([]), at: node.position), at: path, steps, standard, line)
    }
    return result
  }

  /// The entry of a list that the next steps name, and the steps behind it.
  private func entry(
    of items: [YAMLNode], at path: Path, _ steps: ArraySlice<ScenarioSetting.Step>,
    _ standard: Scenario
  ) throws(SettingError) -> (Int, ArraySlice<ScenarioSetting.Step>) {
    guard let step = steps.first else { return (0, steps) }
    let names = standard.names(of: items, at: path)
    if let (place, rest) = Self.find(steps, names.map { $0 ?? "" }) {
      let same = names.indices.filter { names[$0] == names[place] }
      guard same.count == 1 else {
        throw SettingError(
          text, at: step.column,
          "\(same.count) entries of '\(path)' are called '\(step.name)'; give the number of one, "
            + "such as \(path).\(same[0])")
      }
      return (place, rest)
    }
    if let number = Int(step.name), items.indices.contains(number) {
      return (number, steps.dropFirst())
    }
    let known = names.compactMap { $0 }
    let numbers = items.isEmpty ? "it is empty" : "expected a number from 0 to \(items.count - 1)"
    throw SettingError(
      text, at: step.column,
      "no entry of '\(path)' is called '\(step.name)'; "
        + (known.isEmpty ? numbers : Suggestion.text(for: step.name, among: known)))
  }

  /// The longest of some names that the next steps spell, as names may have dots in them.
  private static func find(
    _ steps: ArraySlice<ScenarioSetting.Step>, _ names: [String]
  ) -> (place: Int, rest: ArraySlice<ScenarioSetting.Step>)? {
    for count in stride(from: steps.count, to: 0, by: -1) {
      let name = steps.prefix(count).map(\.name).joined(separator: ".")
      if let place = names.firstIndex(of: name) { return (place, steps.dropFirst(count)) }
    }
    return nil
  }
}

extension Scenario {
  /// What the entries of a list are called; `nil` for those that have no name.
  fileprivate func names(of items: [YAMLNode], at path: Path) -> [String?] {
    if path.description == "cluster.slaves", items.count == cluster.slaves.count {
      return cluster.groupNames
    }
    return items.map { item in
      ["label", "name", "group"].lazy.compactMap { item.scalarText(behind: $0) }.first
    }
  }

  /// The list that stands at a path when the file does not give one.
  fileprivate func list(at path: Path) -> YAMLNode? {
    guard let node = Scenario.table.write(self).node(at: path), case .list = node.content else {
      return nil
    }
    return node
  }
}
