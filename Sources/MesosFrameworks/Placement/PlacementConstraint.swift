// Part of mesosim. Apache-2.0, see LICENSE.
//
// Where tasks may go, in the words of Marathon's constraints: a field of the slave, an operator,
// and what some operators need beside. What is accepted is decided in `Placement`.

/// One rule about the slaves that tasks may be launched on, such as `rack:GROUP_BY:3`.
public struct PlacementConstraint: Hashable, Sendable {
  /// What a rule can demand of a field.
  public enum Operator: String, Hashable, Sendable, CaseIterable {
    /// No two tasks where the field has the same value.
    case unique = "UNIQUE"
    /// All tasks where the field has one value: the given one, or the first task's.
    case cluster = "CLUSTER"
    /// Tasks spread evenly over the field's values, of which there are so many at least.
    case groupBy = "GROUP_BY"
    /// Only where a pattern matches the whole value.
    case like = "LIKE"
    /// Only where a pattern does not match the whole value, or where there is no value.
    case unlike = "UNLIKE"
    /// At most so many tasks where the field has the same value.
    case maxPer = "MAX_PER"
    /// Only where the field has this value.
    case `is` = "IS"

    /// The operator that a word names, in any letter case.
    public init?(word: String) { self.init(rawValue: word.uppercased()) }
  }

  /// What is looked at: `hostname` or `@hostname`, `@region`, `@zone`, or the name of an attribute,
  /// of which the first with this name counts.
  public var field: String
  /// What is demanded of it.
  public var `operator`: Operator
  /// What the operator needs beside; empty for nothing.
  public var value: String

  /// Describes a rule, sound or not; what cannot be evaluated accepts no slave.
  ///
  /// `fault` tells what is not sound.
  public init(_ field: String, _ operator: Operator, _ value: String = "") {
    self.field = field
    self.operator = `operator`
    self.value = value
  }
}

extension PlacementConstraint: CustomStringConvertible {
  /// The rule as it is written, such as `rack:GROUP_BY:3`.
  public var description: String {
    "\(field):\(`operator`.rawValue)" + (value.isEmpty ? "" : ":\(value)")
  }
}

extension PlacementConstraint {
  /// The parts of a rule, as it is written in a list.
  public enum Part: Int, Sendable {
    /// What is looked at.
    case field
    /// What is demanded.
    case `operator`
    /// What the operator needs beside.
    case value
  }

  /// Says which part of a rule is not sound, why, and what is expected.
  public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The part that is at fault.
    public let part: Part
    /// What is wrong and what was expected.
    public let message: String
    /// The message.
    public var description: String { message }
  }

  /// What is not sound about the rule; `nil` when nothing is.
  ///
  /// What is refused is what Marathon refuses of an app (`mesosphere.marathon.api.v2.Validation`).
  public var fault: Fault? {
    if field.isEmpty {
      return Fault(part: .field, message: "the field is empty; expected one such as hostname")
    }
    if field.utf8.contains(UInt8(ascii: ":")) {
      return Fault(part: .field, message: "'\(field)' has a ':', which no attribute's name has")
    }
    switch `operator` {
    case .unique where !value.isEmpty:
      return fault("UNIQUE takes no value, found '\(value)'; MAX_PER takes a number")
    case .groupBy where !value.isEmpty && Int32(value) == nil:
      return fault(
        "found '\(value)'; expected how many groups there are at least, such as 3, or nothing")
    case .maxPer where Int32(value) == nil:
      return fault("found '\(value)'; expected how many tasks there may be each, such as 2")
    case .like, .unlike:
      if value.isEmpty { return fault("no pattern; expected a regular expression such as r[1-3]") }
      return PlacementPattern.complaint(about: value).map {
        fault("'\(value)' is no regular expression: \($0)")
      }
    case .is where !value.utf8.allSatisfy(Self.mayStand):
      return fault(
        "'\(value)' can be no value; expected letters, digits, '_', '-', '.' and '/' only")
    default: return nil
    }
  }

  private func fault(_ message: String) -> Fault { Fault(part: .value, message: message) }

  private static func mayStand(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default:
      [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/")]
        .contains(byte)
    }
  }

  /// Reads a rule from its parts: field, operator and, where there is one, value.
  ///
  /// - Throws: `Fault` for what is not sound.
  public init(parts: [String]) throws(Fault) {
    guard let field = parts.first else {
      throw Fault(part: .field, message: "it is empty; \(Self.form)")
    }
    guard parts.count > 1 else {
      throw Fault(part: .field, message: "'\(field)' has no operator; \(Self.form)")
    }
    guard parts.count < 4 else {
      throw Fault(part: .value, message: "\(parts.count) parts; \(Self.form)")
    }
    guard let `operator` = Operator(word: parts[1]) else {
      let words = Operator.allCases.map(\.rawValue).joined(separator: ", ")
      throw Fault(part: .operator, message: "unknown operator '\(parts[1])'; expected \(words)")
    }
    self.init(field, `operator`, parts.count > 2 ? parts[2] : "")
    if let fault { throw fault }
  }

  /// Reads a rule as it is written, such as `rack:GROUP_BY:3`; what stands behind the second colon
  /// is the value, colons included.
  ///
  /// - Throws: `ConstraintSyntaxError` with the column of what is not sound.
  public init(parsing text: String) throws(ConstraintSyntaxError) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    do throws(Fault) {
      try self.init(parts: parts.map { String($0) })
    } catch {
      let before = parts.prefix(error.part.rawValue).reduce(0) { $0 + $1.unicodeScalars.count + 1 }
      throw ConstraintSyntaxError(
        column: min(before, text.unicodeScalars.count) + 1, message: error.message)
    }
  }

  private static let form = "expected FIELD:OPERATOR or FIELD:OPERATOR:VALUE, as hostname:UNIQUE"
}

/// Says what is wrong with the text of a constraint, at which column, and what to write.
public struct ConstraintSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where the fault is, counted in characters of the text from 1.
  public let column: Int
  /// What is wrong and what was expected.
  public let message: String

  /// The column and the message.
  public var description: String { "column \(column): \(message)" }
}
