// Part of mesosim. Apache-2.0, see LICENSE.
//
// The conditions of Kafka on Mesos (`ly.stealth.mesos.kafka`). They bear names that
// Marathon has, too, but mean other things: a pattern is anchored without parentheses, and a group
// that is full takes no new value.

/// What a broker wants of an attribute, given where the other brokers are.
public struct BrokerCondition: Hashable, Sendable {
  private enum Kind: Hashable {
    case like(String, isNegated: Bool)
    case unique
    case cluster(String?)
    case groupBy(Int)
  }

  /// The condition as it was written.
  public let text: String
  private let kind: Kind

  /// Reads a condition such as `like:rack-[12]` or `groupBy:3`.
  ///
  /// - Throws: `BrokerConditionFault` when it is none.
  public init(_ text: String) throws(BrokerConditionFault) {
    self.text = text
    let colon = text.firstIndex(of: ":")
    let word = text[..<(colon ?? text.endIndex)]
    let value = colon.map { String(text[text.index(after: $0)...]) }
    switch (word, value) {
    case ("like", let value?), ("unlike", let value?):
      guard Self.expression(value) != nil else {
        throw BrokerConditionFault(condition: text, expected: "a regular expression behind the ':'")
      }
      kind = .like(value, isNegated: word == "unlike")
    case ("unique", nil): kind = .unique
    case ("cluster", _): kind = .cluster(value)
    case ("groupBy", nil): kind = .groupBy(1)
    case ("groupBy", let value?):
      guard let number = Int32(value) else {
        throw BrokerConditionFault(condition: text, expected: "a whole number behind the ':'")
      }
      kind = .groupBy(Int(number))
    default:
      throw BrokerConditionFault(
        condition: text,
        expected: "like:R, unlike:R, unique, cluster, cluster:V, groupBy or groupBy:N")
    }
  }

  /// Whether a value will do.
  ///
  /// - Parameters:
  ///   - value: The value offered.
  ///   - others: The values of the other brokers with a task, in the order of the brokers.
  /// - Returns: Whether the broker may go there.
  public func accepts(_ value: String, _ others: [String]) -> Bool {
    var places = BrokerPlaces()
    for (id, other) in others.enumerated() { places.add(["": other], of: id) }
    return accepts(value, of: "", &places)
  }

  /// Whether a value of a field will do, given where the others are.
  func accepts(_ value: String, of field: String, _ places: inout BrokerPlaces) -> Bool {
    switch kind {
    case .like(let pattern, let isNegated):
      return places.isLike(pattern, value) { Self.matches(pattern, value) } != isNegated
    case .unique: return places.values(of: field).count(of: value) == 0
    case .cluster(let wanted?): return value == wanted
    case .cluster(nil): return places.values(of: field).first.map { $0 == value } ?? true
    case .groupBy(let groups):
      let others = places.values(of: field)
      let count = others.count(of: value)
      return others.groups < groups ? count == 0 : count == others.leastCount
    }
  }

  /// The anchors stand beside the text, so that `a|b` is `^a` or `b$`.
  private static func expression(_ pattern: String) -> Regex<AnyRegexOutput>? {
    try? Regex("^" + pattern + "$").matchingSemantics(.unicodeScalar).asciiOnlyCharacterClasses()
  }

  private static func matches(_ pattern: String, _ value: String) -> Bool {
    guard let expression = expression(pattern) else { return false }
    return (try? expression.firstMatch(in: value)) != nil
  }
}

/// Says why a text is no condition.
public struct BrokerConditionFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text.
  public var condition: String
  /// What was expected.
  public var expected: String

  /// What is wrong and what was expected.
  public var description: String { "condition '\(condition)': expected \(expected)" }
}
