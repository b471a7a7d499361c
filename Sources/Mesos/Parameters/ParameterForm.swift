// Part of mesosim. Apache-2.0, see LICENSE.
//
// What may be written as the value of a parameter. Lists, schemas and the reader of scenarios all
// go by it; a new form needs a case here and its reading in `Codec+Parameters.swift`.

import VirtualTime

/// What may be written as the value of a parameter.
public indirect enum ParameterForm: Hashable, Sendable {
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range.
  case number(NumberRange)
  /// `true` or `false`.
  case flag
  /// Any text.
  case text
  /// One of a few words.
  case word([String])
  /// A duration, zero or more, or more than zero.
  case duration(isPositive: Bool)
  /// Resources, at least one of them.
  case resources
  /// An amount of memory or disk in MB, or with a unit; whole and above zero if it says so.
  case megabytes(isWhole: Bool)
  /// This word, or a value of another form, which must be one without parts.
  case wordOr(String, ParameterForm)
  /// A list of such values.
  case list(ParameterForm, example: String)
  /// One such value without parts, or a list of them.
  case oneOrMore(ParameterForm)
  /// A map from names to such values.
  case map(ParameterForm, example: String)
  /// A map with these keys, none of which must be given.
  case fields([Field], example: String)
  /// A document of somebody else's form: written out, or the name of a file that has it.
  case document(example: String)

  /// One key of a map with fixed keys.
  public struct Field: Hashable, Sendable {
    /// The key.
    public var key: String
    /// What may stand behind it.
    public var form: ParameterForm

    /// Describes a key.
    public init(_ key: String, _ form: ParameterForm) {
      self.key = key
      self.form = form
    }
  }
}

/// The numbers from a least to a greatest one, where there are such.
public struct NumberRange: Hashable, Sendable {
  /// The least number; `nil` for none.
  public var least: Double?
  /// Whether the least number is itself in the range.
  public var includesLeast: Bool
  /// The greatest number, which is in the range; `nil` for none.
  public var greatest: Double?

  /// Describes a range.
  public init(least: Double? = nil, includesLeast: Bool = true, greatest: Double? = nil) {
    self.least = least
    self.includesLeast = includesLeast
    self.greatest = greatest
  }

  /// Whether a number is finite and in the range.
  public func contains(_ number: Double) -> Bool {
    guard number.isFinite else { return false }
    let isEnough = least.map { includesLeast ? number >= $0 : number > $0 } ?? true
    return isEnough && number <= greatest ?? .infinity
  }
}

extension NumberRange: CustomStringConvertible {
  /// The range in words: `a number from 0 to 1`.
  public var description: String {
    switch (least, greatest) {
    case (let least?, let greatest?):
      includesLeast
        ? "a number from \(least.shortText) to \(greatest.shortText)"
        : "a number above \(least.shortText), at most \(greatest.shortText)"
    case (let least?, nil):
      "a number " + (includesLeast ? "of at least " : "above ") + least.shortText
    case (nil, let greatest?): "a number of at most \(greatest.shortText)"
    case (nil, nil): "a number"
    }
  }
}

extension ParameterForm: CustomStringConvertible {
  /// What is expected, in words, for messages and lists.
  public var description: String {
    switch self {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): range.description
    case .flag: "true or false"
    case .text: "a text"
    case .word(let words): Self.oneOf(words)
    case .duration: "a duration such as 250ms, 5s, 10m, 2h or 1d"
    case .resources: "resources such as \"cpus:4;mem:8192\""
    case .megabytes: "an amount such as 512MB or 4GB"
    case .wordOr(let word, let form): "\(form), or '\(word)'"
    case .list(_, let example): "a list such as \(example)"
    case .oneOrMore(let form): "\(form), or a list of such"
    case .map(_, let example), .fields(_, let example): "a map such as \(example)"
    case .document(let example): "a map such as \(example), or the name of a file in JSON"
    }
  }

  private static func oneOf(_ words: [String]) -> String {
    let quoted = words.map { "'\($0)'" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }
}

extension ParameterForm {
  /// Refuses a value that is not of this form.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - path: The keys that lead to it, for the error.
  /// - Throws: `ParameterError` with what was expected.
  public func check(_ value: ParameterValue, at path: String) throws(ParameterError) {
    switch (self, value) {
    case (.list(let form, _), .list(let items)), (.oneOrMore(let form), .list(let items)):
      for item in items { try form.check(item, at: path) }
    case (.map(let form, _), .map(let entries)):
      try Self.refuseRepeated(entries, at: path)
      for entry in entries { try form.check(entry.value, at: "\(path).\(entry.key)") }
    case (.fields(let fields, _), .map(let entries)):
      try Self.refuseRepeated(entries, at: path)
      for entry in entries {
        let path = "\(path).\(entry.key)"
        guard let field = fields.first(where: { $0.key == entry.key }) else {
          let known = fields.map(\.key).joined(separator: ", ")
          throw ParameterError(path: path, reason: "no such key; there are \(known)")
        }
        try field.form.check(entry.value, at: path)
      }
    default:
      guard !admits(value) else { return }
      throw ParameterError(path: path, reason: "found \(value); expected \(self)")
    }
  }

  /// Whether a value without parts is of this form.
  private func admits(_ value: ParameterValue) -> Bool {
    switch (self, value) {
    case (.wordOr(let word, let form), _): value == .text(word) || form.admits(value)
    case (.oneOrMore(let form), _): form.admits(value)
    case (.integer(let range), .integer(let number)): range.contains(number)
    case (.number(let range), .number(let number)): range.contains(number)
    case (.flag, .flag), (.text, .text): true
    case (.document, .map), (.document, .list), (.document, .file): true
    case (.word(let words), .text(let text)): words.contains(text)
    case (.duration(let isPositive), .duration(let duration)):
      isPositive ? duration > .zero : duration >= .zero
    case (.resources, .resources(let resources)): !resources.isEmpty
    case (.megabytes(let isWhole), .number(let amount)):
      amount.isFinite && amount >= 0 && (!isWhole || amount > 0 && Int(exactly: amount) != nil)
    default: false
    }
  }

  private static func refuseRepeated(
    _ entries: [ParameterValue.Entry], at path: String
  ) throws(ParameterError) {
    for (place, entry) in entries.enumerated()
    where entries[..<place].contains(where: { $0.key == entry.key }) {
      throw ParameterError(
        path: "\(path).\(entry.key)", reason: "is listed twice; list each name once")
    }
  }
}
