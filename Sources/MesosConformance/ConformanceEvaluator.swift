// Part of mesosim. Apache-2.0, see LICENSE.
//
// What a kind of case files needs: a name and a function from inputs to outcomes. A new kind is a
// new file with one such type, and its line in `ConformanceKinds`.

import Mesos

/// Computes the outcomes of one kind of cases.
protocol ConformanceEvaluator: Sendable {
  /// The word under `kind` in the case files.
  var kind: String { get }

  /// Names of fields whose arrays are compared without regard to order.
  var setFields: Set<String> { get }

  /// Names of fields that must be equal as a whole, not only in the members that are named.
  var wholeFields: Set<String> { get }

  /// Takes the cases out of a file.
  ///
  /// Called once a file; the default reads the array `cases`.
  func cases(of file: CaseFile) throws(ConformanceFileError) -> [ConformanceCase]

  /// Computes everything an `expect` may ask for.
  ///
  /// Called once a case, in order. What the product refuses is an outcome, not an error; the only
  /// thing to throw is a `CaseInputError`, for an input that cannot be decoded.
  func evaluate(_ input: JSONValue) throws -> JSONValue

  /// Runs a file whose form is the kind's own; `nil` where it has cases with inputs, as most do.
  func outcomes(of file: CaseFile) throws(ConformanceFileError) -> [ConformanceOutcome]?

  /// What a file's steps are and what comes of each, in lines; `nil` where there are no steps.
  func transcript(of file: CaseFile) throws(ConformanceFileError) -> [String]?
}

extension ConformanceEvaluator {
  func outcomes(of file: CaseFile) throws(ConformanceFileError) -> [ConformanceOutcome]? { nil }
  func transcript(of file: CaseFile) throws(ConformanceFileError) -> [String]? { nil }

  var setFields: Set<String> { [] }
  var wholeFields: Set<String> { [] }
  func cases(of file: CaseFile) throws(ConformanceFileError) -> [ConformanceCase] {
    try file.namedCases()
  }
}

/// Every kind there is an evaluator for.
enum ConformanceKinds {
  static let all: [any ConformanceEvaluator] = [
    ResourcesEvaluator(),
    ResourcesArithmeticEvaluator(),
    AttributesEvaluator(),
    DisplayEvaluator(),
    AllocatorEvaluator(),
    MarathonConstraintEvaluator(),
    MarathonAppEvaluator(),
    MarathonBackoffEvaluator(),
    MarathonKillSelectionEvaluator(),
    MarathonPortsEvaluator(),
    MarathonUpgradeEvaluator(),
    ThermosEvaluator(),
    AuroraJobEvaluator(),
    AuroraTransitionEvaluator(),
    AuroraInstanceEvaluator(),
    AuroraBackoffEvaluator(),
    AuroraConstraintEvaluator(),
    AuroraQuotaEvaluator(),
    AuroraPreemptionEvaluator(),
    AuroraCronEvaluator(),
    AuroraHealthEvaluator(),
    AuroraUpdateEvaluator(),
    KafkaExpressionEvaluator(),
    KafkaBrokerEvaluator(),
    KafkaConstraintEvaluator(),
    KafkaFailoverEvaluator(),
    KafkaOfferEvaluator(),
    MasterEvaluator(kind: "master"),
    MasterEvaluator(kind: "driver"),
    MasterEvaluator(kind: "http"),
    MasterEvaluator(kind: "agent"),
  ]
}

/// Says why the input of a case cannot be decoded.
struct CaseInputError: Error, CustomStringConvertible {
  let message: String
  init(_ message: String) { self.message = message }
  var description: String { message }
}

extension JSONValue {
  /// A member that must be text.
  func requiredString(_ key: String) throws(CaseInputError) -> String {
    guard let text = try optionalString(key) else {
      throw CaseInputError("input has no '\(key)'; expected a string")
    }
    return text
  }

  /// A member that may be missing and otherwise must be text.
  func optionalString(_ key: String) throws(CaseInputError) -> String? {
    guard let member = self[key] else { return nil }
    guard let text = member.string else {
      throw CaseInputError("input '\(key)' is no string")
    }
    return text
  }

  /// A member that must be a number.
  func requiredNumber(_ key: String) throws(CaseInputError) -> Double {
    guard let number = self[key]?.double, number.isFinite else {
      throw CaseInputError("input has no '\(key)'; expected a number")
    }
    return number
  }
}
