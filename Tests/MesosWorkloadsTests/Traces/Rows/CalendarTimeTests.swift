// Part of mesosim. Apache-2.0, see LICENSE.

import Testing

@testable import MesosWorkloads

@Suite("Calendar times")
struct CalendarTimeTests {
  @Test(
    "dates and times of day are seconds since 1970",
    arguments: [
      ("1970-01-01", 0), ("2017-09-04 10:30:41", 1_504_521_041),
      ("2017-09-04T10:30:41Z", 1_504_521_041),
      ("2017-09-04T12:30:41+02:00", 1_504_521_041), ("2017-09-04 05:00:41-0530", 1_504_521_041),
      ("2017-09-04 10:30", 1_504_521_000), ("2000-02-29", 951_782_400), ("1969-12-31 23:59:59", -1),
      ("2016-12-31T23:59:60Z", 1_483_228_800), ("2017-09-03 24:00", 1_504_483_200),
    ] as [(String, Int64)])
  func seconds(text: String, expected: Int64) throws {
    #expect(try CalendarTime.nanoseconds(text.utf8) == expected * 1_000_000_000)
  }

  @Test(
    "a time in whole seconds is written as it is read",
    arguments: [
      "1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2015-12-31T09:05:00Z",
      "1969-12-31T23:59:59Z", "1900-03-01T00:00:00Z", "2100-02-28T12:00:00Z",
    ])
  func written(text: String) throws {
    let time = try #require(try CalendarTime.nanoseconds(text.utf8))
    // Rounded down, as before 1970 the remainder is negative.
    let seconds = Int64((Double(time) / 1e9).rounded(.down))
    #expect(CalendarTime.text(secondsSince1970: seconds) == text)
  }

  @Test("a fraction of a second counts to the nanosecond")
  func fraction() throws {
    #expect(try CalendarTime.nanoseconds("1970-01-01 00:00:01.25".utf8) == 1_250_000_000)
    #expect(try CalendarTime.nanoseconds("1970-01-01 00:00:00.0000000019".utf8) == 1)
  }

  @Test(
    "what is not written so is none",
    arguments: [
      "", "2017", "2017-09", "4.9.2017", "2017-09-04 10", "2017-09-04 10:30:", "now",
      "2017-09-04 10:30:41 pm", "20170904",
    ])
  func other(text: String) throws { #expect(try CalendarTime.nanoseconds(text.utf8) == nil) }

  @Test(
    "a time that there is not is told",
    arguments: [
      ("2017-02-29", "2017-2 has 28 days, no day 29"),
      ("2017-13-01", "there is no month 13; expected 1 to 12"),
      ("2017-04-31 10:00", "2017-4 has 30 days, no day 31"),
      ("2017-04-30 25:00", "there is no hour 25; expected 0 to 24"),
      ("2017-04-30 24:00:01", "there is no hour 24; expected 0 to 23"),
      ("2017-04-30 10:61", "there is no minute 61; expected 0 to 59"),
      ("9999-01-01", "there is no year that can be counted 9999; expected 1678 to 2261"),
    ])
  func impossible(text: String, reason: String) {
    #expect(throws: ImpossibleTime(reason: reason)) { try CalendarTime.nanoseconds(text.utf8) }
  }

  @Test(
    "other forms are told by their parts",
    arguments: [
      ("%d/%m/%Y %H:%M:%S", "04/09/2017 10:30:41"), ("%b %d %Y %H:%M:%S", "Sep 4 2017 10:30:41"),
      ("%Y%m%d-%H%M%S", "20170904-103041"), ("%d.%m.%Y %H:%M:%S %z", "4.9.2017 12:30:41 +02:00"),
      ("%Y-%m-%d %H:%M:%S 100%%", "2017-09-04 10:30:41 100%"),
    ])
  func forms(pattern: String, text: String) throws {
    let format = try #require(CalendarFormat(pattern))
    #expect(try format.nanoseconds(Array(text.utf8)[...]) == 1_504_521_041_000_000_000)
    #expect(try format.nanoseconds(Array((text + "x").utf8)[...]) == nil)
  }

  @Test(
    "a form that leaves the day open is none",
    arguments: ["", "%Y-%m", "%H:%M", "%Y-%m-%d %q", "%Y %m %d%"])
  func incomplete(pattern: String) { #expect(CalendarFormat(pattern) == nil) }
}
