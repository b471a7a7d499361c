// Part of mesosim. Apache-2.0, see LICENSE.
//
// Parameters as a scenario gives them, taken out by name and kind: what is of another kind or out
// of range is an error that says what was expected.

public import Mesos

/// The parameters given to something that is registered, by their keys.
///
///     let parameters = ParameterReader(request.parameters)
///     weight = try parameters.number("weight", default: 1, in: 0.1...10)
///
/// A key that is not given reads as its default. Which keys may be given is declared beside, and
/// checked before.
public struct ParameterReader: Sendable {
  /// What was given.
  public let values: [String: AllocatorParameterValue]

  /// Reads from values.
  public init(_ values: [String: AllocatorParameterValue]) { self.values = values }

  /// A number.
  /// - Parameters:
  ///   - key: The key.
  ///   - standard: What stands when it is not given.
  ///   - range: What it may be.
  /// - Returns: The number.
  /// - Throws: `AllocatorParameterError` when it is no number or out of range.
  public func number(
    _ key: String, default standard: Double, in range: ClosedRange<Double>
  ) throws(AllocatorParameterError) -> Double {
    guard let value = values[key] else { return standard }
    guard case .number(let number) = value, range.contains(number) else {
      throw refusal(key, value, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A whole number.
  /// - Parameters:
  ///   - key: The key.
  ///   - standard: What stands when it is not given.
  ///   - range: What it may be.
  /// - Returns: The number.
  /// - Throws: `AllocatorParameterError` when it is no whole number or out of range.
  public func integer(
    _ key: String, default standard: Int, in range: ClosedRange<Int>
  ) throws(AllocatorParameterError) -> Int {
    guard let value = values[key] else { return standard }
    guard case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole)
    else {
      throw refusal(key, value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  /// `true` or `false`.
  /// - Parameters:
  ///   - key: The key.
  ///   - standard: What stands when it is not given.
  /// - Returns: Which of them.
  /// - Throws: `AllocatorParameterError` when it is neither.
  public func flag(
    _ key: String, default standard: Bool
  ) throws(AllocatorParameterError) -> Bool {
    guard let value = values[key] else { return standard }
    guard case .flag(let flag) = value else { throw refusal(key, value, "true or false") }
    return flag
  }

  /// A text.
  /// - Parameters:
  ///   - key: The key.
  ///   - standard: What stands when it is not given.
  ///   - words: What it may be, if not anything.
  /// - Returns: The text.
  /// - Throws: `AllocatorParameterError` when it is no text, or none of the words.
  public func text(
    _ key: String, default standard: String, oneOf words: [String]? = nil
  ) throws(AllocatorParameterError) -> String {
    guard let value = values[key] else { return standard }
    guard case .text(let text) = value, words?.contains(text) ?? true else {
      throw refusal(key, value, words.map { $0.joined(separator: " or ") } ?? "a text")
    }
    return text
  }

  /// A list of texts.
  /// - Parameters:
  ///   - key: The key.
  ///   - standard: What stands when it is not given.
  /// - Returns: The texts.
  /// - Throws: `AllocatorParameterError` when it is no list, or something in it is no text.
  public func texts(
    _ key: String, default standard: [String] = []
  ) throws(AllocatorParameterError) -> [String] {
    guard let value = values[key] else { return standard }
    guard case .list(let items) = value else { throw refusal(key, value, "a list such as [a, b]") }
    var texts: [String] = []
    for item in items {
      guard case .text(let text) = item else { throw refusal(key, item, "a list such as [a, b]") }
      texts.append(text)
    }
    return texts
  }

  /// Resources, written as Mesos does.
  /// - Parameters:
  ///   - key: The key.
  ///   - standard: What stands when it is not given.
  /// - Returns: The resources.
  /// - Throws: `AllocatorParameterError` when the text can't be read.
  public func resources(
    _ key: String, default standard: Resources
  ) throws(AllocatorParameterError) -> Resources {
    guard let value = values[key] else { return standard }
    guard case .text(let text) = value else {
      throw refusal(key, value, "resources such as \"cpus:1;mem:512\"")
    }
    do throws(ResourceSyntaxError) { return try Resources(parsing: text) } catch {
      throw AllocatorParameterError(path: key, reason: error.message)
    }
  }

  /// Refuses what stands behind a key.
  /// - Parameters:
  ///   - key: The key.
  ///   - value: What stands there.
  ///   - expected: What was expected, in words.
  /// - Returns: The error to throw.
  public func refusal(
    _ key: String, _ value: AllocatorParameterValue, _ expected: String
  ) -> AllocatorParameterError {
    AllocatorParameterError(path: key, reason: "found \(value.spelled); expected \(expected)")
  }
}

extension AllocatorParameterValue {
  /// The value in a word or two, for messages.
  fileprivate var spelled: String {
    switch self {
    case .flag(let flag): String(flag)
    case .number(let number): Int(exactly: number).map { String($0) } ?? String(number)
    case .text(let text): "'\(text)'"
    case .list: "a list"
    case .map: "a map"
    }
  }
}
