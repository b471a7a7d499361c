// Part of mesosim. Apache-2.0, see LICENSE.
//
// The arithmetic of isolation against a second implementation that is simple, slow and in floating
// point.

import Testing

@testable import MesosCluster

@Suite("Sharing of cpus")
struct CPUSharingTests {
  /// A generator of small numbers, enough for cases.
  private struct Cases {
    var state: UInt64
    mutating func number(below bound: UInt64) -> Int64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64((state >> 33) % bound)
    }
  }

  /// What each gets, found by raising the water until the tank is full.
  private static func level(_ claims: [CPUSharing.Claim], _ capacity: Double) -> [Double] {
    func got(_ level: Double) -> [Double] {
      claims.map { min(Double($0.demand), level * Double($0.weight)) }
    }
    if got(1e12).reduce(0, +) <= capacity { return got(1e12) }
    var (low, high) = (0.0, 1e12)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if got(middle).reduce(0, +) > capacity { high = middle } else { low = middle }
    }
    return got(low)
  }

  @Test("shares are those of rising water", arguments: 0..<300)
  func shares(seed: Int) {
    var cases = Cases(state: UInt64(seed) &* 7919 &+ 1)
    let claims = (0...cases.number(below: 8)).map { _ in
      CPUSharing.Claim(
        demand: cases.number(below: 8000), weight: 1 + cases.number(below: 5000))
    }
    let capacity = cases.number(below: 16000)
    let rates = CPUSharing.rates(byShares: claims, capacity: capacity)
    let expected = Self.level(claims, Double(capacity))
    for (place, claim) in claims.enumerated() where claim.demand > 0 {
      let rate = Double(rates[place]) / Double(CPUSharing.full)
      #expect(abs(rate - expected[place] / Double(claim.demand)) < 1e-6)
    }
    let used = zip(claims, rates).reduce(Int128(0)) { $0 + Int128($1.0.demand) * Int128($1.1) }
    #expect(used <= Int128(max(capacity, 0)) * Int128(CPUSharing.full))
  }

  @Test("work at changing speed ends when steps of a microsecond say so", arguments: 0..<50)
  func progress(seed: Int) {
    var cases = Cases(state: UInt64(seed) &* 104_729 &+ 3)
    let length = 1000 * (1 + cases.number(below: 3000))
    var progress = Progress(nanoseconds: length, at: 0)
    var left = Double(length)
    var now: Int64 = 0
    for _ in 0..<5 {
      let span = 1000 * cases.number(below: 500)
      let rate = Double(progress.rate) / Double(CPUSharing.full)
      for _ in 0..<(span / 1000) { left -= 1000 * rate }
      now += span
      if progress.end <= now { break }
      #expect(abs(left - Double(progress.end - now) * rate) < 2)
      progress.change(rate: 1 + cases.number(below: UInt64(CPUSharing.full)), at: now)
    }
  }

  @Test("work that is stretched and let go again loses nothing")
  func exactness() {
    var progress = Progress(nanoseconds: 1_000_000_007, at: 5)
    progress.change(rate: 333_333_333, at: 8)
    progress.change(rate: CPUSharing.full, at: 11)
    // 3 ns at full speed, 3 ns that counted for 0.999999999 ns.
    #expect(progress.end == 11 + 1_000_000_007 - 3)
    progress.change(rate: 0, at: 100)
    #expect(progress.end == .max)
  }
}
