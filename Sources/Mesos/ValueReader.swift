// Part of mesosim. Apache-2.0, see LICENSE.
//
// Reads one value as Mesos does: the part after the colon of a resource or an attribute.

/// A value as it stands in a text, before anything is asked of it.
enum ParsedValue {
  case scalar(Double)
  case ranges(ValueRanges)
  case set([String])
  case text(String)
}

/// Reads one value: ranges in `[]`, a set in `{}`, a number, or else text.
///
/// Every space is dropped first, wherever it stands; Mesos reads `1 5` as 15.
struct ValueReader {
  private let source: SourceText
  private let end: Int
  /// The places of all bytes of the value that are no spaces.
  private let places: [Int]

  init(_ source: SourceText, _ part: Range<Int>) {
    self.source = source
    end = part.upperBound
    places = part.filter { source.bytes[$0] != UInt8(ascii: " ") }
  }

  func read() throws(ResourceSyntaxError) -> ParsedValue {
    guard let first = places.first else {
      throw source.error(
        .valueEmpty, at: end, "no value; expected a number, ranges such as [1-2] or a set as {a,b}")
    }
    try checkBalance("{", "}")
    try checkBalance("[", "]")
    try checkBalance("(", ")")
    if let place = firstPlace(of: "[") {
      guard place == first else { throw stray("[", at: place) }
      return .ranges(try readRanges())
    }
    if let place = firstPlace(of: "{") {
      guard place == first else { throw stray("{", at: place) }
      return .set(tokens(separatedBy: "{},\n").map(string))
    }
    return try readNumberOrText(at: first)
  }

  /// Brackets must close as often as they open, and never before.
  private func checkBalance(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar
  ) throws(ResourceSyntaxError) {
    var opened: [Int] = []
    for place in places {
      if source.bytes[place] == UInt8(ascii: open) { opened.append(place) }
      if source.bytes[place] == UInt8(ascii: close), opened.popLast() == nil {
        throw source.error(
          .brackets, at: place, "'\(close)' closes nothing; expected a '\(open)' before it")
      }
    }
    if let place = opened.first {
      throw source.error(.brackets, at: place, "'\(open)' is not closed; add the '\(close)'")
    }
  }

  private func stray(_ bracket: String, at place: Int) -> ResourceSyntaxError {
    source.error(
      .stray, at: place, "'\(bracket)' within a value; ranges and sets begin with their bracket")
  }

  private func firstPlace(of byte: Unicode.Scalar) -> Int? {
    places.first { source.bytes[$0] == UInt8(ascii: byte) }
  }
}

// MARK: - Ranges and sets

extension ValueReader {
  private func tokens(separatedBy separators: String) -> [ArraySlice<Int>] {
    let separators = Array(separators.utf8)
    return places.split { separators.contains(source.bytes[$0]) }
  }

  private func string(_ token: ArraySlice<Int>) -> String {
    String(decoding: token.map { source.bytes[$0] }, as: UTF8.self)
  }

  /// `-` and `,` both only separate, so `[1,5]` and `[1--5]` are `[1-5]`.
  private func readRanges() throws(ResourceSyntaxError) -> ValueRanges {
    let bounds = tokens(separatedBy: "[]-,\n")
    guard bounds.count.isMultiple(of: 2) else {
      let place = bounds.last?.first ?? end
      throw source.error(
        .rangeCount, at: place,
        "\(bounds.count) bounds; expected pairs such as [31000-32000], or [80-80] for one number")
    }
    var ranges: [ValueRange] = []
    for index in stride(from: 0, to: bounds.count, by: 2) {
      ranges.append(ValueRange(try bound(bounds[index]), try bound(bounds[index + 1])))
    }
    return ValueRanges(ranges)
  }

  private func bound(_ token: ArraySlice<Int>) throws(ResourceSyntaxError) -> UInt64 {
    let digits = string(token)
    guard digits.utf8.allSatisfy(Decimal.isDigit), let number = UInt64(digits) else {
      throw source.error(
        .rangeNumber, at: token.first ?? end,
        "'\(digits)' is no bound; expected a whole number from 0 to \(UInt64.max)")
    }
    return number
  }
}

// MARK: - Numbers

extension ValueReader {
  private func readNumberOrText(at place: Int) throws(ResourceSyntaxError) -> ParsedValue {
    let text = string(places[...])
    guard let number = Decimal.number(text) else { return .text(text) }
    if number.isSubnormal {
      throw source.error(
        .subnormal, at: place, "'\(text)' is too close to zero; expected 0 or at least 0.001")
    }
    return number < 0 ? .text(text) : .scalar(number)
  }
}

/// Decimal numbers as `strtod` reads them in a C locale, without its hexadecimal forms and words.
enum Decimal {
  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// The number a text stands for, if it is finite.
  static func number(_ text: String) -> Double? { value(text).flatMap { $0.isFinite ? $0 : nil } }

  /// The number a text stands for; `nil` unless all of it is one, infinite when it is too large.
  static func value(_ text: String) -> Double? {
    var rest = text.utf8[...]
    if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      rest = rest.dropFirst()
    }
    var digits = dropDigits(&rest)
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      digits += dropDigits(&rest)
    }
    guard digits > 0 else { return nil }
    if let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard dropDigits(&rest) > 0 else { return nil }
    }
    return rest.isEmpty ? Double(text) : nil
  }

  private static func dropDigits(_ rest: inout Substring.UTF8View) -> Int {
    let tail = rest.drop(while: isDigit)
    defer { rest = tail }
    return rest.count - tail.count
  }
}
