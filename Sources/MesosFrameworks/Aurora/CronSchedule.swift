// Part of mesosim. Apache-2.0, see LICENSE.
//
// Cron schedules as Aurora reads them (`org.apache.aurora.scheduler.cron`): five
// fields, no aliases, at most one of the two fields of days restricted.

/// When a cron job runs: whole minutes of the calendar, in GMT.
public struct CronSchedule: Hashable, Sendable {
  /// The values of each field, a bit each.
  private var minutes: UInt64 = 0
  private var hours: UInt64 = 0
  private var days: UInt64 = 0
  private var months: UInt64 = 0
  private var weekdays: UInt64 = 0

  /// One of the five fields.
  private struct Field {
    let name: String
    let range: ClosedRange<Int>
    var words: [String] = []
    var all: UInt64 { range.reduce(0) { $0 | 1 << UInt64($1) } }
  }

  private static let monthNames = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]
  private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  /// Reads a schedule such as `*/20 9-10 * * MON`.
  ///
  /// - Throws: `CronFault` that names the field.
  public init(_ text: String) throws(CronFault) {
    let parts = text.split { $0 == " " || $0 == "\t" }.map(String.init)
    let isTrimmed = text.first?.isWhitespace == false && text.last?.isWhitespace == false
    guard parts.count == 5, isTrimmed else {
      throw CronFault(
        schedule: text, field: nil,
        expected: "five fields: minute, hour, day of the month, month, day of the week")
    }
    let fields = [
      Field(name: "minute", range: 0...59), Field(name: "hour", range: 0...23),
      Field(name: "day of the month", range: 1...31),
      Field(name: "month", range: 1...12, words: Self.monthNames),
      Field(name: "day of the week", range: 0...6, words: Self.dayNames),
    ]
    var values: [UInt64] = []
    for (field, part) in zip(fields, parts) {
      guard let bits = Self.bits(part, field) else {
        let words = field.words.isEmpty ? "" : " or names such as \(field.words[0])"
        throw CronFault(
          schedule: text, field: field.name,
          expected: "numbers from \(field.range.lowerBound) to \(field.range.upperBound)\(words), "
            + "as *, N, A-B, */S or A-B/S with S below B, joined by commas; got '\(part)'")
      }
      values.append(bits)
    }
    guard values[2] == fields[2].all || values[4] == fields[4].all else {
      throw CronFault(
        schedule: text, field: "day of the week",
        expected: "* here or as the day of the month; Aurora takes only one of them")
    }
    (minutes, hours, days) = (values[0], values[1], values[2])
    (months, weekdays) = (values[3], values[4])
  }

  private static func bits(_ text: String, _ field: Field) -> UInt64? {
    var bits: UInt64 = 0
    for item in text.split(separator: ",") {
      guard let more = self.bits(item: item, field) else { return nil }
      bits |= more
    }
    return bits == 0 ? nil : bits
  }

  private static func bits(item: Substring, _ field: Field) -> UInt64? {
    let halves = item.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return nil }
    var step = 1
    if halves.count == 2 {
      guard let number = number(halves[1], []), number > 0 else { return nil }
      step = number
    }
    let bounds = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    var range = field.range
    if halves[0] != "*" {
      // A single number has no step; a step of a range is below its end.
      guard bounds.count == 2 || (bounds.count == 1 && halves.count == 1),
        let first = number(bounds[0], field), let last = number(bounds[bounds.count - 1], field),
        first <= last, halves.count == 1 || step < last
      else { return nil }
      range = first...last
    }
    var bits: UInt64 = 0
    for value in range where (value - range.lowerBound) % step == 0 { bits |= 1 << UInt64(value) }
    return bits
  }

  private static func number(_ text: Substring, _ field: Field) -> Int? {
    if let index = field.words.firstIndex(of: text.uppercased()) {
      return field.range.lowerBound + index
    }
    guard let number = number(text, field.words), field.range.contains(number) else { return nil }
    return number
  }

  private static func number(_ text: Substring, _ words: [String]) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int32(text).map { Int($0) }
  }

  /// The next run, strictly later.
  ///
  /// - Parameter seconds: Seconds since the beginning of 1970.
  /// - Returns: The run in seconds since 1970; `nil` when there is none within ten years, because
  ///   there is no such day.
  public func next(after seconds: Int64) -> Int64? {
    let minute = Self.floorDivide(seconds, 60) + 1
    var day = Self.floorDivide(minute, 1440)
    var first = Int(minute - day * 1440)
    for _ in 0..<3660 {
      if isDay(day), let found = minuteOfDay(from: first) {
        return (day * 1440 + Int64(found)) * 60
      }
      day += 1
      first = 0
    }
    return nil
  }

  private func minuteOfDay(from first: Int) -> Int? {
    (first..<1440).first { Self.has(hours, $0 / 60) && Self.has(minutes, $0 % 60) }
  }

  /// Whether the job runs on this day, counted from the beginning of 1970.
  private func isDay(_ day: Int64) -> Bool {
    let date = CalendarDay(day)
    return Self.has(months, date.month) && Self.has(days, date.day)
      && Self.has(weekdays, date.weekday)
  }

  private static func has(_ bits: UInt64, _ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
  }
}

/// Says why a text is no schedule.
public struct CronFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The text.
  public var schedule: String
  /// The field that is wrong; `nil` for all of it.
  public var field: String?
  /// What was expected.
  public var expected: String

  /// What is wrong and what was expected.
  public var description: String {
    "cron schedule '\(schedule)'" + (field.map { ", \($0)" } ?? "") + ": expected \(expected)"
  }
}

/// A day of the Gregorian calendar.
public struct CalendarDay: Hashable, Sendable {
  /// The year.
  public let year: Int64
  /// The month, from 1.
  public let month: Int
  /// The day of the month, from 1.
  public let day: Int
  /// The day of the week; Sunday is 0.
  public let weekday: Int

  /// Finds the day so many days after the first of 1970.
  public init(_ number: Int64) {
    // Years of this reckoning begin in March, so that the leap day is their last.
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let leaps = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leaps) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * part + 2) / 5 + 1)
    month = Int(part < 10 ? part + 3 : part - 9)
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    // The first of 1970 was a Thursday.
    weekday = Int(((number + 4) % 7 + 7) % 7)
  }

  /// The number of a day, counted from the first of 1970.
  public static func number(year: Int64, month: Int, day: Int) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let part = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * part + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
