// Part of mesosim. Apache-2.0, see LICENSE.
//
// Durations and sizes of data as people write them: a number and a unit.

internal import Mesos
internal import VirtualTime

/// A number with a unit, such as `1.5h`, counted exactly in the smallest unit.
struct UnitText {
  /// The units, from the largest, with what each counts for.
  let units: [(name: String, factor: Int64)]
  /// Whether several may follow one another, the largest first, and are added up: `1h22m`.
  var areAdded = false

  static let duration = UnitText(
    units: [
      ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000),
      ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000), ("ns", 1),
    ], areAdded: true)

  /// Decimal units as trace files mean them, and binary ones by their own names.
  static let bytes = UnitText(units: [
    ("TiB", 1 << 40), ("TB", 1_000_000_000_000), ("GiB", 1 << 30), ("GB", 1_000_000_000),
    ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1000), ("B", 1),
  ])

  /// Memory and disk in MB as Mesos counts them: 1 GB is 1024 MB.
  static let megabytes = UnitText(units: [("TB", 1 << 20), ("GB", 1 << 10), ("MB", 1)])

  /// Reads a text such as `-1.5h` or `1h22m`.
  func parse(_ text: String, expected: String) throws(Mismatch) -> Int64 {
    let parts = areAdded ? parts(of: text) : [text]
    guard parts.count > 1 else { return try parsePart(text, expected: expected) }
    var sum: Int64 = 0
    var last: Int64 = .max
    for part in parts {
      let unit = units.first { $0.name == part.drop { !$0.isLetter } }
      // Only the last may be broken, so that a text has one reading.
      let isWhole = part == parts.last || !part.contains(".")
      guard let unit, unit.factor < last, isWhole, part.first?.isNumber == true else {
        throw Mismatch(reason: "found '\(text)'; expected \(expected)")
      }
      last = unit.factor
      let (total, overflow) = sum.addingReportingOverflow(
        try parsePart(part, expected: expected))
      guard !overflow else { throw Mismatch(reason: "'\(text)' is too large") }
      sum = total
    }
    return sum
  }

  /// The text cut before each digit that follows a letter.
  private func parts(of text: String) -> [String] {
    var parts: [String] = []
    for character in text {
      let isNew = character.isNumber && parts.last?.last?.isLetter ?? true
      if isNew || parts.isEmpty {
        parts.append(String(character))
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }

  private func parsePart(_ text: String, expected: String) throws(Mismatch) -> Int64 {
    let unitName = text.reversed().prefix { $0.isLetter }.reversed()
    let number = text.dropLast(unitName.count)
    guard YAMLNode.isNumber(String(number), allowsFraction: true),
      !number.contains(where: { $0 == "e" || $0 == "E" })
    else { throw Mismatch(reason: "found '\(text)'; expected \(expected)") }
    guard !unitName.isEmpty else {
      throw Mismatch(reason: "'\(text)' has no unit; expected \(expected)")
    }
    guard let unit = units.first(where: { $0.name == String(unitName) }) else {
      let names = Suggestion.oneOf(units.reversed().map(\.name))
      throw Mismatch(reason: "unknown unit '\(String(unitName))'; expected \(names)")
    }
    guard let value = Self.scaled(number, by: unit.factor) else {
      throw Mismatch(
        reason: "'\(text)' is too large, or finer than 1 \(units.last?.name ?? "unit")")
    }
    return value
  }

  /// The value in the largest unit in which it is a whole number.
  func print(_ value: Int64) -> String {
    let unit = units.first { value != 0 && value % $0.factor == 0 } ?? ("s", 1)
    guard value != 0 else { return units.contains { $0.name == "s" } ? "0s" : "0B" }
    return "\(value / unit.factor)\(unit.name)"
  }

  /// A decimal number times a factor, if that is a whole number within `Int64`.
  private static func scaled(_ number: Substring, by factor: Int64) -> Int64? {
    let isNegative = number.first == "-"
    let digits = number.drop { $0 == "-" || $0 == "+" }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let whole = parts.first.map { $0.isEmpty ? 0 : Int64($0) } ?? nil
    let fraction = parts.count > 1 ? parts[1].reversed().drop { $0 == "0" }.reversed() : []
    guard let whole, fraction.count <= 15 else { return nil }
    var result = whole.multipliedReportingOverflow(by: factor)
    if result.overflow { return nil }
    if !fraction.isEmpty {
      guard let part = Int64(String(fraction)) else { return nil }
      let power = (0..<fraction.count).reduce(Int64(1)) { power, _ in power * 10 }
      let product = part.multipliedFullWidth(by: factor)
      guard product.high < power else { return nil }
      let (quotient, remainder) = power.dividingFullWidth(product)
      guard remainder == 0 else { return nil }
      result = result.partialValue.addingReportingOverflow(quotient)
      if result.overflow { return nil }
    }
    return isNegative ? -result.partialValue : result.partialValue
  }
}

extension Duration {
  /// The duration as scenario files have it, such as `90m` or `1500ms`; whole nanoseconds.
  package var scenarioText: String { UnitText.duration.print(wholeNanoseconds) }
}

extension Scenario {
  /// Reads a duration as a scenario writes it, such as `2h`; `nil` if it is none.
  public static func duration(_ text: String) -> Duration? {
    guard let nanoseconds = try? UnitText.duration.parse(text, expected: "a duration") else {
      return nil
    }
    return .nanoseconds(nanoseconds)
  }
}
