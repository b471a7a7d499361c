// Part of mesosim. Apache-2.0, see LICENSE.
//
// Instants as people name them: how long after the start, a calendar time, or a weekday.

internal import MesosWorkloads
internal import VirtualTime

/// What calendar times are counted from.
struct CalendarOrigin: Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  private(set) var nanoseconds = Scenario.standardEpoch * second
  /// What begins there, for messages.
  private(set) var event = "the run begins ('epoch')"

  private static let second: Int64 = 1_000_000_000
  private static let day = 86_400 * second
  private static let expected =
    "a time such as 2015-01-06T09:00:00Z, 2015-01-06 09:00 or Tuesday 09:00"

  init() {}

  /// The start of a run; `nil` when `text` is no time in whole seconds.
  init?(epoch text: String) {
    guard let time = (try? CalendarTime.nanoseconds(text.utf8)) ?? nil, time % Self.second == 0
    else { return nil }
    nanoseconds = time
  }

  /// An origin so long after this one.
  func advanced(by time: Duration, to event: String) -> CalendarOrigin {
    var result = self
    result.nanoseconds = nanoseconds.addingReportingOverflow(time.wholeNanoseconds).partialValue
    result.event = event
    return result
  }

  /// Whether a text is meant as a calendar time: a year with something behind it, or a weekday.
  static func isMeant(_ text: String) -> Bool {
    let digits = text.utf8.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return digits.count > 0 && text.utf8.dropFirst(digits.count).first == UInt8(ascii: "-")
      || weekday(text.prefix { $0.isLetter }) != nil
  }

  /// How long after the origin a calendar time is; of a weekday, the first that is not before it.
  func offset(of text: String) throws(Mismatch) -> Duration {
    let word = text.prefix { $0.isLetter }
    if let weekday = Self.weekday(word) {
      let rest = text.dropFirst(word.count).drop { $0 == " " }
      let time = try Self.time("1970-01-01" + (rest.isEmpty ? "" : " \(rest)"), of: text)
      // 1970-01-01 was a Thursday.
      let distance = (Int64(weekday - 3) * Self.day + time - nanoseconds % (7 * Self.day))
      let week = distance % (7 * Self.day)
      return .nanoseconds(week < 0 ? week + 7 * Self.day : week)
    }
    let time = try Self.time(text, of: text)
    let (offset, isFar) = time.subtractingReportingOverflow(nanoseconds)
    guard time >= nanoseconds else {
      let start = CalendarTime.text(secondsSince1970: nanoseconds / Self.second)
      throw Mismatch(reason: "\(text) is before \(start), when \(event)")
    }
    guard !isFar else { throw Mismatch(reason: "\(text) is more than 292 years away") }
    return .nanoseconds(offset)
  }

  private static func time(_ text: String, of written: String) throws(Mismatch) -> Int64 {
    do throws(ImpossibleTime) {
      if let time = try CalendarTime.nanoseconds(text.utf8) { return time }
    } catch {
      throw Mismatch(reason: "'\(written)' is no time: \(error.reason)")
    }
    throw Mismatch(reason: "found '\(written)'; expected \(expected), in UTC")
  }

  /// The number of a weekday, from Monday, by its name or the first three letters.
  static func weekday(_ word: some StringProtocol) -> Int? {
    let word = word.lowercased()
    return weekdays.firstIndex { $0 == word || $0.prefix(3) == word }
  }

  static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]
}

extension Scenario {
  /// Where a run begins when nothing else is said: 2015-01-01T00:00:00Z, a Thursday.
  public static let standardEpoch: Int64 = 1_420_070_400
}

extension Codec where Value == Duration {
  /// An instant of the run, as the time from its start.
  static var instant: Codec { instant(\.calendar, .duration, "instant", isPositive: false) }

  /// An instant after the start.
  static var laterInstant: Codec {
    instant(\.calendar, .positiveDuration, "later-instant", isPositive: true)
  }

  /// An instant as the time from the start of its framework.
  static var instantAfterStart: Codec {
    instant(\.frameworkCalendar, .duration, "instant", isPositive: false)
  }

  /// An instant as the time from the start of the work that it belongs to.
  static var instantOfWork: Codec {
    instant(\.workCalendar, .duration, "instant", isPositive: false)
  }

  /// The instant behind the key `start`, zero when it cannot be read: that is told where it is read
  /// for itself.
  func start(of node: YAMLNode, _ problems: Problems) -> Duration {
    guard let place = node.node(at: Path(steps: [.key("start")])) else { return .zero }
    var scratch = problems
    return read(place, Path(), &scratch) ?? .zero
  }

  private static func instant(
    _ origin: any KeyPath<Problems, CalendarOrigin> & Sendable, _ length: Codec, _ name: String,
    isPositive: Bool
  ) -> Codec {
    Codec(
      expected: length.expected + ", or a time such as 2015-01-06 09:00",
      read: { node, path, problems in
        guard case .scalar(let text, _) = node.content, CalendarOrigin.isMeant(text) else {
          return length.read(node, path, &problems)
        }
        do throws(Mismatch) {
          let time = try problems[keyPath: origin].offset(of: text)
          guard time > .zero || !isPositive else {
            throw Mismatch(
              reason: "\(text) is when \(problems[keyPath: origin].event); expected a time after it"
            )
          }
          return time
        } catch {
          problems.add(at: node.position, path, error.reason)
          return nil
        }
      },
      write: length.write,
      schema: { builder in
        ["anyOf": [length.schema(&builder), ["type": "string", "pattern": .string(pattern)]]]
      }
    ).defined(as: name)
  }

  /// What calendar times look like; whether there is such a day is for the reader.
  private static var pattern: String {
    let time = "[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]+)?)?"
    let zone = " ?(Z|[+-][0-9]{2}:?([0-9]{2})?)?"
    let names = CalendarOrigin.weekdays.map { word in
      let first = word.prefix(1)
      return "[\(first.uppercased())\(first)]\(word.dropFirst().prefix(2))(\(word.dropFirst(3)))?"
    }
    return "^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ]\(time)\(zone))?"
      + "|(\(names.joined(separator: "|")))( +\(time)\(zone))?)$"
  }
}

extension Codec where Value == Int64 {
  /// A calendar time in whole seconds, as seconds since 1970.
  static var epoch: Codec {
    let expected = "a date such as 2015-01-01T00:00:00Z"
    return .scalar(
      expected, [.text], schema: ["type": "string", "pattern": "^[0-9]{4}-[0-9]{1,2}-"],
      parse: { (text) throws(Mismatch) in
        let time: Int64?
        do throws(ImpossibleTime) { time = try CalendarTime.nanoseconds(text.utf8) } catch {
          throw Mismatch(reason: "'\(text)' is no time: \(error.reason)")
        }
        guard let time, time % 1_000_000_000 == 0 else {
          throw Mismatch(reason: "found '\(text)'; expected \(expected), in whole seconds")
        }
        return time / 1_000_000_000
      },
      print: { .text(CalendarTime.text(secondsSince1970: $0)) })
  }
}
