// Part of mesosim. Apache-2.0, see LICENSE.
//
// Regular expressions as constraints use them: the whole value matches or it does not. Characters
// are code points and classes such as `\d` are of ASCII, as in Java.

/// A pattern that remembers what it said of each value: there are many offers and few values.
final class PlacementPattern {
  private let expression: Regex<AnyRegexOutput>?
  private var answers: [String: Bool] = [:]

  init(_ text: String) {
    expression = text.isEmpty ? nil : try? Self.expression(text)
  }

  /// Whether the whole of a value matches; `nil` when the pattern can match nothing.
  func matches(_ value: String) -> Bool? {
    guard let expression else { return nil }
    if let known = answers[value] { return known }
    let answer = (try? expression.wholeMatch(in: value)) != nil
    answers[value] = answer
    return answer
  }

  /// Why a text is no pattern; `nil` when it is one.
  static func complaint(about text: String) -> String? {
    do {
      _ = try expression(text)
      return nil
    } catch { return "\(error)" }
  }

  private static func expression(_ text: String) throws -> Regex<AnyRegexOutput> {
    try Regex(text).matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
  }
}
