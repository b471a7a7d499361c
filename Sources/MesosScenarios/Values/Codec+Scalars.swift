// Part of mesosim. Apache-2.0, see LICENSE.
//
// The plain values of a scenario: names, numbers, words, durations.

internal import Mesos

extension Codec where Value == String {
  /// Any text.
  static var text: Codec {
    Codec.scalar(
      "a text", [.text], schema: ["type": "string"], parse: { (text) throws(Mismatch) in text },
      print: YAMLNode.text)
  }

  /// A name that can stand in file names, table columns and names of random streams.
  static var label: Codec {
    Codec.scalar(
      "a name", [.text], schema: ["type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"],
      parse: { (text) throws(Mismatch) in
        let bytes = text.utf8
        guard let first = bytes.first, isWordByte(first), bytes.count <= 100,
          bytes.allSatisfy({ isWordByte($0) || "._-".utf8.contains($0) })
        else {
          throw Mismatch(
            reason: "'\(text)' is no name; expected up to 100 letters, digits, '.', '_' or '-', "
              + "the first a letter or digit")
        }
        return text
      },
      print: YAMLNode.text
    ).defined(as: "name")
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension Codec where Value == Bool {
  /// `true` or `false`.
  static var flag: Codec {
    Codec.scalar(
      "true or false", [.bool], schema: ["type": "boolean"],
      parse: { (text) throws(Mismatch) in text.lowercased() == "true" },
      print: { .plain($0 ? "true" : "false") })
  }
}

extension Codec where Value == Int {
  /// A whole number in a range.
  static func integer(_ range: ClosedRange<Int>) -> Codec {
    let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return .scalar(
      expected, [.integer],
      schema: [
        "type": "integer", "minimum": .number(String(range.lowerBound)),
        "maximum": .number(String(range.upperBound)),
      ],
      parse: { (text) throws(Mismatch) in
        guard let value = Int(text), range.contains(value) else {
          throw Mismatch(reason: "found \(text); expected \(expected)")
        }
        return value
      },
      print: { .plain(String($0)) })
  }
}

extension Codec where Value == UInt64 {
  /// A seed: any 64-bit number without a sign.
  static var seed: Codec {
    Codec.scalar(
      "a whole number from 0 to \(UInt64.max)", [.integer],
      schema: ["type": "integer", "minimum": 0, "maximum": .number(String(UInt64.max))],
      parse: { (text) throws(Mismatch) in
        guard let value = UInt64(text) else {
          throw Mismatch(
            reason: "found \(text); expected a whole number from 0 to \(UInt64.max)")
        }
        return value
      },
      print: { .plain(String($0)) })
  }
}

extension Codec where Value == Double {
  /// A finite number, at least `least`.
  static func number(
    _ expected: String = "a number", above least: Double? = nil, orEqual: Bool = true
  ) -> Codec {
    let wanted =
      expected + (least.map { (orEqual ? " of at least " : " above ") + $0.shortText } ?? "")
    return number(wanted, in: NumberRange(least: least, includesLeast: orEqual))
  }

  /// A finite number in a range.
  static func number(_ expected: String, in range: NumberRange) -> Codec {
    var schema: JSONText = ["type": "number"]
    if let least = range.least {
      let bound = range.includesLeast ? "minimum" : "exclusiveMinimum"
      schema = schema.adding([bound: .number(least.shortText)])
    }
    if let greatest = range.greatest {
      schema = schema.adding(["maximum": .number(greatest.shortText)])
    }
    return .scalar(
      expected, [.integer, .number], schema: schema,
      parse: { (text) throws(Mismatch) in
        guard let value = Double(text), range.contains(value) else {
          throw Mismatch(reason: "found \(text); expected \(expected)")
        }
        return value
      },
      print: { .plain($0.shortText) })
  }

  /// A duration as seconds, for the parameters of distributions.
  static var seconds: Codec {
    Codec<Duration>.duration.map(
      { (duration) throws(Mismatch) in duration.inSeconds }, { .rounded(seconds: $0) })
  }
}

extension Codec where Value == Duration {
  /// A duration such as `5s`, zero or more.
  static var duration: Codec {
    length(isPositive: false).defined(as: "duration")
  }

  /// A duration such as `5s`, more than zero.
  static var positiveDuration: Codec {
    length(isPositive: true).defined(as: "positive-duration")
  }

  private static func length(isPositive: Bool) -> Codec {
    let expected = "a duration such as 250ms, 5s, 10m, 2h or 1d"
    let number = #"([0-9]+(\.[0-9]+)?|\.[0-9]+)"#
    // Units of whole numbers before it as they are printed: 1h22m.
    let larger = "([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?"
    let pattern = (isPositive ? "^(?=.*[1-9])" : "^") + larger + number + "(ns|us|ms|s|m|h|d)$"
    return .scalar(
      expected, [.text, .integer, .number],
      schema: ["type": "string", "pattern": .string(pattern)],
      parse: { (text) throws(Mismatch) in
        let nanoseconds = try UnitText.duration.parse(text, expected: expected)
        guard nanoseconds >= 0 else {
          throw Mismatch(reason: "\(text) is negative; expected \(expected)")
        }
        guard nanoseconds > 0 || !isPositive else {
          throw Mismatch(reason: "\(text) is no time at all; expected \(expected)")
        }
        return .nanoseconds(nanoseconds)
      },
      print: { .plain($0.scenarioText) })
  }
}

extension Codec where Value == Int64 {
  /// A size of data such as `128MB`, more than zero.
  static var bytes: Codec {
    Codec.scalar(
      "a size such as 128MB or 1GiB", [.text, .integer, .number],
      schema: ["type": "string", "pattern": #"^[0-9]+(\.[0-9]+)?([kMGT]B|[KMGT]iB|B)$"#],
      parse: { (text) throws(Mismatch) in
        let bytes = try UnitText.bytes.parse(text, expected: "a size such as 128MB or 1GiB")
        guard bytes > 0 else {
          throw Mismatch(reason: "found \(text); expected a size above 0 such as 128MB")
        }
        return bytes
      },
      print: { .plain(UnitText.bytes.print($0)) }
    ).defined(as: "size")
  }
}

extension Codec where Value == String {
  /// One of a few words.
  static func oneOf(_ words: [String], later: [String] = []) -> Codec {
    .scalar(
      Suggestion.oneOf(words), kinds(of: words),
      schema: ["enum": .array(words.map(JSONText.string))],
      parse: { (text) throws(Mismatch) in
        guard words.contains(text) else {
          throw Mismatch(unknown: text, among: words, later: later)
        }
        return text
      },
      print: { .text($0) })
  }

  /// What YAML may take words for: a version looks like a number, and is meant as it stands there.
  private static func kinds(of words: [String]) -> Set<YAMLNode.Kind> {
    words.contains { Double($0) != nil } ? [.text, .number, .integer] : [.text]
  }
}

extension Codec where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One of a few words.
  ///
  /// - Parameter later: Words of the documented format that this version does not know yet.
  /// - Returns: The codec.
  static func word(later: [String] = []) -> Codec {
    let words = Codec<String>.oneOf(Value.allCases.map(\.rawValue), later: later)
    return Codec(
      expected: words.expected,
      read: { words.read($0, $1, &$2).flatMap { Value(rawValue: $0) } },
      write: { words.write($0.rawValue) }, schema: words.schema)
  }
}

extension Mismatch {
  /// A word that is none of those there are; `later` ones are known, but not supported.
  fileprivate init(unknown word: String, among words: [String], later: [String]) {
    reason =
      later.contains(word)
      ? "'\(word)' is not supported by this version; expected " + Suggestion.oneOf(words)
      : "unknown word '\(word)'; " + Suggestion.text(for: word, among: words)
  }
}
