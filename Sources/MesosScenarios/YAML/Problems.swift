// Part of mesosim. Apache-2.0, see LICENSE.
//
// What is wrong with a file, collected so that a user sees all of it at once.

/// The way from the top of a document to a value, such as `cluster.slaves[0].resources`.
struct Path: Sendable, CustomStringConvertible {
  /// One step down.
  enum Step: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  var steps: [Step] = []

  static func + (path: Path, key: String) -> Path { Path(steps: path.steps + [.key(key)]) }
  static func + (path: Path, index: Int) -> Path { Path(steps: path.steps + [.index(index)]) }

  /// The path below this one to what an error of a parameter names, such as `slaves.0.counts`.
  func below(_ keys: some Sequence<Substring>) -> Path {
    Path(steps: steps + keys.map { key in Int(key).map(Step.index) ?? .key(String(key)) })
  }

  var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .index(let index): text += "[\(index)]"
      }
    }
    return text
  }
}

/// One thing that is wrong with a scenario, or that its author should know.
public struct ScenarioProblem: Hashable, Sendable {
  /// Where it stands; `nil` when it concerns the file as a whole.
  public var position: Position?
  /// The value it concerns, such as `cluster.slaves[0].resources`; empty for the whole file.
  public var path: String
  /// What is wrong and what was expected.
  public var message: String
  /// Whether it is that a file is not there.
  public var isMissingFile: Bool

  /// Describes a problem.
  public init(
    position: Position?, path: String, message: String, isMissingFile: Bool = false
  ) {
    self.position = position
    self.path = path
    self.message = message
    self.isMissingFile = isMissingFile
  }

  /// The problem in one line: `file:line:column: path: message`.
  public func line(in file: String) -> String {
    var text = file
    if let position { text += ":\(position.line):\(position.column)" }
    if !path.isEmpty { text += ": \(path)" }
    return text + ": \(message)"
  }

  /// The problem where it is clear which file is meant: `line 7: path: message`.
  public var lineInFile: String {
    let parts = [position.map { "line \($0.line)" } ?? "", path, message]
    return parts.filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

/// Gathers the problems of one document while it is read, and knows what reading depends on.
struct Problems {
  /// Where the paths in the document lead.
  let files: ScenarioFiles
  /// The names that are known elsewhere.
  let vocabulary: ScenarioVocabulary
  /// What calendar times are counted from: the run's start, that of the framework that is being
  /// read, and that of its work.
  var calendar = CalendarOrigin()
  var frameworkCalendar = CalendarOrigin()
  var workCalendar = CalendarOrigin()
  /// What was found, in the order of finding.
  private(set) var found: [ScenarioProblem] = []

  init(
    files: ScenarioFiles = ScenarioFiles(folder: "."), vocabulary: ScenarioVocabulary = .init()
  ) {
    self.files = files
    self.vocabulary = vocabulary
  }

  var isEmpty: Bool { found.isEmpty }
  var count: Int { found.count }

  /// Notes a problem with the value at `path`.
  mutating func add(
    at position: Position, _ path: Path, _ message: String, isMissingFile: Bool = false
  ) {
    found.append(
      ScenarioProblem(
        position: position, path: path.description, message: message,
        isMissingFile: isMissingFile))
  }

  /// Notes a problem that was described elsewhere.
  mutating func add(_ problem: ScenarioProblem) { found.append(problem) }

  /// Notes that a node holds something else than was expected.
  mutating func mismatch(_ node: YAMLNode, _ path: Path, expected: String) {
    add(at: node.position, path, "found \(node.spelled); expected \(expected)")
  }

  /// The problems by position.
  ///
  /// What stands once but is used through several aliases counts once.
  var sorted: [ScenarioProblem] {
    struct Place: Hashable {
      var position: Position?
      var message: String
    }
    var seen: Set<Place> = []
    let unique = found.filter {
      seen.insert(Place(position: $0.position, message: $0.message)).inserted
    }
    let start = Position(line: 0, column: 0)
    let ranked = unique.enumerated().sorted {
      ($0.element.position ?? start, $0.offset) < ($1.element.position ?? start, $1.offset)
    }
    return ranked.map(\.element)
  }
}
