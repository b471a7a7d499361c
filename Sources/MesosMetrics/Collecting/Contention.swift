// Part of mesosim. Apache-2.0, see LICENSE.
//
// How evenly the frameworks share while they compete: Jain's index of their dominant shares over
// their weights (Jain, Chiu, Hawe 1984; Ghodsi et al., NSDI 2011), instant by instant.

/// The evenness of shares over the time in which at least two frameworks want more than they have.
///
/// At an instant those count that want more, and those that hold more than the least of these: who
/// has enough with less is no victim, and who holds all while others starve is not forgotten.
///
/// Fixed tables, one entry for each framework; constant time for a change, and one walk for each
/// stretch of time after a change while frameworks compete.
struct Contention {
  /// Nanoseconds in which at least two frameworks wanted more than they had.
  private(set) var time: Int64 = 0
  /// Integral of the index over that time, in billionths × nanoseconds.
  private var sum: Int128 = 0

  /// 1 ÷ weight of each framework; those that are not listed have a weight of 1.
  private var inverseWeights: [Double]
  /// The dominant share of each framework.
  private var shares: [Double] = []
  private var wants: [Bool] = []
  private var wanting = 0
  /// The index of the present stretch, in billionths; worked out when time passes.
  private var index: Int64 = 0
  private var isStale = true

  /// Starts with frameworks of these weights; one that is not above zero counts as 1.
  init(weights: [Double]) { inverseWeights = weights.map { $0 > 0 ? 1 / $0 : 1 } }

  /// The index averaged over the time; `nil` when there was none.
  var mean: Double? { time > 0 ? Double(sum) / Double(time) / 1e9 : nil }

  /// Makes room for one framework more.
  mutating func addFramework() {
    shares.append(0)
    wants.append(false)
    if inverseWeights.count < shares.count { inverseWeights.append(1) }
    isStale = true
  }

  mutating func setShare(_ share: Double, of place: Int) {
    shares[place] = share
    isStale = true
  }

  mutating func setWanting(_ isWanting: Bool, of place: Int) {
    guard wants[place] != isWanting else { return }
    wants[place] = isWanting
    wanting += isWanting ? 1 : -1
    isStale = true
  }

  mutating func setWeight(_ weight: Double, of place: Int) {
    inverseWeights[place] = weight > 0 ? 1 / weight : 1
    isStale = true
  }

  /// Lets time pass, everything staying as it is.
  mutating func pass(_ nanoseconds: Int64) {
    guard wanting >= 2 else { return }
    if isStale {
      index = Int64((evenness * 1e9).roundedSmall)
      isStale = false
    }
    time &+= nanoseconds
    sum &+= Int128(index) &* Int128(nanoseconds)
  }

  /// Jain's index of those that count; 1 when none of them has anything.
  private var evenness: Double {
    var least = Double.infinity
    for place in shares.indices where wants[place] {
      least = min(least, shares[place] * inverseWeights[place])
    }
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for place in shares.indices {
      let level = shares[place] * inverseWeights[place]
      guard wants[place] || level > least else { continue }
      count += 1
      sum += level
      squares += level * level
    }
    return squares > 0 ? sum * sum / (count * squares) : 1
  }
}
