// Part of mesosim. Apache-2.0, see LICENSE.
//
// What was chosen, by name. A plan has only what is not trivial, so that its size says how unusual
// it is, and taking an entry out of it makes it simpler. How choices are drawn does not stand here.

/// The value of a named choice.
public enum Choice: Hashable, Sendable {
  /// Yes or no.
  case flag(Bool)
  /// A whole number: a count, or a time in milliseconds.
  case integer(Int)
  /// One of several words.
  case word(String)
}

/// Choices by name, such as `slaves/2/count`; what is not named is trivial.
public typealias Plan = [String: Choice]

/// The choices that somebody asked for, with what simpler answers there are.
public struct AskedChoices: Hashable, Sendable {
  /// What was answered and is not trivial.
  public var plan: Plan = [:]
  /// The trivial answer to each.
  public var trivials: Plan = [:]
  /// Of words, all there are, the simplest first.
  public var words: [String: [String]] = [:]
  /// Which numbers are times in milliseconds, that are simpler when they are round.
  public var times: Set<String> = []

  /// Nothing has been asked for.
  public init() {}
}

/// Where the choices of a generated scenario come from: a seed, values given by name, or both.
///
///     Choices(seed: 417)                                    // drawn
///     Choices(plan: ["faults/0/exists": .flag(true)])       // all others trivial
///
/// A choice depends on the seed and its name alone, so that taking one back leaves all others as
/// they were.
public struct Choices: Hashable, Sendable {
  /// The seed from which choices are drawn that are not given; `nil` for trivial ones.
  public var seed: UInt64?
  /// Choices that are given; a value that its choice cannot have is passed over.
  public var plan: Plan

  /// Draws choices.
  /// - Parameters:
  ///   - seed: What they are drawn from.
  ///   - plan: Choices that are given, in place of drawn ones.
  public init(seed: UInt64, plan: Plan = [:]) {
    self.seed = seed
    self.plan = plan
  }

  /// Takes choices as they are given; all others are trivial.
  public init(plan: Plan) {
    self.plan = plan
  }
}
