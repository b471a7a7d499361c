// Part of mesosim. Apache-2.0, see LICENSE.
//
// Durations to and from nanoseconds and seconds.

import Testing
import VirtualTime

@Suite("Duration") struct DurationTests {
  @Test(
    "in nanoseconds is cut towards zero and ends at the limits",
    arguments: [
      (.zero, 0), (.seconds(5), 5_000_000_000), (.milliseconds(-250), -250_000_000),
      (Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999), 1),
      (Duration(secondsComponent: 0, attosecondsComponent: -1_999_999_999), -1),
      (.nanoseconds(Int64.max), .max), (.nanoseconds(Int64.min), .min),
      (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
      (.nanoseconds(Int64.max) + .nanoseconds(1), .max),
      (.nanoseconds(Int64.min) - .nanoseconds(1), .min),
    ] as [(Duration, Int64)])
  func wholeNanoseconds(duration: Duration, nanoseconds: Int64) {
    #expect(duration.wholeNanoseconds == nanoseconds)
  }

  @Test("in seconds keeps the fraction")
  func inSeconds() {
    #expect(Duration.milliseconds(1500).inSeconds == 1.5)
    #expect(Duration.milliseconds(-1500).inSeconds == -1.5)
  }

  @Test(
    "from seconds is rounded to the nanosecond, whatever the number",
    arguments: [
      (0, 0), (1.5, 1_500_000_000), (-1.5, -1_500_000_000), (0.1 + 0.2, 300_000_000),
      (4e-10, 0), (6e-10, 1), (.nan, 0), (.infinity, .max), (-.infinity, .min),
      (1e300, .max), (-1e300, .min), (9.3e9, .max),
    ] as [(Double, Int64)])
  func rounded(seconds: Double, nanoseconds: Int64) {
    #expect(Duration.rounded(seconds: seconds) == .nanoseconds(nanoseconds))
  }

  @Test("is rounded as the C library rounds, at halves and where numbers are whole")
  func asTheLibrary() {
    for nanoseconds in [
      0.5, 1.5, 2.5, 0.49999999999999994, 1e3 + 0.5, 0x1p51 + 0.5, 0x1p52 - 1, 0x1p52, 0x1p52 + 1,
      0x1p53 - 1, 0x1p60,
    ] {
      for seconds in [nanoseconds / 1e9, -nanoseconds / 1e9] {
        #expect(
          Duration.wholeNanoseconds(seconds: seconds) == Int64((seconds * 1e9).rounded()),
          "\(seconds)")
      }
    }
  }

  @Test("a difference in the last bit of a number of seconds does not reach the nanoseconds")
  func lastBit() {
    for seconds in [0.1, 1.7, 12.345, 3600.125] {
      #expect(Duration.rounded(seconds: seconds) == Duration.rounded(seconds: seconds.nextUp))
    }
  }
}
