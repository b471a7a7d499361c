// Part of mesosim. Apache-2.0, see LICENSE.
//
// "Did you mean": the word of a list that is nearest to what was written.

/// Finds what somebody who mistyped a word may have meant.
package enum Suggestion {
  /// The text to append to a message: the nearest of `known`, or all of them when none is near.
  package static func text(for word: String, among known: [String]) -> String {
    if let nearest = nearest(to: word, among: known) { return "did you mean '\(nearest)'?" }
    return "expected " + oneOf(known)
  }

  /// How many words of a list are shown.
  private static let shownMax = 30

  /// The words of a list as `'a', 'b' or 'c'`.
  package static func oneOf(_ words: [String]) -> String { list(words, "or") }

  /// The words of a list as `'a', 'b' and 'c'`.
  package static func list(_ words: [String], _ joint: String = "and") -> String {
    guard let last = words.last else { return "nothing" }
    guard words.count <= shownMax else {
      let shown = words.prefix(shownMax).map { "'\($0)'" }.joined(separator: ", ")
      return "\(shown) \(joint) one of \(words.count - shownMax) more"
    }
    let others = words.dropLast().map { "'\($0)'" }.joined(separator: ", ")
    return others.isEmpty ? "'\(last)'" : "\(others) \(joint) '\(last)'"
  }

  /// The first of the words with the fewest edits from `word`, if these are few.
  package static func nearest(to word: String, among known: [String]) -> String? {
    let length = word.unicodeScalars.count
    guard length <= 64 else { return nil }
    var best: (word: String, edits: Int)?
    for candidate in known {
      let edits = distance(
        Array(word.lowercased().unicodeScalars),
        Array(candidate.lowercased().unicodeScalars))
      // A third of the letters may differ, at least one and at most three.
      let limit = min(3, max(1, max(length, candidate.unicodeScalars.count) / 3))
      if edits <= limit, edits < best?.edits ?? .max { best = (candidate, edits) }
    }
    return best?.word
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
  package static func distance(_ source: [Unicode.Scalar], _ target: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...target.count)
    for (row, letter) in source.enumerated() {
      var current = [row + 1]
      for (column, other) in target.enumerated() {
        var edits = min(
          last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == target[column - 1], source[row - 1] == other {
          edits = min(edits, beforeLast[column - 1] + 1)
        }
        current.append(edits)
      }
      beforeLast = last
      last = current
    }
    return last[target.count]
  }
}
