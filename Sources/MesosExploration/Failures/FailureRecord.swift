// Part of mesosim. Apache-2.0, see LICENSE.
//
// A failure that was found, as it is kept from one exploration to the next: choices by name, so
// that it means the same when the generator has changed, and is read by people in a review.

internal import Mesos

/// A failure with the choices that lead to it.
public struct FailureRecord: Hashable, Sendable {
  /// The version of the format.
  public static let format = 1

  /// What was explored: a scenario's name, a test's.
  public var subject: String
  /// What fails.
  public var failure: ExploredFailure
  /// The seed by which it was found.
  public var seed: UInt64
  /// The choices that lead to it; all others are trivial.
  public var plan: Plan
  /// How large it was when it was found, in words.
  public var found: String
  /// How many runs it took to get to these choices.
  public var runs: Int
  /// Whether nothing simpler was found in the end, so that no more is to be looked for.
  public var isSmallest: Bool
  /// Choices that could as well be others.
  public var free: [String]

  /// Describes a failure.
  public init(
    subject: String, failure: ExploredFailure, seed: UInt64, plan: Plan, found: String,
    runs: Int = 0, isSmallest: Bool = false, free: [String] = []
  ) {
    self.subject = subject
    self.failure = failure
    self.seed = seed
    self.plan = plan
    self.found = found
    self.runs = runs
    self.isSmallest = isSmallest
    self.free = free
  }

  /// The name of its file, without a suffix.
  public var fileName: String { failure.fileName }
}

/// Why a file is no record of a failure.
public struct FailureRecordError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and what was expected.
  public let reason: String
  /// The reason.
  public var description: String { reason }
}

// MARK: - JSON

extension FailureRecord {
  /// The record as JSON, one choice a line, in order.
  public var json: String {
    func quoted(_ text: String) -> String { JSONValue.text(text).text }
    var lines = [
      "  \"format\": \(Self.format)",
      "  \"subject\": \(quoted(subject))",
      "  \"rule\": \(quoted(failure.rule))",
      "  \"message\": \(quoted(failure.message))",
      "  \"instant\": \(quoted(failure.instant))",
      "  \"seed\": \(seed)",
      "  \"found\": \(quoted(found))",
      "  \"runs\": \(runs)",
      "  \"isSmallest\": \(isSmallest)",
      "  \"free\": [\(free.map(quoted).joined(separator: ", "))]",
    ]
    let choices = plan.keys.sorted { $0.precedes($1) }.compactMap { name -> String? in
      guard let choice = plan[name] else { return nil }
      let value =
        switch choice {
        case .flag(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .word(let word): quoted(word)
        }
      return "    \(quoted(name)): \(value)"
    }
    lines.append("  \"plan\": {\n\(choices.joined(separator: ",\n"))\n  }")
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }

  /// Reads a record.
  /// - Parameter text: The JSON.
  /// - Throws: `FailureRecordError` with what was expected.
  public init(json text: String) throws(FailureRecordError) {
    let root: JSONValue
    do throws(JSONSyntaxError) { root = try JSONValue(parsing: text) } catch {
      throw FailureRecordError(reason: "no JSON: \(error)")
    }
    guard let format = root["format"]?.unsigned else {
      throw FailureRecordError(reason: "no record of a failure; expected the key 'format'")
    }
    guard format == UInt64(Self.format) else {
      throw FailureRecordError(
        reason: "format \(format); this version reads format \(Self.format)")
    }
    func word(_ key: String) throws(FailureRecordError) -> String {
      guard let text = root[key]?.string else {
        throw FailureRecordError(reason: "'\(key)' is missing; expected a text")
      }
      return text
    }
    guard let seed = root["seed"]?.unsigned, let members = root["plan"]?.members else {
      throw FailureRecordError(reason: "expected 'seed', a whole number, and 'plan', an object")
    }
    subject = try word("subject")
    failure = ExploredFailure(
      rule: try word("rule"), message: try word("message"), instant: try word("instant"))
    found = try word("found")
    self.seed = seed
    runs = root["runs"]?.unsigned.flatMap { Int(exactly: $0) } ?? 0
    isSmallest = root["isSmallest"]?.bool ?? false
    free = root["free"]?.array?.compactMap(\.string) ?? []
    plan = [:]
    for member in members {
      guard let choice = Choice(member.value) else {
        throw FailureRecordError(
          reason: "plan.\(member.key): expected true, a whole number or a word")
      }
      plan[member.key] = choice
    }
  }
}

extension Choice {
  fileprivate init?(_ value: JSONValue) {
    switch value.content {
    case .bool(let flag): self = .flag(flag)
    case .string(let word): self = .word(word)
    case .number(let text):
      guard let number = Int(text) else { return nil }
      self = .integer(number)
    default: return nil
    }
  }
}
