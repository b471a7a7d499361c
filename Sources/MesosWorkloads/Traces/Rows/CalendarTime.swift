// Part of mesosim. Apache-2.0, see LICENSE.
//
// Dates and times of day, as logs write them. UTC unless a zone is given; without leap seconds, as
// everywhere.

/// A form in which a date and a time of day are written.
public struct CalendarFormat: Hashable, Sendable {
  /// The form in the manner of `strftime`, such as `%d/%m/%Y %H:%M:%S`.
  public let pattern: String
  private let parts: [UInt8]

  /// Takes a form; `nil` when it lacks year, month or day, or names what is not known.
  ///
  /// Known are `%Y` (four digits), `%m`, `%d`, `%H`, `%M`, `%S` (which may have a fraction), `%b`
  /// (Jan to Dec), `%z` (`Z` or such as `+02:00`) and `%%`.
  public init?(_ pattern: String) {
    self.pattern = pattern
    parts = Array(pattern.utf8)
    var found: Set<UInt8> = []
    var place = 0
    while place < parts.count {
      if parts[place] == UInt8(ascii: "%") {
        place += 1
        guard place < parts.count, "YmdHMSbz%".utf8.contains(parts[place]) else { return nil }
        found.insert(parts[place])
      }
      place += 1
    }
    let hasMonth = found.contains(UInt8(ascii: "m")) || found.contains(UInt8(ascii: "b"))
    guard hasMonth, found.isSuperset(of: "Yd".utf8) else { return nil }
  }

  /// Reads a time in this form.
  ///
  /// - Returns: Nanoseconds since 1970-01-01T00:00:00Z; `nil` when the text is not of this form.
  /// - Throws: What of it is impossible, such as a 30th of February.
  func nanoseconds(_ text: ArraySlice<UInt8>) throws(ImpossibleTime) -> Int64? {
    var reader = CalendarReader(text)
    var place = 0
    while place < parts.count {
      let isField = parts[place] == UInt8(ascii: "%") && parts[place + 1] != UInt8(ascii: "%")
      if parts[place] == UInt8(ascii: "%") { place += 1 }
      guard isField ? reader.read(parts[place]) : reader.skip(parts[place]) else { return nil }
      place += 1
    }
    guard reader.isAtEnd else { return nil }
    return try reader.time.nanoseconds()
  }
}

/// Why a time that is written as one is none.
public struct ImpossibleTime: Error, Hashable {
  /// What is wrong with it.
  public let reason: String
}

/// A date and a time of day.
public struct CalendarTime: Hashable, Sendable {
  var year = 1970
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  var second = 0
  var nanosecond: Int64 = 0
  /// How far the zone is ahead of UTC.
  var zoneMinutes = 0

  /// Reads a time as ISO 8601 has it: `2017-09-04`, `2017-09-04 10:30`, `2017-09-04T10:30:41.5Z`.
  ///
  /// - Returns: Nanoseconds since 1970-01-01T00:00:00Z; `nil` when the text is not of this form.
  /// - Throws: What of it is impossible, such as a 30th of February.
  public static func nanoseconds(_ text: some Sequence<UInt8>) throws(ImpossibleTime) -> Int64? {
    var reader = CalendarReader(ArraySlice(text))
    guard reader.read("%Y-%m-%d") else { return nil }
    if !reader.isAtEnd {
      guard reader.skip(UInt8(ascii: "T")) || reader.skip(UInt8(ascii: " ")),
        reader.read("%H:%M")
      else { return nil }
      if reader.skip(UInt8(ascii: ":")), !reader.read("%S") { return nil }
      _ = reader.skip(UInt8(ascii: " "))
      if !reader.isAtEnd, !reader.read("%z") { return nil }
    }
    guard reader.isAtEnd else { return nil }
    return try reader.time.nanoseconds()
  }

  /// Nanoseconds since 1970-01-01T00:00:00Z.
  func nanoseconds() throws(ImpossibleTime) -> Int64 {
    func check(
      _ value: Int, _ range: ClosedRange<Int>, _ noun: String
    ) throws(ImpossibleTime) {
      guard range.contains(value) else {
        throw ImpossibleTime(
          reason: "there is no \(noun) \(value); expected \(range.lowerBound) to "
            + "\(range.upperBound)")
      }
    }
    // What 64 bits hold.
    try check(year, 1678...2261, "year that can be counted")
    try check(month, 1...12, "month")
    let length = Self.length(ofMonth: month, in: year)
    guard (1...length).contains(day) else {
      throw ImpossibleTime(reason: "\(year)-\(month) has \(length) days, no day \(day)")
    }
    // 24:00 is the midnight at the end of a day, and 60 a leap second, which counts as the next.
    try check(hour, 0...(minute == 0 && second == 0 ? 24 : 23), "hour")
    try check(minute, 0...59, "minute")
    try check(second, 0...60, "second")
    let minutes = (daysSince1970 * 24 + hour) * 60 + minute - zoneMinutes
    return Int64(minutes * 60 + second) * 1_000_000_000 + nanosecond
  }

