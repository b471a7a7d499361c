// Part of mesosim. Apache-2.0, see LICENSE.
//
// The kinds of parameter there are, each as one line of a declaration.

import VirtualTime

extension Parameter where Value == Int {
  /// A whole number in a range.
  public static func integer(
    _ name: String, _ range: ClosedRange<Int>, default standard: Int, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .integer(range), default: standard, meaning, take: { $0.asInteger },
      give: { .integer($0) })
  }

  /// A whole number of MB above zero, written as `512MB` or `4GB`.
  public static func wholeMegabytes(
    _ name: String, default standard: Int, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .megabytes(isWhole: true), default: standard, meaning, take: { Int($0.asNumber) },
      give: { .number(Double($0)) })
  }
}

extension Parameter where Value == Int? {
  /// A whole number in a range, or `nil` by this word.
  public static func integer(
    _ name: String, _ range: ClosedRange<Int>, or word: String, default standard: Int?,
    _ meaning: String
  ) -> Parameter {
    Parameter<Int>.integer(name, range, default: range.lowerBound, meaning)
      .or(word, default: standard)
  }
}

extension Parameter where Value == Double {
  /// A number in a range.
  public static func number(
    _ name: String, _ range: ClosedRange<Double>, default standard: Double, _ meaning: String
  ) -> Parameter {
    number(
      name, NumberRange(least: range.lowerBound, greatest: range.upperBound), default: standard,
      meaning)
  }

  /// A number above another.
  public static func number(
    _ name: String, above least: Double, default standard: Double, _ meaning: String
  ) -> Parameter {
    number(
      name, NumberRange(least: least, includesLeast: false), default: standard, meaning)
  }

  private static func number(
    _ name: String, _ range: NumberRange, default standard: Double, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .number(range), default: standard, meaning, take: { $0.asNumber }, give: { .number($0) }
    )
  }

  /// An amount of memory or disk in MB, zero or more, written as `512MB` or `4GB`.
  public static func megabytes(
    _ name: String, default standard: Double, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .megabytes(isWhole: false), default: standard, meaning, take: { $0.asNumber },
      give: { .number($0) })
  }
}

extension Parameter where Value == Bool {
  /// `true` or `false`.
  public static func flag(
    _ name: String, default standard: Bool, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .flag, default: standard, meaning, take: { $0 == .flag(true) }, give: { .flag($0) })
  }
}

extension Parameter where Value == String {
  /// A text.
  public static func text(
    _ name: String, default standard: String, _ meaning: String
  ) -> Parameter {
    Parameter(name, .text, default: standard, meaning, take: { $0.asText }, give: { .text($0) })
  }
}

extension Parameter where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of a few words.
  public static func choice(
    _ name: String, default standard: Value, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .word(Value.allCases.map(\.rawValue)), default: standard, meaning,
      take: { Value(rawValue: $0.asText) ?? standard }, give: { .text($0.rawValue) })
  }
}

extension Parameter where Value == Duration {
  /// A duration, zero or more.
  public static func duration(
    _ name: String, default standard: Duration, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .duration(isPositive: false), default: standard, meaning, take: { $0.asDuration },
      give: { .duration($0) })
  }
}

extension Parameter where Value == Duration? {
  /// A duration above zero, or `nil` by this word.
  public static func duration(
    _ name: String, or word: String, default standard: Duration?, _ meaning: String
  ) -> Parameter {
    Parameter<Duration>(
      name, .duration(isPositive: true), default: .zero, meaning, take: { $0.asDuration },
      give: { .duration($0) }
    ).or(word, default: standard)
  }

  /// A duration above zero, `nil` when it is left out.
  public static func duration(_ name: String, _ meaning: String) -> Parameter {
    Parameter(
      name, .duration(isPositive: true), default: nil, meaning, take: { $0.asDuration },
      give: { $0.map { .duration($0) } })
  }
}

extension Parameter where Value == Resources {
  /// Resources, at least one of them.
  public static func resources(
    _ name: String, default standard: Resources, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .resources, default: standard, meaning, take: { $0.asResources },
      give: { .resources($0) })
  }
}

extension Parameter where Value == [String] {
  /// A list of texts.
  public static func texts(
    _ name: String, default standard: [String] = [], example: String, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .list(.text, example: example), default: standard, meaning,
      take: { $0.asList.map(\.asText) }, give: { .list($0.map { .text($0) }) })
  }
}

extension Parameter where Value == [String: Double] {
  /// Numbers by name.
  public static func numbers(
    _ name: String, _ range: NumberRange, default standard: [String: Double] = [:],
    or standardText: String? = nil, example: String, _ meaning: String
  ) -> Parameter {
    Parameter(
      name, .map(.number(range), example: example), default: standard, or: standardText, meaning,
      take: { data in
        Dictionary(data.asMap.map { ($0.key, $0.value.asNumber) }) { first, _ in first }
      },
      give: { numbers in
        .map(
          numbers.sorted { $0.key < $1.key }.map {
            ParameterValue.Entry(key: $0.key, value: .number($0.value))
          })
      })
  }
}

extension Parameter {
  /// The same parameter, with a word for `nil`.
  private func or(_ word: String, default standard: Value?) -> Parameter<Value?> {
    Parameter<Value?>(
      name, .wordOr(word, form), default: standard, meaning,
      take: { data throws(ParameterError) in
        if case .text(word) = data { return nil }
        return try take(data)
      },
      give: { $0.map(give) ?? .text(word) })
  }
}

// What a form has let pass has the parts that are asked for here.
extension ParameterValue {
  fileprivate var asInteger: Int { if case .integer(let number) = self { number } else { 0 } }
  fileprivate var asDuration: Duration {
    if case .duration(let time) = self { time } else { .zero }
  }
  fileprivate var asResources: Resources {
    if case .resources(let resources) = self { resources } else { Resources() }
  }

  /// The number; 0 for anything else.
  package var asNumber: Double { if case .number(let number) = self { number } else { 0 } }
  /// The text; empty for anything else.
  package var asText: String { if case .text(let text) = self { text } else { "" } }
  /// The items of a list; the value itself for anything else.
  package var asList: [ParameterValue] { if case .list(let items) = self { items } else { [self] } }
  /// The entries of a map; none for anything else.
  package var asMap: [Entry] { if case .map(let entries) = self { entries } else { [] } }
}
