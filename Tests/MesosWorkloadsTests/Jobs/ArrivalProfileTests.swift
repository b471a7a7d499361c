// Part of mesosim. Apache-2.0, see LICENSE.

import SimulationKernel
import Testing
import VirtualTime

@testable import MesosWorkloads

@Suite("Arrivals that follow the clock")
struct ArrivalProfileTests {
  /// A Thursday.
  private let epoch: Int64 = 1_420_070_400

  /// Factors that are 1 but for some.
  private func factors(_ count: Int, _ others: [Int: Double]) -> [Double] {
    (0..<count).map { others[$0] ?? 1 }
  }

  private func hours(
    _ hours: [Int: Double], _ weekdays: [Int: Double] = [:], every gap: Double, count: Int,
    from start: Double = 0
  ) throws -> [Double] {
    let profile = try #require(
      ArrivalProfile(hours: factors(24, hours), weekdays: factors(7, weekdays)))
    let start = Instant.start + .rounded(seconds: start * 3600)
    let plain = (0..<count).map { start + .rounded(seconds: Double($0) * gap * 3600) }
    return profile.instants(plain, from: start, epoch: epoch).map { $0.seconds / 3600 }
  }

  @Test("a factor of 1 changes nothing")
  func plain() throws {
    #expect(try hours([:], every: 0.7, count: 5) == [0, 0.7, 1.4, 2.1, 2.8])
  }

  @Test("at twice the rate there are twice as many in the hour, at none they wait for its end")
  func doubled() throws {
    #expect(try hours([1: 2], every: 0.5, count: 6) == [0, 0.5, 1, 1.25, 1.5, 1.75])
    #expect(try hours([0: 0], every: 0.5, count: 3) == [1, 1.5, 2])
    #expect(try hours([1: 0, 2: 0.5], every: 1, count: 3, from: 0.5) == [0.5, 3, 4])
  }

  @Test("weekdays are those of the calendar")
  func weekdays() throws {
    // Friday is the day after the start.
    #expect(try hours([:], [4: 0], every: 12, count: 4) == [0, 12, 48, 60])
    #expect(try hours([:], [3: 0.5], every: 12, count: 3) == [0, 24, 36])
  }

  @Test("a long time is as many weeks as it takes")
  func weeks() throws {
    // One hour of the week, at half the rate.
    let only = Dictionary(uniqueKeysWithValues: (1..<24).map { ($0, 0.0) })
    let sunday = Dictionary(uniqueKeysWithValues: (0..<6).map { ($0, 0.0) })
    let found = try hours(only.merging([0: 0.5]) { $1 }, sunday, every: 1, count: 3)
    #expect(found == [72, 408, 744])
    let profile = try #require(
      ArrivalProfile(hours: factors(24, [:]), weekdays: factors(7, [:]).map { $0 * 1e-5 }))
    let far = profile.instants([Instant(nanoseconds: .max)], from: .start, epoch: epoch)
    #expect(far == [.distantFuture])
  }

  @Test("of a Poisson process each hour has its share")
  func poisson() throws {
    let gaps = ArrivalProcess.gaps(try Distribution(.exponential(mean: 10)))
    let plain = gaps.instants(count: 200_000, from: .start, drawing: Seeds(1).stream("a"))
    let profile = try #require(
      ArrivalProfile(hours: factors(24, [9: 3, 3: 0.25]), weekdays: factors(7, [:])))
    var counts = Array(repeating: 0.0, count: 24)
    let instants = profile.instants(plain, from: .start, epoch: epoch)
    for instant in instants { counts[Int(instant.seconds / 3600) % 24] += 1 }
    let days = (instants.last?.seconds ?? 0) / 86_400
    // 360 an hour at a factor of 1, give or take five standard deviations.
    for (hour, factor) in [(9, 3.0), (3, 0.25), (12, 1)] {
      let expected = 360 * factor * days
      #expect(abs(counts[hour] - expected) < 5 * expected.squareRoot() + 360 * factor)
    }
  }

  @Test("factors that are none are refused")
  func impossible() {
    #expect(ArrivalProfile(hours: factors(23, [:]), weekdays: factors(7, [:])) == nil)
    #expect(ArrivalProfile(hours: factors(24, [:]), weekdays: factors(6, [:])) == nil)
    #expect(ArrivalProfile(hours: factors(24, [1: -1]), weekdays: factors(7, [:])) == nil)
    #expect(ArrivalProfile(hours: factors(24, [1: .nan]), weekdays: factors(7, [:])) == nil)
    let zero = Array(repeating: 0.0, count: 24)
    #expect(ArrivalProfile(hours: zero, weekdays: factors(7, [:])) == nil)
  }
}
