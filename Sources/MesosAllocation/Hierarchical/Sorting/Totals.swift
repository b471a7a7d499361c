// Part of mesosim. Apache-2.0, see LICENSE.
//
// What shares are parts of: the scalars of the whole cluster, reservations and revocable resources
// included (mesos/src/master/allocator/mesos/sorter/drf/sorter.cpp, calculateShare).

/// The divisors that turn amounts into shares.
///
/// Names that play no part divide by infinity: a share of zero.
struct ShareScale: Equatable {
  var standard = SIMD4<Double>(repeating: .infinity)
  var extra: [Double]?
  /// Whether the parts of all names are added up; else the largest counts.
  var isSummed = false

  init() {}

  /// The scale on which everything in a cluster is 1.
  init(partsOf cluster: Amounts, excluding excluded: ExcludedNames = ExcludedNames()) {
    func divisor(_ thousandths: Int64, _ isExcluded: Bool) -> Double {
      thousandths > 0 && !isExcluded ? value(ofThousandths: thousandths) : .infinity
    }
    for index in 0..<4 {
      standard[index] = divisor(cluster.standard[index], excluded.standard[index])
    }
    if cluster.extraCount == 0 { return }
    extra = (0..<cluster.extraCount).map {
      divisor(cluster.extra($0), excluded.extra.contains($0))
    }
  }
}

/// The scale in force.
struct Totals {
  private var scale = ShareScale()
  /// Grows whenever shares must be computed again.
  private(set) var version: UInt32 = 0

  /// Whether no single name makes a share.
  var isSummed: Bool { scale.isSummed }

  /// Takes over another scale.
  mutating func update(_ scale: ShareScale) {
    version &+= 1
    self.scale = scale
  }

  /// What amounts are on the scale.
  @inline(__always)
  func share(of amounts: Amounts) -> Double {
    scale.isSummed ? sum(of: amounts) : largest(of: amounts)
  }

  private func largest(of amounts: Amounts) -> Double {
    let held = amounts.standard
    var share = 0.0
    for index in 0..<4 where held[index] > 0 {
      share = max(share, value(ofThousandths: held[index]) / scale.standard[index])
    }
    if let extra = scale.extra {
      for (index, divisor) in extra.enumerated() {
        share = max(share, value(ofThousandths: amounts.extra(index)) / divisor)
      }
    }
    return share
  }

  private func sum(of amounts: Amounts) -> Double {
    let held = amounts.standard
    var share = 0.0
    for index in 0..<4 { share += value(ofThousandths: held[index]) / scale.standard[index] }
    if let extra = scale.extra {
      for (index, divisor) in extra.enumerated() {
        share += value(ofThousandths: amounts.extra(index)) / divisor
      }
    }
    return share
  }
}

/// Names that play no part in shares.
struct ExcludedNames {
  private(set) var standard = SIMD4<UInt8>(repeating: 0) .== 1
  private(set) var extra: [Int] = []

  init() {}

  init(_ names: [String], numbering extraNames: inout ExtraNames) {
    for name in names {
      if let index = ExtraNames.standard.firstIndex(of: name) {
        standard[index] = true
      } else {
        extra.append(extraNames.number(of: name))
      }
    }
  }
}

/// A fixed-point amount as the double that Mesos divides (mesos/src/common/values.cpp).
@inline(__always) func value(ofThousandths thousandths: Int64) -> Double {
  let (whole, rest) = UInt64(bitPattern: thousandths).quotientAndRemainder(dividingBy: 1000)
  return Double(Int64(bitPattern: whole)) + Double(Int64(bitPattern: rest)) / 1000
}
