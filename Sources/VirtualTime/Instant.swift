// Part of mesosim. Apache-2.0, see LICENSE.
//
// Time that can be named but not moved: allocators and frameworks speak of instants; only the
// simulation kernel advances them.

/// A point in simulated time, counted in nanoseconds from the start of the run.
///
///     let deadline = Instant.start + .seconds(5)
///
/// Two runs with the same seed pass through exactly the same instants.
public struct Instant: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Nanoseconds since the start of the run.
  public var nanoseconds: Int64

  /// Makes the instant that lies `nanoseconds` after the start of the run.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The instant at which every run begins.
  public static var start: Instant { Instant(nanoseconds: 0) }

  /// An instant no run reaches (292 years); stands for "never" where an optional would cost.
  public static var distantFuture: Instant { Instant(nanoseconds: .max) }

  /// Seconds since the start of the run, for people; never for arithmetic that decides.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Orders instants from early to late.
  @inlinable public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Instant {
  /// The instant `duration` later; ends at `distantFuture` instead of overflowing.
  public static func + (instant: Instant, duration: Duration) -> Instant {
    instant.advanced(byNanoseconds: duration.wholeNanoseconds)
  }

  /// Moves the instant `duration` later.
  public static func += (instant: inout Instant, duration: Duration) {
    instant = instant + duration
  }

  /// The time from `earlier` to `later`, negative when they are the other way round.
  public static func - (later: Instant, earlier: Instant) -> Duration {
    // Durations have 128 bits, so that the two ends of time can be subtracted.
    .nanoseconds(later.nanoseconds) - .nanoseconds(earlier.nanoseconds)
  }

  /// The instant a whole number of nanoseconds later; ends at `distantFuture`, and for a negative
  /// number 292 years before the start, instead of overflowing.
  @inlinable public func advanced(byNanoseconds step: Int64) -> Instant {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(step)
    if overflow { return Instant(nanoseconds: step < 0 ? .min : .max) }
    return Instant(nanoseconds: sum)
  }
}

extension Instant: CustomStringConvertible {
  /// Hours, minutes, seconds and milliseconds, cut, not rounded, such as `00:04:12.350`.
  public var description: String {
    let milliseconds = nanoseconds.magnitude / 1_000_000
    let seconds = milliseconds / 1000
    func padded(_ value: UInt64, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    let sign = nanoseconds < 0 ? "-" : ""
    return sign + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":"
      + padded(seconds % 60, 2) + "." + padded(milliseconds % 1000, 3)
  }
}

extension Duration {
  /// The duration in nanoseconds, rounded towards zero; ends at the limits of `Int64` (292 years).
  public var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    if overflow || carry { return seconds < 0 ? .min : .max }
    return sum
  }

  /// The duration in seconds, for people and for statistics.
  public var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }

  /// A duration from seconds, rounded to the nanosecond so that the last bits of floating point,
  /// which differ between processors, do not reach an event.
  ///
  /// Not-a-number counts as zero; values past 292 years end there.
  public static func rounded(seconds: Double) -> Duration {
    .nanoseconds(wholeNanoseconds(seconds: seconds))
  }

  /// The nanoseconds of `rounded(seconds:)`, without the detour through 128 bits: for what is drawn
  /// once a message.
  @inlinable @inline(__always) public static func wholeNanoseconds(seconds: Double) -> Int64 {
    let nanoseconds = seconds * 1e9
    // By hand and without a branch on the fraction (Performance.md). What is added is the largest
    // number below a half: a half itself would carry 0.49999999999999994 up to 1. Past 2⁵² every
    // number is whole.
    if nanoseconds.magnitude < 0x1p52 {
      return Int64(nanoseconds + Double(signOf: nanoseconds, magnitudeOf: 0.5.nextDown))
    }
    if nanoseconds.isNaN { return 0 }
    if nanoseconds >= 9.2e18 { return .max }
    if nanoseconds <= -9.2e18 { return .min }
    return Int64(nanoseconds)
  }
}
