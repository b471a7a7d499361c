// Part of mesosim. Apache-2.0, see LICENSE.

import Testing
import VirtualTime

@testable import MesosMetrics

@Suite("Bucketed sums") struct BucketedSumsTests {
  private let second: Int64 = 1_000_000_000

  @Test("every rung of the ladder divides the next, by a divisor of the number of buckets")
  func ladder() throws {
    let ladder = BucketLadder.widths
    for (width, next) in zip(ladder, ladder.dropFirst()) {
      #expect(next % width == 0)
      #expect(BucketLadder.bucketsMin % Int(next / width) == 0)
    }
    #expect(ladder.contains(60 * second))
    #expect(ladder.contains(86_400 * second))
    #expect(try #require(ladder.last) >= Int64.max / Int64(BucketLadder.bucketsMin) / 2)
  }

  @Test(
    "the width depends on the time covered alone",
    arguments: [
      (1, 1_000_000), (1.2, 1_000_000), (1.201, 2_000_000), (3600, 10_000_000_000),
      (86_400, 120_000_000_000),
    ] as [(Double, Int64)])
  func width(seconds: Double, width: Int64) {
    let end = Int64(seconds * 1e9)
    var atOnce = BucketedSums<LevelSums>(count: 1200)
    atOnce.extend(to: end, at: Levels())
    var inSteps = BucketedSums<LevelSums>(count: 1200)
    for part in 1...7 { inSteps.extend(to: end / 7 * Int64(part), at: Levels()) }
    inSteps.extend(to: end, at: Levels())
    #expect(atOnce.width == width)
    #expect(inSteps.width == width)
    #expect(atOnce.filled.count == inSteps.filled.count)
    #expect(atOnce.filled.count == Int((end + width - 1) / width))
  }

  @Test("merging buckets loses nothing")
  func merging() {
    var sums = BucketedSums<LevelSums>(count: 1200)
    var expected = Int128(0)
    var end: Int64 = 0
    for step in 1...2000 {
      let time = Int64(step % 17) * 1_234_567
      end += time
      let levels = Levels(capacity: SIMD4(Int64(step), 0, 0, 0))
      expected += Int128(step) * Int128(time)
      sums.extend(to: end, at: levels)
    }
    #expect(sums.total.capacity.cpus == expected)
    #expect(sums.width == 20_000_000)
  }

  @Test("an instant no run reaches is still covered")
  func distantFuture() {
    var sums = BucketedSums<LevelSums>(count: 1200)
    sums.extend(to: .max, at: Levels(capacity: SIMD4(1, 0, 0, 0)))
    #expect(sums.total.capacity.cpus == Int128(Int64.max))
    #expect(sums.filled.count <= 1200)
  }

  @Test("points give mean levels; the last one covers what is left of the window")
  func points() {
    var sums = BucketedSums<LevelSums>(count: 1200)
    sums.extend(to: 500_000, at: Levels(used: SIMD4(1000, 0, 0, 0)))
    sums.extend(to: 1_400_000, at: Levels(used: SIMD4(3000, 0, 0, 0)))
    let points = sums.series.points
    #expect(points.map(\.used.lanes[0]) == [2000, 3000])
    #expect(points.map(\.end.nanoseconds) == [1_000_000, 1_400_000])
  }
}