  /// A time in UTC as ISO 8601 has it, such as `2017-09-04T10:30:41Z`.
  public static func text(secondsSince1970 seconds: Int64) -> String {
    let daySeconds = 86_400
    let days = Int(seconds) / daySeconds - (Int(seconds) % daySeconds < 0 ? 1 : 0)
    let rest = Int(seconds) - days * daySeconds
    var time = CalendarTime(year: 1970 + Int((Double(days) / 365.2425).rounded(.down)))
    while time.daysSince1970 > days { time.year -= 1 }
    while CalendarTime(year: time.year + 1).daysSince1970 <= days { time.year += 1 }
    time.day = days - time.daysSince1970 + 1
    while case let length = length(ofMonth: time.month, in: time.year), time.day > length {
      time.day -= length
      time.month += 1
    }
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let date = "\(time.year)-\(padded(time.month))-\(padded(time.day))"
    return date + "T\(padded(rest / 3600)):\(padded(rest / 60 % 60)):\(padded(rest % 60))Z"
  }

  private static func length(ofMonth month: Int, in year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days since 1970-01-01: years that begin in March have their leap day at the end.
  private var daysSince1970: Int {
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400
    return days + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
  }
}

/// Reads the parts of a time one after the other.
private struct CalendarReader {
  private(set) var time = CalendarTime()
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  var isAtEnd: Bool { rest.isEmpty }

  /// Reads what a form such as `%H:%M` says.
  mutating func read(_ form: StaticString) -> Bool {
    form.withUTF8Buffer { bytes in
      var place = 0
      while place < bytes.count {
        let isField = bytes[place] == UInt8(ascii: "%")
        if isField { place += 1 }
        guard isField ? read(bytes[place]) : skip(bytes[place]) else { return false }
        place += 1
      }
      return true
    }
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest.removeFirst()
    return true
  }

  /// Reads one field; `false` when it is not there.
  mutating func read(_ field: UInt8) -> Bool {
    switch field {
    case UInt8(ascii: "Y"): return read(4...4, into: \.year)
    case UInt8(ascii: "m"): return read(1...2, into: \.month)
    case UInt8(ascii: "d"): return read(1...2, into: \.day)
    case UInt8(ascii: "H"): return read(1...2, into: \.hour)
    case UInt8(ascii: "M"): return read(1...2, into: \.minute)
    case UInt8(ascii: "S"): return read(1...2, into: \.second) && readFraction()
    case UInt8(ascii: "b"): return readMonth()
    default: return readZone()
    }
  }

  private mutating func read(
    _ digits: ClosedRange<Int>, into field: WritableKeyPath<CalendarTime, Int>
  ) -> Bool {
    var value = 0
    var count = 0
    while count < digits.upperBound, let byte = rest.first,
      case let digit = byte &- UInt8(ascii: "0"), digit < 10
    {
      value = value * 10 + Int(digit)
      count += 1
      rest.removeFirst()
    }
    time[keyPath: field] = value
    return count >= digits.lowerBound
  }

  private mutating func readFraction() -> Bool {
    guard skip(UInt8(ascii: ".")) else { return true }
    var unit: Int64 = 100_000_000
    var isEmpty = true
    while let byte = rest.first, case let digit = byte &- UInt8(ascii: "0"), digit < 10 {
      time.nanosecond += Int64(digit) * unit
      unit /= 10
      isEmpty = false
      rest.removeFirst()
    }
    return !isEmpty
  }

  private mutating func readMonth() -> Bool {
    let names = "janfebmaraprmayjunjulaugsepoctnovdec"
    let name = String(decoding: rest.prefix(3).map { $0 | 0x20 }, as: UTF8.self)
    guard name.utf8.count == 3, let range = names.firstRange(of: name) else { return false }
    let offset = names.utf8.distance(from: names.startIndex, to: range.lowerBound)
    guard offset % 3 == 0 else { return false }
    time.month = offset / 3 + 1
    rest = rest.dropFirst(3)
    return true
  }

  private mutating func readZone() -> Bool {
    if skip(UInt8(ascii: "Z")) { return true }
    guard let sign = rest.popFirst(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")
    else { return false }
    var zone = CalendarReader(rest)
    guard zone.read(2...2, into: \.hour) else { return false }
    _ = zone.skip(UInt8(ascii: ":"))
    guard zone.isAtEnd || zone.read(2...2, into: \.minute) else { return false }
    rest = zone.rest
    let minutes = zone.time.hour * 60 + zone.time.minute
    time.zoneMinutes = sign == UInt8(ascii: "-") ? -minutes : minutes
    return true
  }
}
