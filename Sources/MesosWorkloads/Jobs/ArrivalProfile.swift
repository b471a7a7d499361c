// Part of mesosim. Apache-2.0, see LICENSE.
//
// Arrivals that follow the clock. Where the rate is twice as high, the time between arrivals passes
// twice as fast: for a Poisson process that is exactly the one with this rate (Çinlar,
// Introduction to Stochastic Processes, 1975, section 4.7), it works for any other, and two
// profiles share every draw.

public import VirtualTime

/// How the rate of arrivals changes with the hour of the day and the weekday, in UTC.
public struct ArrivalProfile: Hashable, Sendable {
  /// What the rate is multiplied with in each hour of a day, from midnight.
  public let hours: [Double]
  /// What it is multiplied with besides on each weekday, from Monday.
  public let weekdays: [Double]

  /// Takes factors.
  ///
  /// `nil` unless there are 24 and 7 of them, from 0 to 1,000,000, and some hour of the week has
  /// more than a millionth of the rate.
  public init?(hours: [Double], weekdays: [Double]) {
    let all = hours + weekdays
    guard hours.count == 24, weekdays.count == 7, all.allSatisfy({ (0...1e6).contains($0) }),
      (hours.max() ?? 0) * (weekdays.max() ?? 0) > 1e-6
    else { return nil }
    self.hours = hours
    self.weekdays = weekdays
  }

  /// The instants at which those come that would come at these with a factor of 1.
  ///
  /// - Parameters:
  ///   - instants: The instants, ascending.
  ///   - start: Where they count from.
  ///   - epoch: Calendar time of the run's start, in seconds since 1970.
  /// - Returns: The instants, ascending; one that is due when an hour without arrivals begins
  ///   comes at its end.
  /// - Complexity: O(instants), a week's hours each at most.
  public func instants(_ instants: [Instant], from start: Instant, epoch: Int64) -> [Instant] {
    var clock = WeekClock(self, epoch: epoch, now: start)
    var last = start
    return instants.map { instant in
      clock.pass(Double(instant.nanoseconds - last.nanoseconds))
      last = instant
      return clock.now
    }
  }
}

/// A clock that runs as fast as a profile says.
private struct WeekClock {
  private static let hour: Int64 = 3_600_000_000_000
  private static let week = 168 * hour

  private(set) var now: Instant
  /// The factors of the hours of a week, from Monday, and what passes in a week.
  private let factors: [Double]
  private let perWeek: Double
  /// How far in its week the run begins.
  private let offset: Int64

  init(_ profile: ArrivalProfile, epoch: Int64, now: Instant) {
    self.now = now
    factors = profile.weekdays.flatMap { day in profile.hours.map { $0 * day } }
    perWeek = factors.reduce(0, +) * Double(Self.hour)
    // 1970-01-01 was a Thursday.
    let seconds = (epoch % 604_800 + 604_800 + 3 * 86_400) % 604_800
    offset = seconds * 1_000_000_000
  }

  /// Lets time pass until as much has passed on this clock.
  mutating func pass(_ nanoseconds: Double) {
    var left = nanoseconds
    let weeks = (left / perWeek).rounded(.down)
    // More than 292 years of them are beyond all time.
    guard weeks < 15_000 else { return now = .distantFuture }
    now = now.advanced(byNanoseconds: Int64(weeks) * Self.week)
    left -= weeks * perWeek
    // Each hour of a week once, and the first again for what rounding leaves.
    for _ in 0...factors.count {
      let time = (now.nanoseconds % Self.week + offset) % Self.week
      let factor = factors[Int(time / Self.hour)]
      let rest = Self.hour - time % Self.hour
      if left < factor * Double(rest) {
        return now = now.advanced(byNanoseconds: Int64((left / factor).rounded()))
      }
      left -= factor * Double(rest)
      now = now.advanced(byNanoseconds: rest)
    }
  }
}
