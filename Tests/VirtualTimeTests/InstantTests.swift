// Part of mesosim. Apache-2.0, see LICENSE.
//
// Instants and their arithmetic with durations, above all at the ends of time.

import Testing
import VirtualTime

@Suite("Instant") struct InstantTests {
  @Test("moves by a duration, forwards and backwards")
  func arithmetic() {
    var instant = Instant.start + .seconds(5)
    #expect(instant.nanoseconds == 5_000_000_000)
    instant += .milliseconds(250)
    #expect(instant.nanoseconds == 5_250_000_000)
    #expect((instant + .seconds(-6)).nanoseconds == -750_000_000)
    #expect(instant.advanced(byNanoseconds: 7).nanoseconds == 5_250_000_007)
  }

  @Test("the difference of two instants is the duration between them")
  func difference() {
    let (early, late) = (Instant(nanoseconds: 3), Instant(nanoseconds: 1_000_000_003))
    #expect(late - early == .seconds(1))
    #expect(early - late == .seconds(-1))
    #expect(early + (late - early) == late)
  }

  @Test("the ends of time can be subtracted")
  func differenceOfEnds() {
    let first = Instant(nanoseconds: .min)
    let length = Instant.distantFuture - first
    #expect(length == .nanoseconds(Int64.max) + .nanoseconds(Int64.max) + .nanoseconds(1))
  }

  @Test("what would pass the end of time stays there")
  func saturation() {
    #expect(Instant.distantFuture + .nanoseconds(1) == .distantFuture)
    #expect(Instant(nanoseconds: 1) + .seconds(Int64.max) == .distantFuture)
    #expect(Instant.distantFuture.advanced(byNanoseconds: .max) == .distantFuture)
    let first = Instant(nanoseconds: .min)
    #expect(first + .nanoseconds(-1) == first)
    #expect(first.advanced(byNanoseconds: .min) == first)
    #expect(Instant.start + .seconds(Int64.min) == first)
  }

  @Test("orders from early to late")
  func order() {
    #expect(Instant.start < .distantFuture)
    #expect(Instant(nanoseconds: -1) < .start)
    #expect([3, 1, 2].map(Instant.init(nanoseconds:)).sorted().map(\.nanoseconds) == [1, 2, 3])
  }

  @Test(
    "prints hours, minutes, seconds and milliseconds",
    arguments: [
      (0, "00:00:00.000"), (252_350_000_000, "00:04:12.350"), (999_999, "00:00:00.000"),
      (86_399_999_999_999, "23:59:59.999"), (360_000_000_000_000, "100:00:00.000"),
      (-1_500_000_000, "-00:00:01.500"), (.max, "2562047:47:16.854"),
      (.min, "-2562047:47:16.854"),
    ] as [(Int64, String)])
  func description(nanoseconds: Int64, text: String) {
    #expect(Instant(nanoseconds: nanoseconds).description == text)
  }

  @Test("gives seconds for people")
  func seconds() {
    #expect(Instant(nanoseconds: 1_500_000_000).seconds == 1.5)
  }
}
