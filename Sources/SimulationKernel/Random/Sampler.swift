// Part of mesosim. Apache-2.0, see LICENSE.
//
// How a validated distribution is drawn from: directly, between two bounds, or from a table.

internal import CGSL
internal import Glibc

/// A distribution made ready for sampling.
enum Sampler: Sendable {
  case constant(Double)
  case free(Variate)
  case truncated(TruncatedVariate)
  case ranks(RankTable)
  case values([Double])

  func draw(from stream: RandomStream) -> Double {
    switch self {
    case .constant(let value): value
    case .free(let variate): variate.draw(stream.generator)
    case .truncated(let variate): variate.draw(stream.uniform())
    case .ranks(let table): table.draw(stream.uniform())
    case .values(let values): values[stream.integer(below: values.count)]
    }
  }

  var practicalMaximum: Double {
    switch self {
    case .constant(let value): value
    case .free(let variate): variate.value(upperTail: 1e-16)
    case .truncated(let variate): variate.practicalMaximum
    case .ranks(let table): table.draw(1)
    case .values(let values): values.max() ?? 0
    }
  }

  var mean: Double? {
    switch self {
    case .constant(let value): value
    case .free(let variate): variate.mean
    case .truncated: nil
    case .ranks(let table): table.mean
    case .values(let values): values.reduce(0) { $0 + $1 / Double(values.count) }
    }
  }
}

/// A continuous distribution given that it falls between two bounds, by inversion.
///
/// One uniform number chooses a probability between those of the bounds, in the tail that has it
/// precisely. Exact, always ends, and takes one draw however little the bounds leave.
struct TruncatedVariate: Sendable {
  let variate: Variate
  let minimum: Double
  let maximum: Double
  fileprivate let isUpper: Bool
  fileprivate let low: Double
  private let high: Double

  init(_ variate: Variate, minimum: Double, maximum: Double) {
    self.variate = variate
    self.minimum = minimum
    self.maximum = maximum
    isUpper = variate.lowerTail(minimum) > 0.5
    low = isUpper ? variate.upperTail(maximum) : variate.lowerTail(minimum)
    high = isUpper ? variate.upperTail(minimum) : variate.lowerTail(maximum)
  }

  var practicalMaximum: Double {
    let value = variate.value(upperTail: 1e-16 * variate.upperTail(minimum))
    return min(max(value, minimum), maximum)
  }

  /// How much of the whole distribution lies between the bounds.
  var share: Double { high - low }

  @inline(__always)
  func draw(_ uniform: Double) -> Double {
    let probability = low + uniform * share
    let value =
      isUpper
      ? variate.value(upperTail: probability) : variate.value(lowerTail: probability)
    return min(max(value, minimum), maximum)
  }
}

/// An exponential between bounds as plain numbers, without the detour by `Variate`: the network
/// draws one for each message.
struct TruncatedExponential: Sendable {
  private let negatedMean: Double
  private let low: Double
  private let share: Double
  private let minimum: Double
  private let maximum: Double

  /// Nil where `variate` is another, or one that is drawn from its upper tail.
  init?(_ variate: TruncatedVariate) {
    guard case .exponential(let mean) = variate.variate, !variate.isUpper else { return nil }
    negatedMean = -mean
    low = variate.low
    share = variate.share
    minimum = variate.minimum
    maximum = variate.maximum
  }

  /// What `TruncatedVariate.draw` gives.
  @inline(__always)
  func draw(_ uniform: Double) -> Double {
    let value = Variate.exponential(negatedMean, lowerTail: low + uniform * share)
    return min(max(value, minimum), maximum)
  }
}

/// Consecutive ranks with falling weights (Zipf), by inversion of a table of their sums.
struct RankTable: Sendable {
  private let first: Int
  /// The sum of the weights up to and including each rank.
  private let sums: [Double]
  let mean: Double?

  init(ranks: ClosedRange<Int>, exponent: Double) {
    first = ranks.lowerBound
    var sums: [Double] = []
    sums.reserveCapacity(ranks.count)
    var sum = 0.0
    var moment = 0.0
    for rank in ranks {
      // Relative to the first rank, so that the weights of a far tail do not vanish.
      let weight = pow(Double(rank) / Double(ranks.lowerBound), -exponent)
      sum += weight
      moment += weight * Double(rank)
      sums.append(sum)
    }
    self.sums = sums
    mean = moment / sum
  }

  func draw(_ uniform: Double) -> Double {
    let target = uniform * sums[sums.count - 1]
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > target { high = middle } else { low = middle + 1 }
    }
    return Double(first + low)
  }
}
