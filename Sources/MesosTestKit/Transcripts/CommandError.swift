// Part of mesosim. Apache-2.0, see LICENSE.
//
// A line of a transcript that cannot be carried out.

/// A word, or a few, that no command of a transcript has.
public struct CommandError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is not understood.
  public let word: String
  /// The line that it stands in, where that is known.
  public private(set) var line: String?
  /// What to do.
  public let advice: String

  /// Says what is not understood.
  public init(_ word: String, advice: String = "see the commands of its type") {
    self.word = word
    self.advice = advice
  }

  /// The same, and in which line.
  public func `in`(_ line: String) -> CommandError {
    var error = self
    error.line = line
    return error
  }

  /// Where, what and what to do.
  public var description: String {
    "\(line.map { "'\($0)': " } ?? "")'\(word)' is not understood: \(advice)"
  }
}
