// Part of mesosim. Apache-2.0, see LICENSE.
//
// What `--set PATH=v1,v2` says. Names, numbers and values keep their place in the text, so that
// whatever is wrong with them is shown there.

/// A value of a scenario that is to be another one, or one of several in turn.
///
///     try ScenarioSetting(parsing: "frameworks.web.workload.jobs=100,200").choices.count  // 2
public struct ScenarioSetting: Sendable {
  /// A name on the way to the value, and the character at which it begins, from 1.
  struct Step: Sendable {
    let name: String
    let column: Int
  }

  /// One of the values, with the way to it.
  public struct Choice: Sendable {
    /// The setting with this value alone.
    public let text: String
    /// The value as it was written.
    public let value: String
    let steps: [Step]
    let node: YAMLNode
  }

  /// The path as it was written.
  public let path: String
  /// The values, in the order in which they were written.
  public let choices: [Choice]

  /// The last name of the path: what a value is a value of.
  public var name: String { choices.first?.steps.last?.name ?? path }
  /// The first name of the path: which block of the scenario it is about.
  public var block: String { choices.first?.steps.first?.name ?? path }
  /// How many names the path has.
  var depth: Int { choices.first?.steps.count ?? 0 }

  /// Reads a setting: names with dots between them, `=`, and values with commas between them.
  ///
  /// A comma within brackets, braces or quotes belongs to a value.
  /// - Parameter text: The setting.
  /// - Throws: `SettingError` when a part is missing.
  public init(parsing text: String) throws(SettingError) {
    let scalars = Array(text.unicodeScalars)
    guard let sign = scalars.firstIndex(of: "=") else {
      throw SettingError(
        text, at: scalars.count + 1,
        "there is no '=' behind the path; write it as allocation.interval=1s,5s")
    }
    path = String(scalars[..<sign])
    let steps = try Self.steps(scalars[..<sign], in: text)
    var choices: [Choice] = []
    for range in Self.values(scalars[(sign + 1)...]) {
      let value = String(scalars[range]).trimmingSpaces
      guard !value.isEmpty else {
        throw SettingError(
          text, at: range.lowerBound + 1,
          "there is no value; write values with commas between them, such as 1s,5s")
      }
      guard !choices.contains(where: { $0.value == value }) else {
        throw SettingError(text, at: range.lowerBound + 1, "'\(value)' is there already")
      }
      // A value is shown where it stands in the whole text, also when it is tried alone.
      let lead = scalars[range].prefix { $0 == " " }.count
      let own = String(scalars[...sign]) + value
      choices.append(
        Choice(
          text: own, value: value, steps: steps,
          node: try Self.node(value, own, column: sign + 2, in: text, at: range.lowerBound + lead)))
    }
    self.choices = choices
  }

  private static func steps(
    _ path: ArraySlice<Unicode.Scalar>, in text: String
  ) throws(SettingError) -> [Step] {
    var steps: [Step] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      let column = part.startIndex + 1
      let name = String(part).trimmingSpaces
      guard !name.isEmpty else {
        throw SettingError(
          text, at: column, "a name is missing; write a path such as allocation.interval")
      }
      if steps.isEmpty, name.hasPrefix("x-") {
        throw SettingError(
          text, at: column, "'\(name)' is a place for anchors; set the value that uses them")
      }
      steps.append(Step(name: name, column: column))
    }
    return steps
  }

  /// Where the values stand that have commas between them.
  private static func values(_ scalars: ArraySlice<Unicode.Scalar>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var (start, depth) = (scalars.startIndex, 0)
    var quote: Unicode.Scalar?
    for (place, scalar) in zip(scalars.indices, scalars) {
      switch scalar {
      case _ where quote != nil: if scalar == quote { quote = nil }
      case "\"", "'": quote = scalar
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      case "," where depth <= 0:
        ranges.append(start..<place)
        start = place + 1
      default: continue
      }
    }
    return ranges + [start..<scalars.endIndex]
  }

  /// A value as YAML, standing at a column of the setting with this value alone.
  private static func node(
    _ value: String, _ own: String, column: Int, in text: String, at offset: Int
  ) throws(SettingError) -> YAMLNode {
    var problems = Problems()
    guard let node = YAMLNode.parse(value, &problems) else {
      let problem = problems.sorted.first
      throw SettingError(
        text, at: offset + (problem?.position?.column ?? 1),
        problem?.message ?? "this is no value")
    }
    return node.shifted(by: column - 1)
  }
}

/// Says why a setting cannot be used.
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The setting.
  public let text: String
  /// The place of the fault, counted in characters (Unicode scalars) from 1.
  public let column: Int
  /// What is wrong and what was expected.
  public let reason: String

  init(_ text: String, at column: Int, _ reason: String) {
    self.text = text
    self.column = column
    self.reason = reason
  }

  /// All of it in one line.
  public var description: String { "--set \(text): column \(column): \(reason)" }
}

extension ScenarioSetting.Choice {
  /// The line, below those of any file, on which what a choice puts into a document stands.
  static func line(ofNumber number: Int) -> Int { -1 - number }

  /// The number of the choice that put something on a line.
  static func number(ofLine line: Int) -> Int? { line < 0 ? -1 - line : nil }
}

extension YAMLNode {
  /// The node with everything in it further to the right.
  fileprivate func shifted(by columns: Int) -> YAMLNode {
    moved { Position(line: $0.line, column: $0.column + columns) }
  }

  /// The node with everything in it at another place.
  func moved(_ place: (Position) -> Position) -> YAMLNode {
    let content: Content =
      switch self.content {
      case .scalar: self.content
      case .list(let items): .list(items.map { $0.moved(place) })
      case .map(let entries):
        .map(
          entries.map {
            Entry(
              key: $0.key, keyPosition: place($0.keyPosition), value: $0.value.moved(place))
          })
      }
    return YAMLNode(content, at: place(position))
  }
}

extension String {
  fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
    self = String(String.UnicodeScalarView(scalars))
  }

  fileprivate var trimmingSpaces: String {
    let rest = drop { $0 == " " }
    return String(rest.reversed().drop { $0 == " " }.reversed())
  }
}
