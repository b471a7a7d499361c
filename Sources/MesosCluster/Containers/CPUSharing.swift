// Part of mesosim. Apache-2.0, see LICENSE.
//
// Who gets how much cpu when not all can have what they want. Whole numbers throughout: the results
// reach instants.

/// Divides the cpus of a machine among containers.
enum CPUSharing {
  /// The rate of a container that gets all the cpu it wants.
  static let full: Int64 = 1_000_000_000

  /// What a container wants, and how much it counts.
  struct Claim {
    /// The cpu that it would use, in thousandths.
    var demand: Int64
    /// Its weight against others; only relative to theirs.
    var weight: Int64
  }

  /// How fast each container goes, in billionths of what it would with all the cpu it wants.
  ///
  /// By shares (cgroups): in proportion to the weights, and what one does not want, the others get.
  static func rates(byShares claims: [Claim], capacity: Int64) -> [Int64] {
    var rates = claims.map { $0.demand > 0 ? 0 : full }
    var open = claims.indices.filter { claims[$0].demand > 0 }
    var left = max(0, capacity)
    while !open.isEmpty {
      let weights = open.reduce(Int64(0)) { $0 + max(1, claims[$1].weight) }
      let satisfied = open.filter {
        Int128(claims[$0].demand) * Int128(weights) <= Int128(left)
          * Int128(max(1, claims[$0].weight))
      }
      if satisfied.isEmpty {
        for place in open {
          let got = Int128(left) * Int128(max(1, claims[place].weight)) * Int128(full)
          rates[place] = Int64(got / (Int128(weights) * Int128(claims[place].demand)))
        }
        return rates
      }
      for place in satisfied {
        rates[place] = full
        left -= claims[place].demand
      }
      open.removeAll { rates[$0] == full }
    }
    return rates
  }

  /// How fast each container goes when all lack the same part (no isolation).
  static func rates(evenly claims: [Claim], capacity: Int64) -> [Int64] {
    let demand = claims.reduce(Int64(0)) { $0 + $1.demand }
    guard demand > capacity else { return claims.map { _ in full } }
    let rate = Int64(Int128(max(0, capacity)) * Int128(full) / Int128(demand))
    return claims.map { $0.demand > 0 ? rate : full }
  }
}

/// Work that goes on at changing speed, counted without loss.
struct Progress {
  /// What is left, in nanoseconds at full speed, times `CPUSharing.full`.
  private(set) var left: Int128
  private(set) var rate: Int64
  private var since: Int64

  /// Work that takes so many nanoseconds at full speed, and goes on at full speed.
  init(nanoseconds: Int64, at now: Int64) {
    left = Int128(nanoseconds) * Int128(CPUSharing.full)
    rate = CPUSharing.full
    since = now
  }

  /// Goes on at another speed.
  mutating func change(rate: Int64, at now: Int64) {
    left = max(0, left - Int128(now - since) * Int128(self.rate))
    since = now
    self.rate = rate
  }

  /// When it is done, as things stand; `Int64.max` for never.
  var end: Int64 {
    if left == 0 { return since }
    if rate == 0 { return .max }
    let (quotient, rest) = left.quotientAndRemainder(dividingBy: Int128(rate))
    let wait = quotient + (rest > 0 ? 1 : 0)
    let end = Int128(since) + wait
    return end >= Int128(Int64.max) ? .max : Int64(end)
  }
}
