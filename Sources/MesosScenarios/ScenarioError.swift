// Part of mesosim. Apache-2.0, see LICENSE.
//
// Why a scenario cannot be used: everything that is wrong with it, in the order of the file.

internal import MesosWorkloads

/// Why a scenario cannot be used.
public struct ScenarioError: Error, Hashable, Sendable {
  /// What the user has to mend.
  public enum Category: Hashable, Sendable {
    /// The scenario, or a file it names, is not as it should be.
    case badData
    /// The scenario, or a file it names, is not there.
    case fileNotFound
  }

  /// The file, as the user named it.
  public var file: String
  /// What is wrong, by position.
  public var problems: [ScenarioProblem]

  /// Says what is wrong with a file.
  public init(file: String, problems: [ScenarioProblem]) {
    self.file = file
    self.problems = problems
  }

  /// What the user has to mend: files to fetch only if that is all.
  public var category: Category {
    problems.allSatisfy(\.isMissingFile) ? .fileNotFound : .badData
  }

  /// How many problems are shown; after these many, the first are to be mended anyway.
  public static let shownMax = 20

  /// One line a problem: `file:line:column: path: what is wrong; what was expected`.
  public var lines: [String] {
    var lines = problems.prefix(Self.shownMax).map { $0.line(in: file) }
    if problems.count > Self.shownMax {
      lines.append("\(file): and \(problems.count - Self.shownMax) problems more")
    }
    return lines
  }
}

extension ScenarioError: CustomStringConvertible {
  /// All lines.
  public var description: String { lines.joined(separator: "\n") }
}
